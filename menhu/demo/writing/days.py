"""Which days and hours an office publishes on: working time mostly, more towards the end of the span."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
REST_SHARE = 0.1
# How much is written in each month against the average: budgets in February, floods in summer, summing-up in December.
MONTH_SHARE = (1.0, 0.85, 1.05, 1.0, 1.0, 1.1, 1.05, 1.0, 1.05, 0.95, 1.05, 1.15)
# How many texts the last days need for every site to look alive, and the largest share of all they may take.
LAST_DAYS = 13
FRESH_TEXTS = 230
LARGEST_TAIL = 0.4
# Hours of the day and their weights.
HOURS = (8, 9, 10, 11, 14, 15, 16, 17, 18, 20)
HOUR_WEIGHTS = (8, 18, 22, 12, 8, 20, 22, 14, 4, 2)
HOUR_BAG = tuple(hour for hour, weight in zip(HOURS, HOUR_WEIGHTS, strict=True) for _ in range(weight))
HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday: its days off in a row and the working days made up for it."""

    name: str
    first: date
    last: date
    makeup_days: tuple[date, ...]


@cache
def is_workday(day: date) -> bool:
    """Whether offices work; by weekday alone in years that the calendar does not know."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def holiday_name(day: date) -> str:
    """The public holiday of a day off, or nothing."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return HOLIDAY_NAMES.get(name or "", "") if is_off else ""


def each_day(start: date, end: date) -> Iterator[date]:
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


def holidays(start: date, end: date) -> list[Holiday]:
    """The public holidays that begin between two days, with the weekends that belong to them."""
    found: list[Holiday] = []
    for day in each_day(start, end):
        name = holiday_name(day)
        if name and not (found and day <= found[-1].last):
            found.append(holiday_from(name, day))
    return found


def holiday_from(name: str, first: date) -> Holiday:
    """Follow a holiday to its last day off and look for working weekends around it."""
    while not is_workday(first - timedelta(days=1)):
        first -= timedelta(days=1)
    last = first
    while not is_workday(last + timedelta(days=1)):
        last += timedelta(days=1)
    around = each_day(first - timedelta(days=10), last + timedelta(days=10))
    makeup = tuple(day for day in around if day.weekday() >= 5 and is_workday(day))
    return Holiday(name, first, last, makeup)


def day_weight(day: date, start: date, end: date) -> float:
    """How much of all texts falls on a day: little on days off, three times as much at the end as at the start."""
    span = max((end - start).days, 1)
    recency = 0.5 + ((day - start).days / span) ** 2
    return (1.0 if is_workday(day) else REST_SHARE) * MONTH_SHARE[day.month - 1] * recency


def counts_by_day(count: int, start: date, end: date) -> Iterator[tuple[date, int]]:
    """Deal `count` texts out over the days so that the sum is exact."""
    days = list(each_day(start, end))
    weights = lifted([day_weight(day, start, end) for day in days], count)
    whole = sum(weights)
    reached = 0.0
    dealt = 0
    for day, weight in zip(days, weights, strict=True):
        reached += weight
        due = round(count * reached / whole)
        if due > dealt:
            yield day, due - dealt
        dealt = due


def lifted(weights: list[float], count: int) -> list[float]:
    """Raise the last days so far that a small archive, too, ends with something fresh on every site."""
    before, tail = sum(weights[:-LAST_DAYS]), sum(weights[-LAST_DAYS:])
    wanted = min(LARGEST_TAIL, FRESH_TEXTS / max(count, 1))
    if not before or tail / (before + tail) >= wanted:
        return weights
    factor = wanted * before / ((1 - wanted) * tail)
    return [*weights[:-LAST_DAYS], *(weight * factor for weight in weights[-LAST_DAYS:])]


def moments(rng: random.Random, day: date, count: int) -> list[datetime]:
    """Draw times of publication on a day, in order."""
    drawn = sorted(
        (HOUR_BAG[int(rng.random() * len(HOUR_BAG))], int(rng.random() * 60), int(rng.random() * 60))
        for _ in range(count)
    )
    return [datetime.combine(day, time(*moment), ZONE) for moment in drawn]
