"""Addresses of sites and columns, and lines that people type: plain Python."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

MAX_COLUMN_DEPTH = 3
MAX_SECTIONS = 8
# First segments that pages of every site, or of the platform, already have.
RESERVED = frozenset(
    {
        "office",
        "static",
        "files",
        "sites",
        "map",
        "api",
        "hant",
        "proof",
        "my",
        "search",
        "style-guide",
        "accessibility",
        "privacy",
        "archive",
    }
)
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
_BARS = re.compile(r"[|｜]")
_SAFE_STARTS = ("/", "#", "https://", "http://")


class SlugFault(StrEnum):
    """Why a slug cannot be part of an address."""

    SHAPE = "shape"
    RESERVED = "reserved"


def slug_fault(slug: str) -> SlugFault | None:
    """What is wrong with a slug; a leading letter also keeps it apart from years and month pages."""
    if not _SLUG.fullmatch(slug) or slug.endswith("-"):
        return SlugFault.SHAPE
    return SlugFault.RESERVED if slug in RESERVED else None


def column_path(parent_path: str, slug: str) -> str:
    """The path of a column within its site: column_path("/zwgk/", "tzgg") == "/zwgk/tzgg/"."""
    return f"{parent_path or '/'}{slug}/"


def depth_of(path: str) -> int:
    """How deep a column lies: 1 for "/zwgk/"."""
    return path.count("/") - 1


def parent_path(path: str) -> str:
    """The path above: "/zwgk/" for "/zwgk/tzgg/", "/" for "/zwgk/"."""
    return path[: path.rstrip("/").rfind("/") + 1]


def is_safe_link(address: str) -> bool:
    """Whether an address may stand in a public page: our own path, an anchor, or http(s)."""
    return address.startswith(_SAFE_STARTS) and not address.startswith("//") and not re.search(r"[\s<>\"]", address)


def split_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The filled lines of a text with their numbers, each cut at its bars: "名称 | 网址"."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, [part.strip() for part in _BARS.split(line)]


def join_line(parts: Sequence[str]) -> str:
    """A line as `split_lines` reads it, without empty parts at its end."""
    kept = [part.replace("|", "｜") for part in parts]
    while kept and not kept[-1]:
        kept.pop()
    return " | ".join(kept)
