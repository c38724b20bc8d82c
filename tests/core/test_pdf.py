"""Letters as PDF: layout, equal bytes, nothing lost."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from menhu.core import pdf
from menhu.core.pdf import BODY, FONT, HEIGHT, INDENT, PITCH, WIDTH, Row, document, paginate, with_foot

LETTER: dict[str, Any] = {
    "title": "云岭县教育局关于校舍改造资金使用情况政府信息公开申请的答复",
    "number": "云教依申请复〔2026〕17号",
    "recipient": "叶知秋",
    "paragraphs": [
        "你于2026年11月5日提交的政府信息公开申请收悉，现答复如下：",
        "一、已拨付1,102.75万元。",
        "特此告知。",
    ],
    "signature": "云岭县教育局",
    "on": date(2026, 11, 26),
    "foot": "查询码：7KQ2-M9XD",
}
NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is missing")


def letter(**changes: Any) -> bytes:
    return document(**{**LETTER, **changes})


def drawn(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[list[str]]:
    """The texts drawn, by page, in order."""
    pages: list[list[str]] = []

    def noted(self: FPDF, x: float, y: float, text: str = "") -> None:
        if self.page > len(pages):
            pages.append([])
        pages[-1].append(text)
        assert pdf.LEFT - 0.01 <= x <= pdf.LEFT + WIDTH
        assert pdf.TOP <= y <= pdf.TOP + HEIGHT + 10 * pdf.MILLIMETRE

    monkeypatch.setattr(FPDF, "text", noted)
    letter(**changes)
    return pages


def test_a_letter_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch) == [
        [
            "云岭县教育局关于校舍改造资金",
            "使用情况政府信息公开申请的答复",
            "云教依申请复〔2026〕17号",
            "叶知秋：",
            "你于2026年11月5日提交的政府信息公开申请收悉，现答复",
            "如下：",
            "一、已拨付1,102.75万元。",
            "特此告知。",
            "云岭县教育局",
            "2026年11月26日",
            "查询码：7KQ2-M9XD",
            "— 1 —",
        ]
    ]


def test_empty_parts_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = {"title": "", "number": "", "recipient": " ", "paragraphs": ["", " \n "], "signature": "", "foot": ""}
    assert drawn(monkeypatch, **empty) == [["2026年11月26日", "— 1 —"]]


def test_line_breaks_make_paragraphs_and_a_colon_is_not_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn(monkeypatch, paragraphs=["甲\r\n乙\n\n丙"], recipient="各学校：", title="函", number="", foot="")[0]
    assert page == ["函", "各学校：", "甲", "乙", "丙", "云岭县教育局", "2026年11月26日", "— 1 —"]


def test_equal_letters_have_equal_bytes() -> None:
    assert letter() == letter()
    assert letter() != letter(on=date(2026, 11, 27))


def test_what_the_file_says_of_itself() -> None:
    data = letter()
    title = LETTER["title"].encode("utf-16-be")
    assert b"/Lang (zh-CN)" in data
    assert b"/CreationDate (D:20261126000000+08'00')" in data
    assert title.hex().encode() in data.lower() or title in data.replace(b"\\", b"")
    assert b"/MediaBox [0 0 595.28 841.89]" in data


@NEEDS_POPPLER
def test_the_text_can_be_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(paragraphs=["答复" * 900 + "。"]))
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()
    plain = re.sub(r"\s|—\d+—", "", text)
    assert plain.startswith(
        "云岭县教育局关于校舍改造资金使用情况政府信息公开申请的答复云教依申请复〔2026〕17号叶知秋：答复"
    )
    assert plain.count("答复") == 901
    assert [int(number) for number in re.findall(r"— ?(\d+) ?—", text)] == [1, 2, 3, 4]


def test_what_the_font_lacks_is_marked_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn(monkeypatch, paragraphs=["村名\U0002b7e0和😀，又\U0002b7e0。"], recipient="\U00030000先生", foot="")[0]
    assert "〓先生：" in page
    assert "村名〓和〓，又〓。" in page
    note = "".join(page[page.index("2026年11月26日") + 1 : -1])
    assert note == "本文件字体缺字，以“〓”代替，按首次出现的先后依次为：U+30000、U+2B7E0、U+1F600。"


def test_what_is_invisible_is_left_out_without_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = "甲\u200b乙\u202e丙\ufe0f丁\U000e0100戊\x07己\t庚"
    page = drawn(monkeypatch, paragraphs=[hidden], foot="")[0]
    assert page[-4:] == ["甲乙丙丁戊己 庚", "云岭县教育局", "2026年11月26日", "— 1 —"]


def test_no_place_holder_of_the_package_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "共{nb}页**甲**" in drawn(monkeypatch, paragraphs=["共{nb}页**甲**"])[0]


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_any_text_makes_a_letter(text: str, name: str, title: str) -> None:
    made = letter(paragraphs=[text], recipient=name, title=title, signature=name, number=name, foot=text)
    assert made.startswith(b"%PDF-1.6")
    assert made.rstrip().endswith(b"%%EOF")


def test_the_font_has_every_common_character_and_its_licence() -> None:
    with TTFont(FONT) as font:
        covered = font.getBestCmap().keys()
        names = {str(record) for record in font["name"].names if record.nameID in {1, 3, 4, 6}}
    listed = Path(__file__).parents[2] / "tools" / "general_standard_characters.txt"
    lines = listed.read_text(encoding="utf-8").splitlines()[1:]
    table = "".join(lines)
    assert (len(table), len(set(table))) == (8105, 8105)
    gb2312 = [
        bytes((lead, trail)).decode("gb2312")
        for lead in range(0xB0, 0xF7)
        for trail in range(0xA1, 0xFF)
        if lead != 0xD7
    ]
    assert [character for character in table if ord(character) not in covered] == []
    assert [character for character in gb2312 if ord(character) not in covered] == []
    assert [mark for mark in "，。、；：？！“”‘’（）《》〈〉【】〔〕…—·～％￥№〓①㈠" if ord(mark) not in covered] == []
    assert FONT.stat().st_size <= 4_000_000
    licence = (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert not any("Source" in name or "Noto" in name for name in names)


# Pages.

ROWS = st.integers(min_value=0, max_value=70).map(lambda count: [Row(str(number)) for number in range(count)])
ENDINGS = st.integers(min_value=1, max_value=8).map(lambda count: [Row(f"e{number}") for number in range(count)])
FEET = st.integers(min_value=0, max_value=60).map(
    lambda count: [Row(f"f{number}", size=12, height=18) for number in range(count)]
)


@given(ROWS, ENDINGS, FEET, st.floats(min_value=0, max_value=HEIGHT / 2))
def test_pages_hold_every_row_once_in_order_and_within_the_area(
    body: list[Row], ending: list[Row], foot: list[Row], below: float
) -> None:
    pages = paginate(body, ending, below=below)
    assert [row for page in pages for row in page] == [*body, *ending]
    assert all(len(page) <= 22 for page in pages)
    assert pages[-1][-len(ending) :] == ending
    assert len(body) < 2 or len(pages[-1]) >= len(ending) + 2
    placed = with_foot(pages, foot)
    assert [row for page in placed for _top, row in page] == [*body, *ending, *foot]
    for page in placed:
        tops = [top for top, _row in page]
        assert tops == sorted(tops)
        assert all(top >= 0 and top + row.height <= HEIGHT + 0.01 for top, row in page)


@given(ROWS, ENDINGS)
def test_a_common_foot_stands_on_the_page_of_the_signature(body: list[Row], ending: list[Row]) -> None:
    foot = [Row("f", size=12, height=18)] * 3
    placed = with_foot(paginate(body, ending, below=PITCH + 54), foot)
    assert [row for _top, row in placed[-1]][-3 - len(ending) :] == [*ending, *foot]
    assert placed[-1][-1][0] + 18 == pytest.approx(HEIGHT)


@pytest.fixture
def text() -> Iterator[pdf._Text]:
    with pdf._opened() as opened:
        yield pdf._Text(pdf._font(opened))


def test_the_signature_and_the_date_stand_as_the_norm_says(text: pdf._Text) -> None:
    short = pdf._ending(text, "云岭县教育局", "2026年11月26日")
    day = text.width("2026年11月26日", BODY)
    assert [row.left for row in short[2:]] == pytest.approx([WIDTH - 2 * INDENT - day, WIDTH - INDENT - day])
    long = pdf._ending(text, "云岭县教育局办公室", "2026年1月2日")
    assert [row.left for row in long[2:]] == pytest.approx([WIDTH - INDENT - 9 * BODY, WIDTH - 9 * BODY])
    for rows in (short, pdf._ending(text, "县局", "2026年11月26日"), pdf._ending(text, "云岭县" * 9, "2026年1月2日")):
        assert rows[-1].left + text.width(rows[-1].text, BODY) <= WIDTH - INDENT + 0.01
        assert rows[-1].left - rows[2].left >= INDENT - 0.01


def test_full_lines_are_spread_to_the_edge_and_the_last_is_not(text: pdf._Text) -> None:
    rows = pdf._body_rows(text, "根据《条例》3.14条，" * 12)
    ends = [row.left + text.width(row.text, BODY) + row.spacing * (len(row.text) - 1) for row in rows]
    assert ends[:-1] == pytest.approx([WIDTH] * (len(rows) - 1))
    assert (rows[0].left, rows[1].left, rows[-1].spacing) == (INDENT, 0.0, 0.0)
    assert pytest.approx(HEIGHT) == PITCH * 22
