"""Write a letter, report an error of a page: one form, one answer with number and code."""

from collections.abc import Sequence
from functools import cache
from secrets import token_urlsafe
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from menhu.accounts import citizens
from menhu.accounts.models import Citizen
from menhu.cases.actions import Receipt, SenderData
from menhu.cases.models import CaseKind
from menhu.cases.rules import shown_code
from menhu.core.qr import QrCode, qr_code
from menhu.files.actions import private_limit
from menhu.files.rules import UploadRefused, size_text
from menhu.letters import contexts
from menhu.letters.actions.telling import tell_receipt
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.enums import MailboxKind
from menhu.letters.forms import UNIT_BOX, ErrorReportForm, LetterForm, kinds_of, unit_boxes
from menhu.letters.guarding import Doubt, doubt
from menhu.letters.models import Mailbox
from menhu.letters.public.addresses import REPORT
from menhu.letters.public.pages import CHECK, WRITE
from menhu.letters.similar import similar_letters
from menhu.letters.views.framing import base_of, portal_of, private
from menhu.sites.models import Site
from menhu.sites.public.addresses import absolute
from menhu.units.enums import UnitKind
from menhu.units.models import Unit

SIMILAR: Final = "/letters/similar/"
MOST_FILES: Final = 5


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write_page(request: HttpRequest) -> HttpResponse:
    """The form, or what came of it."""
    site = portal_of(request)
    if request.method != "POST":
        return private(_page(request, site, _initial(request), {}))
    form = LetterForm(request.POST)
    if not form.is_valid():
        return private(_page(request, site, request.POST.dict(), errors_of(form)), status=400)
    uploads = request.FILES.getlist("files")
    if len(uploads) > MOST_FILES:
        told = _("最多 %(most)d 个文件，请减少几个。") % {"most": MOST_FILES}
        return private(_page(request, site, request.POST.dict(), {"files": told}), status=400)
    refused = _doubt(request, form.cleaned_data)
    if refused is not None:
        page = _page(request, site, request.POST.dict(), {}, refused)
        return private(page, status=refused.status)
    try:
        receipt = _sent(form.cleaned_data, citizens.citizen_of(request), uploads)
    except ValidationError as error:
        return private(_page(request, site, request.POST.dict(), {"box": error.messages[0]}), status=400)
    except UploadRefused as refused:
        told = _("%(why)s请重新选择文件。") % {"why": refused}
        return private(_page(request, site, request.POST.dict(), {"files": told}), status=400)
    return private(_receipt(site, receipt))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest) -> HttpResponse:
    """An error on a page of ours: answered in three working days."""
    site = portal_of(request)
    if request.method != "POST":
        return private(_report_page(request, site, _initial(request), {}))
    form = ErrorReportForm(request.POST)
    if not form.is_valid():
        return private(_report_page(request, site, request.POST.dict(), errors_of(form)), status=400)
    refused = _doubt(request, form.cleaned_data)
    if refused is not None:
        page = _report_page(request, site, request.POST.dict(), {}, refused)
        return private(page, status=refused.status)
    return private(_receipt(site, _sent(form.cleaned_data, citizens.citizen_of(request))))


@require_safe
def similar_page(request: HttpRequest) -> HttpResponse:
    """Answers to letters like the one being written, as a piece of a page; empty where there are none."""
    site = portal_of(request)
    found = similar_letters(request.GET.get("q", ""), site)
    return private(contexts.SimilarPiece(entries=found))


def _sent(cleaned: dict[str, Any], citizen: Citizen | None, uploads: Sequence[Any] = ()) -> Receipt:
    words = LetterWords(
        kind=cleaned["case_kind"],
        title=cleaned["title"],
        text=cleaned["text"],
        place=cleaned.get("place", ""),
        wants_publication=cleaned.get("publication") == "yes",
        page_url=cleaned.get("page_url", ""),
    )
    told = {name: cleaned[name] for name in ("name", "phone", "email")}
    sender = SenderData(**told, citizen_id=citizen.pk if citizen else None)
    receipt = write(mailbox=cleaned["mailbox"], words=words, sender=sender, key=cleaned["key"], uploads=uploads)
    if receipt.is_new:
        tell_receipt(receipt)
    return receipt


def _doubt(request: HttpRequest, cleaned: dict[str, Any]) -> Doubt | None:
    return doubt(request, key=cleaned["key"], phone=cleaned["phone"], kind=cleaned["case_kind"].code)


def _initial(request: HttpRequest) -> dict[str, str]:
    """What the address asks for: a box, a kind, the page with an error."""
    asked = {name: request.GET.get(name, "")[:500] for name in ("box", "kind", "page_url")}
    box = Mailbox.objects.open().filter(slug=asked["box"], kind=MailboxKind.UNIT).first() if asked["box"] else None
    if box is not None:
        asked |= {"box": UNIT_BOX, "unit_box": box.slug}
    return {**asked, **own_values(citizens.citizen_of(request)), "key": token_urlsafe(24)}


def own_values(citizen: Citizen | None) -> dict[str, str]:
    """What a form need not ask of somebody who is signed in."""
    return {"name": citizen.name, "phone": citizen.phone, "email": citizen.email} if citizen else {}


