"""Numbers and places from addresses: what a page gave out is read back, anything else is nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.core.cursors import read_day, read_moment, row_number, row_numbers, write_place

ROWS = st.integers(0, 10**18 - 1)
NONSENSE = ["", "-1", "+1", " 1", "1.0", "1e3", "٣", "²", "一", "9" * 19, "9" * 5_000, "\x00", "None"]


@given(st.datetimes(timezones=st.timezones()), ROWS)
def test_a_moment_is_read_back(at: datetime, pk: int) -> None:
    moment = at.astimezone(UTC)
    assert read_moment(write_place(moment, pk)) == (moment, pk)


@given(st.dates(), ROWS)
def test_a_day_is_read_back(day: datetime, pk: int) -> None:
    assert read_day(write_place(day, pk)) == (day, pk)


@given(st.text())
def test_any_text_is_a_place_or_none(text: str) -> None:
    for read in (read_moment, read_day):
        place = read(text)
        assert place is None or read(write_place(*place)) == place


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_number(text: str) -> None:
    assert row_number(text) is None
    assert row_numbers(["7", text, "8"]) == [7, 8]
    assert read_moment(f"2026-06-03T10:00:00+08:00~{text}") is None
    assert read_day(f"2026-06-03~{text}") is None


@pytest.mark.parametrize("text", ["2026-06-03T10:00:00~7", "2026-13-03T10:00:00+08:00~7", "~7", "7", "gestern~7"])
def test_a_moment_without_zone_or_sense_is_no_place(text: str) -> None:
    assert read_moment(text) is None
