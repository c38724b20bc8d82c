"""From changed tags to pages that are due: one small bite, one short transaction at a time."""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from menhu.core.portions import portions
from menhu.delivery.assets import ASSETS, hosts_with_pages
from menhu.delivery.models import Change, Lane, Page, PageTag, PublishingState, TagVersion
from menhu.delivery.outbox import EVERYTHING, announce
from menhu.delivery.publishing.claims import claim_changes, release_changes
from menhu.delivery.publishing.turns import next_intake, turn
from menhu.delivery.rules import file_path, is_host
from menhu.delivery.sources import Address, Source, sources

logger = logging.getLogger(__name__)
SLICE: Final = 500
"""Known pages that are marked in one transaction."""
BORN_AT_ONCE: Final = 150
"""New pages that are written in one transaction; a new row costs several times as much as a mark."""


class Intake:
    """Takes changes in for one publisher."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._hosts: frozenset[str] | None = None

    def take(self, lane: Lane) -> bool:
        """Turn one bite of waiting changes into due pages; False when nothing waits in this lane."""
        changes = claim_changes(lane, self.name)
        if not changes:
            return False
        failed = () if changes[0].reached else self._bring_into_being(changes, lane)
        changes, rest = _manageable(changes)
        release_changes(rest)
        _mark_readers(changes, lane, failed)
        return True

    def _bring_into_being(self, changes: Sequence[Change], lane: Lane) -> Sequence[str]:
        """Rows for addresses that these tags may have made; returns the tags for which a source failed to tell."""
        tags = frozenset(change.tag for change in changes)
        return [tag for source in sources() for tag in self._ask(source, tags, lane)]

    def _ask(self, source: Source, tags: frozenset[str], lane: Lane) -> Sequence[str]:
        """Ask for all tags at once; where that fails, one by one, so that one bad tag holds up no other."""
        if self._tells(source, tags, lane):
            return []
        return [tag for tag in sorted(tags) if not self._tells(source, frozenset([tag]), lane)]

    def _tells(self, source: Source, tags: frozenset[str], lane: Lane) -> bool:
        try:
            self._create(source, tags, lane)
        except Exception:
            logger.exception("source %s could not name the addresses of %s", source.name, sorted(tags)[:3])
            return False
        return True

    def _create(self, source: Source, tags: frozenset[str], lane: Lane) -> None:
        addresses = list(source.addresses_for(tags))  # read to the end before anything is written
        for portion in portions(addresses, BORN_AT_ONCE):
            new_hosts = self._new_hosts(portion)
            with turn() as state:
                if new_hosts:
                    announce([ASSETS])
                ask_for(portion, lane)
                next_intake(state)
            self._hosts = frozenset({*(self._hosts or ()), *new_hosts})

    def _new_hosts(self, addresses: Iterable[Address]) -> frozenset[str]:
        """Hosts that had no page so far: they need the static files too."""
        if self._hosts is None:
            self._hosts = frozenset(hosts_with_pages())
        return frozenset(address.host for address in addresses) - self._hosts


def ask_for(addresses: Iterable[Address], lane: Lane) -> int:
    """Make rows for unknown addresses and ask again for those that are no file now; the caller holds the turn."""
    wanted = {address for address in addresses if file_path(address.path) and is_host(address.host)}
    known = {page.address: page for page in Page.objects.at(wanted)}
    absent = [page.pk for page in known.values() if page.status != 200]
    born = [
        Page(host=address.host, path=address.path, generation=1, lane=lane) for address in sorted(wanted - known.keys())
    ]
    Page.objects.bulk_create(born)
    return len(born) + (Page.objects.filter(pk__in=absent).mark_due(lane) if absent else 0)


def _manageable(changes: list[Change]) -> tuple[list[Change], list[Change]]:
    """As many of the changes as concern no more than a slice of pages, or a single one; and the rest."""
    taken = changes[:1] if changes[0].reached else changes
    while len(taken) > 1 and _concern_many(taken):
        taken = taken[: len(taken) // 2]
    same_tag = {change.tag for change in taken}
    return [c for c in changes if c.tag in same_tag], [c for c in changes if c.tag not in same_tag]


def _concern_many(changes: Sequence[Change]) -> bool:
    tags = {change.tag for change in changes}
    if len(tags) == 1:
        return False
    if EVERYTHING in tags:
        return True
    readers = PageTag.objects.filter(tag__in=tags).values_list("page_id", flat=True).distinct()
    return len(readers[: SLICE + 1]) > SLICE


def _mark_readers(changes: Sequence[Change], lane: Lane, failed: Sequence[str]) -> None:
    """Mark a slice of the pages that read the tags; drop the changes after the last slice, else note how far we are."""
    tags = {change.tag for change in changes}
    reached = changes[0].reached
    with turn() as state:
        _stamp(state, tags)
        pages = _readers(tags, reached)
        Page.objects.filter(pk__in=pages).mark_due(lane)
        rows = Change.objects.filter(pk__in=[change.pk for change in changes])
        if len(pages) == SLICE:
            rows.update(reached=pages[-1], claimed_by="", claimed_at=None)
        else:  # the claims of failed tags stay until they lapse; then the sources are asked again
            rows.exclude(tag__in=failed).delete()


def _stamp(state: PublishingState, tags: Iterable[str]) -> None:
    number = next_intake(state)
    TagVersion.objects.bulk_create(
        [TagVersion(tag=tag, intake=number) for tag in sorted(tags)],
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=["intake"],
    )


def _readers(tags: set[str], reached: int) -> list[int]:
    if EVERYTHING in tags:
        return list(Page.objects.filter(pk__gt=reached).order_by("pk").values_list("pk", flat=True)[:SLICE])
    readers = PageTag.objects.filter(tag__in=tags, page_id__gt=reached).order_by("page_id")
    return list(readers.values_list("page_id", flat=True).distinct()[:SLICE])
