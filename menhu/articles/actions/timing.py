"""What the clock does to articles: scheduled versions go public, expired ones come off."""

from datetime import datetime
from typing import Final

from django.db import transaction
from wagtail.models import Revision

from menhu.articles.actions.drafting import rest
from menhu.articles.actions.publishing import expire, publish_scheduled
from menhu.articles.models import Article
from menhu.review.policies import Refused
from menhu.workdays.clock import every

AT_ONCE: Final = 200
"""So many a tick, so that no tick holds the clock for long."""


@every(1, "articles.publish_due")
def publish_due(now: datetime) -> None:
    """Publish what is due, oldest first. Idempotent: a version is published once."""
    due = Revision.objects.filter(approved_go_live_at__lte=now, base_content_type=Article.get_base_content_type())
    revisions = list(due.order_by("approved_go_live_at", "pk")[:AT_ONCE])
    articles = Article.objects.in_bulk([int(revision.object_id) for revision in revisions])
    for revision in revisions:
        article = articles.get(int(revision.object_id))
        if article is not None:
            _publish_or_drop(article, revision)


@every(1, "articles.expire_due")
def expire_due(now: datetime) -> None:
    """Take off what has expired, oldest first. Idempotent."""
    for article in Article.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")[:AT_ONCE]:
        expire(article=article)


def _publish_or_drop(article: Article, revision: Revision) -> None:
    """A version that can no longer be published is taken off the schedule; its refusal is on record already."""
    try:
        publish_scheduled(article=article, revision=revision)
    except Refused:
        with transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            rest(article, "unschedule")
