"""Numbers of rows and places in a list, as addresses and forms carry them.

Anybody may write anything into an address: what no page gave out reads as None, for which a list shows its beginning.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

_LONGEST: Final = 18  # the greatest number of a row, 2⁶³ − 1, has nineteen digits


def row_number(text: str | None) -> int | None:
    """The number of a row; None for anything but 1 to 18 digits."""
    given = text or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _LONGEST else None


def row_numbers(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are numbers of rows."""
    return [number for number in map(row_number, texts) if number is not None]


def write_place(at: date | datetime, pk: int) -> str:
    """After this row of a list that is ordered by a moment or a day, then by number."""
    return f"{at.isoformat()}~{pk}"


def read_moment(text: str) -> tuple[datetime, int] | None:
    """The inverse of `write_place` for moments, which know their zone."""
    written, number = _parts(text)
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return None if number is None or at.tzinfo is None else (at, number)


def read_day(text: str) -> tuple[date, int] | None:
    """The inverse of `write_place` for days."""
    written, number = _parts(text)
    try:
        on = date.fromisoformat(written)
    except ValueError:
        return None
    return None if number is None else (on, number)


def _parts(text: str) -> tuple[str, int | None]:
    written, _tilde, number = text.partition("~")
    return written, row_number(number)
