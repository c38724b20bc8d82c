"""Deadlines on the working calendar: what other apps call."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from menhu.core import figures
from menhu.core.models import Confidence, Figure
from menhu.workdays.calendar import Calendar, CalendarMissing
from menhu.workdays.rules import OfficeHours, Span, add_working_days, add_working_time

__all__ = ["CalendarMissing", "calendar_changed", "due_at", "office_hours", "on_calendar_change"]

# Decimal hours of the day, in the order of OfficeHours' spans.
OFFICE_HOURS: dict[str, tuple[str, str]] = {
    "workdays.morning_opens": ("上午上班", "8.5"),
    "workdays.morning_closes": ("上午下班", "12"),
    "workdays.afternoon_opens": ("下午上班", "14"),
    "workdays.afternoon_closes": ("下午下班", "17.5"),
}

CalendarListener = Callable[[frozenset[date]], None]
_listeners: list[CalendarListener] = []


def declare_figures() -> None:
    """Office hours are figures of the house, editable where the county keeps others."""
    for key, (label, value) in OFFICE_HOURS.items():
        figures.declare(key, label, value, "时", "本平台默认；各地作息以当地通知为准", Confidence.HOUSE)


def office_hours() -> OfficeHours:
    """The office hours in force; one query."""
    stored = dict(Figure.objects.filter(key__in=OFFICE_HOURS).values_list("key", "value"))
    edges = [_time_of(float(stored.get(key, value))) for key, (_, value) in OFFICE_HOURS.items()]
    return OfficeHours(((edges[0], edges[1]), (edges[2], edges[3])))


def due_at(
    start: datetime,
    *,
    working_hours: int | None = None,
    working_days: int | None = None,
    pauses: Iterable[Span] = (),
    calendar: Calendar | None = None,
) -> datetime:
    """When a term of working hours or of working days (exactly one of them) ends.

    `pauses` are (from, until) in which the clock stands still. One `calendar` given to many calls is read once.
    Raises CalendarMissing for a year that nobody has entered.
    """
    if (working_hours is None) == (working_days is None):
        raise ValueError("a deadline is given either in working hours or in working days")
    begins, is_working = timezone.localtime(start), (calendar or Calendar()).is_working
    still = [(timezone.localtime(since), timezone.localtime(until)) for since, until in pauses]
    if working_days is not None:
        return add_working_days(begins, working_days, office_hours(), is_working, still)
    return add_working_time(begins, timedelta(hours=working_hours or 0), office_hours(), is_working, still)


def on_calendar_change(listener: CalendarListener) -> None:
    """Register, in `AppConfig.ready`, who moves open deadlines when days of the calendar change."""
    _listeners.append(listener)


def calendar_changed(days: frozenset[date]) -> None:
    """Tell all listeners, inside the transaction that changed the days."""
    for listener in _listeners:
        listener(days)


def _time_of(hours: float) -> time:
    return time(*divmod(round(hours * 60), 60))
