from typing import TYPE_CHECKING, Self

from django.db import models

from menhu.sites.enums import SiteKind, SiteState

if TYPE_CHECKING:
    from menhu.sites.models import Column, Site  # noqa: F401 - named in quotes below


class SiteQuerySet(models.QuerySet["Site"]):
    def open(self) -> Self:
        return self.filter(state=SiteState.OPEN)

    def portals(self) -> Self:
        return self.filter(kind=SiteKind.PORTAL)


class ColumnQuerySet(models.QuerySet["Column"]):
    def standing(self) -> Self:
        """Columns that have not been removed."""
        return self.filter(removed_at__isnull=True)

    def public(self) -> Self:
        """Standing columns that are not hidden."""
        return self.standing().filter(is_hidden=False)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")
