from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.review import subjects
from menhu.review.enums import Step
from menhu.review.seeds import seed
from tests.factories import World
from tests.factories import article as make_article


@dataclass
class Told(subjects.Hooks):
    """Hooks that note what they are told; finishing makes the revision live as an app would."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def entered(self, subject: Any, step: Step) -> None:
        self.calls.append(("entered", subject.pk, step))

    def rejected(self, subject: Any, by: User, reason: str) -> None:
        self.calls.append(("rejected", subject.pk, by.pk, reason))

    def cancelled(self, subject: Any) -> None:
        self.calls.append(("cancelled", subject.pk))

    def finished(self, subject: Any, revision: Revision, by: User | None) -> None:
        self.calls.append(("finished", subject.pk, revision.pk, by.pk if by else None))

    def edit_url(self, subject: Any) -> str:
        return f"/office/articles/{subject.pk}/"

    def authors(self, subject: Any, revision: Revision) -> set[int]:
        return {subject.created_by_id}

    def preview(self, request: HttpRequest, subject: Any, revision: Revision) -> HttpResponse:
        drawn: Any = revision.as_object()
        return HttpResponse(f"<h1>{drawn.title}</h1>{drawn.body}")


@pytest.fixture
def told(db: None) -> Iterator[Told]:
    """The test's own hooks for articles, whatever the articles app registers."""
    before = subjects._registered.get(Article)
    hooks = Told()
    subjects.register(Article, hooks)
    seed()
    yield hooks
    if before is None:
        subjects._registered.pop(Article)
    else:
        subjects.register(Article, before)


@pytest.fixture
def draft(world: World, told: Told) -> Article:
    """A saved draft of the education bureau's editor, not yet submitted."""
    return saved(make_article(world, title="春季开学安排"), world.people["editor"])


def saved(article: Article, by: User, **changes: Any) -> Article:
    """The article with one more saved revision by this person."""
    latest = article.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(latest, name, value)
    latest.save_revision(user=by, clean=False)
    article.refresh_from_db()
    return article
