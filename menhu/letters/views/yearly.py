"""Table 3 of the yearly report on openness, for a unit and a year, on the screen and as a workbook."""

from io import BytesIO
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.cases.policies import CASE_PEOPLE
from menhu.core.office import answers_refusals
from menhu.core.spreadsheets import Sheet, write_workbook
from menhu.letters.openness.outcomes import APPLICANTS
from menhu.letters.openness.yearly import Table, table_of
from menhu.units.models import Unit
from menhu.units.policies import current_posts, scope_of

FIRST: Final = 2008
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@answers_refusals
@require_GET
def yearly(request: StaffRequest) -> HttpResponseBase:
    """The widest unit that the person serves, or one of theirs."""
    unit, year = _unit(request), _year(request)
    table = table_of(unit, year)
    if request.GET.get("format") == "xlsx":
        return _workbook(unit, table)
    context = {
        "title": _("信息公开年报：申请办理情况"),
        "unit": unit,
        "units": _units(request),
        "table": table,
        "columns": [*(str(label) for label in APPLICANTS.values()), _("总计")],
        "years": range(timezone.localdate().year, timezone.localdate().year - 6, -1),
        "lead": _("由系统按收到和办结的日期统计；勾稽关系：一 + 二 = 三（七）+ 四。"),
    }
    return render(request, "letters/yearly.html", context)


def _units(request: StaffRequest) -> list[Unit]:
    scope = scope_of(request.user, CASE_PEOPLE)
    if not scope:
        raise PermissionDenied(_("年报由办理信息公开申请的岗位查看。"))
    return list(Unit.objects.filter(scope.condition("pk")).in_order()[:300])


def _unit(request: StaffRequest) -> Unit:
    units = _units(request)
    asked = request.GET.get("unit", "")
    chosen = next((unit for unit in units if str(unit.pk) == asked), None)
    own = next((post.scope for post in current_posts(request.user) if post.role in CASE_PEOPLE), units[0])
    return chosen or own


def _year(request: StaffRequest) -> int:
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(asked) if asked.isdecimal() and FIRST <= int(asked[:4]) <= this and len(asked) == 4 else this


def _workbook(unit: Unit, table: Table) -> FileResponse:
    head = [_("项目"), *(str(label) for label in APPLICANTS.values()), _("总计")]
    rows = [[row.label, *row.numbers] for row in table.rows]
    content = BytesIO(write_workbook([Sheet(str(table.year), head, [48, *[12] * (len(head) - 1)], rows)]))
    return FileResponse(
        content, as_attachment=True, filename=f"openness-{unit.slug}-{table.year}.xlsx", content_type=XLSX
    )
