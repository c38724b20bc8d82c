"""The publisher's loop: the safest lane first, in steps so small that a retraction never waits long."""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Count

from menhu.delivery.manifest.sealing import Sealer
from menhu.delivery.models import Lane, Page, PageTag
from menhu.delivery.publishing.claims import (
    claim_pages,
    release_all,
    release_dead,
    release_lapsed,
    release_pages,
)
from menhu.delivery.publishing.intake import Intake
from menhu.delivery.publishing.names import new_name
from menhu.delivery.publishing.rendering import Outcome, render_page
from menhu.delivery.publishing.settling import settle
from menhu.delivery.publishing.turns import current
from menhu.delivery.publishing.waking import alarm
from menhu.delivery.sources import Memory, foreseeing, remembering

logger = logging.getLogger(__name__)

PAGES_AT_ONCE: Final = {Lane.RETRACTION: 200, Lane.APPROVAL: 24, Lane.BULK: 32}
LONGEST_SLICE: Final = 0.3
"""Seconds after which a slice is settled as far as it got and safer lanes are looked at again."""
IDLE: Final = 1.0
LAST_SEALING: Final = 2.0
"""Seconds that a stopped publisher goes on sealing what it has published."""
MOST_REMEMBERED: Final = 4_000
"""Frames, sites and columns that are kept for the pages to come."""


class Publisher:
    """One publisher; any number of them, on any number of machines, may run on one database and one tree."""

    def __init__(self) -> None:
        self.name = new_name()
        self.is_stopping = False
        self._intake = Intake(self.name)
        self._sealer = Sealer(self.name)
        self._tidied_at = 0.0
        self._is_unsure = True
        self._memory: Memory = {}
        self._remembered_at = -1

    def stop(self) -> None:
        """Ask the loop to end after the page under way."""
        self.is_stopping = True

    def run(self) -> None:
        """Work until stopped; a database that is away or busy is waited for."""
        with alarm() as wait:
            while not self.is_stopping:
                self._round(wait)
        self._end()

    def _end(self) -> None:
        try:
            self._sealer.finish(LAST_SEALING)
        except (OperationalError, InterfaceError) as error:
            logger.warning("database away, the manifest is sealed at the next start: %s", error)

    def _round(self, wait: Callable[[float], None]) -> None:
        try:
            self._tidy()
            if not self.step():
                wait(IDLE)
        except (OperationalError, InterfaceError) as error:
            logger.warning("database away or busy, trying again: %s", error)
            self._is_unsure = True
            connection.close()
            time.sleep(IDLE)

    def _tidy(self) -> None:
        """Free what the dead hold and what lapsed; after an error also our own, which we know no more."""
        if self._is_unsure:
            release_dead()
            release_all(self.name)
            self._is_unsure = False
        if time.monotonic() - self._tidied_at > IDLE:
            self._tidied_at = time.monotonic()
            close_old_connections()
            release_lapsed()

    def drain(self, *, report: Callable[[int], None] = lambda settled: None) -> None:
        """Work until nothing is left to do now; pages that rest after a failure stay for later."""
        while not self.is_stopping and self.step(report=report):
            pass

    def step(self, *, report: Callable[[int], None] = lambda settled: None) -> bool:
        """One bite of changes or one slice of pages of the safest lane that has any, then of the manifest."""
        for lane in Lane:
            if self._intake.take(lane):
                return True
            pages = claim_pages(lane, self.name, PAGES_AT_ONCE[lane])
            if pages:
                report(self._retract(pages) if lane is Lane.RETRACTION else self._publish(pages))
                if lane is Lane.BULK:
                    self._sealer.step()
                return True
        return self._sealer.step()

    def _publish(self, pages: list[Page]) -> int:
        """Render and settle as many as time allows, give the others back."""
        seen, until, outcomes = current(), time.monotonic() + LONGEST_SLICE, []
        with remembering(self._memory_at(seen)), foreseeing([page.address for page in pages]):
            for page in pages:
                outcomes.append(render_page(page, seen))
                if self.is_stopping or time.monotonic() > until:
                    break
        settled = settle(outcomes, self.name)
        release_pages(pages[len(outcomes) :], self.name)
        return settled

    def _memory_at(self, seen: int) -> Memory:
        """What pages share, kept while no change was taken in, and within bounds."""
        if seen != self._remembered_at or len(self._memory) > MOST_REMEMBERED:
            self._memory, self._remembered_at = {}, seen
        return self._memory

    def _retract(self, pages: list[Page]) -> int:
        """Take files away first, at once, one by one; only then write the lists that no longer name them.

        Pages that read least come first: what was retracted reads less than a list that mentions it.
        """
        seen, settled, standing = current(), 0, []
        pages = _by_tags_read(pages)
        for done, page in enumerate(pages):
            if self.is_stopping:
                release_pages(pages[done:], self.name)
                break
            outcome = render_page(page, seen)
            if outcome.is_gone:
                settled += settle([outcome], self.name)
            else:
                standing.append(outcome)
        return settled + _settle_in_slices(standing, self.name)


def _settle_in_slices(outcomes: list[Outcome], by: str) -> int:
    size = PAGES_AT_ONCE[Lane.APPROVAL]
    return sum(settle(outcomes[at : at + size], by) for at in range(0, len(outcomes), size))


def _by_tags_read(pages: list[Page]) -> list[Page]:
    counts = dict(
        PageTag.objects.filter(page__in=pages)
        .values("page_id")
        .annotate(read=Count("pk"))
        .order_by()
        .values_list("page_id", "read")
    )
    return sorted(pages, key=lambda page: (counts.get(page.pk, 0), page.pk))
