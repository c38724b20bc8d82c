"""Spreadsheets that are not what they say they are."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from menhu.core.spreadsheets import SpreadsheetRefused, open_workbook, read_sheet, text_of


def book(rows: int = 1, columns: int = 2) -> bytes:
    made = Workbook(write_only=True)
    page = made.create_sheet("表")
    page.append([f"列{n}" for n in range(columns)])
    for number in range(rows):
        page.append([number] * columns)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A sane workbook in which one part is replaced or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def refusal_of(content: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(SpreadsheetRefused) as refused:
        read_sheet(open_workbook(BytesIO(content), name), "表", ["列0", "列1"], 100)
    return str(refused.value)


def archive(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (book(), "表.xls", "请上传 .xlsx 文件"),
        (book(), "表.xlsm", "请上传 .xlsx 文件"),
        (b"name,code\n", "表.xlsx", "文件内容不是 .xlsx 表格"),
        (b"", "表.xlsx", "文件内容不是 .xlsx 表格"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "表.xlsx", "文件加了密码或是旧版 .xls"),
        (archive(word__document=b"<w/>"), "表.xlsx", "文件内容不是 .xlsx 表格"),
        (book()[:800], "表.xlsx", "文件内容不是 .xlsx 表格"),
        (with_part("xl/worksheets/sheet1.xml", b"<worksheet"), "表.xlsx", "文件已损坏或不是表格"),
        (with_part("xl/workbook.xml", b"not xml"), "表.xlsx", "文件已损坏或不是表格"),
        (with_part("xl/worksheets/sheet1.xml", BILLION_LAUGHS), "表.xlsx", "文档类型声明"),
        (with_part("xl/worksheets/sheet1.xml", BILLION_LAUGHS.decode().encode("utf-16")), "表.xlsx", "文档类型声明"),
        (with_part("xl/media/bomb.xml", b"\0" * (101 * 1024 * 1024)), "表.xlsx", "表格展开后过大"),
        (book(rows=5_000), "表.xlsx", "“表”表超过 100 行，请分批导入。"),
        (book(columns=1), "表.xlsx", "“表”表第 1 行缺少列：列1。请用模板填写。"),
        (b"PK" + b"x" * (10 * 1024 * 1024), "表.xlsx", "文件超过 10 MB，请分批导入。"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_in_words(content: bytes, name: str, message: str) -> None:
    assert message in refusal_of(content, name)


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl__{n}.xml": b"<x/>" for n in range(501)}
    assert "表格展开后过大" in refusal_of(archive(xl__workbook=b"", **{"xl__workbook.xml": b"<w/>"}, **parts))


def test_a_missing_sheet_is_named() -> None:
    with pytest.raises(SpreadsheetRefused, match="没有名为“别的”的工作表"):
        read_sheet(open_workbook(BytesIO(book()), "表.xlsx"), "别的", ["列0"], 100)


def test_rows_keep_their_numbers_and_empty_ones_are_left_out() -> None:
    made = Workbook()
    page = made.active
    page.title = "表"
    for line in (["列1", "列0*", "别的"], [None, None], ["b", " a ", "x"], [], [2.0, 1.5]):
        page.append(line)
    out = BytesIO()
    made.save(out)
    rows = read_sheet(open_workbook(BytesIO(out.getvalue()), "表.xlsx"), "表", ["列0", "列1"], 100)
    assert [(row.number, row.values) for row in rows] == [
        (3, {"列0": "a", "列1": "b"}),
        (5, {"列0": "1.5", "列1": "2"}),
    ]


def test_texts_of_cells() -> None:
    assert text_of(13912345678.0) == "13912345678"
    assert text_of(True) == "True"
    assert len(text_of("长" * 10_000)) == 5_000