def errors_of(form: Any) -> dict[str, str]:
    """What is wrong by field, one message each."""
    return {name: str(messages[0]) for name, messages in form.errors.items()}


def _page(
    request: HttpRequest, site: Site, values: dict[str, str], errors: dict[str, str], refused: Doubt | None = None
) -> contexts.WritePage:
    boxes = list(Mailbox.objects.open().exclude(kind=MailboxKind.ERROR).select_related("addressee", "unit").in_order())
    units, kinds = unit_boxes(boxes), kinds_of(boxes)
    lead = _("写给县长或任何一个单位。%(accept)d 个工作日内受理，一般 %(answer)d 个工作日内答复。") % _terms(kinds)
    return contexts.WritePage(
        **base_of(site, _("写一封信"), WRITE, lead),
        **_form_parts(request, WRITE, values, errors, refused),
        boxes=_box_choices(boxes, units),
        unit_boxes=tuple((box.slug, box.unit.name) for box in units),
        kinds=tuple((kind.code, kind.name, "") for kind in kinds),
        places=_places(),
        is_error_report=False,
        steps=_steps(kinds),
    )


def _report_page(
    request: HttpRequest, site: Site, values: dict[str, str], errors: dict[str, str], refused: Doubt | None = None
) -> contexts.WritePage:
    kind = CaseKind.objects.filter(code="error").first()
    days = kind.answer_days if kind else 3
    lead = _("发现错字、错链、过时或打不开的内容，告诉我们。%(days)d 个工作日内答复。") % {"days": days}
    return contexts.WritePage(
        **base_of(site, _("我为政府网站找错"), REPORT, lead),
        **_form_parts(request, REPORT, values, errors, refused),
        boxes=(),
        unit_boxes=(),
        kinds=(),
        places=(),
        is_error_report=True,
        steps=_steps([kind] if kind else []),
    )


def _form_parts(
    request: HttpRequest, action: str, values: dict[str, str], errors: dict[str, str], refused: Doubt | None = None
) -> dict[str, Any]:
    return {
        "action": action,
        "csrf_token": get_token(request),
        "key": values.get("key") or token_urlsafe(24),
        "values": values,
        "errors": errors,
        "error_list": tuple(errors.items()),
        "similar_url": SIMILAR,
        "notice": refused.error if refused else "",
        "question": refused.question if refused else None,
        "files_hint": _("最多 %(most)d 个，每个不超过 %(size)s。照片里的拍摄地点等信息会自动去掉。")
        % {"most": MOST_FILES, "size": size_text(private_limit())},
    }


def _box_choices(boxes: list[Mailbox], units: list[Mailbox]) -> tuple[contexts.Choice, ...]:
    """The boxes of the county, then all units as one choice."""
    ours = [(box.slug, box.name, _note(box)) for box in boxes if box.kind != MailboxKind.UNIT]
    more = [(UNIT_BOX, _("某个单位"), _("%(count)d 个可选") % {"count": len(units)})] if units else []
    return (*ours, *more)


def _note(box: Mailbox) -> str:
    return box.hint or (f"{box.addressee.name}{box.addressee.title}" if box.addressee else "")


def _terms(kinds: list[CaseKind]) -> dict[str, int]:
    """The longest of the terms that the form's kinds have, so that nobody is promised too much."""
    return {
        "accept": max((kind.accept_days for kind in kinds), default=1),
        "answer": max((kind.answer_days for kind in kinds), default=10),
    }


def _steps(kinds: list[CaseKind]) -> tuple[tuple[str, str], ...]:
    terms = _terms(kinds)
    return (
        (_("马上"), _("给您一个编号和查询码")),
        (_("%(accept)d 个工作日内") % terms, _("受理，并告诉您由哪个单位承办")),
        (_("%(answer)d 个工作日内") % terms, _("书面答复，您可以评价")),
    )


def _places() -> tuple[str, ...]:
    return tuple(Unit.objects.active().filter(kind=UnitKind.TOWN).in_order().values_list("short_name", flat=True))


def _receipt(site: Site, receipt: Receipt) -> contexts.SentPage:
    case = receipt.case
    values = {"desk": case.desk.name, "days": case.kind.accept_days}
    return receipt_page(site, receipt, _("信已寄出"), _("信已寄到%(desk)s。%(days)d 个工作日内受理。") % values)


def receipt_page(site: Site, receipt: Receipt, title: str, told: str) -> contexts.SentPage:
    """Number and code, and what comes next."""
    return contexts.SentPage(
        **base_of(site, title, WRITE),
        number=receipt.case.number,
        code=shown_code(receipt.code),
        qr=_drawn_once(absolute(site, CHECK)),
        check_url=CHECK,
        by=told,
        ways=(
            _("受理、转办、答复时发短信告诉您。"),
            _("答复以后请您评价；没有办好可以要求再办一次。"),
            _("急事请打 12345，全天有人接听。"),
        ),
    )


@cache
def _drawn_once(address: str) -> QrCode:
    """Every receipt shows the same code: the address of the page that asks for number and query code."""
    return qr_code(address)
