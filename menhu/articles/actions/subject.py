"""What the review tells the articles, and asks them (see menhu.review.subjects)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.articles.actions.drafting import entered, rejected, rest
from menhu.articles.actions.publishing import publish
from menhu.articles.models import Article
from menhu.articles.public import render_preview
from menhu.review.enums import Step
from menhu.review.subjects import Hooks


class ArticleSubject(Hooks):
    """Articles as a subject of the three reviews."""

    def entered(self, subject: Article, step: Step) -> None:
        entered(subject, step)

    def rejected(self, subject: Article, by: User, reason: str) -> None:
        rejected(subject)

    def finished(self, subject: Article, revision: Revision, by: User | None) -> None:
        publish(article=subject, revision=revision, by=by)

    def cancelled(self, subject: Article) -> None:
        rest(subject, "recall")

    def edit_url(self, subject: Article) -> str:
        return reverse("articles:edit", args=[subject.pk])

    def authors(self, subject: Article, revision: Revision) -> set[int]:
        """Who wrote it, and who last touched the version that was submitted."""
        return {pk for pk in (subject.created_by_id, revision.user_id) if pk is not None}

    def preview(self, request: HttpRequest, subject: Article, revision: Revision) -> HttpResponse:
        return render_preview(request, subject.with_content_json(revision.content))
