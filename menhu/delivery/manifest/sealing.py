"""From changed directories to a signed root, a few directories at a time, so that no page waits long for its turn."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, time
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from menhu.core.portions import portions
from menhu.core.script import HANT
from menhu.delivery import tree
from menhu.delivery.manifest import intents
from menhu.delivery.manifest.keys import chain_bytes, signer_in
from menhu.delivery.manifest.layout import (
    FOLDER,
    KEYS,
    OBJECTS,
    ROOT,
    directory_of,
    listing,
    object_file,
    object_name,
)
from menhu.delivery.manifest.marking import mark_directories
from menhu.delivery.models import Directory, ManifestRoot, Page
from menhu.delivery.publishing.claims import take_lease
from menhu.delivery.publishing.turns import turn

logger = logging.getLogger(__name__)

BITE: Final = 32
"""Directories made in one step."""
WRITERS: Final = 8
LEASE: Final = timedelta(seconds=30)
REST: Final = 1.0
"""Seconds after which a disk that refused the manifest is tried again."""
_MAKING: Final = 600.0
_PORTION: Final = 200


class Sealer:
    """Makes objects and roots for one publisher; a lease on the host's row keeps the others away meanwhile."""

    def __init__(self, by: str) -> None:
        self._by = by
        self._pass: _Pass | None = None
        self._rests_until = 0.0

    def step(self) -> bool:
        """One bite of a pass over one host; False when every root is up to date or in other hands."""
        if monotonic() < self._rests_until:
            return False
        try:
            return self._step()
        except OSError as error:
            logger.error("sealing the manifest failed: %s", error)
            self._rests_until = monotonic() + REST
            ManifestRoot.objects.filter(claimed_by=self._by).update(claimed_by="", claimed_at=None)
            return False

    def _step(self) -> bool:
        """A pass that fails on the way is not gone on with: the rows tell what is still to be made."""
        under_way, self._pass = self._pass or self._begin(), None
        if under_way is None:
            return False
        if under_way.renew() and not under_way.bite():
            self._pass = under_way
        return True

    def drain(self) -> None:
        """Until nothing is left to do."""
        while self.step():
            pass

    def finish(self, seconds: float) -> None:
        """Seal what is left for so long at most, then give the lease back; whatever remains waits in the rows."""
        until = monotonic() + seconds
        while monotonic() < until and self.step():
            pass
        self._pass = None
        ManifestRoot.objects.filter(claimed_by=self._by).update(claimed_by="", claimed_at=None)

    def _begin(self) -> "_Pass | None":
        host = _host_in_need(signer_in(settings.KEYS_ROOT).name)
        return _Pass(host, self._by) if host is not None and self._claim(host) else None

    def _claim(self, host: str) -> bool:
        ManifestRoot.objects.bulk_create([ManifestRoot(host=host)], ignore_conflicts=True)
        return take_lease(ManifestRoot.objects.filter(host=host), self._by, LEASE)


def _host_in_need(key: str) -> str | None:
    """A host with changed directories, or whose root another key signed."""
    stale = Directory.objects.stale().order_by("host").values_list("host", flat=True).first()
    return stale or ManifestRoot.objects.exclude(key=key).exclude(digest="").values_list("host", flat=True).first()


