"""Spreadsheets in and out: what comes in is distrusted, what goes out cannot run."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_CONTENT = 100 * 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 40
LONGEST_TEXT = 5_000
BROKEN = gettext_lazy("文件已损坏或不是表格，请用 Excel 或 WPS 另存为 .xlsx 再试。")
_PROLOG = 2_048
_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # an OLE file: an old .xls, or an .xlsx under a password


class SpreadsheetRefused(ValueError):  # noqa: N818 - a refusal, as UploadRefused
    """The file is not one that may be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as texts by the heading of their column; `number` is the row as the person sees it."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write: headings, how wide each column is, rows of texts, numbers and dates."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Any]]


def read_sheet(workbook: Any, title: str, headings: Sequence[str], most_rows: int) -> list[Row]:
    """The rows of a sheet, empty ones left out. Raises SpreadsheetRefused for missing headings or too many rows."""
    if title not in workbook.sheetnames:
        raise SpreadsheetRefused(_("文件里没有名为“%(title)s”的工作表，请用模板填写。") % {"title": title})
    lines = _lines(workbook[title])
    places = _places(title, next(lines, ()), headings)
    rows = []
    for number, line in enumerate(lines, start=2):
        values = {heading: text_of(line[place]) if place < len(line) else "" for heading, place in places.items()}
        if any(values.values()):
            rows.append(Row(number, values))
        if len(rows) > most_rows or number > 4 * most_rows:
            raise SpreadsheetRefused(
                _("“%(title)s”表超过 %(most)d 行，请分批导入。") % {"title": title, "most": most_rows}
            )
    return rows


def _lines(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        yield from sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    except Exception as broken:  # as in open_workbook: cells are parsed only while they are read
        raise SpreadsheetRefused(str(BROKEN)) from broken


def _places(title: str, first_line: Sequence[Any], headings: Sequence[str]) -> dict[str, int]:
    found = {text_of(value).rstrip("*"): place for place, value in reversed(list(enumerate(first_line)))}
    missing = [heading for heading in headings if heading not in found]
    if missing:
        names = "、".join(missing)
        raise SpreadsheetRefused(
            _("“%(title)s”表第 1 行缺少列：%(names)s。请用模板填写。") % {"title": title, "names": names}
        )
    return {heading: found[heading] for heading in headings}


def text_of(value: Any) -> str:
    """A cell as the person sees it: whole numbers without a point, days as 2026-06-18, no spaces around."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:LONGEST_TEXT]


def open_workbook(file: IO[bytes], name: str) -> Any:
    """The workbook, read cell by cell. Raises SpreadsheetRefused for anything but a sane .xlsx file."""
    content = file.read(LARGEST_FILE + 1)
    _refuse_by_name_and_size(content, name)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_hostile_archive(archive)
        return load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except SpreadsheetRefused:
        raise
    except Exception as broken:  # openpyxl raises whatever its parsers raise on a damaged file
        raise SpreadsheetRefused(str(BROKEN)) from broken


def _refuse_by_name_and_size(content: bytes, name: str) -> None:
    if not name.lower().endswith(".xlsx"):
        raise SpreadsheetRefused(_("请上传 .xlsx 文件（用 Excel 或 WPS 另存为“Excel 工作簿”）。"))
    if len(content) > LARGEST_FILE:
        raise SpreadsheetRefused(_("文件超过 %(most)d MB，请分批导入。") % {"most": LARGEST_FILE // 1024 // 1024})
    if content.startswith(_ENCRYPTED):
        raise SpreadsheetRefused(_("文件加了密码或是旧版 .xls，请取消密码并另存为 .xlsx。"))
    if not zipfile.is_zipfile(BytesIO(content)):
        raise SpreadsheetRefused(_("文件内容不是 .xlsx 表格，请用 Excel 或 WPS 另存为 .xlsx 再试。"))


def _refuse_hostile_archive(archive: zipfile.ZipFile) -> None:
    """A bomb is refused by what it says and by what it holds; a document type declaration has no business here."""
    parts = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise SpreadsheetRefused(_("文件内容不是 .xlsx 表格，请用 Excel 或 WPS 另存为 .xlsx 再试。"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
        raise SpreadsheetRefused(_("表格展开后过大，不予读取。请只保留需要导入的内容。"))
    for part in parts:
        with archive.open(part) as opened:
            prolog = opened.read(_PROLOG)
        if b"<!DOCTYPE" in prolog.replace(b"\0", b"").upper():
            raise SpreadsheetRefused(_("表格含有不安全的内容（文档类型声明），不予读取。"))


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file. Every text is written as text, so that nothing that begins with "=" is ever run."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.append(list(_headings(page, sheet.headings)))
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(page: Any, headings: Sequence[str]) -> Iterator[Any]:
    for heading in headings:
        cell = _cell(page, heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6EBF0")
        cell.alignment = Alignment(vertical="center")
        yield cell


def _cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(page, value=value)
    cell: Any = WriteOnlyCell(page, value="")
    cell._value = "".join(character for character in value if character >= " " or character in "\t\n")
    cell.data_type = "s"
    cell.style = "Normal"
    cell.quotePrefix = True
    return cell
