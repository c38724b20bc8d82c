"""When letters come, how long they take and where they stand on the last day."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from menhu.demo.correspondence.texts import LetterFate
from menhu.demo.writing.days import ZONE, is_workday

REST_DAY_WEIGHT = 0.45
HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
HOUR_WEIGHTS = (2, 6, 12, 13, 9, 5, 4, 7, 10, 10, 7, 5, 7, 9, 8, 4, 1)
LAST_DAY_HOURS = (7, 8, 9)
# The newest letters lie in these last days, so that every state is found among them.
RECENT_DAYS = 16
RECENT_LETTERS = 52
RECENT_SHARE = 0.25
RECENT_FATES: tuple[LetterFate, ...] = (
    *("received", "screened", "assigned", "returned", "handling", "merged", "asked", "handling"),
    *("drafted", "answered", "refused", "rated", "closed"),
)
# These are past every limit and still open.
OVERDUE_LETTERS = 6
OVERDUE_SHARE = 0.06
OVERDUE_FATES: tuple[LetterFate, ...] = ("handling", "assigned", "asked")
OVERDUE_DAYS = (26, 50)
FINISHED: frozenset[LetterFate] = frozenset({"answered", "rated", "closed"})
WRITTEN: frozenset[LetterFate] = FINISHED | {"drafted"}
DAYS_BY_KIND = {
    "consultation": (1, 5),
    "error": (1, 3),
    "investment": (1, 5),
    "help": (2, 9),
    "complaint": (3, 10),
    "advice": (4, 12),
    "report": (5, 13),
    "petition": (10, 30),
}


def recent_count(count: int) -> int:
    return min(RECENT_LETTERS, int(count * RECENT_SHARE))


def overdue_count(count: int) -> int:
    return min(OVERDUE_LETTERS, int(count * OVERDUE_SHARE))


def moments(rng: random.Random, count: int, start: date, end: date) -> list[datetime]:
    """Draw count points in time in order, in Asia/Shanghai, with enough of them in the last days and just overdue."""
    recent, late = recent_count(count), overdue_count(count)
    recent_start = max(start, end - timedelta(days=RECENT_DAYS))
    low, high = (max(start, end - timedelta(days=days)) for days in reversed(OVERDUE_DAYS))
    older = [*drawn(rng, count - recent - late, start, end, end), *drawn(rng, late, low, high, end)]
    return sorted([*older, *drawn(rng, recent, recent_start, end, end)])


def drawn(rng: random.Random, count: int, start: date, end: date, last: date) -> list[datetime]:
    days = [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
    weights = [1.0 if is_workday(day) else REST_DAY_WEIGHT for day in days]
    return [moment(rng, day, last) for day in rng.choices(days, weights, k=count)]


def moment(rng: random.Random, day: date, last: date) -> datetime:
    hour = rng.choice(LAST_DAY_HOURS) if day == last else rng.choices(HOURS, HOUR_WEIGHTS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)


def fates(rng: random.Random, times: Sequence[datetime], end: date, refused: frozenset[int]) -> list[LetterFate]:
    """Where each letter stands at the end: old ones are closed or refused, a few overdue, the newest anywhere."""
    found: list[LetterFate] = ["refused" if index in refused else "closed" for index in range(len(times))]
    recent = recent_count(len(times))
    for back in range(recent):
        found[len(times) - 1 - back] = RECENT_FATES[back * len(RECENT_FATES) // recent]
    low, high = OVERDUE_DAYS
    late = [index for index, at in enumerate(times[: len(times) - recent]) if low <= (end - at.date()).days <= high]
    late = [index for index in late if found[index] == "closed"]
    for position, index in enumerate(rng.sample(late, min(overdue_count(len(times)), len(late)))):
        found[index] = OVERDUE_FATES[position % len(OVERDUE_FATES)]
    return found


def workdays_until(first: date, last: date, most: int) -> int:
    """Working days after first up to last, but at most so many."""
    days, found = first, 0
    while days < last and found < most:
        days += timedelta(days=1)
        found += is_workday(days)
    return found


def add_workdays(first: date, count: int) -> date:
    day = first
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def days_taken(rng: random.Random, kind: str, at: datetime, end: date, is_done: bool) -> int:
    """Working days to the answer by kind; what is done was done by the last day."""
    low, high = DAYS_BY_KIND[kind]
    wanted = rng.randint(low, high)
    return workdays_until(at.date(), end, wanted) if is_done else wanted
