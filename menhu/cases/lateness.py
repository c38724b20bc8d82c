"""How late a case is and how much is left, in working days and plain words."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.deadlines import explained
from menhu.cases.enums import CaseState
from menhu.cases.models import Case
from menhu.cases.rules import PAUSED
from menhu.workdays.calendar import working_days
from menhu.workdays.timing import due_label, urgency


class WorkingDays:
    """Counts working days from or to `now` for any number of moments, with one query for them all."""

    def __init__(self, moments: Iterable[datetime | None], now: datetime) -> None:
        days = [timezone.localdate(moment) for moment in moments if moment is not None]
        self.today = timezone.localdate(now)
        self._days = working_days(min([*days, self.today]), max([*days, self.today]))

    def past(self, due_at: datetime) -> int:
        """Working days that have begun since the day on which it was due; 0 on that day itself."""
        return max(0, self._up_to(self.today) - self._up_to(timezone.localdate(due_at)))

    def left(self, due_at: datetime) -> int:
        """Working days after today up to the day on which it is due; 0 on that day itself."""
        return max(0, self._up_to(timezone.localdate(due_at)) - self._up_to(self.today))

    def _up_to(self, day: date) -> int:
        return bisect_right(self._days, day)


@dataclass(frozen=True, slots=True)
class When:
    """A deadline as lists show it: "late", "today", "ok" or "still", and words."""

    urgency: str
    label: str


def when_of(case: Case, days: WorkingDays, now: datetime) -> When:
    """The deadline of the present step in words."""
    due_at = case.step_due_at
    if due_at is None or not case.is_open:
        return When("ok", str(case.get_state_display()))
    if due_at >= now:
        return When(urgency(due_at, now), due_label(due_at, now))
    past = days.past(due_at)
    return When("late", _("超时 %(n)d 个工作日") % {"n": past} if past else due_label(due_at, now))


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a case as its page shows it: one line in words, how pressing it is, how the date came about."""

    urgency: str
    words: str
    explained: tuple[str, ...]


def clock_of(case: Case, now: datetime) -> Clock:
    days = WorkingDays([case.due_at, case.step_due_at], now)
    pressing, words = _face(case, days, now)
    return Clock(pressing, words, explained(case))


def _face(case: Case, days: WorkingDays, now: datetime) -> tuple[str, str]:
    state = CaseState(case.state)
    if not case.is_open:
        return "ok", _ending(case)
    if state in PAUSED and case.step_due_at is not None:
        return "ok", _("计时已暂停，最迟等到 %(until)s") % {"until": _moment(case.step_due_at)}
    due_at = case.due_at or case.step_due_at
    if due_at is None:
        return "ok", _("尚未开始计时")
    if due_at < now:
        past = days.past(due_at)
        return "late", _("已超时 %(n)d 个工作日") % {"n": past} if past else _("刚刚超时")
    if case.due_at is None:
        return urgency(due_at, now), _("尚未受理，应在 %(until)s 前受理") % {"until": _moment(due_at)}
    left = days.left(due_at)
    return urgency(due_at, now), _("还剩 %(n)d 个工作日") % {"n": left} if left else _("今天到期")


def _ending(case: Case) -> str:
    if case.answered_at is None or case.due_at is None:
        return str(case.get_state_display())
    return _("按期答复") if case.answered_at <= case.due_at else _("超期答复")


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
