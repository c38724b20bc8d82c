"""Differences between two texts, paragraph by paragraph and character by character: plain Python."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset(
    {"address", "article", "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
CELLS: Final = frozenset({"td", "th"})
CLOSE_ENOUGH: Final = 0.35  # paragraphs less alike than this are shown as one gone and one come
LONG: Final = 3_000  # characters; beyond it sentences are compared instead of characters


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    change: Change
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its name in the editor and its changed paragraphs."""

    label: str
    lines: tuple[Line, ...]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag == "br":
            self.parts.append("\n")
        elif tag in CELLS:
            self.parts.append("｜")
        elif tag == "img":
            given = dict(attrs)
            self.parts.append(f"［图片：{given.get('alt') or ''} {given.get('src') or ''}］")
        elif tag == "a" and (address := dict(attrs).get("href")):
            self.parts.append(f"［链接：{address}］")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """The words of an HTML fragment, a paragraph a line; pictures are named by description and address."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "\n".join(line for line in (part.strip() for part in "".join(reader.parts).split("\n")) if line)


def compare(old: str, new: str) -> tuple[Line, ...]:
    """The paragraphs that changed, went or came; those that stayed are left out."""
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    lines: list[Line] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag != "equal":
            lines.extend(_block(before[a0:a1], after[b0:b1]))
    return tuple(lines)


def _block(gone: Sequence[str], come: Sequence[str]) -> Iterator[Line]:
    for number in range(max(len(gone), len(come))):
        old, new = (part[number] if number < len(part) else "" for part in (gone, come))
        yield from _pair(old, new)


def _pair(old: str, new: str) -> Iterator[Line]:
    before, after = _units(old, new)
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    if old and new and matcher.ratio() >= CLOSE_ENOUGH:
        yield tuple(_pieces(matcher.get_opcodes(), before, after))
        return
    if old:
        yield (Piece(Change.GONE, old),)
    if new:
        yield (Piece(Change.COME, new),)


def _units(old: str, new: str) -> tuple[list[str], list[str]]:
    """What is matched: characters, or sentences where characters would take too long."""
    if max(len(old), len(new)) <= LONG:
        return list(old), list(new)
    return re.split(r"(?<=[。！？；])", old), re.split(r"(?<=[。！？；])", new)


def _pieces(opcodes: Sequence[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, a0, a1, b0, b1 in opcodes:
        if tag == "equal":
            yield Piece(Change.SAME, "".join(before[a0:a1]))
            continue
        if a1 > a0:
            yield Piece(Change.GONE, "".join(before[a0:a1]))
        if b1 > b0:
            yield Piece(Change.COME, "".join(after[b0:b1]))