class _Pass:
    """One run over the changed directories of a host, the deepest first, up to a new root.

    The rows alone say what is left: killed at any point, the next pass finds every directory that the last root lacks.
    """

    def __init__(self, host: str, by: str) -> None:
        self.host, self._by, self._folder = host, by, tree.root() / host / FOLDER
        self._covered = intents.finished(host, is_quiet=not Page.objects.due().exists())
        stale = Directory.objects.filter(host=host).stale().values_list("depth", "path")
        self._waiting: dict[int, set[str]] = {0: {""}}
        for depth, path in stale:
            self._waiting.setdefault(depth, set()).add(path)
        self._replaced: list[tuple[str, str]] = []

    def renew(self) -> bool:
        """Whether the lease is still ours."""
        mine = ManifestRoot.objects.filter(host=self.host, claimed_by=self._by)
        return bool(mine.update(claimed_at=timezone.now()))

    def bite(self) -> bool:
        """Seal a few directories of the deepest level; True when the root is signed and the pass over."""
        depth = max(self._waiting)
        waiting = self._waiting[depth]
        self._seal({waiting.pop() for _ in range(min(BITE, len(waiting)))})
        if not waiting:
            del self._waiting[depth]
        if not self._waiting:
            self._sign()
        return not self._waiting

    def _seal(self, paths: set[str]) -> None:
        rows = self._rows(paths)
        if missing := paths - {row.path for row in rows}:
            with turn():
                mark_directories(self.host, missing)
            rows = self._rows(paths)
        self._note(rows, self._made(rows))

    def _rows(self, paths: set[str]) -> list[Directory]:
        return list(Directory.objects.filter(host=self.host, path__in=paths))

    def _note(self, rows: Sequence[Directory], digests: Sequence[str]) -> None:
        """Keep the new digests; that of the host's own directory counts only with the root that names it."""
        above, noted = set[str](), list[Directory]()
        for row, digest in zip(rows, digests, strict=True):
            if digest != row.digest:
                self._replaced.append((row.path, row.digest))
            if not row.depth:
                self._top = (row, digest)
                continue
            if digest != row.digest:
                above.add(row.parent)
                self._waiting.setdefault(row.depth - 1, set()).add(row.parent)
            row.digest, row.sealed = digest, row.changes
            noted.append(row)
        if noted:
            with turn():
                Directory.objects.bulk_update(noted, ["digest", "sealed"])
                mark_directories(self.host, above)

    def _made(self, rows: Sequence[Directory]) -> list[str]:
        """Write the objects of directories, side by side; nothing for one that lists nothing."""
        paths = {row.path for row in rows}
        files, below = _files_of(self.host, paths), _digests_below(self.host, paths)
        bodies = [listing(row.path, files[row.path], below[row.path]) for row in rows]
        names = [
            object_name(body) if not row.depth or files[row.path] or below[row.path] else ""
            for row, body in zip(rows, bodies, strict=True)
        ]
        new = {name: body for name, body in zip(names, bodies, strict=True) if name}
        with ThreadPoolExecutor(WRITERS) as writers:
            list(writers.map(self._put, new, new.values()))
        return names

    def _put(self, name: str, body: bytes) -> None:
        file = self._folder / object_file(name)
        if not file.exists():
            intents.put(file, body)

    def _sign(self) -> None:
        """Write and note the root while the lease's row is locked: whoever lost the lease signs nothing."""
        with transaction.atomic():
            mine = ManifestRoot.objects.select_for_update().filter(host=self.host, claimed_by=self._by)
            root = mine.first()
            if root is None:
                return
            self._write_root(root)
        self._forget()

    def _write_root(self, root: ManifestRoot) -> None:
        signer, now = signer_in(settings.KEYS_ROOT), timezone.now()
        if root.key and root.key not in {link.name for link in signer.chain}:
            logger.error("the key of %s was lost; carry the new public key (menhu keys) to the web servers", self.host)
        row, top = self._top
        content = {"host": self.host, "serial": root.serial + 1, "object": top, "made_at": now.isoformat()}
        intents.put(self._folder / KEYS, chain_bytes(signer.chain))
        intents.put(self._folder / ROOT, signer.signed(content))
        Directory.objects.filter(pk=row.pk).update(digest=top, sealed=row.changes)
        ManifestRoot.objects.filter(pk=root.pk).update(
            serial=F("serial") + 1, digest=top, key=signer.name, signed_at=now, claimed_by="", claimed_at=None
        )

    def _forget(self) -> None:
        """Remove the intents that this root covers, and objects that no directory has any more."""
        for intent in self._covered:
            intent.unlink(missing_ok=True)
        old = {digest for _, digest in self._replaced if digest}
        current = set(Directory.objects.filter(digest__in=old).values_list("digest", flat=True))
        for digest in old - current:
            (self._folder / object_file(digest)).unlink(missing_ok=True)


def _files_of(host: str, paths: set[str]) -> dict[str, dict[str, tuple[str, int, int]]]:
    """By directory, names below it with SHA-256, octets and version."""
    pages = Page.objects.filter(host=host, directory__in={_plain(path) for path in paths}, status=200)
    found: dict[str, dict[str, tuple[str, int, int]]] = {path: {} for path in paths}
    for files, version in pages.values_list("files", "version").iterator(chunk_size=500):
        for name, sha256, size in files:
            path = directory_of(name)
            if path in found:
                found[path][name[len(path) + bool(path) :]] = (sha256, size, version)
    return found


def _plain(path: str) -> str:
    """The directory of the same pages in Simplified script."""
    return path[len(HANT) + 1 :] if path == HANT or path.startswith(f"{HANT}/") else path


def _digests_below(host: str, paths: set[str]) -> dict[str, dict[str, str]]:
    """By directory, the objects of those within it by their names."""
    rows = Directory.objects.filter(host=host, parent__in=paths).exclude(digest="").exclude(path="")
    found: dict[str, dict[str, str]] = {path: {} for path in paths}
    for parent, path, digest in rows.values_list("parent", "path", "digest"):
        found[parent][path.rpartition("/")[2]] = digest
    return found


def clear_objects(host: str) -> int:
    """Remove objects that no directory has and that are too old to be just in the making; returns how many."""
    folder, removed = tree.root() / host / FOLDER / OBJECTS, 0
    old = time() - _MAKING
    files = (file for file in folder.rglob("*.json") if file.stat().st_mtime < old)
    for portion in portions(files, _PORTION):
        by_name = {file.stem: file for file in portion}
        current = set(Directory.objects.filter(digest__in=by_name).values_list("digest", flat=True))
        for digest in by_name.keys() - current:
            by_name[digest].unlink(missing_ok=True)
            removed += 1
    return removed
