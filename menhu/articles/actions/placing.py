"""Where an article runs: own columns, proposals to others, adoption and what follows from it."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles import policies, tags
from menhu.articles.actions import finding
from menhu.articles.actions.addressing import open_addresses
from menhu.articles.actions.filing import file_tags
from menhu.articles.actions.guarding import guarded, locked, note, require
from menhu.articles.actions.listing import hide, show
from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, Placement
from menhu.articles.rules import ENDED, PLACEMENT_VERBS
from menhu.delivery.outbox import announce
from menhu.notices.actions import notify
from menhu.review.policies import Refused
from menhu.sites import tags as site_tags
from menhu.sites.models import Column

WAITING = frozenset({PlacementState.WANTED, PlacementState.PROPOSED})
STANDING = WAITING | {PlacementState.PLACED}


@guarded("place")
def place(*, article: Article, column: Column, by: User) -> Placement:
    """Put the article into a column that needs nobody else's consent: at once if it is live, else when published."""
    row = locked(article)
    require(policies.may_place(by, row, column), _("只有栏目责任单位可以直接刊载。"))
    placement = _wish(row, column, by, PlacementState.WANTED)
    if is_showable(row) and not placement.is_listed:
        _publish_placement(row, placement)
    return placement


@guarded("propose")
def propose(*, article: Article, column: Column, by: User) -> Placement:
    """Offer the article to another unit's column; its owner sees the offer once the article is live."""
    row = locked(article)
    require(policies.may_propose(by, row), _("只有本单位的信息员和负责人可以报送。"))
    return _wish(row, column, by, PlacementState.PROPOSED)


@guarded("adopt")
def adopt(*, placement: Placement, by: User) -> Placement:
    """Take a proposed article into the column: it is listed at once and has an address on the column's site."""
    row, kept = _held(placement)
    require(policies.may_decide(by, kept), _("只有栏目责任单位可以采用。"))
    require(is_showable(row), _("这篇文章现在没有公开发布，不能采用。"))
    _decide(kept, "adopt", by)
    _publish_placement(row, kept)
    note("adopt", row, by=by, column=kept.column_id)
    _tell_proposer(kept, by, _("已采用：%(title)s"))
    return kept


@guarded("decline")
def decline(*, placement: Placement, by: User, reason: str) -> Placement:
    """Answer a proposal with no and why."""
    row, kept = _held(placement)
    require(policies.may_decide(by, kept), _("只有栏目责任单位可以答复。"))
    require(bool(reason.strip()), _("请写明未采用的原因。"))
    _decide(kept, "decline", by, reason=reason.strip()[:200])
    note("decline", row, by=by, column=kept.column_id, reason=kept.reason)
    _tell_proposer(kept, by, _("未采用：%(title)s"))
    return kept


@guarded("remove")
def remove(*, placement: Placement, by: User, reason: str = "") -> Placement:
    """Take the article out of a column, or a wish back. Its addresses stay."""
    row, kept = _held(placement)
    require(policies.may_remove(by, kept), _("只有栏目责任单位可以移出。"))
    was_listed = kept.is_listed
    _decide(kept, "remove", by, reason=reason.strip()[:200])
    if was_listed:
        announce({*hide([kept]), tags.article(row.pk)})
        finding.make_findable(row)
    note("remove", row, by=by, column=kept.column_id, reason=kept.reason)
    return kept


@guarded("pin")
def pin(*, placement: Placement, by: User) -> Placement:
    """Keep the article at the head of the column's list."""
    return _set_pinned(placement, by, pinned=True)


@guarded("unpin")
def unpin(*, placement: Placement, by: User) -> Placement:
    """Let the article take its place by date again."""
    return _set_pinned(placement, by, pinned=False)


