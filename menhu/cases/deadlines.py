"""When a case is due, as a whole and in its present step, when to remind whom, and how a date came about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from menhu.cases.enums import CaseState
from menhu.cases.models import Case
from menhu.cases.rules import PAUSED
from menhu.workdays.calendar import Calendar, CalendarMissing
from menhu.workdays.deadlines import office_hours
from menhu.workdays.rules import OfficeHours, Span, add_working_days, add_working_time, working_time

SHARES: Final = (50, 80, 100)
"""Of the term's working time: the owner is told, then the head too, then the supervisor."""
WAITING_FOR_SENDER: Final = frozenset({CaseState.ANSWERED, CaseState.RATED})


class Tolerant:
    """The working calendar where a citizen must not be turned away: a year nobody entered counts Monday to Friday.

    `has_guessed` says so, and whatever was reckoned meanwhile is reckoned again once the year is entered.
    """

    def __init__(self) -> None:
        self._calendar = Calendar()
        self.has_guessed = False

    def is_working(self, day: date) -> bool:
        try:
            return self._calendar.is_working(day)
        except CalendarMissing:
            self.has_guessed = True
            return day.weekday() < 5


class Matter(StrEnum):
    """What an alarm is about: the whole term, the present step, or a case that drags on."""

    TERM = "term"
    STEP = "step"
    VETO = "veto"


@dataclass(frozen=True, slots=True, order=True)
class Alarm:
    """A moment of office time at which somebody is told; `share` of the term has passed by then, in percent."""

    at: datetime
    share: int
    matter: Matter


@dataclass(frozen=True, slots=True)
class Dates:
    """What reckoning gives; the columns of a case by their names."""

    due_at: datetime | None
    step_due_at: datetime | None
    next_alarm_at: datetime | None
    is_provisional: bool

    def as_columns(self) -> dict[str, Any]:
        return {
            "due_at": self.due_at,
            "step_due_at": self.step_due_at,
            "next_alarm_at": self.next_alarm_at,
            "is_provisional": self.is_provisional,
            "is_reckoned": True,
        }


