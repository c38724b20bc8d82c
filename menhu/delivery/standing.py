"""Where publishing stands, for the webmaster's page; every figure costs one index probe of bounded length."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from menhu.delivery.models import Change, Lane, Page

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
class Standing:
    lanes: tuple[LaneStanding, ...]
    failed: tuple[Page, ...]

    @property
    def is_quiet(self) -> bool:
        return all(lane.changes == lane.pages == "0" for lane in self.lanes)


def standing() -> Standing:
    """The queue by lane and the latest pages that failed."""
    return Standing(tuple(_of_lane(lane) for lane in Lane), tuple(Page.objects.failed()[:ERRORS_SHOWN]))


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
