"""One article as it stands: where it is, its versions, how two of them differ, how it will look."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.articles import policies
from menhu.articles.models import Article, Placement
from menhu.articles.public import render_preview
from menhu.core.cursors import row_number
from menhu.review.links import sheet_link
from menhu.review.policies import may_correct
from menhu.review.subjects import hooks_for

VERSIONS: Final = 20
STEPS: Final[tuple[tuple[str, Callable[[User, Article], bool]], ...]] = (
    ("edit", policies.may_edit),
    ("correct", may_correct),
    ("recall", policies.may_recall),
    ("unschedule", policies.may_unschedule),
    ("withdraw", policies.may_withdraw),
    ("restore", policies.may_restore),
    ("retract", policies.may_retract),
    ("discard", policies.may_discard),
)


@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Where an article stands and what the person may do with it."""
    article = Article.objects.select_related("unit", "site", "created_by", "latest_revision").get(pk=pk)
    text: Article = article.get_latest_revision_as_object()
    context = {
        "title": text.title,
        "crumbs": [(_("文章"), reverse("articles:list"))],
        "article": article,
        "text": text,
        "may": {name for name, may in STEPS if may(request.user, article)},
        "addresses": article.addresses.select_related("site").order_by("pk"),
        "placements": placements_of(article),
        "versions": _versions(article)[:5],
        "sheet": sheet_link(article),
    }
    return render(request, "articles/show.html", context)


@require_safe
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """All versions of a text, newest first; each can be read, compared and taken up again."""
    article = Article.objects.get(pk=pk)
    rows = _versions(article)
    if (before := row_number(request.GET.get("before"))) is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: VERSIONS + 1])
    context = {
        "title": _("版本"),
        "crumbs": [(_("文章"), reverse("articles:list")), (article.title, reverse("articles:show", args=[pk]))],
        "article": article,
        "versions": found[:VERSIONS],
        "next_page": f"?before={found[VERSIONS - 1].pk}" if len(found) > VERSIONS else "",
        "may_edit": policies.may_edit(request.user, article),
    }
    return render(request, "articles/history.html", context)


@require_safe
def compare(request: StaffRequest, pk: int) -> HttpResponse:
    """What changed from one version to another, in words."""
    article = Article.objects.get(pk=pk)
    old, new = _revision(article, request.GET.get("old")), _revision(article, request.GET.get("new"))
    if old.pk > new.pk:
        old, new = new, old
    context = {
        "title": _("比较版本"),
        "crumbs": [
            (_("文章"), reverse("articles:list")),
            (article.title, reverse("articles:show", args=[pk])),
            (_("版本"), reverse("articles:history", args=[pk])),
        ],
        "article": article,
        "old": old,
        "new": new,
        "differences": hooks_for(article).compare(article, old, new),
    }
    return render(request, "articles/compare.html", context)


@require_safe
def preview(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The newest text, or the version asked for, as the public will see it."""
    article = Article.objects.get(pk=pk)
    asked = request.GET.get("version")
    if asked:
        return render_preview(request, article.with_content_json(_revision(article, asked).content))
    return render_preview(request, article.get_latest_revision_as_object())


def placements_of(article: Article) -> QuerySet[Placement]:
    """Where it runs, ran and is proposed, with what its page shows of each."""
    rows = article.placements.select_related("column__site", "column__owner", "proposed_by", "decided_by")
    return rows.order_by("pk")


def _versions(article: Article) -> Any:
    return article.revisions.select_related("user").defer("content").order_by("-pk")


def _revision(article: Article, asked: str | None) -> Revision:
    found: Revision = get_object_or_404(article.revisions, pk=row_number(asked))
    return found
