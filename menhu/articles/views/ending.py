"""Steps with a page of their own: send, take back, withdraw, restore, retract, throw away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.articles import actions
from menhu.articles.forms import ReasonForm
from menhu.articles.models import Article
from menhu.review.policies import Refused

METHODS = ["GET", "HEAD", "POST"]


@require_POST
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.submit, _("已送审。"))


@require_POST
def recall(request: StaffRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.recall, _("已撤回，可以继续修改。"))


@require_POST
def unschedule(request: StaffRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.unschedule, _("已取消定时发布。再次发布须重新送审。"))


@require_POST
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.restore, _("已送审，三级审核通过后恢复。"))


@require_http_methods(METHODS)
def withdraw(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Withdraw with a reason that the public reads."""
    return _with_reason(
        request,
        Article.objects.get(pk=pk),
        act=actions.withdraw,
        done=_("已撤下，网页上已注明原因。"),
        title=_("撤下文章"),
        template="articles/withdraw.html",
        label=_("撤下说明（公众会看到）"),
        help_text=_("例如：因数据核实有误，本文已撤下，更正后另行发布。"),
    )


@require_http_methods(METHODS)
def retract(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Retract at once; asked once more before it is done."""
    return _with_reason(
        request,
        Article.objects.get(pk=pk),
        act=actions.retract,
        done=_("已撤稿，网页、列表和附件都已下线。"),
        title=_("应急撤稿"),
        template="articles/retract.html",
        label=_("撤稿原因（只留在记录里）"),
    )


@require_http_methods(METHODS)
def discard(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away; asked once before."""
    article = Article.objects.get(pk=pk)
    if request.method != "POST":
        return render(request, "articles/discard.html", _context(article, _("删除草稿")))
    try:
        actions.discard(article=article, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("articles:show", pk)
    messages.success(request, _("草稿“%s”已删除。") % article.title)
    return redirect("articles:list")


def _done(request: StaffRequest, pk: int, act: Callable[..., Any], told: str) -> HttpResponse:
    """Do it and say so, or say why not."""
    try:
        act(article=Article.objects.get(pk=pk), by=request.user)
    except (Refused, ValidationError) as error:
        found = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(found))
    else:
        messages.success(request, told)
    return redirect("articles:show", pk)


def _with_reason(
    request: StaffRequest,
    article: Article,
    *,
    act: Callable[..., Any],
    done: str,
    title: str,
    template: str,
    label: str,
    help_text: str = "",
) -> HttpResponseBase:
    form = ReasonForm(request.POST or None, label=label, help_text=help_text)
    if request.method == "POST" and form.is_valid():
        try:
            act(article=article, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("articles:show", article.pk)
    status = 400 if form.errors else 200
    return render(request, template, {**_context(article, title), "form": form}, status=status)


def _context(article: Article, title: str) -> dict[str, Any]:
    crumbs = [(_("文章"), reverse("articles:list")), (article.title, reverse("articles:show", args=[article.pk]))]
    return {"title": title, "crumbs": crumbs, "article": article}
