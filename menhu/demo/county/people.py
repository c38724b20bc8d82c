"""Names of people who do not exist: uncommon surnames with literary given names, never the same pair twice."""

import random
from collections.abc import Iterator

from menhu.demo.county.reading import read_headless

_NAMES = read_headless("menhu.demo.county", "people.txt")
SURNAMES = tuple("".join(_NAMES.lines["surname"]))
GIVEN_NAMES = tuple(" ".join(_NAMES.lines["given"]).split())
# Pairs that happen to be somebody known.
AVOIDED = frozenset({"程文渊", "汪季康", "顾望舒", "戴望舒"})


def unused_names(seed: int, taken: frozenset[str]) -> Iterator[str]:
    """Yield every surname and given name pair once, in an order fixed by the seed, without those taken already."""
    pairs = [surname + given for surname in SURNAMES for given in GIVEN_NAMES]
    random.Random(seed).shuffle(pairs)
    return (name for name in pairs if name not in taken and name not in AVOIDED)
