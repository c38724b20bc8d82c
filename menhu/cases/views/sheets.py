"""The work sheet of a case on paper (GB/T 33358: basic information, content, handling, supervision, follow-up)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases import actions
from menhu.cases.actions.moving import present
from menhu.cases.lateness import clock_of
from menhu.cases.models import Case, Sender
from menhu.cases.panels import attachments_of, drawn
from menhu.cases.policies import CaseRefused, may_see_sender
from menhu.cases.views.page import links_of, record_of, sender_lines
from menhu.core.office import answers_refusals
from menhu.units.scoping import fetch


@answers_refusals
@require_http_methods(["GET", "POST"])
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Without the sender; sent by POST, with the sender, which is a look on record."""
    case = fetch(request, Case, pk, "view")
    if request.method == "GET":
        return _sheet(request, case, None)
    try:
        return _sheet(request, case, actions.reveal_sender(case=case, by=request.user))
    except CaseRefused as refused:
        messages.error(request, refused.message)
        return redirect("cases:sheet", pk)


def _sheet(request: StaffRequest, case: Case, sender: Sender | None) -> HttpResponse:
    now, fresh = timezone.now(), present(case.pk)
    context = {
        "title": _("办件工单"),
        "crumbs": [(_("办件"), reverse("cases:list")), (fresh.number, reverse("cases:show", args=[fresh.pk]))],
        "case": fresh,
        "clock": clock_of(fresh, now),
        "sender": sender_lines(sender),
        "may_see_sender": may_see_sender(request.user, fresh),
        "panels": drawn(fresh, request.user),
        "attachments": attachments_of(fresh),
        "links": list(links_of(fresh, request.user)),
        "now": now,
        **record_of(fresh),
    }
    return render(request, "cases/sheet.html", context)
