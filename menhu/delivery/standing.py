"""Where publishing stands, for the webmaster's page; every figure costs one index probe of bounded length."""

from dataclasses import dataclass
from datetime import datetime
from shutil import disk_usage
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from menhu.delivery.models import Change, Lane, ManifestRoot, Page, PublishingState, TargetState

MOST_COUNTED = 1_000
ERRORS_SHOWN = 50
SHORT = 0.1
"""Part of a disk below which its free room is told as short."""


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
class DiskStanding:
    """The disk on which the public tree lies, in octets."""

    total: int
    free: int

    @property
    def used(self) -> int:
        """Per cent."""
        return round(100 * (self.total - self.free) / self.total) if self.total else 0

    @property
    def is_short(self) -> bool:
        return self.free < SHORT * self.total


@dataclass(frozen=True, slots=True)
class Standing:
    """`rate` is pages a second when many were last published."""

    lanes: tuple[LaneStanding, ...]
    failed: tuple[Page, ...]
    disk: DiskStanding | None
    rate: float = 0
    targets: tuple[TargetStanding, ...] = ()

    @property
    def is_quiet(self) -> bool:
        return all(lane.changes == lane.pages == "0" for lane in self.lanes)


def standing() -> Standing:
    """The queue by lane, the latest pages that failed, speed and disk, and every target."""
    state = PublishingState.objects.first()
    return Standing(
        lanes=tuple(_of_lane(lane) for lane in Lane),
        failed=tuple(Page.objects.failed()[:ERRORS_SHOWN]),
        disk=_disk(),
        rate=state.rate if state else 0,
        targets=_targets(),
    )


def _disk() -> DiskStanding | None:
    try:
        usage = disk_usage(settings.PUBLIC_ROOT)
    except OSError:
        return None
    return DiskStanding(usage.total, usage.free)


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
