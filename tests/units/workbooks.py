"""Workbooks as people fill them in, for tests of import."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from menhu.units.imports import POST_HEADINGS, POST_SHEET, UNIT_HEADINGS, UNIT_SHEET

UNIT = {
    "代号": "lhz",
    "全称": "云岭县柳河镇",
    "简称": "柳河镇",
    "上级单位": "乡镇",
    "类型": "乡镇（街道）",
    "隶属": "政府",
}
POST = {"用户名": "wenyining", "姓名": "温以宁", "单位": "云岭县教育局", "角色": "信息员", "开始日期": "2026-06-01"}


def workbook(units: Sequence[dict[str, Any]] = (), posts: Sequence[dict[str, Any]] = ()) -> BytesIO:
    book = Workbook()
    book.remove(book.active)
    for title, headings, rows in ((UNIT_SHEET, UNIT_HEADINGS, units), (POST_SHEET, POST_HEADINGS, posts)):
        page = book.create_sheet(title)
        page.append(list(headings))
        for row in rows:
            page.append([row.get(heading) for heading in headings])
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def read_back(content: bytes, title: str) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(content))[title].iter_rows(values_only=True)]
