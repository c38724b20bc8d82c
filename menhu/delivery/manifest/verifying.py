"""The tree of a host against its manifest: which files were changed, are missing, or should not be there."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from menhu.core.portions import portions
from menhu.delivery.manifest.layout import FOLDER, deepest_below, depth_of, joined
from menhu.delivery.manifest.reading import Listing, Manifest

Kind = Literal["changed", "missing", "extra"]
Doubt = tuple[str, str]
"""Directory of the manifest, and name below the host."""
_PIECE: Final = 1 << 20
_BEING_WRITTEN: Final = 600.0
_PORTION: Final = 500
_TRIES: Final = 4
_PAUSE: Final = 0.3
_STRANGE: Final = "?"
"""Stands for the SHA-256 of what is no ordinary file, or no readable one."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One file that is not what the manifest says."""

    host: str
    name: str
    kind: Kind


class Hashes:
    """SHA-256 of files; with `keeps`, a file whose inode, size and times are as before is not read again."""

    def __init__(self, *, keeps: bool = False) -> None:
        self._kept: dict[str, tuple[tuple[int, ...], str]] | None = {} if keeps else None

    def of(self, file: Path) -> str:
        """The hash; "" where there is no file, "?" for a link, what is no ordinary file, or what cannot be read."""
        try:
            about = file.lstat()
            if not stat.S_ISREG(about.st_mode):
                return _STRANGE
            mark = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
            kept = self._kept.get(str(file)) if self._kept is not None else None
            if kept is not None and kept[0] == mark:
                return kept[1]
            sha256 = _sha256(file)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError:
            return _STRANGE
        if self._kept is not None:
            self._kept[str(file)] = (mark, sha256)
        return sha256

    def forget(self) -> None:
        """Read everything again from now on."""
        if self._kept is not None:
            self._kept.clear()


def _sha256(file: Path) -> str:
    """Raises OSError; a link or a pipe put there since it was looked at is neither followed nor waited for."""
    digest = hashlib.sha256()
    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


class Verification:
    """One look at a host. What differs is looked at again before it is named, since a publication may be under way."""

    def __init__(self, manifest: Manifest, hashes: Hashes, pause: Callable[[float], None] = time.sleep) -> None:
        self._manifest, self._hashes, self._pause = manifest, hashes, pause
        self._top = manifest.top

    def findings(self) -> Iterator[Finding]:
        """Every difference; raises NotTrustedError where the manifest itself is not proven."""
        for portion in portions(self._doubtful(), _PORTION):
            yield from self._confirmed(portion)

    def _doubtful(self) -> Iterator[Doubt]:
        """What differs at first sight, directory by directory."""
        waiting = [""]
        while waiting:
            directory = waiting.pop()
            listing = self._manifest.listing(directory)
            if listing is None:
                continue
            waiting += [joined(directory, name) for name in sorted(listing.directories, reverse=True)]
            names = set()
            for below, facts in listing.files.items():
                name = joined(directory, below)
                names.add(name)
                if self._hashes.of(self._top / name) != facts[0]:
                    yield directory, name
            yield from ((directory, name) for name in self._present(directory, listing) if name not in names)

    def _present(self, directory: str, listing: Listing) -> Iterator[str]:
        """Names of everything that lies in the directory and belongs to no directory listed below it."""
        top = self._top / directory
        is_deepest = bool(directory) and depth_of(directory) >= deepest_below(directory)
        for folder, folders, files in os.walk(top):
            here = Path(folder).relative_to(self._top).as_posix()
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            if Path(folder) == top and not is_deepest:
                folders[:] = [name for name in folders if name not in listing.directories]
            if not here.strip("."):
                folders[:] = [name for name in folders if name != FOLDER]
            for name in sorted([*files, *links]):
                if not _is_being_written(Path(folder, name)):
                    yield name if here == "." else f"{here}/{name}"

    def _confirmed(self, doubts: list[Doubt]) -> Iterator[Finding]:
        """Those that still differ after a few looks at files, root and intents."""
        findings = dict[Doubt, Finding]()
        for attempt in range(_TRIES):
            if attempt:
                self._pause(_PAUSE)
            intended = self._manifest.intended()
            findings = {doubt: finding for doubt in doubts if (finding := self._checked(*doubt, intended))}
            doubts = list(findings)
            if not doubts:
                break
        yield from findings.values()

    def _checked(self, directory: str, name: str, intended: Mapping[str, set[str]]) -> Finding | None:
        listing = self._manifest.listing(directory)
        start = len(directory) + 1 if directory else 0
        facts = listing.files.get(name[start:]) if listing is not None else None
        wanted = facts[0] if facts is not None else ""
        found = self._hashes.of(self._top / name)
        if found == wanted or found in intended.get(name, ()):
            return None
        kind: Kind = "missing" if not found else "changed" if wanted else "extra"
        return Finding(self._top.name, name, kind)


def _is_being_written(file: Path) -> bool:
    """A publisher's half-written file, by its name; an old one is none any more."""
    if not (file.name.startswith(".") and file.name.endswith(".tmp")):
        return False
    try:
        return time.time() - file.lstat().st_mtime < _BEING_WRITTEN
    except FileNotFoundError:
        return True
