"""One address for each deed: parse, one action, back to the page; nothing typed is lost where it is refused."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.audit.trail import record
from menhu.cases import actions
from menhu.cases.actions.answering import begun
from menhu.cases.actions.attaching import answer_files, attach_to_answer, detach_from_answer, files_of
from menhu.cases.actions.moving import present
from menhu.cases.enums import Deed, DirectiveKind
from menhu.cases.families import special_for
from menhu.cases.forms import DeedForm, MergeForm, form_for
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused, may_see
from menhu.cases.views.page import case_page
from menhu.core.cursors import row_number
from menhu.core.office import answers_refusals
from menhu.files.rules import UploadRefused
from menhu.files.views import private_bytes
from menhu.units.scoping import fetch

Given = Mapping[str, Any]
Doing = Callable[[Case, User, Given], object]

_SIMPLE: Final[dict[Deed, Callable[..., object]]] = {
    Deed.ACCEPT: actions.accept,
    Deed.REFUSE: actions.decline,
    Deed.ASSIGN: actions.assign,
    Deed.DESIGNATE: actions.designate,
    Deed.TAKE: actions.take,
    Deed.RETURN: actions.give_back,
    Deed.ASK: actions.ask,
    Deed.SUPPLEMENT: actions.supplement,
    Deed.CONSULT: actions.consult,
    Deed.HEAR: actions.hear,
    Deed.DRAFT: actions.draft,
    Deed.SEND_BACK: actions.send_back,
    Deed.SIGN: actions.sign,
    Deed.RATE: actions.rate,
    Deed.REOPEN: actions.reopen,
    Deed.CLOSE: actions.close,
    Deed.UNMERGE: actions.unmerge,
    Deed.SPLIT: actions.split,
    Deed.PROGRESS: actions.note_progress,
    Deed.PARTNER: actions.give_opinion,
    Deed.EXTEND: actions.ask_extension,
    Deed.DECIDE_EXTENSION: actions.decide_extension,
    Deed.COMPLEX: actions.mark_complex,
    Deed.REPORT_BACK: actions.report_back,
}
"""Deeds whose form gives the action's own arguments."""
WITH_FILES: Final = frozenset({Deed.DRAFT, Deed.SIGN})
"""Deeds on whose form the files of the answer are kept."""
_PRESSING: Final = {
    Deed.INSTRUCT: DirectiveKind.INSTRUCT,
    Deed.URGE: DirectiveKind.URGE,
    Deed.SUPERVISE: DirectiveKind.SUPERVISE,
}


@answers_refusals
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return case_page(request, fetch(request, Case, pk, "view"))


@answers_refusals
@require_POST
def step(request: StaffRequest, pk: int, deed: str) -> HttpResponse:
    """Do a deed: 400 for what is not filled in, 409 for what is refused; both show the form again."""
    if deed not in Deed.values:
        raise Http404
    case = fetch(request, Case, pk, "view")
    if deed in WITH_FILES and (request.FILES or "attach" in request.POST or "detach" in request.POST):
        page = _files_changed(request, case, Deed(deed))
        if page is not None:
            return page
    if deed == Deed.DRAFT and "begin" in request.POST:
        return _begun(request, case)
    form = form_for(Deed(deed), present(case.pk), request.user, request.POST)
    if not form.is_valid():
        return case_page(request, case, form=form, status=400)
    if isinstance(form, MergeForm) and not form.is_confirmed:
        return case_page(request, case, form=form)
    try:
        do(form, case, request.user)
    except (CaseRefused, ValidationError) as refused:
        return _refused(request, case, form, refused)
    messages.success(request, _("已办理：%(deed)s。") % {"deed": form.deed.label})
    is_still_seen = may_see(request.user, present(case.pk))
    return redirect("cases:show", case.pk) if is_still_seen else redirect("cases:list")


def _files_changed(request: StaffRequest, case: Case, deed: Deed) -> HttpResponse | None:
    """Add or take out files of the answer, then show the page again with all that was typed.

    None where files came along with the answer itself: they are kept by now, whatever becomes of the rest.
    """
    wanted, uploads = row_number(request.POST.get("detach")), request.FILES.getlist("files")
    try:
        if wanted is not None:
            detach_from_answer(case=case, by=request.user, file=wanted)
        elif uploads:
            attach_to_answer(case=case, by=request.user, uploads=uploads)
    except (CaseRefused, UploadRefused) as refused:
        form = _as_typed(request, case, deed)
        messages.error(request, _("附件没有办成：%(why)s") % {"why": refused})
        return case_page(request, case, form=form, status=409 if isinstance(refused, CaseRefused) else 400)
    is_about_files = "attach" in request.POST or "detach" in request.POST
    if "attach" in request.POST and not uploads:
        messages.warning(request, _("请先选择文件，再点“上传附件”。"))
    return case_page(request, case, form=_as_typed(request, case, deed)) if is_about_files else None


def _begun(request: StaffRequest, case: Case) -> HttpResponse:
    """Put the words of a model answer before what was typed; nothing is kept before it is submitted."""
    form = _as_typed(request, case, Deed.DRAFT)
    text = begun(form.case, request.POST["begin"], request.POST.get("text", "").replace("\r\n", "\n"))
    if text is None:
        messages.error(request, _("这条答复已经移出知识库，请另选一条。"))
        return case_page(request, case, form=form, status=409)
    form.initial["text"] = text
    messages.success(request, _("已放进答复框，请按这封信的实情改写后提交。"))
    return case_page(request, case, form=form)


def _as_typed(request: StaffRequest, case: Case, deed: Deed) -> DeedForm:
    """The form with what was typed so far, not judged yet."""
    form = form_for(deed, present(case.pk), request.user)
    typed = {name: request.POST[name] for name in form.fields if name in request.POST and name != "shown_files"}
    form.initial.update(typed)
    return form


def do(form: DeedForm, case: Case, by: User) -> None:
    """The one action of the deed with what the form gives."""
    given, special = form.cleaned_data, special_for(form.case, form.deed)
    if special is not None:
        special.act(case, by, given)
    elif isinstance(form, MergeForm):
        actions.merge(case=case, by=by, master=form.master)
    elif form.deed in _PRESSING:
        actions.press(case=case, by=by, kind=_PRESSING[form.deed], **given)
    else:
        _SIMPLE[form.deed](case=case, by=by, **given)


def _refused(request: StaffRequest, case: Case, form: DeedForm, refused: CaseRefused | ValidationError) -> HttpResponse:
    texts = [refused.message] if isinstance(refused, CaseRefused) else refused.messages
    for text in texts:
        form.add_error(None, text)
    messages.error(request, _("没有办成：%(why)s") % {"why": " ".join(texts)})
    status = 409 if isinstance(refused, CaseRefused) else 400
    return case_page(request, case, form=form, status=status)


@answers_refusals
@require_POST
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the sender this once; every look stays on record."""
    case = fetch(request, Case, pk, "view")
    try:
        sender = actions.reveal_sender(case=case, by=request.user)
    except CaseRefused as refused:
        messages.error(request, refused.message)
        return case_page(request, case, status=403)
    return case_page(request, case, sender=sender, is_revealed=True)


@answers_refusals
@require_GET
def file(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """A file of the case for whoever may open the case; the look is on record."""
    case = fetch(request, Case, pk, "view")
    row = next((row for row in [*files_of(case), *answer_files(case)] if row.pk == file), None)
    if row is None:
        raise Http404
    record("cases.open_file", case, by=request.user, data={"file": row.file_id})
    return private_bytes(row.file)
