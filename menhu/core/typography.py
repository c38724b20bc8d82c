"""How dates, sizes and titles are set on public pages."""

import re
from datetime import date, datetime
from email.utils import format_datetime
from typing import Final

from markupsafe import Markup, escape

_JOINTS: Final = re.compile(
    r"(?<=[^\s《])(?=关于|《)|(?<=关于印发)(?=[^《])|(?<=关于转发)(?=[^《])|(?<=》)(?=的)|(?<=[，：；])(?=.)"
    r"|(?<=.)(?=20\d\d ?年)|(?<=.)(?=在.{2,10}(?:召开|举行|开工|启动)$)"
    r"|(?<=.)(?=的(?:通知|公告|通告|决定|意见|批复|函|报告|公示)$)"
)
_SHORT_PHRASE: Final = 12  # fits a line of a heading on a phone of 360 pixels
_LONG_PHRASE: Final = 18
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNITS: Final = ("KB", "MB", "GB")


def day(value: date) -> str:
    """YYYY-MM-DD, the only way a date is written on a public page."""
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def minute(value: datetime) -> str:
    """YYYY-MM-DD HH:MM, as the META norm and the page design norm ask for a publication time."""
    return f"{day(value)} {value.hour:02d}:{value.minute:02d}"


def iso(value: date | datetime) -> str:
    """The machine-readable value of a `<time>`; a time carries its offset."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else day(value)


def rfc822(value: datetime) -> str:
    """The date form of RSS 2.0; raises ValueError for a time without an offset."""
    if value.tzinfo is None:
        raise ValueError("a feed needs times with an offset")
    return format_datetime(value)


def file_size(octets: int) -> str:
    """Bytes for people: 412 KB, 3.6 MB; never below 1 KB."""
    size, unit = max(octets, 1) / 1024, 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    digits = f"{size:.1f}" if unit and size < 10 else f"{max(round(size), 1)}"
    return f"{digits} {_UNITS[unit]}"


def phrases(title: str) -> Markup:
    """The title cut at the joints of official titles; the class of a phrase says which screens keep it whole."""
    return Markup("<wbr>").join(_phrase(part) for part in _JOINTS.split(title))


def _phrase(part: str) -> Markup:
    if len(part) > _LONG_PHRASE:
        return escape(part)
    css = "phrase" if len(part) <= _SHORT_PHRASE else "phrase-l"
    return Markup('<span class="{}">{}</span>').format(css, part)


def xml_text(value: str) -> str:
    """The text without the control characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", value)
