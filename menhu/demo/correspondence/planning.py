"""Which letters are refused, returned, shared, urged, rated …: exact shares dealt before anything is written."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from menhu.demo.correspondence.texts import LetterFate
from menhu.demo.correspondence.timing import FINISHED, fates, moments

REFUSED_SHARE = 0.04
WRONG_SHARE = 0.06
PARTNER_SHARE = 0.12
SUPPLEMENT_SHARE = 0.08
RATED_SHARE = 0.62
REOPENED_SHARE = 0.05
INSTRUCTION_SHARE = 0.05
URGE_SHARE = 0.06
DUPLICATE_SHARE = 0.05
STAR_SHARES = ((5, 0.38), (4, 0.27), (3, 0.2), (2, 0.09), (1, 0.06))
HAPPY = 4
# A duplicate can only follow letters that came before it.
FIRST_DUPLICATE = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about one letter before it is written."""

    index: int
    at: datetime
    fate: LetterFate
    is_wrong: bool
    has_partners: bool
    has_supplement: bool
    rating: int | None
    is_reopened: bool
    has_instruction: bool
    is_urged: bool
    is_duplicate: bool


def dealt(rng: random.Random, among: Sequence[int], amount: float) -> frozenset[int]:
    """Draw so many of the numbers, all different."""
    return frozenset(rng.sample(list(among), min(round(amount), len(among))))


def stars(rng: random.Random, among: Sequence[int]) -> dict[int, int]:
    """Deal ratings in their exact shares to letters."""
    order = rng.sample(list(among), len(among))
    found: dict[int, int] = {}
    first = 0.0
    for star, share in STAR_SHARES:
        last = first + share * len(order)
        found.update(dict.fromkeys(order[round(first) : round(last)], star))
        first = last
    return found


def ratings(rng: random.Random, states: Sequence[LetterFate]) -> dict[int, int]:
    """Ratings of letters: all that stand as rated, and enough of the closed ones to make up the share."""
    rated = [index for index, fate in enumerate(states) if fate == "rated"]
    closed = [index for index, fate in enumerate(states) if fate == "closed"]
    finished = sum(fate in FINISHED for fate in states)
    more = dealt(rng, closed, max(0.0, finished * RATED_SHARE - len(rated)))
    return stars(rng, sorted({*rated, *more}))


def plans(rng: random.Random, count: int, start: date, end: date) -> list[Plan]:
    """Decide about count letters between two days, in order of time."""
    times = moments(rng, count, start, end)
    everything = range(count)
    states = fates(rng, times, end, dealt(rng, everything, count * REFUSED_SHARE))
    taken_on = [index for index in everything if states[index] != "refused"]
    given = ratings(rng, states)
    unhappy = [i for i in everything if states[i] in FINISHED and given.get(i, 0) < HAPPY and states[i] != "answered"]
    wrong = dealt(rng, [i for i in taken_on if states[i] not in {"received", "screened"}], count * WRONG_SHARE)
    partners = dealt(rng, taken_on, count * PARTNER_SHARE)
    supplements = dealt(rng, [i for i in taken_on if states[i] in FINISHED], count * SUPPLEMENT_SHARE)
    reopened = dealt(rng, unhappy, count * REOPENED_SHARE)
    instructions = dealt(rng, taken_on, count * INSTRUCTION_SHARE)
    urged = dealt(rng, taken_on, count * URGE_SHARE)
    duplicates = dealt(rng, [i for i in taken_on if i >= FIRST_DUPLICATE], count * DUPLICATE_SHARE)
    return [
        Plan(
            index=index,
            at=times[index],
            fate="rated" if index in given and states[index] == "closed" else states[index],
            is_wrong=index in wrong or states[index] == "returned",
            has_partners=index in partners,
            has_supplement=index in supplements or states[index] == "asked",
            rating=given.get(index),
            is_reopened=index in reopened,
            has_instruction=index in instructions,
            is_urged=index in urged,
            is_duplicate=index in duplicates,
        )
        for index in everything
    ]
