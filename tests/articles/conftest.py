"""What tests of articles stand on: a text in a column, and the way it goes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from menhu.articles import actions
from menhu.articles.models import Article
from menhu.delivery.models import Change, Lane
from menhu.review import actions as review
from menhu.review.policies import open_state
from tests.factories import World

BODY = "<p>今天上午，县教育局召开开学工作会。</p>"
STEPS = ("head", "government_reviewer", "secrecy_reviewer")


@pytest.fixture
def draft(world: World) -> Article:
    """A draft of the education bureau, wanted in its own news column."""
    return write(world)


@pytest.fixture
def live(world: World, draft: Article) -> Article:
    """The same, through all three reviews."""
    pass_reviews(world, draft)
    Change.objects.all().delete()
    return fresh(draft)


def write(world: World, **fields: Any) -> Article:
    given: dict[str, Any] = {
        "unit": world.units["jyj"],
        "site": world.sites["jyj"],
        "by": world.people["editor"],
        "columns": [world.columns["jyj/gzdt"]],
        "title": "开学工作会召开",
        "body": BODY,
        "source": "县教育局",
    }
    return actions.draft(**{**given, **fields})


def pass_reviews(world: World, article: Article, by: str = "editor") -> None:
    """Submit and let the three reviewers approve one after another."""
    actions.submit(article=article, by=world.people[by])
    approve(world, article, *STEPS)


def approve(world: World, article: Article, *reviewers: str) -> None:
    for reviewer in reviewers:
        state = open_state(article)
        assert state is not None
        review.approve(state=state, by=world.people[reviewer])


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def announced() -> dict[Lane, set[str]]:
    """The outbox by lane, emptied."""
    found: dict[Lane, set[str]] = {}
    for change in Change.objects.order_by("pk"):
        found.setdefault(Lane(change.lane), set()).add(change.tag)
    Change.objects.all().delete()
    return found


def schedule(world: World, article: Article, **later: Any) -> datetime:
    """Give the article its hour (default: tomorrow) and let it pass the reviews."""
    at = timezone.now() + timedelta(**(later or {"days": 1}))
    actions.revise(article=article, by=world.people["editor"], go_live_at=at)
    pass_reviews(world, article)
    return at
