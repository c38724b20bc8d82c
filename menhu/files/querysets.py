from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from menhu.files.models import StoredFile  # noqa: F401 - named in quotes below
    from menhu.units.models import Unit


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def of_unit(self, unit: "Unit", kind: str = "") -> Self:
        """A unit's files, of one kind where one is named; each way has its index."""
        files = self.filter(unit=unit)
        return files.filter(kind=kind) if kind else files

    def newest_first(self, before: int | None = None) -> Self:
        """Newest first, from below the id `before` on: paging without counting."""
        files = self if before is None else self.filter(pk__lt=before)
        return files.order_by("-pk")
