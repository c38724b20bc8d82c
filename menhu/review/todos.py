"""What waits for a person's opinion, for their desk and the inbox: one indexed query each, whatever waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone

from menhu.accounts.models import User
from menhu.review.enums import Step
from menhu.review.links import decision_link
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import waiting
from menhu.review.querysets import ReviewTaskStateQuerySet

COLUMNS: Final = (
    "taskstate_ptr_id",
    "step",
    "title",
    "unit_name",
    "submitter_name",
    "is_major",
    "entered_at",
    "due_at",
    "digest",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One text at one step. `unit` and `submitter` are names; `digest` names the text that the person is shown."""

    state_id: int
    step: Step
    title: str
    unit: str
    submitter: str
    is_major: bool
    entered_at: datetime
    due_at: datetime
    digest: str

    @property
    def link(self) -> str:
        return decision_link(self.state_id)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait for a person, how many of them are late, and how many more are due today."""

    waiting: int
    late: int
    today: int


@dataclass(frozen=True, slots=True)
class LateUnit:
    """How many texts of a unit are late at a step."""

    unit: str
    step: Step
    count: int


def waiting_for(user: User, limit: int = 20) -> list[Waiting]:
    """What waits for the person, oldest deadline first."""
    return as_items(waiting(user).in_turn(), limit)


def as_items(rows: ReviewTaskStateQuerySet, limit: int) -> list[Waiting]:
    """The first rows as values of the app's own table, read without a join."""
    return [_item(row) for row in rows.values_list(*COLUMNS)[:limit]]


def _item(row: tuple[Any, ...]) -> Waiting:
    state_id, step, *rest = row
    return Waiting(state_id, Step(step), *rest)


def count_waiting(user: User) -> int:
    return waiting(user).count()


def counts(user: User, now: datetime) -> Counts:
    """The person's figures in one query."""
    midnight = end_of_day(now)
    found = waiting(user).aggregate(
        waiting=Count("taskstate_ptr_id"),
        late=Count("taskstate_ptr_id", filter=Q(due_at__lt=now)),
        today=Count("taskstate_ptr_id", filter=Q(due_at__gte=now, due_at__lt=midnight)),
    )
    return Counts(**found)


def decided_since(user: User, since: datetime) -> int:
    """How many opinions the person has given since then."""
    return SheetLine.objects.filter(person_id=user.pk, at__gte=since, verb__in=SheetLine.OPINIONS).count()


def late_by_unit(now: datetime, limit: int = 20) -> list[LateUnit]:
    """Units whose texts wait beyond the deadline, most first, for leaders and the webmaster."""
    rows = ReviewTaskState.objects.open().overdue(now).values_list("unit_name", "step").order_by()
    counted: Iterable[tuple[str, str, int]] = rows.annotate(n=Count("taskstate_ptr_id")).order_by("-n", "unit_name")
    return [LateUnit(unit, Step(step), count) for unit, step, count in list(counted)[:limit]]


def end_of_day(now: datetime) -> datetime:
    """The coming midnight by local time."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start + timedelta(days=1)
