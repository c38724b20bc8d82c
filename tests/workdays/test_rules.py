from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.workdays.rules import (
    NOTHING,
    OfficeHours,
    Span,
    add_working_days,
    add_working_time,
    without,
    working_time,
)

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = OfficeHours(((time(8, 30), time(12)), (time(14), time(17, 30))))
SATURDAY_WORKED = date(2026, 5, 9)
HOLIDAYS = frozenset(date(2026, 5, day) for day in range(1, 6))


def is_working(day: date) -> bool:
    """May 2026: the 1st to the 5th are off, Saturday the 9th is made up."""
    return day == SATURDAY_WORKED or (day.weekday() < 5 and day not in HOLIDAYS)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


moments = st.integers(0, 30 * 24 * 60).map(lambda minutes: at("2026-04-20 00:00") + timedelta(minutes=minutes))
amounts = st.integers(0, 60 * 80).map(lambda minutes: timedelta(minutes=minutes))
positive_amounts = st.integers(1, 60 * 80).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def pauses(draw: st.DrawFn) -> list[Span]:
    begins = draw(st.lists(moments, max_size=4))
    return [(begin, begin + timedelta(minutes=draw(st.integers(1, 5_000)))) for begin in begins]


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-04-29 09:00", 2, "2026-04-29 11:00"),
        ("2026-04-29 11:00", 2, "2026-04-29 15:00"),
        ("2026-04-29 12:30", 1, "2026-04-29 15:00"),
        ("2026-04-29 08:30", 7, "2026-04-29 17:30"),
        ("2026-04-30 17:00", 1, "2026-05-06 09:00"),
        ("2026-05-08 17:00", 1, "2026-05-09 09:00"),
        ("2026-05-10 10:00", 0, "2026-05-11 08:30"),
    ],
)
def test_hours(start: str, hours: int, due: str) -> None:
    assert add_working_time(at(start), timedelta(hours=hours), OFFICE, is_working) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-04-29 09:00", 1, "2026-04-30 17:30"),
        ("2026-04-30 23:59", 1, "2026-05-06 17:30"),
        ("2026-05-08 00:00", 1, "2026-05-09 17:30"),
        ("2026-05-08 09:00", 2, "2026-05-11 17:30"),
        ("2026-05-02 09:00", 1, "2026-05-06 17:30"),
    ],
)
def test_days(start: str, days: int, due: str) -> None:
    assert add_working_days(at(start), days, OFFICE, is_working) == at(due)


def test_a_pause_moves_a_term_of_hours_by_the_office_time_it_covers() -> None:
    still = [(at("2026-04-29 10:00"), at("2026-04-29 14:30"))]
    due = add_working_time(at("2026-04-29 09:00"), timedelta(hours=2), OFFICE, is_working, still)
    assert due == at("2026-04-29 15:30")


def test_a_working_day_that_closes_in_a_pause_does_not_count() -> None:
    still = [(at("2026-04-29 10:00"), at("2026-04-30 09:00"))]
    assert add_working_days(at("2026-04-28 09:00"), 1, OFFICE, is_working, still) == at("2026-04-30 17:30")


def test_overlapping_pauses_are_one() -> None:
    span = (at("2026-04-29 08:30"), at("2026-04-29 12:00"))
    still = [
        (at("2026-04-29 09:30"), at("2026-04-29 10:30")),
        (at("2026-04-29 09:00"), at("2026-04-29 10:00")),
    ]
    assert list(without(span, still)) == [
        (at("2026-04-29 08:30"), at("2026-04-29 09:00")),
        (at("2026-04-29 10:30"), at("2026-04-29 12:00")),
    ]


@given(start=moments, less=amounts, more=amounts)
def test_more_time_is_never_due_earlier(start: datetime, less: timedelta, more: timedelta) -> None:
    first, second = sorted((less, more))
    early = add_working_time(start, first, OFFICE, is_working)
    assert start <= early <= add_working_time(start, second, OFFICE, is_working)


@given(early=moments, late=moments, amount=amounts)
def test_a_later_start_is_never_due_earlier(early: datetime, late: datetime, amount: timedelta) -> None:
    first, second = sorted((early, late))
    assert add_working_time(first, amount, OFFICE, is_working) <= add_working_time(second, amount, OFFICE, is_working)


@given(start=moments, amount=amounts, still=pauses())
def test_a_term_ends_in_office_hours_of_a_working_day(start: datetime, amount: timedelta, still: list[Span]) -> None:
    due = add_working_time(start, amount, OFFICE, is_working, still)
    assert is_working(due.date())
    assert any(opens <= due.time() <= closes for opens, closes in OFFICE.spans)
    assert not any(begins < due < ends for begins, ends in still)


@given(start=moments, amount=amounts, still=pauses())
def test_the_office_time_until_a_deadline_is_its_term(start: datetime, amount: timedelta, still: list[Span]) -> None:
    due = add_working_time(start, amount, OFFICE, is_working, still)
    assert working_time(start, due, OFFICE, is_working, still) == amount


@given(start=moments, first=amounts, second=positive_amounts, still=pauses())
def test_terms_add_up(start: datetime, first: timedelta, second: timedelta, still: list[Span]) -> None:
    halfway = add_working_time(start, first, OFFICE, is_working, still)
    there = add_working_time(halfway, second, OFFICE, is_working, still)
    assert there == add_working_time(start, first + second, OFFICE, is_working, still)


@given(start=moments, amount=amounts, still=pauses())
def test_a_pause_never_brings_a_deadline_forward(start: datetime, amount: timedelta, still: list[Span]) -> None:
    plain = add_working_time(start, amount, OFFICE, is_working)
    assert add_working_time(start, amount, OFFICE, is_working, still) >= plain


@given(start=moments, first=st.integers(1, 15), second=st.integers(1, 15))
def test_days_add_up_and_end_at_closing_time(start: datetime, first: int, second: int) -> None:
    halfway = add_working_days(start, first, OFFICE, is_working)
    due = add_working_days(halfway, second, OFFICE, is_working)
    assert due == add_working_days(start, first + second, OFFICE, is_working)
    assert is_working(due.date())
    assert due.time() == time(17, 30)


@given(start=moments, end=moments)
def test_made_up_saturday_counts_as_seven_hours(start: datetime, end: datetime) -> None:
    begins, ends = sorted((start, end))
    whole = working_time(begins, ends, OFFICE, is_working)
    saturday = working_time(max(begins, at("2026-05-09 00:00")), min(ends, at("2026-05-10 00:00")), OFFICE, is_working)
    ordinary = working_time(begins, ends, OFFICE, lambda day: is_working(day) and day != SATURDAY_WORKED)
    assert whole == ordinary + saturday
    assert NOTHING <= saturday <= timedelta(hours=7)


@pytest.mark.parametrize("amount", [timedelta(seconds=-1), timedelta(days=-1)])
def test_a_term_cannot_be_negative(amount: timedelta) -> None:
    with pytest.raises(ValueError, match="a deadline lies ahead"):
        add_working_time(at("2026-04-29 09:00"), amount, OFFICE, is_working)


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        add_working_days(at("2026-04-29 09:00"), 0, OFFICE, is_working)


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(12)), (time(12), time(17))),
        ((time(14), time(17)), (time(8), time(12))),
    ],
)
def test_office_hours_must_be_in_order(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="in order"):
        OfficeHours(spans)
