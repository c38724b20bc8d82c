"""The public tree: the files of each page below PUBLIC_ROOT/<host>/, each written whole or not at all."""

import filecmp
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from menhu.delivery.bundles import Part
from menhu.delivery.manifest.layout import FOLDER as MANIFEST
from menhu.delivery.rules import bundle_names, bundle_owner, file_path, is_host, page_path
from menhu.delivery.sources import Address

_MADE_ANEW: Final = 5  # a neighbour's clean-up may take away the directory just made


@dataclass(frozen=True, slots=True)
class StagedPart:
    """A file ready to be put in its place by one rename; without `temporary` the right bytes stand there already."""

    final: Path
    temporary: Path | None


@dataclass(frozen=True, slots=True)
class Staged:
    """A whole bundle ready to be put in its place; `absent` are names of the page that it does not use (any more)."""

    parts: tuple[StagedPart, ...]
    absent: tuple[Path, ...]


def root() -> Path:
    return Path(settings.PUBLIC_ROOT)


def locate(address: Address) -> Path | None:
    """The file of an address; None where no file may stand (bad host, "..", hidden or over-long names)."""
    relative = file_path(address.path)
    if relative is None or not is_host(address.host):
        return None
    return root() / address.host / relative


def locate_all(address: Address) -> tuple[Path, ...]:
    """Every file that the page of an address may have, the page itself first; none where no file may stand."""
    relative = file_path(address.path)
    if relative is None or not is_host(address.host):
        return ()
    return tuple(root() / address.host / name for name in bundle_names(relative))


def stage(address: Address, parts: Sequence[Part], by: str) -> Staged:
    """Write and sync the parts beside their places under hidden names that hold the writer's.

    Raises OSError (a full disk), or ValueError where no file may stand; then nothing is left behind.
    """
    may_have = locate_all(address)
    if not may_have:
        raise ValueError("no file may stand at this address")
    top, staged = root() / address.host, list[StagedPart]()
    try:
        staged.extend(_stage_part(top / part.name, part, by) for part in parts)
    except BaseException:
        _drop_parts(staged)
        raise
    names = {part.final for part in staged}
    return Staged(tuple(staged), tuple(path for path in may_have if path not in names))


def _stage_part(final: Path, part: Part, by: str) -> StagedPart:
    if _holds(final, part):
        return StagedPart(final, None)
    temporary = final.with_name(f".{final.name}.{by}.tmp")
    descriptor = _open_anew(temporary)
    try:
        with open(descriptor, "wb") as file:
            for piece in part.pieces():
                file.write(piece)
            file.flush()
            if settings.PUBLIC_FSYNC:
                os.fsync(file.fileno())
    except BaseException:
        _drop_parts([StagedPart(final, temporary)])
        raise
    return StagedPart(final, temporary)


def _holds(final: Path, part: Part) -> bool:
    """Whether the right bytes stand there already; then the file and its date are left alone."""
    try:
        if part.source is not None:
            return final.is_file() and filecmp.cmp(final, part.source, shallow=False)
        return final.stat().st_size == len(part.body) and final.read_bytes() == part.body
    except OSError:
        return False


def _open_anew(path: Path) -> int:
    for _ in range(_MADE_ANEW):
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)


def put(staged: Staged) -> None:
    """Let the staged files take their places at once; of each, readers see the old or the new one, never a part."""
    for part in staged.parts:
        if part.temporary is not None:
            part.temporary.replace(part.final)
    remove(staged.absent)


def drop(staged: Staged) -> None:
    """Forget staged files that are not wanted any more."""
    _drop_parts(staged.parts)


def _drop_parts(parts: Iterable[StagedPart]) -> None:
    """A disk that refuses even this keeps the reason why they are not wanted from being told."""
    for part in parts:
        if part.temporary is not None:
            with suppress(OSError):
                part.temporary.unlink(missing_ok=True)


def remove(files: Iterable[Path]) -> int:
    """Take files away for good, and the directories that they leave empty; returns how many there were.

    One that cannot be removed keeps no other: the first OSError is raised when all were tried.
    """
    removed, refused = [], []
    for file in files:
        try:
            file.unlink()
            removed.append(file)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            refused.append(error)
    for directory in dict.fromkeys(file.parent for file in removed):
        _sync(directory)
        prune(directory)
    if refused:
        raise refused[0]
    return len(removed)


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
    """Remove what a publisher that died left half-written beside these files, as far as the disk allows."""
    for final in finals:
        with suppress(OSError):
            final.with_name(f".{final.name}.{by}.tmp").unlink(missing_ok=True)


def hosts() -> list[str]:
    """The hosts that have a directory."""
    if not root().is_dir():
        return []
    return sorted(entry.name for entry in os.scandir(root()) if entry.is_dir(follow_symlinks=False))


def walk(host: str) -> Iterator[tuple[Address | None, Path]]:
    """Every file of a host but its manifest, with the address of its page; None for one that no page can own."""
    top = root() / host
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if (folder, name) != (str(top), MANIFEST))
        for name in sorted(files):
            path = Path(folder) / name
            yield _address_of(host, path.relative_to(top).as_posix()), path


def _address_of(host: str, relative: str) -> Address | None:
    file = bundle_owner(relative)
    path = page_path(file)
    return Address(host, path) if file_path(path) == file else None
