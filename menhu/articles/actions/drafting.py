"""Writing: draft, revise, submit, recall, throw away. What is live does not change here."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.articles import policies
from menhu.articles.actions.checking import check_ready, clean_text
from menhu.articles.actions.guarding import (
    StaleEdit,
    advance,
    guarded,
    locked,
    locked_with_review,
    note,
    require,
    require_state,
)
from menhu.articles.actions.placing import arrange_columns
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article, Attachment
from menhu.articles.rules import ARTICLE_VERBS, resting_state
from menhu.files.models import StoredFile
from menhu.review import actions as review
from menhu.review.policies import may_correct, open_state
from menhu.sites.models import Column, Site
from menhu.units.models import Unit

Attached = Sequence[tuple[StoredFile, str]]


@guarded("draft")
def draft(
    *, unit: Unit, site: Site, by: User, columns: Iterable[Column] = (), attachments: Attached = (), **fields: Any
) -> Article:
    """Write a new article: row and first revision; wanted in the unit's own columns, proposed to all others.

    Raises ValidationError naming the field at fault; nothing is kept then.
    """
    require(policies.may_draft(by, unit), _("只有本单位的信息员和负责人可以写稿。"))
    require(policies.may_first_publish_on(unit, site), _("文章只能首发在本单位的网站或门户上。"))
    article = Article(unit=unit, site=site, created_by=by, live=False, has_unpublished_changes=True, **fields)
    _attach(article, attachments)
    clean_text(article)
    article.save()
    article.save_revision(user=by, clean=False)
    arrange_columns(article=article, columns=list(columns), by=by)
    note("draft", article, by=by, revision=article.latest_revision_id)
    return article


@guarded("revise")
def revise(
    *,
    article: Article,
    by: User,
    base: int | None = None,
    columns: Iterable[Column] | None = None,
    attachments: Attached | None = None,
    **fields: Any,
) -> Revision:
    """Keep a new version of the text. A live article stays as it is until the new version has passed all reviews.

    `base` is the revision that the writer had before them: raises StaleEdit when it is no longer the newest.
    Raises ValidationError naming the field at fault.
    """
    row = locked(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以改稿。"))
    require_state(row, "revise")
    if base is not None and row.latest_revision_id != base:
        raise StaleEdit(row)
    text = _changed(row, attachments, fields)
    revision = _keep(row, text, by)
    if columns is not None:
        arrange_columns(article=row, columns=list(columns), by=by)
    note("revise", row, by=by, revision=revision.pk)
    return revision


@guarded("amend")
def amend(
    *, article: Article, by: User, base: int | None = None, attachments: Attached | None = None, **fields: Any
) -> Revision:
    """A reviewer's correction of the text under review: a new version takes its place on the review sheet."""
    row = locked_with_review(article)
    state = open_state(row)
    require(state is not None and may_correct(by, row), _("现在不轮到您审核这篇稿件，不能更正。"))
    assert state is not None  # noqa: S101 - required above
    if base is not None and row.latest_revision_id != base:
        raise StaleEdit(row)
    text = _changed(row, attachments, fields)
    if not row.live:
        text.save()
    revision: Revision = text.save_revision(user=by, clean=False)
    review.correct(state=state, by=by, revision=revision)
    note("amend", row, by=by, revision=revision.pk)
    return revision


@guarded("submit")
def submit(*, article: Article, by: User) -> None:
    """Send the newest version to the three reviews. Raises ValidationError when the text is not fit for it."""
    row = locked(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以送审。"))
    require_state(row, "submit")
    require(row.state != ArticleState.LIVE or row.has_unpublished_changes, _("没有未发布的修改，不用送审。"))
    check_ready(row.get_latest_revision_as_object())
    review.submit(subject=row, by=by)
    note("submit", row, by=by, revision=row.latest_revision_id)


@guarded("recall")
def recall(*, article: Article, by: User) -> None:
    """Take a submitted text back before the reviews are through."""
    row = locked_with_review(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以撤回送审。"))
    require_state(row, "recall")
    review.recall(subject=row, by=by)
    note("recall", row, by=by)


@guarded("discard")
def discard(*, article: Article, by: User) -> None:
    """Throw away a draft that was never public; anything else stays for the record."""
    row = locked(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以删除草稿。"))
    require_state(row, "discard")
    note("discard", row, by=by)
    row.delete()


def entered(article: Article, step: str) -> None:
    """The article has come to a step of the review."""
    advance(article, "enter", to=ArticleState(step))


def rejected(article: Article) -> None:
    """The review sent the article back."""
    advance(article, "reject")


def rest(article: Article, verb: str) -> None:
    """Take the article back to where it stood before its review or schedule."""
    row = locked(article)
    state = resting_state(live=row.live, withdrawn=row.withdrawn_at is not None, expired=row.expired)
    if row.state in ARTICLE_VERBS[verb][0]:
        advance(article, verb, to=state)


def _changed(row: Article, attachments: Attached | None, fields: dict[str, Any]) -> Article:
    text: Article = row.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(text, name, value)
    if attachments is not None:
        _attach(text, attachments)
    clean_text(text)
    return text


def _keep(row: Article, text: Article, by: User) -> Revision:
    """Save the text as a revision; the row follows only while nobody outside can see it."""
    if not row.live:
        text.save()
    revision: Revision = text.save_revision(user=by, clean=False)
    advance(row, "revise", has_unpublished_changes=True)
    return revision


def _attach(article: Article, attachments: Attached) -> None:
    rows = [
        Attachment(file=file, title=title or file.name, sort_order=order)
        for order, (file, title) in enumerate(attachments)
    ]
    article.attachments.set(rows)
