"""Where publishing stands, for the webmaster's page; every figure costs one index probe of bounded length."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from menhu.delivery.models import Change, Lane, ManifestRoot, Page, TargetState

MOST_COUNTED = 1_000
ERRORS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """One lane: changes not yet taken in, pages not yet rendered, and since when the oldest page waits."""

    label: str
    changes: str
    pages: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """One host on one target: what it last got, and the number of the newest manifest."""

    target: str
    host: str
    newest: int
    state: TargetState | None

    @property
    def behind(self) -> int:
        """How many signed manifests the target is behind."""
        return max(self.newest - (self.state.serial if self.state else 0), 0)

    @property
    def is_pushed(self) -> bool:
        return self.state is not None and self.state.pushed_at is not None


@dataclass(frozen=True, slots=True)
class Standing:
    lanes: tuple[LaneStanding, ...]
    failed: tuple[Page, ...]
    targets: tuple[TargetStanding, ...] = ()

    @property
    def is_quiet(self) -> bool:
        return all(lane.changes == lane.pages == "0" for lane in self.lanes)


def standing() -> Standing:
    """The queue by lane, the latest pages that failed, and every target."""
    failed = tuple(Page.objects.failed()[:ERRORS_SHOWN])
    return Standing(tuple(_of_lane(lane) for lane in Lane), failed, _targets())


def _targets() -> tuple[TargetStanding, ...]:
    names = sorted(settings.PUBLISH_TARGETS)
    if not names:
        return ()
    roots = list(ManifestRoot.objects.exclude(digest="").order_by("host").values_list("host", "serial"))
    states = {(state.target, state.host): state for state in TargetState.objects.filter(target__in=names)}
    return tuple(
        TargetStanding(name, host, serial, states.get((name, host))) for name in names for host, serial in roots
    )


def _of_lane(lane: Lane) -> LaneStanding:
    due = Page.objects.due().filter(lane=lane, error="")
    return LaneStanding(
        label=str(lane.label),
        changes=_count(Change.objects.filter(claimed_by="", lane=lane)),
        pages=_count(due),
        since=due.order_by("due_at", "pk").values_list("due_at", flat=True).first(),
    )


def _count(rows: QuerySet[Any]) -> str:
    found = len(rows.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])
    return f"{MOST_COUNTED:,}+" if found > MOST_COUNTED else str(found)
