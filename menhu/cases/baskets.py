"""The baskets of the back office: which cases a person finds where. Each is one or a few lenses over one index.

Conditions of different scopes are never joined by OR, since no index answers that among a million rows: a person
with several posts has several lenses, each asked by itself, and the rows are merged here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menhu.accounts.models import User
from menhu.cases.actions.ending import BAD
from menhu.cases.enums import CaseState
from menhu.cases.models import Assignment, Case, Directive, Extension
from menhu.cases.policies import CASE_PEOPLE, READERS_IN_A_UNIT, READERS_OF_A_DESK, is_manned
from menhu.cases.querysets import CaseQuerySet
from menhu.cases.rules import FINAL, OPEN, PAUSED
from menhu.core.cursors import read_moment, row_number, write_place
from menhu.units.enums import Role
from menhu.units.models import Post, Unit
from menhu.units.policies import Scope, holds, scope_of, today

COUNTED: Final = 1_000
AT_THE_DESK: Final = (CaseState.RECEIVED, CaseState.SCREENED, CaseState.RETURNED)
IN_HAND: Final = (CaseState.ASSIGNED, CaseState.HANDLING)
ROW: Final = ("kind", "lead", "desk", "handler")

Lenses = Callable[[User, datetime], Iterator[CaseQuerySet]]
Cursor = tuple[datetime | None, int]


class Order(StrEnum):
    """Oldest deadline first, or newest number first."""

    TURN = "turn"
    NEWEST = "newest"


class Due(StrEnum):
    LATE = "late"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Basket:
    """`only_open`: shows open cases unless a closed state is asked for; `fixed`: always in turn."""

    name: str
    label: str | Promise
    roles: frozenset[Role]
    lenses: Lenses
    only_open: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of a basket, as parsed from the address."""

    state: str = ""
    kind_id: int | None = None
    unit_id: int | None = None
    number: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """A basket narrowed for a person, ready to be read in pages."""

    lenses: Sequence[CaseQuerySet]
    order: Order

    def page(self, cursor: Cursor | None, limit: int) -> list[Case]:
        """The next rows after the cursor: one query a lens, whatever stands in it."""
        found: dict[int, Case] = {}
        for lens in self.lenses:
            for case in in_order(lens, self.order, cursor)[:limit]:
                found.setdefault(case.pk, case)
        return sorted(found.values(), key=self.key)[:limit]

    def key(self, case: Case) -> tuple[Any, ...]:
        return (case.step_due_at, case.pk) if self.order is Order.TURN else (-case.pk,)

    def count(self) -> int:
        """How many, at most COUNTED."""
        if len(self.lenses) == 1:
            return self.lenses[0].order_by()[:COUNTED].count()
        pks: set[int] = set()
        for lens in self.lenses:
            pks.update(lens.order_by().values_list("pk", flat=True)[:COUNTED])
        return min(len(pks), COUNTED)


def in_order(lens: CaseQuerySet, order: Order, cursor: Cursor | None) -> CaseQuerySet:
    """The rows after the cursor as lists show them, the letters themselves left out."""
    rows = lens.select_related(*ROW).defer("text", "pauses")
    if order is Order.NEWEST:
        return rows.newest_first(cursor[1] if cursor else None)
    if cursor is not None and cursor[0] is not None:
        rows = rows.after(cursor[0], cursor[1])
    return rows.in_turn()


def select(basket: Basket, user: User, asked: Asked, now: datetime) -> Selection:
    """The basket as the person may see it, narrowed as asked."""
    order = _order(basket, asked)
    if basket.fixed and asked.state in FINAL:
        return Selection((), order)  # what is over neither waits nor is late; no index would say so as fast
    lenses = [_narrowed(lens, asked, now) for lens in basket.lenses(user, now)]
    if order is Order.TURN and not basket.fixed:
        lenses = [lens.open() for lens in lenses]
    if asked.state in FINAL and not asked.unit_id and scope_of(user, READERS_OF_A_DESK).everywhere:
        # As it always is there. Said aloud, it lets the index by state give them in order; a unit has a better one.
        lenses = [lens.filter(step_due_at=None) for lens in lenses]
    return Selection(lenses, order)


def _order(basket: Basket, asked: Asked) -> Order:
    if basket.fixed or asked.due or asked.state in OPEN:
        return Order.TURN
    return Order.TURN if basket.only_open and not (asked.state or asked.number) else Order.NEWEST


def _narrowed(rows: CaseQuerySet, asked: Asked, now: datetime) -> CaseQuerySet:
    given = {"state": asked.state, "kind_id": asked.kind_id, "lead_id": asked.unit_id, "number": asked.number}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if asked.due == Due.LATE:
        return rows.filter(step_due_at__lt=now)
    if asked.due in (Due.TODAY, Due.WEEK):
        return rows.filter(step_due_at__gte=now, step_due_at__lt=_until(asked.due, now))
    return rows


