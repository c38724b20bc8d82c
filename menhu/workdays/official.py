"""What the State Council has announced, as far as the package chinesecalendar knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """One day as announced; `note` says why it differs from an ordinary weekday or weekend."""

    date: date
    is_working: bool
    note: str


def years() -> range:
    """The years that the package knows."""
    return range(min(holidays).year, max(holidays).year + 1)


def day_of(day: date) -> OfficialDay | None:
    """The day as announced, None for a year that the package does not know."""
    if day.year not in years():
        return None
    if day in workdays:
        return OfficialDay(day, True, _("%(holiday)s调休上班") % {"holiday": _chinese()[workdays[day]]})
    if day in holidays:
        return OfficialDay(day, False, _chinese()[holidays[day]])
    return OfficialDay(day, day.weekday() < 5, "")


def days_of(year: int) -> Iterator[OfficialDay]:
    """All days of a year that the package knows."""
    day = date(year, 1, 1)
    while day.year == year and (found := day_of(day)):
        yield found
        day += timedelta(days=1)


def source() -> str:
    """Where the rows come from, as kept with them."""
    return _("国务院办公厅节假日安排（chinesecalendar %(version)s）") % {"version": version("chinesecalendar")}


@cache
def _chinese() -> dict[str, str]:
    return {holiday.value: holiday.chinese for holiday in Holiday}
