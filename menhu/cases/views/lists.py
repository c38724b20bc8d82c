"""The one list of cases with its baskets, filters and export."""

from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.audit.trail import record
from menhu.cases.baskets import COUNTED, Basket, Order, Selection, baskets_of, read_cursor, select, write_cursor
from menhu.cases.exports import MOST_ROWS, workbook_of
from menhu.cases.forms import ListFilter
from menhu.cases.lateness import WorkingDays, when_of
from menhu.cases.models import Case
from menhu.cases.policies import READERS_IN_A_UNIT, READERS_OF_A_DESK, units_to_give_to
from menhu.core.office import answers_refusals
from menhu.core.spreadsheets import CONTENT_TYPE
from menhu.units.models import Unit
from menhu.units.policies import scope_of

PAGE: Final = 50
FILTERS: Final = ("number", "state", "kind", "unit", "due")


@answers_refusals
@require_GET
def case_list(request: StaffRequest) -> HttpResponse:
    """One basket, narrowed, in pages that nobody has to count."""
    now, basket = timezone.now(), chosen_basket(request)
    form = ListFilter(request.GET, _units(request))
    selection = select(basket, request.user, form.asked, now)
    cursor = read_cursor(request.GET.get("after", ""), selection.order)
    found = selection.page(cursor, PAGE + 1)
    context = {
        "title": _("办件"),
        "baskets": [(other.label, _address(other, request.GET), other == basket) for other in baskets_of(request.user)],
        "basket": basket,
        "form": form,
        "rows": _rows(found[:PAGE], now),
        "count": selection.count(),
        "most": COUNTED,
        "is_in_turn": selection.order is Order.TURN,
        "is_narrowed": any(request.GET.get(name) for name in FILTERS),
        "clear_page": f"?basket={basket.name}",
        "export_query": _query(request.GET, basket),
        **_pages(request.GET, basket, selection, found, is_first=cursor is None),
    }
    return render(request, "cases/list.html", context)


def chosen_basket(request: StaffRequest) -> Basket:
    """The basket of the address, else the person's first. Raises PermissionDenied for who has none."""
    baskets = baskets_of(request.user)
    if not baskets:
        raise PermissionDenied(_("您的岗位不办理来信等事项。"))
    return next((basket for basket in baskets if basket.name == request.GET.get("basket")), baskets[0])


def _rows(cases: list[Case], now: datetime) -> list[tuple[Case, Any]]:
    days = WorkingDays([case.step_due_at for case in cases if case.is_open], now)
    return [(case, when_of(case, days, now)) for case in cases]


def _units(request: StaffRequest) -> list[tuple[int, str]]:
    """The units by which the person may narrow: all for a desk, else their own."""
    if scope_of(request.user, READERS_OF_A_DESK):
        return list(units_to_give_to().values_list("pk", "short_name"))
    own = scope_of(request.user, READERS_IN_A_UNIT).condition("pk")
    return list(Unit.objects.active().filter(own).in_order().values_list("pk", "short_name"))


def _query(given: QueryDict, basket: Basket, **more: str) -> str:
    query = QueryDict(mutable=True)
    query["basket"] = basket.name
    for name in FILTERS:
        value = given.get(name)
        if value:
            query[name] = str(value)
    query.update(more)
    return query.urlencode()


def _address(basket: Basket, given: QueryDict) -> str:
    """Another basket with the same filters."""
    return f"?{_query(given, basket)}"


def _pages(
    given: QueryDict, basket: Basket, selection: Selection, found: list[Case], *, is_first: bool
) -> dict[str, str]:
    has_more = len(found) > PAGE
    after = write_cursor(found[PAGE - 1], selection.order) if has_more else ""
    return {
        "next_page": f"?{_query(given, basket, after=after)}" if has_more else "",
        "first_page": "" if is_first else f"?{_query(given, basket)}",
    }


@answers_refusals
@require_GET
def export(request: StaffRequest) -> HttpResponseBase:
    """The basket as it stands, at most 5,000 rows; that somebody took it out is an event. Senders never go out."""
    now, basket = timezone.now(), chosen_basket(request)
    form = ListFilter(request.GET, _units(request))
    cases = select(basket, request.user, form.asked, now).page(None, MOST_ROWS)
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    record("cases.export", None, by=request.user, data={"basket": basket.name, "rows": len(cases), **chosen})
    name = f"cases-{basket.name}-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    content = BytesIO(workbook_of(str(basket.label), cases, now))
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
