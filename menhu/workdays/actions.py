from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.audit.trail import record
from menhu.workdays import official
from menhu.workdays.deadlines import calendar_changed
from menhu.workdays.models import Day
from menhu.workdays.policies import Person, may_change_calendar

FIRST_YEAR, LAST_YEAR = 2004, 2100


@transaction.atomic
def set_day(*, day: date, is_working: bool, note: str, by: Person) -> Day:
    """Say whether a day is worked; open deadlines move with it. The note says on whose word."""
    _demand(by)
    if not note.strip():
        raise ValidationError({"note": _("请写明依据，如某通知的文号。")})
    kept = Day.objects.filter(date=day).first()
    row, _made = Day.objects.update_or_create(
        date=day, defaults={"is_working": is_working, "note": note.strip(), "source": _("本单位修改")}
    )
    before = None if kept is None else kept.is_working
    record("workdays.set_day", row, by=by, data={"before": before, "after": is_working, "note": row.note})
    if before != is_working:
        calendar_changed(frozenset({day}))
    return row


@transaction.atomic
def lay_out_year(*, year: int, by: Person) -> int:
    """Make the missing days of a year: as announced where known, else Monday to Friday; returns how many were made."""
    _demand(by)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(_("年份应在 %(first)d 至 %(last)d 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    kept = set(Day.objects.filter(date__year=year).values_list("date", flat=True))
    made = [_laid_out(day) for day in _days(year) if day not in kept]
    Day.objects.bulk_create(made)
    if made:
        record("workdays.lay_out_year", None, by=by, data={"year": year, "days": len(made)})
        calendar_changed(frozenset(day.date for day in made))
    return len(made)


def _laid_out(day: date) -> Day:
    known = official.day_of(day)
    if known is not None:
        return Day(date=day, is_working=known.is_working, note=known.note, source=official.source())
    return Day(date=day, is_working=day.weekday() < 5, source=_("按周末推定，待国务院办公厅通知"))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _demand(by: Person) -> None:
    if not may_change_calendar(by):
        raise PermissionDenied(_("工作日历由网站管理员维护。"))
