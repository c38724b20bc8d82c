"""What waits for a person among the cases, and what is overdue by unit, for desks: one indexed query a lens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min
from django.utils import timezone

from menhu.accounts.models import User
from menhu.cases.baskets import COUNTED, WORKERS, Order, Selection, unowned, waiting
from menhu.cases.enums import CaseState
from menhu.cases.lateness import WorkingDays
from menhu.cases.models import Case, CaseEvent
from menhu.cases.policies import READERS_OF_A_DESK
from menhu.units.policies import holds, scope_of

MOST_EVENTS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait for a person, how many of them are late, how many more are due today; each at most COUNTED."""

    waiting: int = 0
    late: int = 0
    today: int = 0


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """A unit's overdue cases: how many, and by how many working days the worst."""

    unit: str
    count: int
    worst: int


def is_worker(user: User) -> bool:
    """Whether cases can wait for the person at all."""
    return holds(user, *WORKERS)


def waiting_for(user: User, now: datetime, limit: int) -> list[Case]:
    """What the person must do now, oldest deadline first, with kind, units and handler."""
    return Selection(list(waiting(user, now)), Order.TURN).page(None, limit)


def counts(user: User, now: datetime) -> Counts:
    """The person's figures; a case that waits for several reasons counts once."""
    if not is_worker(user):
        return Counts()
    due: dict[int, datetime | None] = {}
    for lens in waiting(user, now):
        due.update(lens.in_turn().values_list("pk", "step_due_at")[:COUNTED])
    dates = [moment for moment in due.values() if moment is not None]
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Counts(
        waiting=min(len(due), COUNTED),
        late=sum(moment < now for moment in dates),
        today=sum(now <= moment < midnight for moment in dates),
    )


def handled_since(user: User, since: datetime) -> int:
    """How many lines of timelines the person has written since then, at most 2,000."""
    newest = CaseEvent.objects.filter(actor_id=user.pk).order_by("-pk").values_list("at", flat=True)
    return sum(at >= since for at in newest[:MOST_EVENTS])


def overdue_by_unit(user: User, now: datetime, limit: int = 20) -> list[OverdueUnit]:
    """For whoever reads a desk: who is late with how many, the worst first; the desk itself where no unit has them."""
    desk = scope_of(user, READERS_OF_A_DESK)
    if not desk:
        return []
    rows = Case.objects.overdue(now).filter(desk.condition("desk_id")).order_by()
    grouped: Iterable[dict[str, Any]] = (
        rows.values("lead__short_name", "desk__short_name")
        .annotate(n=Count("pk"), oldest=Min("step_due_at"))
        .order_by("oldest", "lead__short_name", "desk__short_name")[:limit]
    )
    found = list(grouped)
    days = WorkingDays([row["oldest"] for row in found], now)
    return [
        OverdueUnit(row["lead__short_name"] or row["desk__short_name"], row["n"], days.past(row["oldest"]))
        for row in found
    ]


def stray(user: User, limit: int = 10) -> list[Case]:
    """For whoever reads a desk: what came back and waits for a ruling, and what lies with a unit without people."""
    desk = scope_of(user, READERS_OF_A_DESK)
    if not desk:
        return []
    returned = Case.objects.open().filter(desk.condition("desk_id"), state=CaseState.RETURNED)
    return Selection([returned, unowned(desk)], Order.TURN).page(None, limit)
