"""What is about to change, signed and on disk before any file changes; it covers the time until the next root."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import time
from typing import Final

from django.conf import settings

from menhu.delivery import tree
from menhu.delivery.manifest.keys import signer_in
from menhu.delivery.manifest.layout import FOLDER, INTENTS
from menhu.delivery.publishing.names import is_dead, new_name

ABSENT: Final = ""
"""Stands for the SHA-256 of a file that will not be there."""
DONE: Final = ".done.json"
_ABANDONED: Final = 60.0
_numbers: Final = count()


@dataclass(frozen=True, slots=True)
class Change:
    """One file that may become another, or go."""

    host: str
    name: str
    sha256: str = ABSENT


def write(changes: Iterable[Change], by: str) -> tuple[Path, ...]:
    """Write one intent for each host concerned; raises OSError."""
    by_host: dict[str, dict[str, str]] = {}
    for change in changes:
        by_host.setdefault(change.host, {})[change.name] = change.sha256
    return tuple(_written(host, of_host, by) for host, of_host in by_host.items())


def _written(host: str, changes: Mapping[str, str], by: str) -> Path:
    folder = tree.root() / host / FOLDER / INTENTS
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{by}-{next(_numbers)}.json"
    put(final, signer_in(settings.KEYS_ROOT).signed({"host": host, "changes": dict(changes)}))
    return final


def finish(intents: Iterable[Path]) -> None:
    """Say that the files and rows are as announced; the next root covers them.

    Where a disk refuses even that, the intent holds longer than it had to, as that of a dead writer does.
    """
    for intent in intents:
        with suppress(OSError):
            intent.replace(intent.with_name(intent.name.removesuffix(".json") + DONE))


def finished(host: str, *, is_quiet: bool) -> list[Path]:
    """Intents that a root made from now on covers; while no page waits, also those whose writer did not come back."""
    folder = tree.root() / host / FOLDER / INTENTS
    if not folder.is_dir():
        return []
    before = time() - _ABANDONED
    return [
        file for file in folder.glob("*.json") if file.name.endswith(DONE) or (is_quiet and _is_older(file, before))
    ]


def _is_older(file: Path, than: float) -> bool:
    try:
        return file.stat().st_mtime < than
    except FileNotFoundError:
        return False


def put(final: Path, body: bytes) -> None:
    """Write a file of the manifest whole; raises OSError."""
    final.parent.mkdir(parents=True, exist_ok=True)
    fresh = final.with_name(f".{final.name}.{new_name()}.tmp")
    try:
        with fresh.open("wb") as file:
            file.write(body)
            file.flush()
            if settings.PUBLIC_FSYNC:
                os.fsync(file.fileno())
        fresh.replace(final)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def drop_leftovers() -> None:
    """Remove what publishers of this machine that died left half-written."""
    for host in tree.hosts():
        for file in (tree.root() / host / FOLDER).rglob(".*.tmp"):
            if is_dead(file.name.removesuffix(".tmp").rpartition(".")[2]):
                with suppress(OSError):
                    file.unlink(missing_ok=True)
