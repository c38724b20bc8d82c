"""Who works on what: rows are claimed by conditional update; a dead publisher's claims lapse."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from menhu.delivery import tree
from menhu.delivery.manifest import intents
from menhu.delivery.models import Change, Lane, ManifestRoot, Page, TargetState
from menhu.delivery.publishing.names import is_dead
from menhu.delivery.sources import Address

LEASE: Final = timedelta(seconds=30)
BITE: Final = 500


def claim_changes(lane: Lane, by: str) -> list[Change]:
    """Up to a bite of waiting changes of one lane that stand equally far; what another publisher took is not ours."""
    waiting = list(Change.objects.filter(claimed_by="", lane=lane).order_by("pk").values_list("pk", "reached")[:BITE])
    keys = [key for key, reached in waiting if reached == waiting[0][1]]
    if not keys:
        return []
    Change.objects.filter(pk__in=keys, claimed_by="").update(claimed_by=by, claimed_at=timezone.now())
    return list(Change.objects.filter(pk__in=keys, claimed_by=by).order_by("pk"))


def release_changes(changes: Sequence[Change]) -> None:
    """Give back what was claimed and not used."""
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(claimed_by="", claimed_at=None)


def claim_pages(lane: Lane, by: str, limit: int) -> list[Page]:
    """Up to `limit` due pages of one lane, each with the generation that its render will stand for."""
    now = timezone.now()
    keys = list(Page.objects.claimable(lane, now).values_list("pk", flat=True)[:limit])
    if not keys:
        return []
    Page.objects.due().filter(pk__in=keys, claimed_by="").update(claimed_by=by, claimed_at=now)
    return list(Page.objects.due().filter(pk__in=keys, claimed_by=by).order_by("due_at", "pk"))


def release_pages(pages: Sequence[Page], by: str) -> None:
    """Give back pages that were claimed and not rendered."""
    keys = [page.pk for page in pages]
    if keys:
        Page.objects.filter(pk__in=keys, claimed_by=by).update(claimed_by="", claimed_at=None)


def release_lapsed() -> None:
    """Free what a publisher has held for longer than any honest work takes."""
    long_ago = Q(claimed_at__lt=timezone.now() - LEASE)
    Change.objects.exclude(claimed_by="").filter(long_ago).update(claimed_by="", claimed_at=None)
    Page.objects.exclude(claimed_by="").filter(long_ago).update(claimed_by="", claimed_at=None)


def release_dead() -> None:
    """Free at once what publishers of this machine held that were killed, and remove their half-written files."""
    for holder in filter(is_dead, _holders()):
        held = Page.objects.filter(claimed_by=holder)
        addresses = (Address(*address) for address in held.values_list("host", "path"))
        tree.drop_leftovers(chain.from_iterable(map(tree.locate_all, addresses)), holder)
        release_all(holder)
    intents.drop_leftovers()


def take_lease(rows: QuerySet[ManifestRoot] | QuerySet[TargetState], by: str, term: timedelta, **also: Any) -> bool:
    """Claim the one row where its lease is nobody's, ours, that of a dead process of this machine, or over."""
    now, holder = timezone.now(), rows.values_list("claimed_by", flat=True).first() or ""
    free = Q(claimed_by__in=("", by, *([holder] if is_dead(holder) else ())))
    return bool(rows.filter(free | Q(claimed_at__lt=now - term)).update(claimed_by=by, claimed_at=now, **also))


def release_all(by: str) -> None:
    """Give back whatever is held in this name."""
    for rows in (Page.objects.all(), Change.objects.all(), ManifestRoot.objects.all()):
        rows.filter(claimed_by=by).update(claimed_by="", claimed_at=None)


def _holders() -> list[str]:
    names = set[str]()
    for rows in (Change.objects.all(), Page.objects.all(), ManifestRoot.objects.all()):
        names.update(rows.exclude(claimed_by="").order_by().values_list("claimed_by", flat=True).distinct())
    return sorted(names)
