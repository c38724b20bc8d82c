"""Steps that people took at moments of the past, and what need not be read again for every one of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from unittest.mock import patch

from django.db.models.signals import pre_save
from django.utils import timezone

from menhu.cases.models import Case
from menhu.demo.writing.days import is_workday
from menhu.units.policies import today
from menhu.workdays.calendar import Calendar
from menhu.workdays.deadlines import office_hours

OPENS, LUNCH, AGAIN, CLOSES = time(8, 40), time(11, 50), time(14, 10), time(17, 20)
SHORTEST: Final = timedelta(minutes=20)
HASTE: Final = 0.3
"""Where a step does not fit in any more: after so much of the time that is left."""
REST: Final = 0.85
"""Of the time since a letter came, what lies before its answer at most: something may follow."""


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Take steps as of this moment."""
    with patch("django.utils.timezone.now", lambda: moment.astimezone(timezone.get_default_timezone())):
        yield


@contextmanager
def remembering() -> Iterator[None]:
    """Read calendar, office hours and posts once: nobody changes them while the county is built."""
    hours, day, calendar = office_hours(), today(), RememberedCalendar()
    with ExitStack() as stack:
        stack.enter_context(patch("menhu.cases.deadlines.office_hours", lambda: hours))
        stack.enter_context(patch("menhu.cases.deadlines.Calendar", lambda: calendar))
        stack.enter_context(patch("menhu.units.policies.today", lambda: day))
        yield


class RememberedCalendar:
    """The working calendar, each day asked of the real one once."""

    def __init__(self) -> None:
        self._days: dict[date, bool] = {}

    def is_working(self, day: date) -> bool:
        if day not in self._days:
            self._days[day] = Calendar().is_working(day)
        return self._days[day]


@contextmanager
def numbered(pk: int) -> Iterator[None]:
    """Give the case that is received within this id: lists show the newest first by it, whenever it was built."""

    def give(instance: Case, **_rest: Any) -> None:
        instance.pk = instance.pk or pk

    pre_save.connect(give, sender=Case, weak=False, dispatch_uid="demo.numbered")
    try:
        yield
    finally:
        pre_save.disconnect(sender=Case, dispatch_uid="demo.numbered")


class Life:
    """One case and the moments of its steps: each some office hours after the one before, none in the future."""

    def __init__(self, case: Case, begins: datetime, ends: datetime, steps: int) -> None:
        self.case, self.now = case, begins
        self.step = max((ends - begins) / max(steps, 1), SHORTEST)
        self.latest = ends

    def take(self, act: Callable[..., Any], *, after: timedelta | None = None, **given: Any) -> Any:
        """Take a step of the case, after the usual time or another one."""
        return self.do(act, after=after, case=self.case, **given)

    def do(self, act: Callable[..., Any], *, after: timedelta | None = None, **given: Any) -> Any:
        wanted = in_the_office(self.now + (self.step if after is None else after))
        self.now = wanted if wanted <= self.latest else self.now + (self.latest - self.now) * HASTE
        with at(self.now):
            return act(**given)

    def go_on(self, *, step: timedelta) -> None:
        """From here on steps come so far apart, up to the present."""
        self.latest = timezone.now() - timedelta(seconds=30)
        self.step = step


def in_the_office(moment: datetime) -> datetime:
    """The moment itself in office hours, else when people come in next."""
    local = timezone.localtime(moment)
    if local.time() > CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, local.tzinfo)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, local.tzinfo)
    elif LUNCH < local.time() < AGAIN:
        local = datetime.combine(local.date(), AGAIN, local.tzinfo)
    while not is_workday(local.date()):
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, local.tzinfo)
    return local


def ends_of(begins: datetime, days: int) -> datetime:
    """When so many working days are over, or somewhat before now."""
    return min(begins + timedelta(days=max(1, days * 7 / 5)), begins + (timezone.now() - begins) * REST)
