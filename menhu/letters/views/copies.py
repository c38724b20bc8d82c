"""The public copy of a letter in the back office: prepare, publish, withdraw on one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases.actions import signed_answer
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused
from menhu.core.office import answers_refusals
from menhu.letters.actions import copying
from menhu.letters.actions.copying import Words
from menhu.letters.actions.knowledge import mark_model
from menhu.letters.enums import CopyState
from menhu.letters.models import Letter, PublicCopy
from menhu.letters.office_forms import CopyForm, PublishForm, WithdrawForm
from menhu.letters.openness.letters import answer_document
from menhu.letters.policies import may_mark_model, may_prepare_copy, may_publish_copy
from menhu.letters.public.addresses import copy_path
from menhu.units.scoping import fetch


@answers_refusals
@require_http_methods(["GET", "POST"])
def copy_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Original and copy side by side. Strangers find nothing here."""
    case = fetch(request, Case, pk, "view")
    letter = Letter.objects.filter(case=case).select_related("case__kind", "case__lead", "case__desk").first()
    if letter is None:
        raise Http404
    if request.method != "POST":
        return _page(request, letter)
    deeds = {"prepare": _prepare, "publish": _publish, "withdraw": _withdraw, "mark": _mark, "unmark": _mark}
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    return deed(request, letter)


@answers_refusals
@require_GET
def document(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer to a request for information as a letter."""
    case = fetch(request, Case, pk, "view")
    body = answer_document(case)
    if body is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{case.number}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _prepare(request: StaffRequest, letter: Letter) -> HttpResponse:
    form = CopyForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        words = Words(given["title"], given["question"], given["answer"])
        return _try(
            request,
            letter,
            form,
            lambda: copying.prepare(letter=letter, words=words, by=request.user),
            _("公开稿已保存，等另一位核对后公开。"),
        )
    return _page(request, letter, form=form, status=400)


def _publish(request: StaffRequest, letter: Letter) -> HttpResponse:
    copy = _copy_of(letter)
    form = PublishForm(request.POST, found=_found(letter, copy))
    if form.is_valid():
        accepted = form.cleaned_data.get("accepted", [])
        return _try(
            request,
            letter,
            form,
            lambda: copying.publish(copy=copy, by=request.user, accepted=accepted),
            _("已公开。几秒钟后可以在网站上看到。"),
        )
    return _page(request, letter, publish_form=form, status=400)


def _withdraw(request: StaffRequest, letter: Letter) -> HttpResponse:
    copy, form = _copy_of(letter), WithdrawForm(request.POST)
    if form.is_valid():
        return _try(
            request,
            letter,
            form,
            lambda: copying.withdraw(copy=copy, by=request.user, reason=form.cleaned_data["reason"]),
            _("已撤下。"),
        )
    return _page(request, letter, withdraw_form=form, status=400)


def _mark(request: StaffRequest, letter: Letter) -> HttpResponse:
    is_model = request.POST["deed"] == "mark"
    try:
        mark_model(case=letter.case, is_model=is_model, by=request.user)
    except CaseRefused as refused:
        messages.error(request, refused.message)
        return _page(request, letter, status=409)
    messages.success(request, _("已收入知识库和常见问题。") if is_model else _("已移出知识库和常见问题。"))
    return redirect("letters_office:copy", letter.pk)


def _try(request: StaffRequest, letter: Letter, form: Any, act: Any, thanks: str) -> HttpResponse:
    """Do it, or show the page again with what was typed and why not."""
    try:
        act()
    except CaseRefused as refused:
        form.add_error(None, refused.message)
        return _page(
            request,
            letter,
            status=409,
            form=form if isinstance(form, CopyForm) else None,
            publish_form=form if isinstance(form, PublishForm) else None,
            withdraw_form=form if isinstance(form, WithdrawForm) else None,
        )
    messages.success(request, thanks)
    return redirect("letters_office:copy", letter.pk)


def _copy_of(letter: Letter) -> PublicCopy:
    copy = PublicCopy.objects.filter(letter=letter).select_related("letter__case__kind").first()
    if copy is None:
        raise Http404
    copy.letter = letter
    return copy


def _found(letter: Letter, copy: PublicCopy) -> list[str]:
    words = Words(copy.title, copy.question, copy.answer)
    return [finding.text for finding in copying.remaining(letter, words)]


def _page(
    request: StaffRequest,
    letter: Letter,
    *,
    form: CopyForm | None = None,
    publish_form: PublishForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    case, user = letter.case, request.user
    copy = PublicCopy.objects.filter(letter=letter).first()
    proposed = copying.proposal(letter)
    is_public = copy is not None and copy.state == CopyState.PUBLISHED
    may_publish, may_prepare = may_publish_copy(user, letter), may_prepare_copy(user, letter)
    if copy is not None and not is_public and may_publish and publish_form is None:
        publish_form = PublishForm(found=_found(letter, copy))
    if is_public and (may_publish or may_prepare):
        withdraw_form = withdraw_form or WithdrawForm()
    context = {
        "title": _("公开稿"),
        "crumbs": [(_("办件"), reverse("cases:list")), (case.number, reverse("cases:show", args=[case.pk]))],
        "case": case,
        "copy": copy,
        "answer": signed_answer(case),
        "findings": proposed.findings,
        "form": form or (CopyForm(initial=_initial(proposed, copy)) if may_prepare and not is_public else None),
        "publish_form": publish_form,
        "withdraw_form": withdraw_form,
        "may_mark": is_public and may_mark_model(user, case),
        "address": copy_path(copy) if copy is not None and is_public else "",
    }
    return render(request, "letters/copy.html", context, status=status)


def _initial(proposed: copying.Proposal, copy: PublicCopy | None) -> dict[str, Any]:
    """What was prepared last, else the proposal; a withdrawn copy of an earlier round begins anew."""
    source: Any = copy if copy is not None and copy.state == CopyState.DRAFT else proposed.words
    return {"title": source.title, "question": source.question, "answer": source.answer}
