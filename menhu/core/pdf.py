"""Documents in Chinese as PDF, in the layout of an official letter (GB/T 9704-2012: A4, 22 lines of 28 characters).

Drawn by fpdf2 in a font of our own (docs/reference/pdf-font.md). Equal input gives equal bytes, on any machine: the
fonts of the machine are not asked. Lengths are points (1/72 inch).
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Final

import rjieba
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.fonts import TTFFont

from menhu.core.linebreaks import atoms, lines

FONT: Final = Path(__file__).resolve().parent / "fonts" / "menhu-song.otf"
FAMILY: Final = "menhu-song"
MISSING: Final = "〓"

MILLIMETRE: Final = 72 / 25.4
LEFT: Final = 28 * MILLIMETRE
TOP: Final = 37 * MILLIMETRE
BODY: Final = 16.0  # 三号
TITLE: Final = 22.0  # 二号
SMALL: Final = 12.0  # 小四号
NUMERAL: Final = 14.0  # 四号
WIDTH: Final = 28 * BODY
HEIGHT: Final = 225 * MILLIMETRE
PITCH: Final = HEIGHT / 22
SMALL_PITCH: Final = 18.0
INDENT: Final = 2 * BODY
_ASCENT: Final = 0.88  # of a Han character above the baseline
_TIME: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text: its left edge within the text area, its height, what is added between its characters."""

    text: str
    left: float = 0.0
    size: float = BODY
    height: float = PITCH
    spacing: float = 0.0


Placed = tuple[float, Row]
"""A row and its upper edge below the top of the text area."""


def document(
    *, title: str, number: str, recipient: str, paragraphs: Sequence[str], signature: str, on: date, foot: str = ""
) -> bytes:
    """A letter of an office as PDF; empty parts are left out, a paragraph with line breaks becomes several.

    Characters that the font lacks are drawn as 〓 and named at the foot of the last page.
    """
    with _opened() as pdf:
        text = _Text(_font(pdf))
        head = [*_title(text, title), *_number(text, number), Row(""), *_recipient(text, recipient)]
        body = [row for part in paragraphs for row in _paragraph(text, part)]
        ending = _ending(text, signature, f"{on.year}年{on.month}月{on.day}日")
        small = _foot(text, foot)
        below = min(PITCH + _height_of(small), HEIGHT / 2) if small else 0.0
        pages = with_foot(paginate([*head, *body], ending, below=below), small)
        pdf.set_title(text.shown(title))
        pdf.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=_TIME))
        for index, page in enumerate(pages, 1):
            _draw(pdf, page, _page_number(text, index))
        return bytes(pdf.output())


def paginate(
    body: Sequence[Row], ending: Sequence[Row], *, below: float = 0.0, height: float = HEIGHT
) -> list[list[Row]]:
    """Rows by page. The ending is not divided, has as much room `below`, and stands under two rows of what it ends."""
    pages: list[list[Row]] = [[]]
    for row in body:
        if pages[-1] and _height_of([*pages[-1], row]) > height:
            pages.append([])
        pages[-1].append(row)
    if _height_of([*pages[-1], *ending]) + below > height and len(pages[-1]) > 2:
        pages.append([])
    while len(pages) > 1 and len(pages[-1]) < 2:
        pages[-1].insert(0, pages[-2].pop())
    pages[-1].extend(ending)
    return pages


def with_foot(pages: Iterable[Sequence[Row]], foot: Sequence[Row], height: float = HEIGHT) -> list[list[Placed]]:
    """Rows with their places; the foot stands at the bottom of the last page, on further ones where it has no room."""
    placed = [_placed(page, 0.0) for page in pages]
    rest, room = list(foot), height - _bottom(placed[-1]) - PITCH
    if rest and _height_of(rest) > room:
        placed.append([])
        room = height
    while rest:
        count = _fitting(rest, room)
        part, rest = rest[:count], rest[count:]
        placed[-1].extend(_placed(part, height - _height_of(part)))
        if rest:
            placed.append([])
            room = height
    return placed


@dataclass(slots=True)
class _Text:
    """What the font can show, how wide it is, and what it lacked so far, in order."""

    font: TTFFont
    lacking: dict[str, None] = field(default_factory=dict)

    def shown(self, text: str) -> str:
        """The text with a visible mark for each character that the font lacks; what is invisible is left out."""
        return "".join(map(self._shown, "".join(character for character in text if not _is_invisible(character))))

    def _shown(self, character: str) -> str:
        if character.isspace():
            return "\u3000" if character == "\u3000" else " "
        if ord(character) in self.font.cmap:
            return character
        self.lacking[character] = None
        return MISSING

    def width(self, text: str, size: float) -> float:
        return self.font.get_text_width(text, size, None)[1]

    def measure(self, size: float) -> Callable[[str], float]:
        return partial(self.width, size=size)


def _is_invisible(character: str) -> bool:
    """Controls, joiners, direction marks and selectors of variants; blanks and line breaks are not among them."""
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return is_selector or (unicodedata.category(character) in {"Cc", "Cf"} and not character.isspace())


def _title(text: _Text, title: str) -> list[Row]:
    measure = text.measure(TITLE)
    found = _balanced(text.shown(title), measure)
    return [Row(line, (WIDTH - measure(line)) / 2, TITLE) for line in found]


