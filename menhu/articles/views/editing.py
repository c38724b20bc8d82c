"""Writing and correcting: one form for the new article, the draft, the correction and the reviewer's hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.articles import actions
from menhu.articles.actions.documents import html_of_document
from menhu.articles.forms import ArticleForm
from menhu.articles.models import Article
from menhu.articles.policies import WRITERS, may_edit
from menhu.articles.public import render_preview
from menhu.core.cursors import row_number
from menhu.core.sanitising import clean_article_html
from menhu.files.actions import store_upload
from menhu.files.models import FileKind
from menhu.files.rules import UploadRefused
from menhu.review.policies import Refused, may_correct
from menhu.units.enums import UnitKind
from menhu.units.models import Unit
from menhu.units.policies import scope_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def add(request: StaffRequest) -> HttpResponseBase:
    """Write a new article for one of the person's units."""
    units = writing_units(request.user)
    unit = _asked_unit(request, units)
    if unit is None:
        return render(request, "articles/choose_unit.html", {"title": _("为哪个单位写稿？"), "units": units})
    empty = Article(unit=unit, created_by=request.user)
    if request.method != "POST":
        return _draw(request, ArticleForm(unit=unit, instance=empty, initial=_first_values(request.user, unit)))
    form = _posted(request, unit, empty)
    return _answer(request, form, None)


