"""Putting articles on and off the public lists of columns. Every function returns the tags that changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q

from menhu.articles import tags
from menhu.articles.enums import PlacementState
from menhu.articles.models import Article, Bucket, Placement
from menhu.articles.rules import BUCKET_SIZE, PLACEMENT_VERBS, beside, bucket_key, bucket_name, month_of
from menhu.sites import tags as site_tags
from menhu.sites.models import Column


def placements_to_show(article: Article) -> list[Placement]:
    """Wanted and adopted placements of the article that are not listed now."""
    rows = article.placements.filter(state__in=PLACEMENT_VERBS["list"][0], is_listed=False)
    return list(rows.select_related("column__site").order_by("column_id"))


def show(placements: Sequence[Placement], *, at: datetime) -> set[str]:
    """List the placements; one that is listed for the first time gets its time and its month page for good."""
    lock_columns(placement.column_id for placement in placements)
    found: set[str] = set()
    for placement in placements:
        found |= _show_one(placement, at)
    with_news = [placement.column_id for placement in placements if placement.published_at == at]
    older = Q(updated_at__isnull=True) | Q(updated_at__lt=at)
    Column.objects.filter(older, pk__in=with_news).update(updated_at=at)
    sites = Column.objects.filter(pk__in=with_news).order_by("site_id").values_list("site_id", flat=True)
    return found | {tags.news(site_id) for site_id in sites}


def hide(placements: Sequence[Placement]) -> set[str]:
    """Take listed placements off their lists; their month pages keep their names."""
    lock_columns(placement.column_id for placement in placements)
    Placement.objects.filter(pk__in=[placement.pk for placement in placements]).update(is_listed=False, is_pinned=False)
    return {tag for placement in placements for tag in list_tags(placement)}


def hide_all(article: Article) -> set[str]:
    """Take an article off every list."""
    return hide(list(article.placements.listed().order_by("column_id")))


def lock_columns(column_ids: Iterable[int]) -> None:
    """Hold the columns in one order, so that neighbours and month pages are counted by one transaction at a time."""
    list(Column.objects.select_for_update().filter(pk__in=set(column_ids)).order_by("pk").values_list("pk"))


def list_tags(placement: Placement) -> set[str]:
    """What a placement's coming, going or moving changes: its list, its month page, its two neighbours."""
    found = {
        site_tags.column_list(placement.column_id),
        site_tags.column_bucket(placement.column_id, placement.bucket),
    }
    return found | {tags.neighbours(placement.column_id, beside) for beside in _neighbours(placement)}


def _show_one(placement: Placement, at: datetime) -> set[str]:
    found: set[str] = set()
    if placement.published_at is None or not placement.bucket:
        placement.published_at = at
        placement.bucket, found = _take_bucket(placement.column_id, month_of(at))
    placement.state, placement.is_listed = PlacementState.PLACED, True
    placement.save(update_fields=["state", "is_listed", "published_at", "bucket"])
    return found | list_tags(placement)


def _take_bucket(column_id: int, month: str) -> tuple[str, set[str]]:
    """The month page that takes one more: the month's last part, or a new part once that is full."""
    parts = Bucket.objects.filter(column_id=column_id, name__startswith=month)
    last = max(parts, key=lambda part: bucket_key(part.name), default=None)
    if last is not None and last.size < BUCKET_SIZE:
        Bucket.objects.filter(pk=last.pk).update(size=F("size") + 1)
        return last.name, set()
    name = bucket_name(month, 1 if last is None else bucket_key(last.name)[1] + 1)
    names = Bucket.objects.filter(column_id=column_id).values_list("name", flat=True)
    changed = {site_tags.column_bucket(column_id, other) for other in beside(name, names)}
    Bucket.objects.create(column_id=column_id, name=name, size=1)
    return name, changed | {tags.archive(column_id)}


def _neighbours(placement: Placement) -> list[int]:
    at, pk = placement.published_at, placement.pk
    listed = Placement.objects.listed().filter(column_id=placement.column_id).exclude(pk=pk)
    older = listed.filter(Q(published_at__lt=at) | Q(pk__lt=pk), published_at__lte=at).newest_first()
    newer = listed.filter(Q(published_at__gt=at) | Q(pk__gt=pk), published_at__gte=at).order_by("published_at", "pk")
    return [*older.values_list("article_id", flat=True)[:1], *newer.values_list("article_id", flat=True)[:1]]
