"""Dates as Chinese pages write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
FIRST_YEAR: Final = 1949

_FORMATS: Final = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}
_TIME: Final = (
    r"(?:[T\s日号-]*(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})"
    r"(?:\s*[:：分]\s*(?P<second>\d{1,2}))?(?:\.\d+)?(?P<zone>Z)?)?"
)
_WRITTEN = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[-/.年—]\s*(?P<month>\d{1,2})\s*[-/.月—]\s*(?P<day>\d{1,2})(?!\d)\s*[日号]?"
    + _TIME
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)"
    r"(?:\s*(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)?)?(?!\d)(?P<zone>)"
)
_JAVA = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r" (?:CST|GMT\+08:00) (?P<year>\d{4})(?P<zone>)"
)
_HAN = re.compile(
    r"(?P<year>[一二][〇○零Oo0一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十廿]{1,3})日"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DIGITS: Final = {
    **{digit: number for number, digit in enumerate("〇一二三四五六七八九")},
    **dict.fromkeys("○零Oo0", 0),
}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A moment in China's time and how exactly the page gives it: "day", "minute" or "second"."""

    moment: datetime
    precision: str

    @property
    def iso(self) -> str:
        """The date as the META norm writes it, no more exact than the page gives it."""
        return self.moment.strftime(_FORMATS[self.precision])


def parse_date(text: str) -> WrittenDate | None:
    """Return the first date in `text`, or None. Understands 2024-01-02 03:04:05, 2024年1月2日, 二〇二四年一月二日 …"""
    plain = " ".join(text.split())
    for pattern in (_WRITTEN, _COMPACT, _JAVA):
        for match in pattern.finditer(plain):
            if date := _from_match(match):
                return date
    in_han = _HAN.search(plain)
    return _from_han(in_han) if in_han else None


def _from_match(match: re.Match[str]) -> WrittenDate | None:
    parts = match.groupdict()
    month = parts["month"]
    numbers = [int(parts["year"]), _MONTHS.index(month) + 1 if month in _MONTHS else int(month), int(parts["day"])]
    precision = "day"
    if parts["hour"] is not None:
        numbers += [int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)]
        precision = "second" if parts["second"] else "minute"
    return _moment(numbers, precision, is_utc=parts["zone"] == "Z")


def _from_han(match: re.Match[str]) -> WrittenDate | None:
    year = int("".join(str(_DIGITS[digit]) for digit in match["year"]))
    return _moment([year, _han_number(match["month"]), _han_number(match["day"])], "day")


def _han_number(text: str) -> int:
    tens, found, units = text.replace("廿", "二十").rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if found else 0) + _DIGITS.get(units, 0)


def _moment(numbers: list[int], precision: str, *, is_utc: bool = False) -> WrittenDate | None:
    if numbers[0] < FIRST_YEAR:
        return None
    try:
        moment = datetime(*numbers, tzinfo=UTC if is_utc else CHINA)  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return WrittenDate(moment.astimezone(CHINA), precision)