@require_http_methods(METHODS)
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Change a text; where it is closed to the person now, show how it stands instead."""
    article = Article.objects.select_related("unit", "site").get(pk=pk)
    if not (may_edit(request.user, article) or may_correct(request.user, article)):
        messages.warning(request, _("这篇文章现在是“%s”状态，不能修改。") % article.get_state_display())
        return redirect("articles:show", pk)
    text = _version(request, article)
    if request.method != "POST":
        return _draw(request, ArticleForm(unit=article.unit, instance=text, initial=_kept_values(article)), article)
    return _answer(request, _posted(request, article.unit, text, _kept_values(article)), article)


@require_POST
def document(request: StaffRequest) -> JsonResponse:
    """A .docx as clean HTML for the editor: {"html": …}, or {"error": …} with status 400."""
    unit = _asked_unit(request, writing_units(request.user))
    upload = request.FILES.get("docx")
    if unit is None or upload is None:
        return JsonResponse({"error": _("请选择 .docx 文件。")}, status=400)
    try:
        return JsonResponse({"html": html_of_document(upload, unit=unit, by=request.user)})
    except UploadRefused as refused:
        return JsonResponse({"error": str(refused)}, status=400)


def writing_units(user: User) -> QuerySet[Unit]:
    """Units for which the person writes."""
    rows = Unit.objects.active().filter(scope_of(user, WRITERS).condition("pk"))
    return rows.exclude(kind__in=[UnitKind.GROUP, UnitKind.COUNTY]).in_order()


def _asked_unit(request: StaffRequest, units: QuerySet[Unit]) -> Unit | None:
    asked = row_number(request.POST.get("unit") or request.GET.get("unit"))
    if asked is not None:
        return get_object_or_404(units, pk=asked)
    found = list(units[:2])
    if not found:
        raise PermissionDenied(_("只有信息员和单位负责人可以写稿。"))
    return found[0] if len(found) == 1 else None


def _first_values(user: User, unit: Unit) -> dict[str, Any]:
    return {"source": unit.name, "responsible_editor": str(user)}


def _kept_values(article: Article) -> dict[str, Any]:
    """What the form starts from besides the text: its version and where it is wanted."""
    standing = article.placements.filter(state__in=actions.STANDING).values_list("column_id", flat=True)
    columns = list(standing)
    return {"base": article.latest_revision_id, "columns": columns, "proposals": columns}


def _version(request: StaffRequest, article: Article) -> Article:
    """The newest text, or an older version that is to be taken up again."""
    asked = row_number(request.GET.get("version"))
    if asked is not None:
        revision = get_object_or_404(article.revisions, pk=asked)
        return article.with_content_json(revision.content)
    text: Article = article.get_latest_revision_as_object()
    return text


def _posted(request: StaffRequest, unit: Unit, text: Article, initial: dict[str, Any] | None = None) -> ArticleForm:
    """The form as it was sent. Files are kept at once, so that an error elsewhere does not lose them."""
    data, faults = request.POST.copy(), []
    for upload in request.FILES.getlist("new_files"):
        faults += _keep_file(data, "attachment", upload, unit, request.user)
    for upload in request.FILES.getlist("new_cover"):
        faults += _keep_file(data, "cover", upload, unit, request.user)
    faults += _take_document(request, data, unit)
    form = ArticleForm(data, unit=unit, instance=text, initial=initial)
    for field, message in faults:
        form.add_error(field, message)
    return form


def _keep_file(data: Any, name: str, upload: Any, unit: Unit, by: User) -> list[tuple[str, str]]:
    is_cover = name == "cover"
    try:
        file = store_upload(upload, unit=unit, by=by, kind=FileKind.IMAGE if is_cover else None)
    except UploadRefused as refused:
        return [("new_cover" if is_cover else "new_files", f"{upload.name}：{refused}")]
    if is_cover:
        data["cover"] = str(file.pk)
    else:
        data.appendlist("attachment", str(file.pk))
        data.appendlist("attachment_title", file.name)
    return []


def _take_document(request: StaffRequest, data: Any, unit: Unit) -> list[tuple[str, str]]:
    upload = request.FILES.get("docx")
    if upload is None:
        return []
    try:
        data["body"] += html_of_document(upload, unit=unit, by=request.user)
    except UploadRefused as refused:
        return [("body", f"{upload.name}：{refused}")]
    return []


def _answer(request: StaffRequest, form: ArticleForm, article: Article | None) -> HttpResponseBase:
    """Do what the pressed button says; whatever goes wrong, the form comes back as it was typed."""
    verb = request.POST.get("do", "save")
    if verb == "docx" and "body" not in form.errors:
        form.judge_nothing()
        return _draw(request, form, article)
    if not form.is_valid():
        return _draw(request, form, article, status=400)
    if verb == "preview":
        return render_preview(request, form.text())
    try:
        return _keep(request, form, article, verb)
    except ValidationError as error:
        form.take(error)
    except Refused as refused:
        form.add_error(None, str(refused))
    except actions.StaleEdit as stale:
        return _draw(request, form, stale.article, status=409, is_stale=True)
    return _draw(request, form, article, status=400)


def _keep(request: StaffRequest, form: ArticleForm, article: Article | None, verb: str) -> HttpResponseBase:
    article = _save(request.user, form, article)
    if verb != "submit":
        messages.success(request, _("已保存。"))
        return redirect("articles:edit", article.pk)
    return _submit(request, article)


def _submit(request: StaffRequest, article: Article) -> HttpResponseBase:
    """Send it on; the text is kept already, so that a text not fit for review loses nothing."""
    try:
        actions.submit(article=article, by=request.user)
    except (ValidationError, Refused) as error:
        found = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, _("已保存，但还不能送审：%s") % " ".join(found))
        return redirect("articles:edit", article.pk)
    messages.success(request, _("已送审，走到哪一步都看得见。"))
    return redirect("articles:show", article.pk)


def _save(user: User, form: ArticleForm, article: Article | None) -> Article:
    given: dict[str, Any] = {"by": user, "attachments": form.attached, **form.text_values}
    if article is None:
        site = form.cleaned_data["site"]
        return actions.draft(unit=form.unit, site=site, columns=form.wanted_columns, **given)
    base = form.cleaned_data["base"]
    if may_edit(user, article):
        actions.revise(article=article, base=base, columns=form.wanted_columns, **given)
    else:
        actions.amend(article=article, base=base, **given)
    return article


def _draw(
    request: StaffRequest,
    form: ArticleForm,
    article: Article | None = None,
    *,
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    is_correction = article is not None and not may_edit(request.user, article)
    context = {
        "title": _title(article, is_correction=is_correction),
        "crumbs": [(_("文章"), reverse("articles:list"))],
        "form": form,
        "unit": form.unit,
        "article": article,
        "is_stale": is_stale,
        "is_correction": is_correction,
        "preview_body": clean_article_html(form["body"].value() or "") if is_stale else "",
    }
    return render(request, "articles/edit.html", context, status=status)


def _title(article: Article | None, *, is_correction: bool) -> str:
    if article is None:
        return _("写一篇")
    return _("更正送审稿") if is_correction else _("修改文章")
