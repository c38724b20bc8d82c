"""Analysis of Chinese text: what is written and what is asked become the same tokens.

A run of Han characters becomes overlapping pairs, one a character, and its last character: so a phrase of pairs stands
in a text exactly where the characters stand, and no part of a run is ever missed. Letters and digits become words as
they are written; brackets and blanks only separate. Words cut by `rjieba` decide how a longer question is taken apart.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import rjieba

from menhu.core.script import to_simplified

LONGEST: Final = 100
"""Characters of a question that are looked at."""
MOST_GROUPS: Final = 12
EXCERPT: Final = 110
PIECE: Final = 20_000
OVERLAP: Final = 128

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+|[^\s\w]")
_QUOTED: Final = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』')


class _Folding(dict[int, str]):
    """Character by character, so that a part of a text folds as it does within the whole."""

    def __missing__(self, code: int) -> str:
        character = unicodedata.normalize("NFKC", chr(code)).casefold()
        folded = "".join(_simplified().get(one, one) for one in character)
        self[code] = folded
        return folded


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters, each taken by itself: what "頭髮" and "发" have in common must not hang on neighbours."""
    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    simple = to_simplified("\n".join(characters)).split("\n")
    return {one: other for one, other in zip(characters, simple, strict=True) if one != other and len(other) == 1}


_folding: Final = _Folding()


def fold(text: str) -> str:
    """Simplified, half-width, small letters. May be longer than the text (㎡ → m2), never depends on neighbours."""
    return text.translate(_folding)


def runs(folded: str) -> Iterator[str]:
    """Han runs, words of letters or digits, and single signs that somebody may look for (emoji, ℃, ＋)."""
    for found in _RUN.finditer(folded):
        run = found[0]
        if is_han(run) or run[0].isalnum() or _is_sign(run[0]):
            yield run


def _is_sign(character: str) -> bool:
    return ord(character) > 0x7F and unicodedata.category(character)[0] == "S"


def is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff" or run[0] >= "\U00020000" or run[0] == "〇"


def tokens(folded: str) -> Iterator[str]:
    """The tokens of a text, in order."""
    for run in runs(folded):
        if is_han(run):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield run[-1]
        else:
            yield run


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other; `is_open` when the last is only the beginning of one (a single Han character).

    `text` is the same as it stands in a `skeleton`.
    """

    tokens: tuple[str, ...]
    is_open: bool
    text: str


def phrase(folded: str) -> Phrase | None:
    """What must stand in a text that holds these characters; None where there is nothing to look for."""
    parts = list(runs(folded))
    if not parts:
        return None
    last = parts[-1]
    found = [token for run in parts[:-1] for token in tokens(run)]
    is_open = is_han(last) and len(last) == 1
    found += [last] if not is_han(last) or is_open else [last[at : at + 2] for at in range(len(last) - 1)]
    start = "" if is_han(parts[0]) else " "
    end = "" if is_han(last) else " "
    return Phrase(tuple(found), is_open, f"{start}{' '.join(parts)}{end}")


def skeleton(folded: str) -> str:
    """The runs of a text between single blanks: a phrase's `text` is found in it as a plain substring."""
    return f" {' '.join(runs(folded))} "


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: each group must be met by one of its phrases; `exact` is the whole, if it is one phrase."""

    groups: tuple[tuple[Phrase, ...], ...]
    exact: Phrase | None
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)


def question(asked: str, synonyms: dict[str, tuple[str, ...]] | None = None) -> Question:
    """Take a question apart: quoted parts as they are, the rest by blanks and then by words."""
    folded = fold(asked[:LONGEST])
    quoted = [part for found in _QUOTED.finditer(folded) for part in found.groups() if part]
    loose = _QUOTED.sub(" ", folded).split()
    words = list(dict.fromkeys([*quoted, *(word for chunk in loose for word in _words(chunk))]))[:MOST_GROUPS]
    groups = tuple(group for word in words if (group := _group(word, synonyms or {})))
    whole = phrase(folded) if len(loose) + len(quoted) == 1 else None
    return Question(groups, whole, tuple(word for word in words if phrase(word)))


def _group(word: str, synonyms: dict[str, tuple[str, ...]]) -> tuple[Phrase, ...]:
    found = (phrase(each) for each in (word, *synonyms.get(word, ())))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _words(chunk: str) -> Iterator[str]:
    """Words of a chunk, single characters joined to the word before: alone they would say nothing."""
    found: list[str] = []
    for run in runs(chunk):
        if not is_han(run) or len(run) <= 4:
            found.append(run)
            continue
        for word in rjieba.cut(run):
            if len(word) == 1 and found and is_han(found[-1]):
                found[-1] += word
            else:
                found.append(word)
        if len(found) > 1 and len(found[0]) == 1 and is_han(found[1]):
            found[:2] = [found[0] + found[1]]
    yield from found


def pieces(text: str) -> Iterator[str]:
    """A long text in overlapping pieces of bounded length."""
    step = PIECE - OVERLAP
    yield text[:PIECE]
    for at in range(step, len(text) - OVERLAP, step):
        yield text[at : at + PIECE]


def document_number(published: int, sequence: int) -> int:
    """A number that rises with the time of publication (seconds since 1970), so that newest first is by number."""
    return (max(published, 0) << 24) | (sequence & 0xFFFFFF)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, cut into pieces that are marked or not."""

    pieces: tuple[tuple[str, bool], ...]


def excerpt(text: str, words: Iterable[str], length: int = EXCERPT) -> Excerpt:
    """Where the words first stand together in a text, with the words marked as they are written there."""
    folded, places = _with_places(text)
    spans = sorted(_spans(folded, places, [word for word in words if word]))
    start = max(spans[0][0] - length // 4, 0) if spans and len(text) > length else 0
    end = min(start + length, len(text))
    shown = [("…", False)] if start else []
    at = start
    for first, last in spans:
        if first >= end or last <= at:
            continue
        shown += [(text[at : max(first, at)], False), (text[max(first, at) : min(last, end)], True)]
        at = min(last, end)
    shown += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return Excerpt(tuple(piece for piece in shown if piece[0]))


def _with_places(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the place in the text; None where they are the same."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, None
    return folded, [at for at, character in enumerate(text) for _ in fold(character)]


def _spans(folded: str, places: list[int] | None, words: list[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        for found in re.finditer(re.escape(word), folded):
            first, last = found.start(), found.end() - 1
            yield (first, last + 1) if places is None else (places[first], places[last] + 1)
