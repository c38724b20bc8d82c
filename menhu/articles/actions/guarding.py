"""What every action on articles has in common: one transaction, a locked row, compare-and-set, a recorded refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article, Placement
from menhu.articles.rules import ARTICLE_VERBS
from menhu.audit.trail import record
from menhu.review.models import ReviewTaskState
from menhu.review.policies import Refused
from menhu.units.policies import post_label

P = ParamSpec("P")
R = TypeVar("R")


class StaleEdit(Exception):  # noqa: N818 - said as the person hears it
    """Somebody else saved meanwhile: carries the article as it now stands."""

    def __init__(self, article: Article) -> None:
        super().__init__(_("您打开之后，这篇文章已被别人改过。"))
        self.article = article


def guarded(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run the action in one transaction; a refusal rolls everything back and is itself recorded."""

    def wrap(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except Refused as refusal:
                note_refusal(verb, refusal, kwargs)
                raise

        return run

    return wrap


def note_refusal(verb: str, refusal: Refused, given: dict[str, Any]) -> None:
    subject = given.get("article") or given.get("placement")
    article = subject.article if isinstance(subject, Placement) else subject
    unit_id = getattr(article or given.get("unit"), "unit_id", None)
    by = given.get("by")
    data = {"verb": verb, "reason": str(refusal)}
    record("articles.refused", article, by=by, post=post_label(by) if by else "", unit_id=unit_id, data=data)


def note(verb: str, article: Article, *, by: User | None, **data: Any) -> None:
    """Write the trail of something done to an article; without a person it was the clock."""
    record(f"articles.{verb}", article, by=by, post=post_label(by) if by else "", data=data)


def locked(article: Article) -> Article:
    """The article's row as it is now, held until the transaction ends (on SQLite the transaction itself holds all)."""
    rows = Article.objects.select_related("unit", "site").select_for_update(of=("self",))
    return rows.get(pk=article.pk)


def locked_with_review(article: Article) -> Article:
    """The same, the open step of its review held first: in the order of an approval, so that neither waits for ever."""
    ReviewTaskState.objects.open().of(article).select_for_update(of=("self",)).first()
    return locked(article)


def require(allowed: bool, message: str) -> None:
    if not allowed:
        raise Refused(message)


def require_state(article: Article, verb: str) -> None:
    """Raise Refused where the table of transitions does not let the verb start from the article's state."""
    if article.state not in ARTICLE_VERBS[verb][0]:
        raise Refused(state_message(article))


def state_message(article: Article) -> str:
    return _("文章现在是“%(state)s”状态，不能这样操作。") % {"state": ArticleState(article.state).label}


def advance(article: Article, verb: str, *, to: ArticleState | None = None, **changes: Any) -> None:
    """Compare-and-set: take the article from a state that allows the verb to its new state, or raise Refused."""
    sources, target = ARTICLE_VERBS[verb]
    state = to or target
    if state is not None:
        changes["state"] = state
    rows = Article.objects.filter(pk=article.pk, state__in=sources)
    if not rows.update(updated_at=timezone.now(), **changes):
        raise Refused(state_message(article))
    for name, value in changes.items():
        setattr(article, name, value)
