"""A citizen's own letters: listed, and each read and acted on without its code."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from menhu.accounts import citizens
from menhu.core.cursors import row_number
from menhu.core.frames import Link
from menhu.letters import contexts
from menhu.letters.mine import cases_of, entry
from menhu.letters.views.checking import Way, answer
from menhu.letters.views.framing import base_of, portal_of, private

A_PAGE: Final = 20


@require_safe
def my_letters(request: HttpRequest) -> HttpResponse:
    """All letters and requests in the account, twenty a page."""
    site, citizen = portal_of(request), citizens.citizen_of(request)
    if citizen is None:
        return redirect("my:page")
    before = row_number(request.GET.get("before"))
    rows = cases_of(citizen) if before is None else cases_of(citizen).filter(pk__lt=before)
    cases = list(rows[: A_PAGE + 1])
    address = reverse("letters:my_letters")
    older = Link(label=_("更早的"), url=f"{address}?before={cases[A_PAGE - 1].pk}") if len(cases) > A_PAGE else None
    page = contexts.MyLettersPage(
        **base_of(site, _("我的来信和申请"), address, above=_above()),
        entries=tuple(entry(case) for case in cases[:A_PAGE]),
        newest=Link(label=_("最新的"), url=address) if before is not None else None,
        older=older,
    )
    return private(page)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_case(request: HttpRequest, number: str) -> HttpResponse:
    """One of them; a letter of somebody else is not there."""
    site, citizen = portal_of(request), citizens.citizen_of(request)
    if citizen is None:
        return redirect("my:page")
    case = cases_of(citizen).filter(number=number).first()
    if case is None:
        raise Http404
    return answer(request, site, case, Way(reverse("letters:my_case", args=[number]), above=_above()))


def _above() -> Link:
    return Link(label=_("我的"), url=reverse("my:page"))
