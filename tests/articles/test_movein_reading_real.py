"""The real pages of government sites; they may not be copied into the project, so they are read from where they lie."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from menhu.articles.movein import Kind, PageReading, Verdict, read_page

PAGES = Path(os.environ.get("MENHU_REAL_PAGES", Path(__file__).parents[2] / "../shared/data/real-pages")).resolve()


def expected() -> list[dict[str, Any]]:
    if not (PAGES / "expected.jsonl").is_file():
        pytest.skip(
            f"REAL PAGES ABSENT: nothing at {PAGES}; set MENHU_REAL_PAGES to the folder that holds expected.jsonl"
        )
    return [json.loads(line) for line in (PAGES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def read(name: str) -> PageReading:
    return read_page((PAGES / name).read_bytes(), name=name)


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_title_time_source_and_column_of_every_article_page() -> None:
    articles = [page for page in expected() if page["kind"] == "article"]
    assert len(articles) == 17
    for page in articles:
        reading = read(page["file"])
        found = (reading.title, reading.pub_date_iso, reading.source, reading.column)
        wanted = (page["article_title"], page["pub_date"], page["content_source"], page["column_name"])
        assert tuple(map(one_line, found)) == tuple(map(one_line, wanted)), page["file"]
        assert reading.kind is Kind.ARTICLE


def test_main_text_of_every_article_page() -> None:
    for page in expected():
        if page["kind"] != "article":
            continue
        text = squeeze(read(page["file"]).body_text)
        assert text[:60] == squeeze(page["body_first_60_chars"])[:60], page["file"]
        assert text[-40:] == squeeze(page["body_last_40_chars"])[-40:], page["file"]
        assert len(text) == page["body_chars"], page["file"]


def test_the_column_page_is_no_article() -> None:
    columns = [read(page["file"]) for page in expected() if page["kind"] == "column"]
    assert [(page.verdict, page.kind, page.reason) for page in columns] == [
        (Verdict.REFUSED, Kind.COLUMN, "这是栏目列表页，不是文章")
    ]


def test_attachments_outside_the_body_are_found() -> None:
    expected()
    assert [reference.name for reference in read("24-www.gz.gov.cn.html").attachments] == [
        "附件1：申请公共租赁住房保障家庭收入及财产限额.doc",
        "附件2：住房租赁补贴标准.doc",
        "附件3：政府公共租赁住房分档租金标准.doc",
    ]


def test_only_the_page_without_a_source_is_doubtful() -> None:
    doubts = {page["file"]: read(page["file"]).reason for page in expected() if page["kind"] == "article"}
    assert {name: reason for name, reason in doubts.items() if reason} == {"05-xxgk.jl.gov.cn.html": "没有找到来源"}


def without_hints(text: str) -> str:
    """The page as a system unknown to us would write it: no comments, no telling class, id or tag."""
    plain = re.sub(r"(?i)</?(?:ucap\w+|publishtime)>", "", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return re.sub(r"""\b(class|id)=("?)([^">]+)("?)(?=[\s>])""", r'\1="x"', plain)


def test_the_text_is_found_even_without_any_known_container() -> None:
    for page in expected():
        if page["kind"] == "article":
            html = without_hints((PAGES / page["file"]).read_text(encoding="utf-8"))
            text = squeeze(read_page(html.encode(), name=page["file"]).body_text)
            assert abs(len(text) - page["body_chars"]) <= 0.05 * page["body_chars"], page["file"]
