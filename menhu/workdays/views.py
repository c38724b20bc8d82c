import calendar
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.core.office_forms import attempt
from menhu.workdays import actions
from menhu.workdays.calendar import has_year, missing_text
from menhu.workdays.forms import DayForm
from menhu.workdays.models import Day

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@dataclass(frozen=True, slots=True)
class Square:
    """A day as drawn: `row` is None where nobody has entered it; `is_odd` marks what no weekday rule explains."""

    date: date
    row: Day | None

    @property
    def is_odd(self) -> bool:
        return self.row is not None and self.row.is_working != (self.date.weekday() < 5)

    @property
    def name(self) -> str:
        """What a screen reader says: the date, whether it is worked, and why."""
        if self.row is None:
            return _("%(day)s，未录入") % {"day": self.date.isoformat()}
        kind = _("上班") if self.row.is_working else _("休息")
        return "，".join(part for part in (self.date.isoformat(), kind, self.row.note) if part)


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[Square | None, ...], ...]


@require_GET
def this_year(request: HttpRequest) -> HttpResponse:
    return redirect("workdays:year", timezone.localdate().year)


@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year as months: holidays, make-up days, and what the webmaster changed."""
    asked = request.GET.get("day", "")
    row = _row(asked)
    initial = {"day": asked, "is_working": str(int(row.is_working)) if row else None, "note": row.note if row else ""}
    return _year_page(request, year, DayForm(initial=initial))


@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """Change one day, with a reason."""
    form = DayForm(request.POST)
    row = attempt(form, lambda: actions.set_day(by=request.user, **form.cleaned_data))
    if row is None:
        chosen = form.cleaned_data.get("day") or timezone.localdate()
        return _year_page(request, chosen.year, form)
    messages.success(request, _("已保存：%(day)s。未办结事项的期限随之重算。") % {"day": row})
    return redirect("workdays:year", row.date.year)


@require_POST
def lay_out_year(request: HttpRequest, year: int) -> HttpResponse:
    """Fill a year that nobody has announced yet by weekends, to be corrected when the notice comes."""
    try:
        made = actions.lay_out_year(year=year, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("workdays:list")
    messages.success(request, _("已补充 %(year)d 年 %(count)d 天。") % {"year": year, "count": made})
    return redirect("workdays:year", year)


def _year_page(request: HttpRequest, year: int, form: DayForm) -> HttpResponse:
    shown = min(max(year, actions.FIRST_YEAR), actions.LAST_YEAR)
    context = {
        "title": _("%(year)d 年工作日历") % {"year": shown},
        "year": shown,
        "years": [shown - 1, shown, shown + 1],
        "months": _months(shown),
        "weekdays": WEEKDAYS,
        "form": form,
        "missing": "" if has_year(shown) else missing_text(shown),
        "crumbs": [(_("工作日历"), reverse("workdays:list"))],
    }
    return render(request, "workdays/year.html", context)


def _months(year: int) -> list[Month]:
    rows = {row.date: row for row in Day.objects.filter(date__year=year)}
    pages = calendar.Calendar()
    return [Month(number, _weeks(pages.monthdatescalendar(year, number), number, rows)) for number in range(1, 13)]


def _weeks(weeks: list[list[date]], month: int, rows: dict[date, Day]) -> tuple[tuple[Square | None, ...], ...]:
    return tuple(tuple(Square(day, rows.get(day)) if day.month == month else None for day in week) for week in weeks)


def _row(text: str) -> Day | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Day.objects.filter(date=day).first()
