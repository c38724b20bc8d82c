"""Petition cases in the back office: the list by end day, and the page on which one is taken charge of and settled."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases.models import Case
from menhu.cases.policies import CASE_PEOPLE, CaseRefused, visible_cases
from menhu.core.cursors import read_day, write_place
from menhu.core.office import answers_refusals
from menhu.letters.actions.petitions import settle, take_charge
from menhu.letters.models import Letter, PetitionCase
from menhu.letters.office_forms import SettleForm, TakeChargeForm
from menhu.letters.policies import may_take_charge
from menhu.letters.todos import end_day, soon
from menhu.units.policies import holds
from menhu.units.scoping import fetch

PAGE: Final = 50
TABS: Final = {
    "open": gettext_lazy("未化解"),
    "soon": gettext_lazy("超期和临期"),
    "settled": gettext_lazy("已化解"),
}


@answers_refusals
@require_GET
def petitions(request: StaffRequest) -> HttpResponse:
    """Those of the person's cases: open ones by end day, the longest past first; settled ones newest first."""
    if not holds(request.user, *CASE_PEOPLE):
        raise PermissionDenied(_("信访包案由受理单位和承办单位查看。"))
    asked, today = request.GET.get("tab", ""), timezone.localdate()
    tab = asked if asked in TABS else "open"
    rows = list(_after(_rows(request, tab, today), tab, request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "title": _("信访包案"),
        "lead": _("一件一名包案领导，明确化解措施和办结期限。在来信的办件页登记。"),
        "tabs": [(label, f"?tab={name}", name == tab) for name, label in TABS.items()],
        "tab": tab,
        "rows": [(row, end_day(row, today)) for row in rows[:PAGE]],
        "next_page": f"?tab={tab}&after={_cursor(rows[PAGE - 1], tab)}" if len(rows) > PAGE else "",
        "first_page": f"?tab={tab}" if request.GET.get("after") else "",
    }
    return render(request, "letters/petitions.html", context)


def _rows(request: StaffRequest, tab: str, today: date) -> QuerySet[PetitionCase]:
    rows = PetitionCase.objects.filter(case__in=visible_cases(request.user)).select_related(
        "leader", "case__lead", "case__desk"
    )
    if tab == "settled":
        return rows.filter(ended_on__isnull=False).order_by("-ended_on", "-case_id")
    rows = rows.filter(ended_on__isnull=True).order_by("ends_on", "case_id")
    return rows.filter(ends_on__lte=soon(today)) if tab == "soon" else rows


def _cursor(row: PetitionCase, tab: str) -> str:
    return write_place(row.ended_on if tab == "settled" and row.ended_on else row.ends_on, row.pk)


def _after(rows: QuerySet[PetitionCase], tab: str, cursor: str) -> QuerySet[PetitionCase]:
    """What comes after the cursor; nonsense shows the first page."""
    place = read_day(cursor)
    if place is None:
        return rows
    day, pk = place
    if tab == "settled":
        return rows.filter(Q(ended_on__lt=day) | Q(ended_on=day, pk__lt=pk))
    return rows.filter(Q(ends_on__gt=day) | Q(ends_on=day, pk__gt=pk))


@answers_refusals
@require_http_methods(["GET", "POST"])
def petition(request: StaffRequest, pk: int) -> HttpResponse:
    """Who answers for the letter and until when; the desk names them and says when it is settled."""
    case = fetch(request, Case, pk, "view")
    if not Letter.objects.filter(case=case).exists():
        raise Http404
    if request.method != "POST":
        return _page(request, case)
    if request.POST.get("deed") == "settle":
        return _settled(request, case)
    return _taken(request, case)


def _taken(request: StaffRequest, case: Case) -> HttpResponse:
    form = TakeChargeForm(request.POST)
    if form.is_valid():
        try:
            take_charge(case=case, by=request.user, **form.cleaned_data)
        except CaseRefused as refused:
            form.add_error(None, refused.message)
            return _page(request, case, take_form=form, status=409)
        messages.success(request, _("已登记包案。"))
        return redirect("letters_office:petition", case.pk)
    return _page(request, case, take_form=form, status=400)


def _settled(request: StaffRequest, case: Case) -> HttpResponse:
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            settle(case=case, by=request.user, outcome=form.cleaned_data["outcome"])
        except CaseRefused as refused:
            form.add_error(None, refused.message)
            return _page(request, case, settle_form=form, status=409)
        messages.success(request, _("已登记化解。"))
        return redirect("letters_office:petition", case.pk)
    return _page(request, case, settle_form=form, status=400)


def _page(
    request: StaffRequest,
    case: Case,
    *,
    take_form: TakeChargeForm | None = None,
    settle_form: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = PetitionCase.objects.filter(case=case).select_related("leader").first()
    may = may_take_charge(request.user, case) and (row is None or row.ended_on is None)
    context = {
        "title": _("信访包案"),
        "crumbs": [(_("办件"), reverse("cases:list")), (case.number, reverse("cases:show", args=[case.pk]))],
        "case": case,
        "petition": row,
        "day": end_day(row, timezone.localdate()) if row is not None else None,
        "take_form": take_form or (TakeChargeForm(initial=_initial(row)) if may else None),
        "settle_form": settle_form or (SettleForm() if may and row is not None else None),
    }
    return render(request, "letters/petition.html", context, status=status)


def _initial(row: PetitionCase | None) -> dict[str, Any]:
    return {"leader": row.leader_id, "ends_on": row.ends_on, "measures": row.measures} if row is not None else {}
