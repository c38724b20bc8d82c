"""Which pages are due, claimed or known."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils import timezone

from menhu.delivery.sources import Address

if TYPE_CHECKING:
    from menhu.delivery.models import Directory, Page  # noqa: F401 - named in quotes below


def at_addresses(addresses: Iterable[Address]) -> Q:
    """The condition for rows with `host` and `path` at one of these addresses (a few hundred at most)."""
    paths: dict[str, list[str]] = {}
    for address in addresses:
        paths.setdefault(address.host, []).append(address.path)
    wanted = Q(pk__in=[])
    for host, of_host in paths.items():
        wanted |= Q(host=host, path__in=of_host)
    return wanted


class PageQuerySet(QuerySet["Page"]):
    """Adjectives for public pages."""

    def due(self) -> "PageQuerySet":
        """Asked for again since they were last written, whether their turn has come or not."""
        return self.filter(generation__gt=F("rendered_generation"))

    def claimable(self, lane: int, now: datetime) -> "PageQuerySet":
        """Due in this lane, not resting after a failure, in nobody's hands; oldest wish first."""
        return self.due().filter(lane=lane, due_at__lte=now, claimed_by="").order_by("due_at", "pk")

    def failed(self) -> "PageQuerySet":
        """Pages whose last render or write failed, the latest page first."""
        return self.exclude(error="").order_by("-pk")

    def at(self, addresses: Iterable[Address]) -> "PageQuerySet":
        """The pages of these addresses (a few hundred at most)."""
        return self.filter(at_addresses(addresses))

    def mark_due(self, lane: int) -> int:
        """Ask for a new render: a render under way is void, the safer of old and new lane holds."""
        safer = Case(
            When(generation__gt=F("rendered_generation"), then=Least(F("lane"), Value(lane))), default=Value(lane)
        )
        return self.update(generation=F("generation") + 1, lane=safer, due_at=timezone.now(), attempts=0, claimed_by="")


class DirectoryQuerySet(QuerySet["Directory"]):
    """Adjectives for directories of the manifest."""

    def stale(self) -> "DirectoryQuerySet":
        """Changed since their object was made."""
        return self.filter(changes__gt=F("sealed"))

    def mark_changed(self) -> int:
        """Ask for a new object."""
        return self.update(changes=F("changes") + 1)
