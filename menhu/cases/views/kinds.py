"""The terms of kinds, kept by the webmaster."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases.actions.keeping import change_kind
from menhu.cases.forms import KindForm
from menhu.cases.models import CaseKind
from menhu.core.office import answers_refusals
from menhu.core.office_forms import form_page, posted
from menhu.units.scoping import fetch


@require_GET
def kinds(request: StaffRequest) -> HttpResponse:
    """All kinds with their terms, sources and how sure each is."""
    rows = CaseKind.objects.order_by("family", "position", "pk")
    lead = _("各类事项的时限，连同依据。法规有变，在这里改，不必改程序。")
    return render(request, "cases/kinds.html", {"title": _("事项种类与时限"), "kinds": rows, "lead": lead})


@answers_refusals
@require_http_methods(["GET", "POST"])
def kind(request: StaffRequest, pk: int) -> HttpResponse:
    row = fetch(request, CaseKind, pk, "change")
    form = KindForm(request.POST or None, instance=row)
    changed = posted(request, form, lambda: change_kind(kind=row, by=request.user, **_given(form)))
    if changed is None:
        back = reverse("cases:kinds")
        crumbs = [(_("事项种类与时限"), back)]
        return form_page(
            request, form, title=row.name, submit=_("保存"), back=back, crumbs=crumbs, template="cases/kind.html"
        )
    messages.success(request, _("已保存：%(kind)s。") % {"kind": changed.name})
    return redirect("cases:kinds")


def _given(form: KindForm) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    return {"reckons_open": values.pop("reckons_open"), "values": values}
