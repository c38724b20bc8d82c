"""Ask a unit for information: the form of the regulation (§29) and its receipt."""

from dataclasses import replace
from secrets import token_urlsafe
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from menhu.accounts import citizens
from menhu.accounts.models import Citizen
from menhu.cases.actions import SenderData
from menhu.cases.models import CaseKind
from menhu.letters import contexts
from menhu.letters.actions.telling import tell_receipt
from menhu.letters.forms import RequestForm
from menhu.letters.guarding import doubt
from menhu.letters.openness.actions import Applicant, Wanted, apply
from menhu.letters.openness.outcomes import APPLICANTS, FORMS, WAYS
from menhu.letters.openness.terms import CODE
from menhu.letters.views.framing import base_of, portal_of, private
from menhu.letters.views.writing import errors_of, own_values, receipt_page
from menhu.sites.models import Site
from menhu.units.enums import UnitKind
from menhu.units.models import Unit

APPLY: Final = "/openness/apply/"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply_page(request: HttpRequest) -> HttpResponse:
    """The form, or number and code."""
    site, units = portal_of(request), _units()
    if request.method != "POST":
        asked = {"unit": request.GET.get("unit", "")[:20], "applicant": "natural", "form": "electronic", "way": "web"}
        asked |= own_values(citizens.citizen_of(request))
        return private(_page(request, site, units, asked, {}))
    form = RequestForm(request.POST, units=units)
    if not form.is_valid():
        return private(_page(request, site, units, request.POST.dict(), errors_of(form)), status=400)
    given = form.cleaned_data
    refused = doubt(request, key=given["key"], phone=given["phone"], kind=CODE)
    if refused is not None:
        page = replace(
            _page(request, site, units, request.POST.dict(), {}), notice=refused.error, question=refused.question
        )
        return private(page, status=refused.status)
    try:
        receipt = _sent(form.cleaned_data, citizens.citizen_of(request))
    except ValidationError as error:
        return private(_page(request, site, units, request.POST.dict(), {"unit": error.messages[0]}), status=400)
    return private(receipt_page(site, receipt, _("申请已提交"), _("凭编号和查询码查看进展、下载答复书。")))


def _sent(cleaned: dict[str, Any], citizen: Citizen | None) -> Any:
    wanted = Wanted(**{name: cleaned[name] for name in Wanted.__dataclass_fields__})
    applicant = Applicant(cleaned["applicant"], cleaned["organisation"], cleaned["credit_code"])
    told = {name: cleaned[name] for name in ("name", "phone", "email", "identity_number", "address")}
    sender = SenderData(**told, citizen_id=citizen.pk if citizen else None)
    receipt = apply(unit=cleaned["unit"], wanted=wanted, applicant=applicant, sender=sender, key=cleaned["key"])
    if receipt.is_new:
        tell_receipt(receipt)
    return receipt


def _units() -> QuerySet[Unit]:
    """Whom one may ask: everything that is an authority of its own."""
    return Unit.objects.active().exclude(kind__in=(UnitKind.GROUP, UnitKind.COUNTY)).in_order()


def _page(
    request: HttpRequest, site: Site, units: QuerySet[Unit], values: dict[str, str], errors: dict[str, str]
) -> contexts.RequestPage:
    kind = CaseKind.objects.filter(code=CODE).first()
    days = {"answer": kind.answer_days if kind else 20, "ask": kind.ask_within_days if kind else 7}
    lead = _("向县政府的任何一个单位申请公开政府信息。%(answer)d 个工作日内答复。") % days
    return contexts.RequestPage(
        **base_of(site, _("申请公开政府信息"), APPLY, lead),
        action=APPLY,
        csrf_token=get_token(request),
        key=values.get("key") or token_urlsafe(24),
        values=values,
        errors=errors,
        error_list=tuple(errors.items()),
        units=tuple((str(pk), name) for pk, name in units.values_list("pk", "name")),
        applicants=_choices(APPLICANTS),
        forms=_choices(FORMS),
        ways=_choices(WAYS),
        unit_choice=values.get("unit", ""),
        steps=(
            (_("马上"), _("给您一个编号和查询码")),
            (_("确认收到"), _("工作日内与您确认，从确认之日起计时")),
            (_("%(ask)d 个工作日内") % days, _("内容不明确的，一次告知要补正什么")),
            (_("%(answer)d 个工作日内") % days, _("书面答复；需要延期、征求第三方意见的，会告诉您")),
        ),
    )


def _choices(named: Any) -> tuple[contexts.Choice, ...]:
    return tuple((code, str(label), "") for code, label in named.items())
