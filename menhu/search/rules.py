"""Analysis of Chinese text: what is written and what is asked become the same tokens.

A run of Han characters becomes overlapping pairs, one a character, and its last character: so a phrase of pairs stands
in a text exactly where the characters stand, and no part of a run is ever missed. Letters and digits become words as
they are written; brackets and blanks only separate. Words cut by `rjieba` decide how a longer question is taken apart,
run by run, never across signs.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

import rjieba

from menhu.core.script import to_simplified

LONGEST: Final = 100
"""Characters of a question that are looked at."""
LONGEST_WORD: Final = 40
LONGEST_UNCUT: Final = 4
"""A run of so many Han characters is one word of a question."""
PARTICLES: Final = frozenset("的了和与及或在是等之于吗呢吧啊")
"""Words of one character that ask for nothing: not required outside quotes."""
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
    """What was asked: each group must be met by one of its phrases; `exact` is the whole, if it is one phrase.

    `words` are what is marked in a text: those of the question and what the webmaster says means the same.
    """

    groups: tuple[tuple[Phrase, ...], ...]
    exact: Phrase | None
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)


Synonyms = Mapping[str, tuple[str, ...]]
"""Each folded word with the others of its group."""


def question(asked: str, synonyms: Synonyms | None = None) -> Question:
    """Take a question apart: quoted parts as they are, the rest by blanks and then by words."""
    folded = fold(shortened(asked))
    quoted = [part for found in _QUOTED.finditer(folded) for part in found.groups() if part]
    loose = _QUOTED.sub(" ", folded).split()
    known = synonyms or {}
    words = [word for chunk in loose for word in _words(chunk, known)]
    if len(words) + len(quoted) > 1:
        words = [word for word in words if word not in PARTICLES] or words
    wished = [(part,) for part in quoted] + [(word, *known.get(word, ())) for word in words]
    parts = {group: wish for wish in wished if (group := _group(wish))}
    kept = dict(list(parts.items())[:MOST_GROUPS])
    whole = phrase(folded) if len(loose) + len(quoted) == 1 else None
    return Question(tuple(kept), whole, tuple(dict.fromkeys(word for wish in kept.values() for word in wish)))


def shortened(asked: str) -> str:
    """The beginning of a question, so much as is looked at, without a word cut in half at its end."""
    if len(asked) <= LONGEST:
        return asked
    window = asked[: LONGEST + LONGEST_WORD]
    cut = next((run for run in _RUN.finditer(window) if run.start() < LONGEST < run.end()), None)
    if cut is None:
        return asked[:LONGEST]
    borders = _borders(fold(cut[0]), cut.start()) if is_han(cut[0]) else [cut.start()]
    return asked[: max(at for at in borders if at <= LONGEST)].rstrip() or asked[:LONGEST]


def _group(words: Iterable[str]) -> tuple[Phrase, ...]:
    found = (phrase(word) for word in words)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _words(chunk: str, synonyms: Synonyms) -> Iterator[str]:
    """Words of a chunk without blanks: known synonyms as they are, what stands between them run by run."""
    known = list(_known(chunk, synonyms))
    uncut = 1 if known else LONGEST_UNCUT
    at = 0
    for first, last in [*known, (len(chunk), len(chunk))]:
        for run in runs(chunk[at:first]):
            yield from _cut(run) if is_han(run) and len(run) > uncut else [run]
        if first < last:
            yield chunk[first:last]
        at = last


def _cut(run: str) -> list[str]:
    """Words of a run without particles; other single characters, which alone say little, joined to a neighbour."""
    found: list[str] = []
    is_open = False
    for word in rjieba.cut(run):
        if word in PARTICLES:
            is_open = False
        elif is_open and (len(word) == 1 or len(found[-1]) == 1):
            found[-1] += word
        else:
            found.append(word)
            is_open = True
    return found or [run]


def _known(chunk: str, synonyms: Synonyms) -> Iterator[tuple[int, int]]:
    """Where synonyms stand in a chunk, the longest first where several begin; never a part of two words at once."""
    longest = max(map(len, synonyms), default=0)
    borders = _word_borders(chunk) if longest else set()
    at = 0
    while at < len(chunk):
        ends = range(min(at + longest, len(chunk)), at, -1)
        last = next((end for end in ends if chunk[at:end] in synonyms and _may_stand(chunk, at, end, borders)), 0)
        if last:
            yield at, last
        at = last or at + 1


def _may_stand(chunk: str, first: int, last: int, borders: set[int]) -> bool:
    """Whether a part is one or more words, or lies within a word of Han characters."""
    if first in borders and last in borders:
        return True
    is_within = last - first > 1 and not any(at in borders for at in range(first + 1, last))
    return is_within and all(map(is_han, chunk[first:last]))


def _word_borders(text: str) -> set[int]:
    found = {0, len(text)}
    for run in _RUN.finditer(text):
        found.update(_borders(run[0], run.start()) if is_han(run[0]) else run.span())
    return found


def _borders(run: str, start: int) -> list[int]:
    """Where the words of a run of Han characters begin and end, the run itself beginning at `start`."""
    return list(accumulate((len(word) for word in rjieba.cut(run)), initial=start))


def pieces(text: str) -> Iterator[str]:
    """A long text in overlapping pieces of bounded length."""
    step = PIECE - OVERLAP
    yield text[:PIECE]
    for at in range(step, len(text) - OVERLAP, step):
        yield text[at : at + PIECE]


def document_number(published: int, sequence: int) -> int:
    """A number that rises with the time of publication (seconds since 1970), so that newest first is by number."""
    return (max(published, 0) << 24) | (sequence & 0xFFFFFF)


Span = tuple[int, int, int]
"""Where a word stands in a text, and which of the words it is."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, cut into pieces that are marked or not."""

    pieces: tuple[tuple[str, bool], ...]


