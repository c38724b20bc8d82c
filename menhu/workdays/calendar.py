"""The working calendar as rules look it up, loud about a year that nobody has entered."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.workdays import official
from menhu.workdays.models import Day

MONTHS_A_QUERY = 3
WARN_AHEAD = timedelta(days=60)


class CalendarMissing(Exception):  # noqa: N818 - it names the fact, as the rules do
    """A deadline reaches into a year without a calendar; the message says which and what to do."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(missing_text(year))


def missing_text(year: int) -> str:
    return _(
        "工作日历缺少 %(year)d 年，涉及该年的期限无法计算。请网站管理员在“工作日历”中录入该年的放假安排后再试。"
    ) % {"year": year}


class Calendar:
    """Answers `is_working(day)` from the rows, some months a query; days without a row are asked of the official list.

    Days may be asked in any order.
    """

    def __init__(self) -> None:
        self._days: dict[date, bool] = {}
        self._months: set[date] = set()

    def is_working(self, day: date) -> bool:
        """Whether the day is worked. Raises CalendarMissing for a year nobody knows."""
        month = day.replace(day=1)
        if month not in self._months:
            self._read(month)
        known = self._days.get(day)
        return self._official(day) if known is None else known

    def _read(self, month: date) -> None:
        months = [month]
        for _next in range(MONTHS_A_QUERY):
            months.append((months[-1] + timedelta(days=31)).replace(day=1))
        rows = Day.objects.filter(date__gte=month, date__lt=months[-1])
        self._days.update(rows.values_list("date", "is_working"))
        self._months.update(months[:-1])

    def _official(self, day: date) -> bool:
        found = official.day_of(day)
        if found is None:
            raise CalendarMissing(day.year)
        return found.is_working


def working_days(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included, in one query; an unknown year counts Monday to Friday."""
    entered = dict(Day.objects.filter(date__gte=first, date__lte=last).values_list("date", "is_working"))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if _is_worked(day, entered.get(day))]


def _is_worked(day: date, entered: bool | None) -> bool:
    if entered is not None:
        return entered
    found = official.day_of(day)
    return day.weekday() < 5 if found is None else found.is_working


def has_year(year: int) -> bool:
    """Whether every day of the year can be looked up."""
    if year in official.years():
        return True
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return Day.objects.filter(date__year=year).count() == days


def warning() -> str:
    """What the webmaster's desk must say about a missing year that deadlines will soon reach; empty if none is."""
    today = timezone.localdate()
    for year in dict.fromkeys((today.year, (today + WARN_AHEAD).year)):
        if not has_year(year):
            return missing_text(year)
    return ""
