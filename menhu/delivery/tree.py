"""The public tree: one file a page below PUBLIC_ROOT/<host>/, written whole or not at all."""

import filecmp
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from menhu.delivery.rules import file_path, is_host, page_path
from menhu.delivery.sources import Address, Rendered

_MADE_ANEW: Final = 5  # a neighbour's clean-up may take away the directory just made
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Staged:
    """A file ready to be put in its place by one rename; without `temporary` the right bytes stand there already."""

    final: Path
    temporary: Path | None


def root() -> Path:
    return Path(settings.PUBLIC_ROOT)


def locate(address: Address) -> Path | None:
    """The file of an address; None where no file may stand (bad host, "..", hidden or over-long names)."""
    relative = file_path(address.path)
    if relative is None or not is_host(address.host):
        return None
    return root() / address.host / relative


def stage(final: Path, rendered: Rendered, by: str) -> Staged:
    """Write and sync the bytes beside their place under a hidden name that holds the writer's; raises OSError."""
    if _holds(final, rendered):
        return Staged(final, None)
    temporary = final.with_name(f".{final.name}.{by}.tmp")
    descriptor = _open_anew(temporary)
    try:
        with open(descriptor, "wb") as file:
            for piece in _pieces(rendered):
                file.write(piece)
            file.flush()
            if settings.PUBLIC_FSYNC:
                os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return Staged(final, temporary)


def _pieces(rendered: Rendered) -> Iterator[bytes]:
    if rendered.file is None:
        yield rendered.body
        return
    with rendered.file.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _holds(final: Path, rendered: Rendered) -> bool:
    """Whether the right bytes stand there already; then the file and its date are left alone."""
    try:
        if rendered.file is not None:
            return final.is_file() and filecmp.cmp(final, rendered.file, shallow=False)
        return final.stat().st_size == len(rendered.body) and final.read_bytes() == rendered.body
    except OSError:
        return False


def fingerprint(rendered: Rendered) -> tuple[str, int]:
    """SHA-256 and size of what is published."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(rendered):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _open_anew(path: Path) -> int:
    for attempt in range(_MADE_ANEW):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        except FileNotFoundError:
            if attempt == _MADE_ANEW - 1:
                raise
    raise AssertionError("unreachable")


def put(staged: Staged) -> None:
    """Let the staged file take its place at once; readers see the old or the new one, never a part."""
    if staged.temporary is not None:
        staged.temporary.replace(staged.final)


def drop(staged: Staged) -> None:
    """Forget a staged file that is not wanted any more."""
    if staged.temporary is not None:
        staged.temporary.unlink(missing_ok=True)


def remove(final: Path) -> bool:
    """Take a file away for good, and the directories that it leaves empty; whether there was one."""
    try:
        final.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    _sync(final.parent)
    prune(final.parent)
    return True


def _sync(directory: Path) -> None:
    """A retracted page must not come back after a power cut."""
    if settings.PUBLIC_FSYNC:
        with suppress(OSError):
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def prune(directory: Path) -> None:
    """Remove empty directories from here upwards, never the root of a host."""
    top = root()
    while directory.parent != top and top in directory.parents:
        try:
            directory.rmdir()
        except OSError:
            return
        directory = directory.parent


def drop_leftovers(finals: Iterable[Path], by: str) -> None:
    """Remove what a publisher that died left half-written beside these files."""
    for final in finals:
        final.with_name(f".{final.name}.{by}.tmp").unlink(missing_ok=True)


def hosts() -> list[str]:
    """The hosts that have a directory."""
    if not root().is_dir():
        return []
    return sorted(entry.name for entry in os.scandir(root()) if entry.is_dir(follow_symlinks=False))


def walk(host: str) -> Iterator[tuple[Address | None, Path]]:
    """Every file of a host with the address it stands for; None for a file that no page can own (a leftover)."""
    top = root() / host
    for folder, names, files in os.walk(top):
        names.sort()
        for name in sorted(files):
            path = Path(folder) / name
            yield _address_of(host, path.relative_to(top).as_posix()), path


def _address_of(host: str, relative: str) -> Address | None:
    path = page_path(relative)
    return Address(host, path) if file_path(path) == relative else None