def excerpt(text: str, words: Iterable[str], length: int = EXCERPT) -> Excerpt:
    """Where most of the words stand together in a text, with the words marked as they are written there."""
    folded, places = _with_places(text)
    found = sorted(_spans(folded, places, [word for word in words if word]))
    lead = length // 4
    start = max(_densest(found, length - lead) - lead, 0) if len(text) > length else 0
    end = min(start + length, len(text))
    shown = [("…", False)] if start else []
    at = start
    for first, last in _merged(found):
        if first >= end or last <= at:
            continue
        shown += [(text[at : max(first, at)], False), (text[max(first, at) : min(last, end)], True)]
        at = min(last, end)
    shown += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return Excerpt(tuple(piece for piece in shown if piece[0]))


def _densest(spans: Sequence[Span], length: int) -> int:
    """Where the first stretch of a length begins that holds most of the words; 0 without any."""
    best, most, until = 0, 0, 0
    words = len({word for _, _, word in spans})
    for at, (first, _, _) in enumerate(spans):
        while until < len(spans) and (spans[until][0] <= first or spans[until][1] <= first + length):
            until += 1
        held = len({word for _, _, word in spans[at:until]})
        if held > most:
            best, most = first, held
        if most == words:
            break
    return best


def _merged(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Spans that touch or overlap as one."""
    start = end = -1
    for first, last, _ in spans:
        if first > end:
            if end > start:
                yield start, end
            start = first
        end = max(end, last)
    if end > start:
        yield start, end


def _with_places(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the place in the text; None where they are the same."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, None
    return folded, [at for at, character in enumerate(text) for _ in fold(character)]


def _spans(folded: str, places: list[int] | None, words: list[str]) -> Iterator[Span]:
    for number, word in enumerate(words):
        for found in re.finditer(re.escape(word), folded):
            first, last = found.start(), found.end() - 1
            yield (first, last + 1, number) if places is None else (places[first], places[last] + 1, number)
