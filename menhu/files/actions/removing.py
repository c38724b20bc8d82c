from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from menhu.accounts.models import User
from menhu.audit.trail import record, record_all
from menhu.files import storage
from menhu.files.models import StoredFile

YOUNG: Final = timedelta(days=1)
"""Bytes this young may belong to an upload whose row is about to stand."""


def remove_private(file: StoredFile, *, by: User | None) -> None:
    """Remove a case's file: the row in the transaction, the bytes after it where no other row has them.

    The caller asks who may. Raises ValueError for a unit's file, ProtectedError while something refers to it.
    """
    if not file.is_of_case:
        raise ValueError(f"file {file.pk} belongs to a unit")
    with transaction.atomic():
        record("files.remove", file, by=by, unit_id=file.unit_id, data={"sha256": file.sha256, "size": file.size})
        name = file.private_name
        StoredFile.case_files.filter(pk=file.pk).delete()
        transaction.on_commit(partial(forget_bytes, name), robust=True)


def remove_all_private(files: Sequence[StoredFile], *, by: User | None) -> None:
    """The same for many files, in as many queries as for one; call it inside the transaction that lets go of them."""
    if any(not file.is_of_case for file in files):
        raise ValueError("a file of a unit among those of cases")
    record_all("files.remove", files, by=by)
    StoredFile.case_files.filter(pk__in=[file.pk for file in files]).delete()
    names = {file.private_name for file in files}
    transaction.on_commit(partial(forget_all_bytes, names), robust=True)


def forget_bytes(name: str) -> bool:
    """Remove bytes and their small copy unless a row has them; whether they are gone. Call it outside a transaction."""
    return forget_all_bytes({name}) == {name}


def forget_all_bytes(names: Set[str]) -> set[str]:
    """The same for many names; returns those that are gone."""
    for each in _with_copies(names):
        storage.set_aside(each)
    needed = set(names) & _needed(names)
    for each in _with_copies(needed):
        storage.bring_back(each)
    for each in _with_copies(gone := set(names) - needed):
        storage.drop(each)
    return gone


def _with_copies(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        yield name + storage.THUMBNAIL_SUFFIX


def forget_orphans(*, now: datetime, prefix: str = "", dry_run: bool = False) -> list[str]:
    """Remove bytes without a row that are older than a day, and bring back what a crash left set aside.

    `prefix` (two hex digits) limits it to one folder of each audience. Returns the names removed, or with `dry_run`
    those that would be.
    """
    prefixes = [prefix] if prefix else [f"{number:02x}" for number in range(256)]
    return sorted(name for each in prefixes for name in _forget_below(each, now, dry_run))


def _forget_below(prefix: str, now: datetime, dry_run: bool) -> list[str]:
    eldest = (now - YOUNG).timestamp()
    found = dict(storage.names_below(prefix))
    unfinished = [name for name in found if storage.is_unfinished(name) and found[name] < eldest]
    stems = {storage.stem_of(name) for name in found if not storage.is_unfinished(name)}
    needed = _needed(stems)
    orphans = [name for name in found if storage.stem_of(name) in stems - needed and found[name] < eldest]
    if not dry_run:
        _mend(name for name in found if storage.stem_of(name) in needed)
        _remove(orphans, unfinished)
    return orphans + unfinished


def _mend(names: Iterable[str]) -> None:
    for name in names:
        if name.endswith(storage.LEAVING_SUFFIX):
            storage.bring_back(name.removesuffix(storage.LEAVING_SUFFIX))


def _remove(orphans: Iterable[str], unfinished: Iterable[str]) -> None:
    for stem in sorted({storage.stem_of(name) for name in orphans}):
        forget_bytes(stem)
    for name in unfinished:
        storage.remove_unfinished(name)


def _needed(names: Iterable[str]) -> set[str]:
    """Those of the private names that a row with bytes has, of either audience."""
    hashes = {name.rpartition("/")[2].partition(".")[0] for name in names}
    rows = StoredFile.objects.filter(sha256__in=hashes), StoredFile.case_files.with_bytes().filter(sha256__in=hashes)
    return {file.private_name for part in rows for file in part.only("audience", "sha256", "extension")}