def _balanced(title: str, measure: Callable[[str], float]) -> list[str]:
    """As few lines as it takes, about equally long, words whole."""
    found = lines(title, WIDTH, measure, parts=_words)
    room = measure(title) / max(1, len(found))
    while room < WIDTH:
        narrower = lines(title, room, measure, parts=_words)
        if len(narrower) <= len(found):
            return narrower
        room += TITLE / 2
    return found


def _words(title: str) -> Iterator[str]:
    """Atoms that leave words whole."""
    ends, part, position = set(accumulate(map(len, rjieba.cut(title)))), "", 0
    for atom in atoms(title):
        part, position = part + atom, position + len(atom)
        if position in ends:
            yield part
            part = ""
    if part:
        yield part


def _number(text: _Text, number: str) -> list[Row]:
    found = lines(text.shown(number), WIDTH, text.measure(BODY))
    return [Row(line, (WIDTH - text.width(line, BODY)) / 2) for line in found]


def _recipient(text: _Text, recipient: str) -> list[Row]:
    name = recipient.strip().rstrip(":：")
    return [Row(line) for line in lines(text.shown(f"{name}："), WIDTH, text.measure(BODY))] if name else []


def _paragraph(text: _Text, paragraph: str) -> list[Row]:
    return [row for part in paragraph.splitlines() for row in _body_rows(text, part)]


def _body_rows(text: _Text, part: str) -> list[Row]:
    found = lines(text.shown(part), WIDTH, text.measure(BODY), indent=INDENT)
    rows = [Row(line, 0.0 if index else INDENT) for index, line in enumerate(found)]
    return [*(_justified(text, row) for row in rows[:-1]), *rows[-1:]]


def _justified(text: _Text, row: Row) -> Row:
    """Spread to the right edge, unless that would leave holes (before a long word)."""
    slack = WIDTH - row.left - text.width(row.text, row.size)
    gaps = len(row.text) - 1
    return replace(row, spacing=slack / gaps) if gaps > 0 and 0 < slack <= 2 * row.size else row


def _ending(text: _Text, signature: str, day: str) -> list[Row]:
    """Signature two characters from the right edge, the date beginning two characters further right (§7.3.5.3)."""
    edge, width = WIDTH - INDENT, text.width(day, BODY)
    signed = lines(text.shown(signature), edge - INDENT, text.measure(BODY))
    longest = max((text.width(line, BODY) for line in signed), default=0.0)
    date_left = min(edge - longest + INDENT, edge - width)
    left = min(edge - longest, date_left - INDENT) if signed else 0.0
    return [Row(""), Row(""), *(Row(line, max(0.0, left)) for line in signed), Row(day, date_left)]


def _foot(text: _Text, foot: str) -> list[Row]:
    """What stands below the letter, and last what the font could not show anywhere."""
    rows = [row for part in foot.splitlines() for row in _small_rows(text, part)]
    if not text.lacking:
        return rows
    codes = "、".join(f"U+{ord(character):04X}" for character in text.lacking)
    note = _("本文件字体缺字，以“〓”代替，按首次出现的先后依次为：%(codes)s。") % {"codes": codes}
    return [*rows, *_small_rows(text, note)]


def _small_rows(text: _Text, part: str) -> list[Row]:
    found = lines(text.shown(part), WIDTH, text.measure(SMALL))
    return [Row(line, size=SMALL, height=SMALL_PITCH) for line in found]


def _page_number(text: _Text, index: int) -> Row:
    """A character from the right edge on odd pages, from the left on even ones (§7.5)."""
    numeral = f"— {index} —"
    left = BODY if index % 2 == 0 else WIDTH - BODY - text.width(numeral, NUMERAL)
    return Row(numeral, left, NUMERAL)


def _height_of(rows: Iterable[Row]) -> float:
    """Rounded, so that 22 rows fill a page exactly."""
    return round(sum(row.height for row in rows), 3)


def _fitting(rows: Sequence[Row], room: float) -> int:
    """How many rows fit, at least one."""
    count = 1
    while count < len(rows) and _height_of(rows[: count + 1]) <= room:
        count += 1
    return count


def _placed(rows: Iterable[Row], top: float) -> list[Placed]:
    found: list[Placed] = []
    for row in rows:
        found.append((top, row))
        top += row.height
    return found


def _bottom(page: Sequence[Placed]) -> float:
    return max((top + row.height for top, row in page), default=0.0)


@contextmanager
def _opened() -> Iterator[FPDF]:
    """A document without pages; at the end the font's file is closed, which the package leaves open."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_lang("zh-CN")
    pdf.set_creator("Menhu")
    pdf.add_font(FAMILY, "", FONT)
    try:
        yield pdf
    finally:
        _font(pdf).ttfont.close()


def _font(pdf: FPDF) -> TTFFont:
    font = pdf.fonts[FAMILY]
    assert isinstance(font, TTFFont)  # noqa: S101  # added above
    return font


def _draw(pdf: FPDF, page: Iterable[Placed], numeral: Row) -> None:
    pdf.add_page()
    for top, row in page:
        _draw_row(pdf, TOP + top, row)
    _draw_row(pdf, TOP + HEIGHT + 7 * MILLIMETRE - numeral.height / 2, numeral)


def _draw_row(pdf: FPDF, top: float, row: Row) -> None:
    if not row.text:
        return
    pdf.set_font(FAMILY, size=row.size)
    pdf.set_char_spacing(row.spacing)
    pdf.text(LEFT + row.left, top + (row.height - row.size) / 2 + _ASCENT * row.size, row.text)