def _until(due: str, now: datetime) -> datetime:
    """The end of today, or of the week's Sunday."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1 if due == Due.TODAY else 7 - midnight.weekday())


def waiting(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    """What the person must do now, one lens a post and reason."""
    yield from _operators(scope_of(user, {Role.OPERATOR}), now)
    yield from _supervisors(scope_of(user, {Role.SUPERVISOR}))
    yield from _handlers(scope_of(user, {Role.HANDLER}), user, now)
    yield from _heads(scope_of(user, {Role.HEAD}), user)
    units = scope_of(user, READERS_IN_A_UNIT)
    if units:
        yield Case.objects.open().filter(pk__in=_partnerships(units).filter(opinion_at=None).values("case_id"))


def _operators(desk: Scope, now: datetime) -> Iterator[CaseQuerySet]:
    """What no unit has yet; and a duplicate whose master is late, since nobody else sees to it."""
    if desk:
        overdue_duplicate = Q(state=CaseState.MERGED, step_due_at__lt=now)
        rows = Case.objects.open().filter(desk.condition("desk_id"))
        yield rows.filter(Q(state__in=AT_THE_DESK) | overdue_duplicate)


def _supervisors(desk: Scope) -> Iterator[CaseQuerySet]:
    """What came back, what has no owner, what asks for more time, and answers that were rated badly."""
    if not desk:
        return
    own = desk.condition("desk_id")
    yield Case.objects.open().filter(own, state=CaseState.RETURNED)
    yield unowned(desk)
    yield Case.objects.open().filter(own, pk__in=Extension.objects.filter(is_granted=None).values("case_id"))
    yield Case.objects.filter(own, state=CaseState.RATED, rating__lte=BAD)


def _handlers(unit: Scope, user: User, now: datetime) -> Iterator[CaseQuerySet]:
    """What is to be signed for, what the person has in hand, and what nobody in office has; also late pauses."""
    if not unit:
        return
    in_office = Post.objects.current(today()).holding(*READERS_IN_A_UNIT).values("user_id")
    mine = Q(handler=None) | Q(handler_id=user.pk) | ~Q(handler_id__in=in_office)
    rows = Case.objects.open().filter(unit.condition("lead_id"), mine)
    yield rows.filter(Q(state__in=IN_HAND) | Q(state__in=PAUSED, step_due_at__lt=now))
    yield rows.filter(pk__in=Directive.objects.filter(reported_at=None).values("case_id"))


def _heads(unit: Scope, user: User) -> Iterator[CaseQuerySet]:
    """Answers to be signed, what the head took on, and all that a unit without handlers has."""
    if not unit:
        return
    own = Case.objects.open().filter(unit.condition("lead_id"))
    yield own.filter(Q(state=CaseState.DRAFTED) | Q(state__in=IN_HAND, handler_id=user.pk))
    yield own.filter(lead__in=Unit.objects.exclude(is_manned(Role.HANDLER)))


def unowned(desk: Scope) -> CaseQuerySet:
    """Open cases of a unit in which nobody handles or heads anything."""
    empty = Unit.objects.exclude(is_manned(*READERS_IN_A_UNIT))
    return Case.objects.open().filter(desk.condition("desk_id"), lead__in=empty)


def _partnerships(units: Scope) -> Any:
    return Assignment.objects.filter(units.condition("unit_id"), is_current=True, is_lead=False)


def _own_unit(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    units = scope_of(user, READERS_IN_A_UNIT)
    if units:
        yield Case.objects.filter(units.condition("lead_id"), lead__isnull=False)


def _partner(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    yield Case.objects.filter(pk__in=_partnerships(scope_of(user, READERS_IN_A_UNIT)).values("case_id"))


def _own_desk(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    desk = scope_of(user, READERS_OF_A_DESK)
    if desk:
        yield Case.objects.filter(desk.condition("desk_id"))


def _everything(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    """All that the person may open as desk or as lead; for a desk over everything that is everything."""
    yield from _own_desk(user, now)
    if not scope_of(user, READERS_OF_A_DESK).everywhere:
        yield from _own_unit(user, now)


def _late(user: User, now: datetime) -> Iterator[CaseQuerySet]:
    return (lens.overdue(now) for lens in _everything(user, now))


WORKERS: Final = CASE_PEOPLE - {Role.LEADER}
BASKETS: Final = (
    Basket("mine", _("待我办"), WORKERS, waiting, fixed=True),
    Basket("unit", _("本单位承办"), READERS_IN_A_UNIT, _own_unit, only_open=True),
    Basket("partner", _("协办"), READERS_IN_A_UNIT, _partner),
    Basket("desk", _("本台受理"), READERS_OF_A_DESK, _own_desk, only_open=True),
    Basket("late", _("超时"), CASE_PEOPLE, _late, fixed=True),
    Basket("all", _("全部"), CASE_PEOPLE, _everything),
)


def baskets_of(user: User) -> list[Basket]:
    """The baskets that the person has, the first of them to begin with; none for who has nothing to do with cases."""
    return [basket for basket in BASKETS if holds(user, *basket.roles)]


def write_cursor(case: Case, order: Order) -> str:
    due_at = case.step_due_at
    return write_place(due_at, case.pk) if order is Order.TURN and due_at else str(case.pk)


def read_cursor(text: str, order: Order) -> Cursor | None:
    """Where the page begins; None for nonsense, which shows the first page."""
    if order is Order.TURN:
        return read_moment(text)
    number = row_number(text)
    return None if number is None else (None, number)
