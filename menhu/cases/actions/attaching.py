"""Files of a case: kept before the case is written, joined to it with it, dropped where it is not written."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.core.files.base import File

from menhu.accounts.models import User
from menhu.cases.models import Case, CaseFile
from menhu.files.actions import remove_private, store_private
from menhu.files.models import StoredFile
from menhu.units.models import Unit


@contextmanager
def kept(uploads: Sequence[File[bytes]], *, unit: Unit, by: User | None) -> Iterator[list[StoredFile]]:
    """Keep uploads while the block writes what they belong to; what it leaves unjoined, or if it fails, is removed.

    Raises UploadRefused with a message for the sender, nothing kept.
    """
    files: list[StoredFile] = []
    try:
        files.extend(store_private(upload, unit=unit, by=by) for upload in uploads)
        yield files
    finally:
        joined = set(CaseFile.objects.filter(file__in=files).values_list("file_id", flat=True))
        for file in files:
            if file.pk not in joined:
                remove_private(file, by=by)


def attach(case: Case, files: Iterable[StoredFile], *, is_from_sender: bool = True) -> None:
    """Join kept files to the case, inside the caller's transaction."""
    CaseFile.objects.bulk_create(
        [CaseFile(case=case, file=file, is_from_sender=is_from_sender, round=case.round) for file in files]
    )


def files_of(case: Case) -> list[CaseFile]:
    """All files of a case in the order in which they came: two queries."""
    rows = list(CaseFile.objects.filter(case=case).order_by("pk"))
    kept_files = StoredFile.case_files.in_bulk([row.file_id for row in rows])
    for row in rows:
        row.file = kept_files[row.file_id]
    return rows
