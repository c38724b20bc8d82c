"""Figures within one text agree: columns add up to their totals, rates follow from the counts beside them."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from menhu.core.sanitising import plain_text
from menhu.demo.writing.texts import ArticleText

TOTALS = {"合计", "全县", "总计"}


class Tables(HTMLParser):
    """Reads tables into rows of cell texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def tables_of(text: ArticleText) -> list[list[list[str]]]:
    reader = Tables()
    reader.feed(text.body_html)
    return reader.tables


def figure(cell: str) -> Decimal | None:
    bare = cell.replace(",", "")
    return Decimal(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def totalled(written: list[ArticleText]) -> list[tuple[ArticleText, list[list[str]]]]:
    """The tables whose last row is a sum."""
    return [(text, table) for text in written for table in tables_of(text) if table[-1][0] in TOTALS]


def test_columns_add_up_to_their_totals(written: list[ArticleText]) -> None:
    checked = 0
    for text, table in totalled(written):
        for column in range(1, len(table[0])):
            cells = [figure(row[column]) for row in table[1:]]
            if None not in cells:
                *parts, whole = cells
                assert sum(part for part in parts if part is not None) == whole, (text.title, table[0][column])
                checked += 1
    assert checked > 400


@pytest.mark.parametrize(
    ("kind", "part", "whole", "rate"),
    [
        ("progress_table", 2, 1, 3),
        ("livelihood", 2, 1, 3),
        ("sampling", 2, 1, 4),
    ],
)
def test_rates_follow_from_the_counts_beside_them(
    written: list[ArticleText], kind: str, part: int, whole: int, rate: int
) -> None:
    rows = [row for text in written if text.kind == kind for row in tables_of(text)[0][1:]]
    assert rows
    for row in rows:
        share = figure(row[part]), figure(row[whole])
        assert share[0] is not None
        assert share[1]
        # A share of two figures that were themselves rounded to one decimal may differ by what rounding hides.
        assert abs(share[0] / share[1] * 100 - Decimal(row[rate].rstrip("%"))) < Decimal("0.06"), row


def test_the_text_tells_the_total_of_its_table(written: list[ArticleText]) -> None:
    for kind, column in (("subsidy_list", 3), ("permits", None), ("jobfair", 2), ("recruit", 1)):
        for text in (one for one in written if one.kind == kind):
            if column is not None:
                total = tables_of(text)[0][-1][column]
                assert total in plain_text(text.body_html).replace("合计\t", ""), text.title


def test_subsidies_are_area_times_standard(written: list[ArticleText]) -> None:
    lists = [text for text in written if text.kind == "subsidy_list"]
    assert lists
    for text in lists:
        standard = re.search(r"每亩补贴(\d+)元", text.body_html)
        assert standard is not None
        for row in tables_of(text)[0][1:]:
            area, money = figure(row[2]), figure(row[3])
            assert area is not None
            assert money == area * int(standard.group(1)), text.title


def test_opinions_are_adopted_partly_adopted_or_declined(written: list[ArticleText]) -> None:
    pattern = re.compile(r"共收到意见(\d+)条。经逐条研究，采纳(\d+)条，部分采纳(\d+)条，未采纳(\d+)条")
    found = [pattern.search(text.body_html) for text in written if text.kind == "consult_result"]
    assert found
    for match in found:
        assert match is not None
        received, *parts = map(int, match.groups())
        assert sum(parts) == received


def test_hidden_dangers_found_are_fixed_or_pending(written: list[ArticleText]) -> None:
    pattern = re.compile(r"发现问题隐患(\d+)处，其中当场整改(\d+)处，限期整改(\d+)处")
    found = [match for text in written if (match := pattern.search(text.body_html))]
    assert found
    for match in found:
        everything, fixed, pending = map(int, match.groups())
        assert everything == fixed + pending


def test_openness_requests_balance(written: list[ArticleText]) -> None:
    """一 + 二 = 三（总计） + 四, as the yearly report's form demands."""
    reports = [text for text in written if text.kind == "annual_report"]
    assert reports
    for text in reports:
        rows = {name: int(count) for name, count in tables_of(text)[1][1:]}
        received, carried, *outcomes, total, left = rows.values()
        assert sum(outcomes) == total
        assert received + carried == total + left


def test_budgets_balance(written: list[ArticleText]) -> None:
    budgets = [text for text in written if text.kind in {"budget", "accounts"}]
    assert budgets
    for text in budgets:
        *rows, (_, income, _, spending) = tables_of(text)[0][1:]
        assert sum(figure(row[1]) or 0 for row in rows) == figure(income), text.title
        assert sum(figure(row[3]) or 0 for row in rows) == figure(spending) == figure(income), text.title


def test_projects_are_paid_from_two_sources_that_add_up(written: list[ArticleText]) -> None:
    pattern = re.compile(r"总投资([\d,]+)万元，其中\D+?([\d,]+)万元、\D+?([\d,]+)万元")
    found = [match for text in written if text.kind == "project" and (match := pattern.search(text.body_html))]
    assert found
    for match in found:
        whole, *parts = (int(group.replace(",", "")) for group in match.groups())
        assert sum(parts) == whole