def arrange_columns(*, article: Article, columns: Sequence[Column], by: User) -> None:
    """Make the wishes of an article those columns: new ones placed or proposed, dropped ones taken back.

    What a column has already adopted is left alone: taking it out is `remove`, with a record of its own.
    """
    standing = {p.column_id: p for p in article.placements.filter(state__in=STANDING).select_related("article__unit")}
    wanted = {column.pk: column for column in columns}
    for pk in sorted(wanted.keys() - standing.keys()):
        act = place if policies.is_own_column(article, wanted[pk]) else propose
        act(article=article, column=wanted[pk], by=by)
    dropped = [p for pk, p in standing.items() if pk not in wanted and p.state in WAITING]
    Placement.objects.filter(pk__in=[placement.pk for placement in dropped], state__in=WAITING).update(
        state=PlacementState.REMOVED, decided_by=by, decided_at=timezone.now()
    )


def is_showable(article: Article) -> bool:
    """Whether lists may show the article: its page stands and carries no withdrawal notice."""
    return article.is_public and article.withdrawn_at is None


def _wish(article: Article, column: Column, by: User, state: PlacementState) -> Placement:
    require(policies.takes_articles(column), _("“%(column)s”不收文章。") % {"column": column})
    require(ArticleState(article.state) not in ENDED, _("文章已撤稿。"))
    wish = {"state": state, "proposed_by": by, "decided_by": None, "decided_at": None, "reason": ""}
    placement, is_new = Placement.objects.get_or_create(article=article, column=column, defaults=wish)
    if placement.state in STANDING:
        if is_new:
            note(_verb(state), article, by=by, column=column.pk)
        return placement
    Placement.objects.filter(pk=placement.pk).update(**wish, proposed_at=timezone.now())
    placement.refresh_from_db()
    note(_verb(state), article, by=by, column=column.pk)
    return placement


def _verb(state: PlacementState) -> str:
    return "place" if state == PlacementState.WANTED else "propose"


def _held(placement: Placement) -> tuple[Article, Placement]:
    """The article's row held, and the placement as it is now."""
    row = locked(placement.article)
    kept = Placement.objects.select_related("column__owner", "column__site", "proposed_by").get(pk=placement.pk)
    kept.article = row
    return row, kept


def _decide(placement: Placement, verb: str, by: User, *, reason: str = "") -> None:
    sources, target = PLACEMENT_VERBS[verb]
    placement.state, placement.decided_by, placement.decided_at = target, by, timezone.now()
    placement.reason = reason
    placement.is_listed = placement.is_listed and target == PlacementState.PLACED
    rows = Placement.objects.filter(pk=placement.pk, state__in=sources)
    changes = {name: getattr(placement, name) for name in ("state", "decided_by", "decided_at", "reason", "is_listed")}
    if not rows.update(**changes):
        raise Refused(_("这条报送已经有人处理过了。"))


def _publish_placement(article: Article, placement: Placement) -> None:
    changed = show([placement], at=timezone.now())
    opened = open_addresses(article)
    if opened:
        changed |= opened | file_tags(article)
    finding.make_findable(article)
    announce({*changed, tags.article(article.pk)})


def _set_pinned(placement: Placement, by: User, *, pinned: bool) -> Placement:
    row, kept = _held(placement)
    require(policies.may_decide(by, kept), _("只有栏目责任单位可以置顶。"))
    changed = Placement.objects.filter(pk=kept.pk, is_listed=True, is_pinned=not pinned).update(is_pinned=pinned)
    require(bool(changed), _("这篇文章不在列表里，或已经是这样了。"))
    kept.is_pinned = pinned
    announce({site_tags.column_list(kept.column_id), site_tags.column_bucket(kept.column_id, kept.bucket)})
    note("pin" if pinned else "unpin", row, by=by, column=kept.column_id)
    return kept


def _tell_proposer(placement: Placement, by: User, text: str) -> None:
    if placement.proposed_by is None or placement.proposed_by.pk == by.pk:
        return
    title = text % {"title": placement.article.title}
    where = _("%(site)s · %(column)s") % {"site": placement.column.site, "column": placement.column}
    notify([placement.proposed_by], title=title, body="\n".join(filter(None, [where, placement.reason])))
