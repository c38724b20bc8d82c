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
# A duplicate follows a letter that came a few days before it.
DUPLICATE_DAYS, DUPLICATE_REACH = 6, 14
FOLLOWED: frozenset[LetterFate] = FINISHED | {"handling", "asked", "drafted"}
IN_HAND: tuple[LetterFate, ...] = ("handling",)
# What happens besides to how many of the answered letters; at least one has each.
EXTRA_SHARES: dict[str, float] = {
    "granted": 0.03,
    "denied": 0.012,
    "complex": 0.02,
    "split": 0.012,
    "sent_back": 0.03,
    "supervised": 0.015,
    "withdrawn": 0.012,
    "model": 0.04,
    "account": 0.02,
    "file": 0.015,
}
PROGRESS_SHARE = 0.15
# Kinds that chance alone would seldom bring: so many finished letters of each, and one petition still in hand.
RARE_KINDS = ("petition", "investment", "error", "report")
RARE_LETTERS = 2


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
    duplicate_of: int | None
    extras: frozenset[str]
    kind: str


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


def duplicates(
    rng: random.Random, times: Sequence[datetime], states: Sequence[LetterFate], most: int
) -> dict[int, int]:
    """Which letters repeat which earlier one: all that stand merged, and finished ones after a finished one."""
    found: dict[int, int] = {}
    for index in rng.sample(range(len(times)), len(times)):
        if states[index] not in {*FINISHED, "merged"} or (len(found) >= most and states[index] != "merged"):
            continue
        near = [
            j for j in range(max(0, index - DUPLICATE_REACH), index) if (times[index] - times[j]).days < DUPLICATE_DAYS
        ]
        near = near if states[index] != "merged" else list(range(max(0, index - DUPLICATE_REACH), index))
        near = [j for j in near if j not in found and may_be_followed(states[j], states[index])]
        if near and index not in found.values():
            found[index] = near[-1] if states[index] == "merged" else rng.choice(near)
    return found


def may_be_followed(original: LetterFate, duplicate: LetterFate) -> bool:
    """Whoever follows an open letter stands merged; whoever follows a finished one got its answer."""
    return original in FOLLOWED - FINISHED if duplicate == "merged" else original in FINISHED


def extras(rng: random.Random, among: Sequence[int], standing: Sequence[int], count: int) -> dict[int, set[str]]:
    """Deal what happens besides: steps of the way to answered letters, some of them to those still in hand."""
    found: dict[int, set[str]] = {index: set() for index in range(count)}
    for name, share in EXTRA_SHARES.items():
        for index in dealt(rng, among, max(1.0, count * share)):
            found[index].add(name)
    for index in dealt(rng, among, count * PROGRESS_SHARE):
        found[index].add("progress")
    for index, name in zip(standing, ("open", "supervised", "granted", "complex"), strict=False):
        found[index].update((name, "progress"))
    return found


def rare_kinds(rng: random.Random, done: Sequence[int], in_hand: Sequence[int]) -> dict[int, str]:
    """Which letters must be of a kind that is seldom drawn."""
    chosen = rng.sample(list(done), min(len(done), RARE_LETTERS * len(RARE_KINDS)))
    kinds = {index: RARE_KINDS[place % len(RARE_KINDS)] for place, index in enumerate(chosen)}
    return {**kinds, **dict.fromkeys(in_hand[:1], RARE_KINDS[0])}


def plans(rng: random.Random, count: int, start: date, end: date) -> list[Plan]:
    """Decide about count letters between two days, in order of time."""
    times = moments(rng, count, start, end)
    everything = range(count)
    states = fates(rng, times, end, dealt(rng, everything, count * REFUSED_SHARE))
    followed = duplicates(rng, times, states, round(count * DUPLICATE_SHARE))
    taken_on = [index for index in everything if states[index] != "refused" and index not in followed]
    given = ratings(rng, states)
    done = [index for index in taken_on if states[index] in FINISHED]
    in_hand = [index for index in taken_on if states[index] in IN_HAND]
    unhappy = [index for index in done if given.get(index, 0) < HAPPY and states[index] != "answered"]
    unhappy = [index for index in unhappy if index not in followed.values()]
    assigned = [index for index in taken_on if states[index] not in {"received", "screened", "merged"}]
    wrong = dealt(rng, assigned, count * WRONG_SHARE)
    partners = dealt(rng, taken_on, count * PARTNER_SHARE)
    supplements = dealt(rng, done, count * SUPPLEMENT_SHARE)
    reopened = dealt(rng, unhappy, max(1, count * REOPENED_SHARE))
    instructions = dealt(rng, assigned, count * INSTRUCTION_SHARE)
    urged = dealt(rng, assigned, count * URGE_SHARE)
    more = extras(rng, done, in_hand[::-1], count)
    kinds = rare_kinds(rng, [i for i in done if i not in followed.values()], in_hand)
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
            duplicate_of=followed.get(index),
            extras=frozenset(more[index]),
            kind=kinds.get(index, ""),
        )
        for index in everything
    ]
