"""Finding personal data in a text and proposing its public copy."""

import bisect
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from menhu.core.personal.addresses import homes
from menhu.core.personal.folding import HAN, bare, fold
from menhu.core.personal.kinds import KINDS, Candidate, Kind
from menhu.core.personal.masks import published
from menhu.core.personal.names import given_names, introduced_names
from menhu.core.personal.numbers import numbers

_SHORTEST_ALLOWED_ENDING = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters start to end (exclusive) of a text, what they are, and the mask proposed for a public copy."""

    kind: Kind
    start: int
    end: int
    text: str
    proposal: str
    is_certain: bool = True


def find(text: str, *, names: Collection[str] = (), allowed: Collection[str] = ()) -> list[Finding]:
    """Personal data in order, without overlaps.

    `names` are known names (the sender's), found wherever they stand. What is `allowed` (telephones, addresses and
    staff of offices) is never found: numbers however they are written, other texts as they are.
    """
    folded = fold(text)
    candidates = list(numbers(folded))
    candidates += homes(folded)
    introduced = list(introduced_names(folded, candidates))
    learned = {folded[name.start : name.end] for name in introduced if name.is_certain or name.end - name.start > 2}
    candidates += introduced
    candidates += given_names(folded, {*names, *learned})
    if candidates and allowed:
        permitted = _Allowed(folded, frozenset(allowed))
        candidates = [candidate for candidate in candidates if candidate not in permitted]
    return [_finding(text, place) for place in _merged(candidates)]


def propose(text: str, findings: Iterable[Finding]) -> str:
    """The text with each finding replaced by its proposal. Findings in order, of this very text."""
    parts, done = [], 0
    for finding in findings:
        parts += [text[done : finding.start], finding.proposal]
        done = finding.end
    return "".join([*parts, text[done:]])


def _finding(text: str, place: Candidate) -> Finding:
    found = text[place.start : place.end]
    return Finding(place.kind, place.start, place.end, found, published(place.kind, found), place.is_certain)


def _weight(place: Candidate) -> tuple[int, int]:
    """The longer one says what a place is; of equals the one that comes first among the kinds."""
    return place.end - place.start, -KINDS.index(place.kind)


def _merged(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Where candidates overlap, one for all their characters, of the longest one's kind: no rest may stay readable."""
    longest: Candidate | None = None
    end = start = 0
    for candidate in sorted(candidates, key=lambda place: (place.start, -place.end)):
        if longest is not None and candidate.start < end:
            longest = max(longest, candidate, key=_weight)
            end = max(end, candidate.end)
            continue
        if longest is not None:
            yield longest._replace(start=start, end=end)
        longest, start, end = candidate, candidate.start, candidate.end
    if longest is not None:
        yield longest._replace(start=start, end=end)


@lru_cache(maxsize=16)
def _plain(allowed: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Allowed texts folded, and those of them that are numbers in the one bare way of writing."""
    texts = frozenset({fold(item).strip() for item in allowed} - {""})
    return texts, frozenset(bare(item) for item in texts if not re.search(f"[{HAN}]", item))


def _places(folded: str, item: str) -> Iterator[tuple[int, int]]:
    start = folded.find(item)
    while start >= 0:
        yield start, start + len(item)
        start = folded.find(item, start + len(item))


class _Allowed:
    """What may stay: places of allowed texts, and allowed numbers in every way of writing."""

    def __init__(self, folded: str, allowed: frozenset[str]) -> None:
        self.folded = folded
        texts, self.numbers = _plain(allowed)
        spans = sorted(span for item in texts for span in _places(folded, item))
        self.starts = [start for start, _ in spans]
        self.furthest = list(itertools.accumulate((end for _, end in spans), max))

    def __contains__(self, place: Candidate) -> bool:
        number = bare(self.folded[place.start : place.end])
        if place.kind != "name" and self._is_number(number):
            return True
        started = bisect.bisect_right(self.starts, place.start)
        return started > 0 and self.furthest[started - 1] >= place.end

    def _is_number(self, number: str) -> bool:
        return any(
            number == item or (len(number) >= _SHORTEST_ALLOWED_ENDING and item.endswith(number))
            for item in self.numbers
        )
