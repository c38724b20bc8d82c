"""From changed directories to a signed root, a few directories at a time, so that no page waits long for its turn."""

import logging
from datetime import timedelta
from itertools import islice
from time import monotonic, time
from typing import Final

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

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
from menhu.delivery.publishing.turns import turn

logger = logging.getLogger(__name__)

BITE: Final = 16
"""Directories made in one step."""
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
        if under_way.renew(self._by) and not under_way.bite():
            self._pass = under_way
        return True

    def drain(self) -> None:
        """Until nothing is left to do."""
        while self.step():
            pass

    def _begin(self) -> "_Pass | None":
        host = _host_in_need(signer_in(settings.KEYS_ROOT).name)
        return _Pass(host) if host is not None and self._claim(host) else None

    def _claim(self, host: str) -> bool:
        ManifestRoot.objects.bulk_create([ManifestRoot(host=host)], ignore_conflicts=True)
        now = timezone.now()
        free = Q(claimed_by__in=("", self._by)) | Q(claimed_at__lt=now - LEASE)
        return bool(ManifestRoot.objects.filter(free, host=host).update(claimed_by=self._by, claimed_at=now))


def _host_in_need(key: str) -> str | None:
    """A host with changed directories, or whose root another key signed."""
    stale = Directory.objects.stale().order_by("host").values_list("host", flat=True).first()
    return stale or ManifestRoot.objects.exclude(key=key).exclude(digest="").values_list("host", flat=True).first()


class _Pass:
    """One run over the changed directories of a host, the deepest first, up to a new root."""

    def __init__(self, host: str) -> None:
        self.host, self._folder = host, tree.root() / host / FOLDER
        self._covered = intents.finished(host, is_quiet=not Page.objects.due().exists())
        stale = Directory.objects.filter(host=host).stale().values_list("depth", "path")
        self._waiting: dict[int, set[str]] = {0: {""}}
        for depth, path in stale:
            self._waiting.setdefault(depth, set()).add(path)
        self._replaced: list[tuple[str, str]] = []
        self._top_changes = 0

    def renew(self, by: str) -> bool:
        """Whether the lease is still ours."""
        mine = ManifestRoot.objects.filter(host=self.host, claimed_by=by)
        return bool(mine.update(claimed_at=timezone.now()))

    def bite(self) -> bool:
        """Seal a few directories; True when the root is signed and the pass over."""
        for _ in range(BITE):
            depth = max(self._waiting)
            self._seal(self._waiting[depth].pop(), depth)
            if not self._waiting[depth]:
                del self._waiting[depth]
            if not self._waiting:
                self._sign()
                return True
        return False

    def _seal(self, path: str, depth: int) -> None:
        row = Directory.objects.filter(host=self.host, path=path).first()
        if row is None:
            with turn():
                mark_directories(self.host, {path})
            row = Directory.objects.get(host=self.host, path=path)
        digest = self._made(row)
        if digest != row.digest:
            self._replaced.append((path, row.digest))
            if depth:
                self._waiting.setdefault(depth - 1, set()).add(row.parent)
        self._note(row, digest)

    def _note(self, row: Directory, digest: str) -> None:
        """Who dies here leaves the directory above in need, up to the top, which is sealed by the signed root alone."""
        if not row.depth:
            self._top_changes = row.changes
            Directory.objects.filter(pk=row.pk).update(digest=digest)
            return
        with turn():
            if digest != row.digest:
                mark_directories(self.host, {row.parent})
            Directory.objects.filter(pk=row.pk).update(digest=digest, sealed=row.changes)

    def _made(self, row: Directory) -> str:
        """Write the object of a directory; nothing for one that lists nothing."""
        files = _files_of(row)
        below = Directory.objects.filter(host=row.host, parent=row.path).exclude(digest="").exclude(path="")
        directories = {path.rpartition("/")[2]: digest for path, digest in below.values_list("path", "digest")}
        if row.depth and not files and not directories:
            return ""
        body = listing(row.path, files, directories)
        name = object_name(body)
        file = self._folder / object_file(name)
        if not file.exists():
            intents.put(file, body)
        return name

    def _sign(self) -> None:
        signer = signer_in(settings.KEYS_ROOT)
        root, now = ManifestRoot.objects.get(host=self.host), timezone.now()
        top = Directory.objects.filter(host=self.host, path="").values_list("digest", flat=True).get()
        content = {"host": self.host, "serial": root.serial + 1, "object": top, "made_at": now.isoformat()}
        intents.put(self._folder / KEYS, chain_bytes(signer.chain))
        intents.put(self._folder / ROOT, signer.signed(content))
        self._forget()
        with turn():
            Directory.objects.filter(host=self.host, path="").update(sealed=self._top_changes)
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


def _files_of(row: Directory) -> dict[str, tuple[str, int, int]]:
    """Names below the directory with SHA-256, octets and version."""
    is_hant = row.path == HANT or row.path.startswith(f"{HANT}/")
    plain = row.path[len(HANT) + 1 :] if is_hant else row.path
    pages = Page.objects.filter(host=row.host, directory=plain, status=200).values_list("files", "version")
    start = len(row.path) + 1 if row.path else 0
    return {
        name[start:]: (sha256, size, version)
        for files, version in pages.iterator(chunk_size=500)
        for name, sha256, size in files
        if directory_of(name) == row.path
    }


def clear_objects(host: str) -> int:
    """Remove objects that no directory has and that are too old to be just in the making; returns how many."""
    folder, removed = tree.root() / host / FOLDER / OBJECTS, 0
    old = time() - _MAKING
    files = (file for file in folder.rglob("*.json") if file.stat().st_mtime < old)
    while portion := {file.stem: file for file in islice(files, _PORTION)}:
        current = set(Directory.objects.filter(digest__in=portion).values_list("digest", flat=True))
        for digest in portion.keys() - current:
            portion[digest].unlink(missing_ok=True)
            removed += 1
    return removed
