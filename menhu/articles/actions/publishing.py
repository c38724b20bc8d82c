"""Going public and coming off again: each verb writes row, lists, files, addresses, outbox and trail at once."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.articles import policies, tags
from menhu.articles.actions import finding
from menhu.articles.actions.addressing import open_addresses, standing_tags
from menhu.articles.actions.drafting import rest
from menhu.articles.actions.filing import publish_files, unpublish_files
from menhu.articles.actions.guarding import advance, guarded, locked, locked_with_review, note, require, require_state
from menhu.articles.actions.listing import hide_all, placements_to_show, show
from menhu.articles.actions.old_addresses import keep_old_address
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article
from menhu.articles.rules import IN_REVIEW
from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.review import actions as review
from menhu.review.policies import Refused


@guarded("publish")
def publish(*, article: Article, revision: Revision, by: User | None) -> Article:
    """Make the approved revision public, or set it down for its hour. Only the last review's approval leads here."""
    row = locked(article)
    text = _text_of(row, revision)
    if text.go_live_at and text.go_live_at > timezone.now():
        return _schedule(row, revision, text.go_live_at, by)
    _require_term(text)
    advance(row, "publish")
    return _go_live(row, text, revision, by)


@guarded("publish")
def publish_scheduled(*, article: Article, revision: Revision, by: User | None = None) -> Article:
    """Make a scheduled revision public whose hour has come."""
    row = locked(article)
    due = row.revisions.filter(pk=revision.pk, approved_go_live_at__lte=timezone.now()).exists()
    require(due, _("这个版本没有排定，或时间未到。"))
    text = _text_of(row, revision)
    _require_term(text)
    advance(row, "go_live")
    return _go_live(row, text, revision, by)


@guarded("unschedule")
def unschedule(*, article: Article, by: User) -> Article:
    """Take a scheduled version back; to go public it must pass the reviews again."""
    row = locked(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以取消定时发布。"))
    require_state(row, "unschedule")
    row.revisions.update(approved_go_live_at=None)
    rest(row, "unschedule")
    note("unschedule", row, by=by)
    return row


@guarded("withdraw")
def withdraw(*, article: Article, by: User, reason: str) -> Article:
    """Mark the page as withdrawn with a reason that the public reads, and take it off all lists."""
    row = locked_with_review(article)
    require(bool(reason.strip()), _("请写明撤下的原因，公众会看到。"))
    require(policies.may_withdraw(by, row), _("只有单位负责人、网站管理员和应急撤稿人可以撤下已发布的文章。"))
    _stop_what_runs(row, by)
    advance(row, "withdraw", withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()[:300])
    finding.hide(row)
    announce({*hide_all(row), *_page_tags(row)}, lane=Lane.RETRACTION)
    note("withdraw", row, by=by, reason=row.withdrawn_reason)
    return row


@guarded("restore")
def restore(*, article: Article, by: User) -> Article:
    """Ask for a withdrawn article to stand again: its newest text passes all three reviews first."""
    row = locked(article)
    require(policies.may_write(by, row), _("只有本单位的信息员和负责人可以申请恢复。"))
    require_state(row, "restore")
    text: Article = row.get_latest_revision_as_object()
    text.save_revision(user=by, clean=False)
    review.submit(subject=locked(row), by=by)
    note("restore", row, by=by)
    return locked(row)


@guarded("retract")
def retract(*, article: Article, by: User | None, reason: str) -> Article:
    """Take an article off the net for good, at once: page, lists, feeds and files. The duty officer alone decides."""
    row = locked_with_review(article)
    require(
        by is not None and policies.may_retract(by, row), _("只有应急撤稿人可以撤稿，且只能撤已发布或将发布的文章。")
    )
    require(bool(reason.strip()), _("请写明撤稿的原因。"))
    _stop_what_runs(row, by)
    now = timezone.now()
    changed = hide_all(row) | unpublish_files(row) | _page_tags(row)
    advance(row, "retract", live=False, live_revision=None, has_unpublished_changes=False, retracted_at=now)
    finding.hide(row)
    announce(changed, lane=Lane.RETRACTION)
    note("retract", row, by=by, reason=reason.strip()[:300])
    return row


@guarded("expire")
def expire(*, article: Article) -> Article:
    """Take an article off the net whose time has run out. A correction in review goes on."""
    row = locked(article)
    due = row.live and row.expire_at is not None and row.expire_at <= timezone.now()
    require(due, _("文章没有到期。"))
    changed = hide_all(row) | unpublish_files(row) | _page_tags(row)
    stays = ArticleState(row.state) in IN_REVIEW | {ArticleState.REJECTED, ArticleState.SCHEDULED}
    state = ArticleState(row.state) if stays else ArticleState.EXPIRED
    advance(row, "expire", to=state, live=False, expired=True, live_revision=None)
    finding.hide(row)
    announce(changed, lane=Lane.RETRACTION)
    note("expire", row, by=None)
    return row


def _text_of(row: Article, revision: Revision) -> Article:
    if str(revision.object_id) != str(row.pk) or revision.content_type_id != row.get_content_type().pk:
        raise Refused(_("这个版本不属于这篇文章。"))
    return row.with_content_json(revision.content)


def _require_term(text: Article) -> None:
    over = text.expire_at is not None and text.expire_at <= timezone.now()
    require(not over, _("到期时间已经过去，请退回修改到期时间。"))


def _schedule(row: Article, revision: Revision, at: datetime, by: User | None) -> Article:
    advance(row, "schedule", has_unpublished_changes=True)
    row.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
    row.revisions.filter(pk=revision.pk).update(approved_go_live_at=at)
    note("schedule", row, by=by, revision=revision.pk, at=at.isoformat())
    return row


def _go_live(row: Article, text: Article, revision: Revision, by: User | None) -> Article:
    was_about = row.interprets_id
    _become_live(row, text, revision)
    changed = show(placements_to_show(text), at=_listing_time(row, text))
    changed |= open_addresses(text) | publish_files(text) | _page_tags(text)
    if text.original_url:
        keep_old_address(text)
    if was_about and was_about != text.interprets_id:
        changed.add(tags.article(was_about))
    finding.make_findable(text)
    announce(changed, lane=Lane.APPROVAL)
    note("publish", text, by=by, revision=revision.pk)
    return text


def _become_live(row: Article, text: Article, revision: Revision) -> None:
    now = timezone.now()
    text.published_at = row.published_at or row.original_published_at or now
    text.first_published_at = row.first_published_at or now
    text.last_published_at = now
    text.live, text.expired, text.live_revision = True, False, revision
    text.state, text.withdrawn_at, text.withdrawn_reason = ArticleState.LIVE, None, ""
    text.has_unpublished_changes = row.latest_revision_id != revision.pk
    row.revisions.update(approved_go_live_at=None)
    text.save()


def _listing_time(row: Article, text: Article) -> datetime:
    """New on a list: the time of publication at first, the present later."""
    if row.published_at is None and text.published_at is not None:
        return text.published_at
    return timezone.now()


def _page_tags(article: Article) -> set[str]:
    """The article's own pages, what shows that they stand, and the document that it explains."""
    about = {tags.article(article.interprets_id)} if article.interprets_id else set()
    return {tags.article(article.pk)} | standing_tags(article) | about


def _stop_what_runs(row: Article, by: User | None) -> None:
    """End a review or a schedule of the article, so that neither brings back what is being taken away."""
    if row.state in IN_REVIEW:
        review.cancel(subject=row, by=by)
        row.refresh_from_db(fields=["state"])
    row.revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=None)
