from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.review import actions, subjects
from menhu.review.enums import Step
from menhu.review.models import ReviewTaskState
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


REVIEWER_OF = {Step.HEAD: "head", Step.OFFICE: "government_reviewer", Step.SECRECY: "secrecy_reviewer"}


def advanced(article: Article, world: World, step: Step | None) -> ReviewTaskState:
    """Submitted by its author and approved until it waits at the step; None: all three have approved."""
    state = actions.submit(subject=article, by=world.people["editor"])
    last = state
    while state is not None and state.step != step:
        last = state
        following = actions.approve(state=state, by=world.people[REVIEWER_OF[Step(state.step)]])
        if following is None:
            break
        last = state = following
    article.refresh_from_db()
    return last


TABLES = (
    "review_reviewtaskstate",
    "review_recusal",
    "review_sheetline",
    "wagtailcore_workflowstate",
    "wagtailcore_taskstate",
    "wagtailcore_revision",
    "wagtailcore_modellogentry",
    "articles_article",
    "articles_placement",
    "notices_notice",
    "delivery_change",
)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a review could change; the trail is looked at apart."""
    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - our own names
            rows[table] = cursor.fetchall()
        return rows