class Reckoning:
    """Calendar and office hours, each read once for however many cases."""

    def __init__(self) -> None:
        self.calendar = Tolerant()

    @cached_property
    def office(self) -> OfficeHours:
        return office_hours()

    def dates(self, case: Case, now: datetime) -> Dates:
        """All dates of a case as its columns stand; alarms before `now` are past."""
        self.calendar.has_guessed = False
        due_at = self.due_at(case)
        step_due_at = self.step_due_at(case, due_at)
        has_guessed = self.calendar.has_guessed
        coming = [alarm.at for alarm in self.alarms(case, due_at, step_due_at) if alarm.at > now]
        return Dates(due_at, step_due_at, min(coming, default=None), has_guessed)

    def due_at(self, case: Case) -> datetime | None:
        """When the sender must have an answer; None before acceptance. Stands while the clock is paused."""
        if case.started_at is None:
            return None
        if case.kind.counts_calendar_days:
            return self.in_calendar_days(case.started_at, term_of(case), spans(case))
        return self.in_days(case.started_at, term_of(case), spans(case))

    def step_due_at(self, case: Case, due_at: datetime | None) -> datetime | None:
        """When the present step must be done: by us never later than the whole, by the sender as the kind allows."""
        state, since = CaseState(case.state), case.step_at
        if state in WAITING_FOR_SENDER:
            return (case.answered_at or since) + timedelta(days=case.kind.reopen_days)
        if state in PAUSED:
            days = case.kind.ask_days if state is CaseState.ASKED else case.kind.consult_days
            return self.in_days(since, max(days, 1))
        if not case.is_open:
            return None
        if state in (CaseState.HANDLING, CaseState.MERGED):
            return due_at
        return min(filter(None, (self._own_term(case, state, since), due_at)))

    def _own_term(self, case: Case, state: CaseState, since: datetime) -> datetime:
        if state is CaseState.ASSIGNED:
            return self.return_until(case)
        days = {
            CaseState.RECEIVED: case.kind.accept_days,
            CaseState.SCREENED: case.kind.transfer_days,
            CaseState.RETURNED: case.kind.transfer_days,
            CaseState.DRAFTED: case.kind.sign_days,
        }
        return self.in_days(since, max(days[state], 1))

    def return_until(self, case: Case) -> datetime:
        """Until when a unit may say that the case is not its own: hours, and a day off at their end moves it on."""
        until = timezone.localtime(case.assigned_at or case.step_at) + timedelta(hours=case.kind.return_hours)
        while not self.calendar.is_working(until.date()):
            until += timedelta(days=1)
        return until

    def in_days(self, start: datetime, days: int, still: tuple[Span, ...] = ()) -> datetime:
        return add_working_days(timezone.localtime(start), days, self.office, self.calendar.is_working, still)

    def in_calendar_days(self, start: datetime, days: int, still: tuple[Span, ...] = ()) -> datetime:
        """Days of the calendar without those of the pauses; one that ends on a day off ends on the next working day."""
        paused = sum(((until.date() - since.date()).days for since, until in still), 0)
        day = timezone.localtime(start).date() + timedelta(days=days + paused)
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        return self.office.closing(day, timezone.localtime(start))

    def alarms(self, case: Case, due_at: datetime | None, step_due_at: datetime | None) -> list[Alarm]:
        """All alarms of an open case in order; none while somebody outside must act."""
        state = CaseState(case.state)
        if not case.is_open or state in PAUSED or state is CaseState.MERGED:
            return []
        found = [*self._of_term(case, due_at), self._veto(case)]
        if step_due_at is not None and step_due_at != due_at:
            found.append(Alarm(self.next_office_moment(step_due_at), 100, Matter.STEP))
        return sorted(found)

    def _of_term(self, case: Case, due_at: datetime | None) -> Iterator[Alarm]:
        if case.started_at is None or due_at is None:
            return
        start, still = timezone.localtime(case.started_at), spans(case)
        total = working_time(start, due_at, self.office, self.calendar.is_working, still)
        for share in SHARES:
            at = add_working_time(start, total * share / 100, self.office, self.calendar.is_working, still)
            yield Alarm(at, share, Matter.TERM)

    def _veto(self, case: Case) -> Alarm:
        dragging = case.received_at + timedelta(days=case.kind.veto_days)
        return Alarm(self.next_office_moment(dragging), 100, Matter.VETO)

    def next_office_moment(self, at: datetime) -> datetime:
        """The moment itself in office time, else when the office opens next."""
        return add_working_time(timezone.localtime(at), timedelta(0), self.office, self.calendar.is_working)

    def is_office_time(self, now: datetime) -> bool:
        """Whether people may be told things now."""
        return self.next_office_moment(now) == timezone.localtime(now)


def term_of(case: Case) -> int:
    """The days in which the answer is due, extensions included."""
    days = case.kind.complex_days if case.is_complex else case.kind.answer_days
    return int(days + case.extra_days)


def spans(case: Case) -> tuple[Span, ...]:
    """The times in which the clock stood still, the present pause left out."""
    return tuple((_moment(since), _moment(until)) for since, until in case.pauses)


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(f"not a moment: {text}")
    return timezone.localtime(moment)


def explained(case: Case) -> tuple[str, ...]:
    """In plain words how the date came about, for the sender and for inspectors."""
    if case.started_at is None or case.due_at is None:
        return (_("受理后开始计算答复期限。"),)
    days = case.kind.complex_days if case.is_complex else case.kind.answer_days
    unit = _("日（自然日）") if case.kind.counts_calendar_days else _("个工作日")
    lines = [
        _("自 %(day)s 的第二天起算，%(days)d %(unit)s。") % {"day": _day(case.started_at), "days": days, "unit": unit}
    ]
    if case.extra_days:
        lines.append(_("经批准延长 %(days)d %(unit)s。") % {"days": case.extra_days, "unit": unit})
    for since, until in spans(case):
        lines.append(
            _("%(since)s 至 %(until)s 等待补充或征求意见，不计入。") % {"since": _day(since), "until": _day(until)}
        )
    if case.paused_at is not None:
        lines.append(_("%(day)s 起暂停计时。") % {"day": _day(case.paused_at)})
    if case.is_provisional:
        lines.append(_("其中有的年份放假安排尚未公布，暂按周一至周五推算，公布后自动调整。"))
    return tuple(lines)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
