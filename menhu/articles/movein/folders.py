"""A folder of saved pages: which files are pages, and which files lie beside them. Reads files, writes nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from menhu.articles.movein import reasons
from menhu.articles.movein.attachments import Reference, file_name
from menhu.articles.movein.reading import (
    MAX_BYTES,
    PageReading,
    Verdict,
    read_page,
    refuse_too_large,
    with_missing_files,
)

PAGE_SUFFIXES: Final = frozenset({".html", ".htm", ".shtml", ".xhtml"})
SIDE_FOLDERS: Final = ("_files", ".files")
"""A browser keeps what belongs to page.html in page_files/ (or page.files/)."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that a page refers to and that lies beside it."""

    reference: Reference
    path: Path
    is_image: bool


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of the folder: its name within, the digest of its bytes, what it says, what lies beside it, what not."""

    name: str
    digest: str
    reading: PageReading
    files: tuple[LocalFile, ...] = ()
    missing: tuple[Reference, ...] = ()


def find_pages(root: Path) -> list[Path]:
    """The pages below `root` in order of name; what a browser saved for a page in its own folder is no page."""
    found = (path for path in root.rglob("*") if path.suffix.lower() in PAGE_SUFFIXES and path.is_file())
    return sorted(path for path in found if not _is_side_file(path.relative_to(root)))


def read_pages(root: Path, pages: Sequence[Path]) -> Iterator[FoundPage]:
    """Read page after page; one that cannot be read is refused and stops nobody, one that came before is refused."""
    place = root.resolve()
    seen: dict[str, str] = {}
    for path in pages:
        page = _read(place, path, _name(path, root))
        yield page if page.reading.verdict is Verdict.REFUSED else _unless_repeated(page, seen)


def _unless_repeated(page: FoundPage, seen: dict[str, str]) -> FoundPage:
    """Refuse a page whose bytes or whose address an earlier page of the folder had; remember both."""
    url = page.reading.original_url
    reason = ""
    if page.digest in seen:
        reason = reasons.SAME_CONTENT.format(name=seen[page.digest])
    elif url in seen:
        reason = reasons.SAME_ADDRESS.format(name=seen[url])
    seen.update(dict.fromkeys(filter(None, (page.digest, url)), page.name))
    return replace(page, reading=replace(page.reading, verdict=Verdict.REFUSED, reason=reason)) if reason else page


def _is_side_file(path: Path) -> bool:
    return any(parent.endswith(SIDE_FOLDERS) for parent in path.parts[:-1])


def _name(path: Path, root: Path) -> str:
    # A name that is no valid text on this system still needs one in the report.
    return path.relative_to(root).as_posix().encode("utf-8", "replace").decode("utf-8")


def _read(root: Path, path: Path, name: str) -> FoundPage:
    try:
        if not path.resolve().is_relative_to(root):
            return _refused(name, reasons.OUTSIDE)
        size = path.stat().st_size
        if size > MAX_BYTES:
            return FoundPage(name, "", refuse_too_large(name, size))
        data = path.read_bytes()
    except OSError as error:
        return _refused(name, reasons.UNREADABLE_FILE.format(error=error.strerror or type(error).__name__))
    reading = read_page(data, name=name)
    files, missing = _beside(root, path, reading)
    reading = with_missing_files(reading, [reference.href for reference in missing])
    return FoundPage(name, hashlib.sha256(data).hexdigest(), reading, tuple(files), tuple(missing))


def _refused(name: str, reason: str) -> FoundPage:
    return FoundPage(name, "", PageReading(name, Verdict.REFUSED, reason))


def _beside(root: Path, page: Path, reading: PageReading) -> tuple[list[LocalFile], list[Reference]]:
    files: list[LocalFile] = []
    missing: list[Reference] = []
    wanted = [(reference, True) for reference in reading.images]
    wanted += [(reference, False) for reference in reading.attachments]
    for reference, is_image in wanted:
        path = _find(root, page, reference.href)
        if path is None:
            missing.append(reference)
        else:
            files.append(LocalFile(reference, path, is_image))
    return files, missing


def _find(root: Path, page: Path, href: str) -> Path | None:
    """The file that `href` means, never one outside `root`, whatever the address says."""
    for candidate in _candidates(root, page, href):
        try:
            path = candidate.resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        except (OSError, ValueError, RuntimeError):
            continue
    return None


def _candidates(root: Path, page: Path, href: str) -> Iterator[Path]:
    try:
        parts = urlsplit(href)
    except ValueError:
        return
    path, name = unquote(parts.path), file_name(href)
    if parts.hostname:
        yield root / parts.hostname / path.lstrip("/")
    if parts.hostname or path.startswith("/"):
        yield root / path.lstrip("/")
    else:
        yield page.parent / path
    if name:
        yield from (page.parent / f"{page.stem}{suffix}" / name for suffix in SIDE_FOLDERS)
        yield page.parent / name
