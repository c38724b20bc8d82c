"""Which of many texts are most like one: overlap of pairs of characters, rare pairs counting more."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

LONGEST: Final = 400
"""Characters of a text that are looked at: what it is about stands at its beginning."""
LEAST_LIKE: Final = 0.1
"""Below this two letters have little more than their courtesies in common."""
LEAST_WEIGHT: Final = 0.5
"""Of a pair that stands in every text."""

Pairs = frozenset[str]


def pairs_of(text: str) -> Pairs:
    """The overlapping pairs of letters and digits, signs and blanks apart."""
    plain = [character if character.isalnum() else " " for character in text[:LONGEST].casefold()]
    return frozenset(first + second for first, second in pairwise(plain) if first != " " and second != " ")


def most_alike(wanted: Pairs, texts: Mapping[int, Pairs], most: int) -> list[int]:
    """Keys of the texts most like `wanted`, the likest first; none that has little in common with it.

    Likeness is the weight of the pairs in common over the mean (geometric) of the weights of both, 0 to 1.
    """
    spread = Counter(pair for pairs in texts.values() for pair in pairs)

    def weight(pairs: Iterable[str]) -> float:
        return math.fsum(math.log((2 + len(texts)) / (1 + spread[pair])) + LEAST_WEIGHT for pair in pairs)

    own, found = weight(wanted), []
    for key, pairs in texts.items():
        common = pairs & wanted
        likeness = weight(common) / math.sqrt(own * weight(pairs)) if common else 0
        if likeness >= LEAST_LIKE:
            found.append((-likeness, -key))
    return [-key for _likeness, key in sorted(found)[:most]]
