from typing import TYPE_CHECKING, Self

from django.db import models

from menhu.files.enums import Audience, ScanState

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

    def waiting(self) -> Self:
        """Those that no scanner has judged yet; a partial index."""
        return self.filter(scan_state=ScanState.WAITING)

    def with_bytes(self) -> Self:
        """Those whose bytes are kept: of an infected one only the row remains."""
        return self.exclude(scan_state=ScanState.INFECTED)


class UnitFiles(models.Manager["StoredFile"]):
    """The default: files of units. Whatever asks for files without a thought never meets those of a case."""

    def get_queryset(self) -> StoredFileQuerySet:
        return StoredFileQuerySet(self.model, using=self._db).filter(audience=Audience.UNIT)

    def of_unit(self, unit: "Unit", kind: str = "") -> StoredFileQuerySet:
        return self.get_queryset().of_unit(unit, kind)


class CaseFiles(models.Manager["StoredFile"]):
    """Files of cases, for code that has asked who may see the case."""

    def get_queryset(self) -> StoredFileQuerySet:
        return StoredFileQuerySet(self.model, using=self._db).filter(audience=Audience.CASE)

    def waiting(self) -> StoredFileQuerySet:
        return self.get_queryset().waiting()

    def with_bytes(self) -> StoredFileQuerySet:
        return self.get_queryset().with_bytes()
