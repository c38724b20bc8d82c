"""A letter entered by an operator while somebody is on the telephone."""

from secrets import token_urlsafe

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases.actions import Receipt, SenderData
from menhu.cases.enums import Channel
from menhu.cases.rules import shown_code
from menhu.core.office import answers_refusals
from menhu.core.office_forms import attempt, form_page
from menhu.letters.actions.telling import tell_receipt
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.office_forms import EnterForm, boxes_of


@answers_refusals
@require_http_methods(["GET", "POST"])
def enter(request: StaffRequest) -> HttpResponse:
    """The form; once done, number and code to read out, and the case."""
    if not boxes_of(request.user).exists():
        raise PermissionDenied(_("登记来信由受理员办理。"))
    form = EnterForm(request.POST or None, by=request.user, initial={"key": token_urlsafe(24)})
    receipt = attempt(form, lambda: _entered(request, form)) if request.method == "POST" else None
    if receipt is None:
        back, status = reverse("cases:list"), 400 if form.errors else 200
        page = form_page(request, form, title=_("登记来信"), submit=_("登记"), back=back, crumbs=[(_("办件"), back)])
        page.status_code = status
        return page
    told = _("已登记 %(number)s，查询码 %(code)s，请念给来电人记下。查询码以后不再显示。")
    messages.success(request, told % {"number": receipt.case.number, "code": shown_code(receipt.code)})
    return redirect("cases:show", receipt.case.pk)


def _entered(request: StaffRequest, form: EnterForm) -> Receipt:
    given = form.cleaned_data
    words = LetterWords(
        kind=given["kind"],
        title=given["title"],
        text=given["text"],
        place=given["place"],
        wants_publication=given["wants_publication"],
        is_confidential=given["is_confidential"],
    )
    sender = SenderData(name=given["name"], phone=given["phone"], address=given["address"])
    receipt = write(
        mailbox=given["mailbox"],
        words=words,
        sender=sender,
        key=given["key"],
        by=request.user,
        channel=Channel(given["channel"]),
    )
    if receipt.is_new:
        tell_receipt(receipt)
    return receipt
