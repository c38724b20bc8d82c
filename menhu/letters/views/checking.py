"""Follow a letter by number and code: how far it is, the answer, and what its sender may do now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from menhu.accounts import citizens
from menhu.cases import actions
from menhu.cases.actions.attaching import files_of, sent_files
from menhu.cases.actions.owning import claim, in_no_account
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused
from menhu.core.frames import Link
from menhu.files.views import private_bytes
from menhu.letters import contexts
from menhu.letters.following import followed
from menhu.letters.forms import CheckForm, RatingForm, WordsForm
from menhu.letters.guarding import may_look, note_failure
from menhu.letters.openness.letters import answer_document
from menhu.letters.public.pages import CHECK
from menhu.letters.views.framing import base_of, portal_of, private
from menhu.sites.models import Site


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; with both right, the letter. What the sender does comes to the same address."""
    site = portal_of(request)
    if request.method != "POST":
        return private(_asking(request, site, request.GET.get("number", "")[:40]))
    form = CheckForm(request.POST)
    if not form.is_valid():
        errors = {name: str(messages[0]) for name, messages in form.errors.items()}
        return private(_asking(request, site, request.POST.get("number", "")[:40], errors=errors), status=400)
    if not may_look(request, form.cleaned_data["number"]):
        notice = _("查询得太频繁，请过十分钟再试。")
        return private(_asking(request, site, form.cleaned_data["number"], notice=notice), status=429)
    case = actions.find_by_code(form.cleaned_data["number"], form.cleaned_data["code"])
    if case is None:
        note_failure(form.cleaned_data["number"])
        notice = _("编号或查询码不对，请核对后再试。")
        return private(_asking(request, site, form.cleaned_data["number"], notice=notice), status=404)
    return answer(request, site, case, Way(CHECK, form.cleaned_data["code"]))


@dataclass(frozen=True, slots=True)
class Way:
    """How the sender came to the case: where its forms go, with which code (none in an account of their own)."""

    action: str
    code: str = ""
    above: Link | None = None


def answer(request: HttpRequest, site: Site, case: Case, way: Way) -> HttpResponse:
    """The page of a case for its sender, after what they did on it; the caller has made sure who they are."""
    if request.POST.get("act") == "document":
        return _document(case)
    if request.POST.get("act") == "file":
        return _file(case, request.POST.get("file", ""))
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return private(_shown(request, site, case, way))
    done, errors = act(request, case)
    fresh = Case.objects.select_related("kind", "lead", "desk").get(pk=case.pk)
    values = {} if done else request.POST.dict()
    return private(_shown(request, site, fresh, way, done, values, errors), status=400 if errors else 200)


def _document(case: Case) -> HttpResponse:
    """The signed answer to a request for information, as an official letter."""
    body = answer_document(case)
    if body is None:
        raise Http404
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="{case.number}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _file(case: Case, wanted: str) -> HttpResponse:
    """A file of this very case or of what was cut out of it; of answers only what was sent.

    Whoever asks has just shown number and code.
    """
    rows = [*files_of(case), *sent_files(case, *actions.parts(case))]
    row = next((row for row in rows if str(row.pk) == wanted), None)
    if row is None:
        raise Http404
    return private_bytes(row.file)


Done = tuple[str, dict[str, str]]
"""What to tell the sender, and what is wrong by the name of the form."""


def _rate(request: HttpRequest, case: Case) -> Done:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return "", {"rate": _first(form)}
    level, text = form.cleaned_data["level"], form.cleaned_data["text"]
    return _try("rate", _("谢谢您的评价。"), lambda: actions.rate(case=case, by=Party.SENDER, level=level, text=text))


def _reopen(request: HttpRequest, case: Case) -> Done:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return "", {"reopen": _first(form)}
    reason = form.cleaned_data["text"]
    return _try("reopen", _("已转原单位再次办理。"), lambda: actions.reopen(case=case, by=Party.SENDER, reason=reason))


def _supplement(request: HttpRequest, case: Case) -> Done:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return "", {"supplement": _first(form)}
    text = form.cleaned_data["text"]
    return _try("supplement", _("已收到您的补充。"), lambda: actions.supplement(case=case, by=Party.SENDER, text=text))


def _claim(request: HttpRequest, case: Case) -> Done:
    citizen = citizens.citizen_of(request)
    if citizen is None:
        return "", {"claim": _("请先登录，再把这封信放进账户。")}
    return _try("claim", _("已放进您的账户。"), lambda: claim(case=case, citizen_id=citizen.pk))


ACTS: Final[dict[str, Callable[[HttpRequest, Case], Done]]] = {
    "rate": _rate,
    "reopen": _reopen,
    "supplement": _supplement,
    "claim": _claim,
}


def _try(name: str, thanks: str, act: Callable[[], Any]) -> Done:
    try:
        act()
    except CaseRefused as refusal:
        return "", {name: refusal.message}
    return thanks, {}


def _first(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


def _asking(
    request: HttpRequest, site: Site, number: str, *, errors: dict[str, str] | None = None, notice: str = ""
) -> contexts.CheckPage:
    return contexts.CheckPage(
        **base_of(site, _("查询来信"), CHECK),
        action=CHECK,
        csrf_token=get_token(request),
        number=number,
        errors=errors or {},
        notice=notice,
    )


def _shown(
    request: HttpRequest,
    site: Site,
    case: Case,
    way: Way,
    notice: str = "",
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> contexts.CasePage:
    typed = values or {}
    shown = {typed.get("act", ""): typed.get("text", ""), "level": typed.get("level", "")}
    state = CaseState(case.state)
    offers = {
        "rate": state is CaseState.ANSWERED,
        "reopen": _may_reopen(case, timezone.now()),
        "supplement": state is CaseState.ASKED,
        "claim": _may_claim(request, case),
    }
    return contexts.CasePage(
        **base_of(site, _("来信详情"), way.action, above=way.above),
        **followed(case, timezone.now()),
        action=way.action,
        csrf_token=get_token(request),
        number=case.number,
        code=way.code,
        may_rate=offers["rate"],
        may_reopen=offers["reopen"],
        may_supplement=offers["supplement"],
        may_claim=offers["claim"],
        values=shown,
        errors=errors or {},
        notice=notice,
        trouble=next((why for name, why in (errors or {}).items() if not offers[name]), ""),
    )


def _may_claim(request: HttpRequest, case: Case) -> bool:
    """Whether somebody is signed in and the case lies in no account."""
    return citizens.citizen_of(request) is not None and in_no_account(case).exists()


def _may_reopen(case: Case, now: datetime) -> bool:
    """Whether the button is offered; the action decides."""
    is_left = case.round - 1 < case.kind.most_reopens and case.step_due_at is not None and now <= case.step_due_at
    return is_left and CaseState(case.state) in (CaseState.ANSWERED, CaseState.RATED)
