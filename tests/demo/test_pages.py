"""The still pages: one for each single-page column, with the county's own figures."""

from datetime import datetime
from zoneinfo import ZoneInfo

from menhu.core.sanitising import clean_article_html, plain_text
from menhu.demo.county.columns import portal_columns, site_columns
from menhu.demo.county.units import all_units, towns
from menhu.demo.writing.pages import pages

AT = datetime(2024, 12, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_every_single_page_column_has_its_page() -> None:
    found = [(page.unit, page.columns, page.portal_column) for page in pages(AT)]
    portal = {slug for _, _, slug in found if slug}
    own = {(unit, columns[0]) for unit, columns, _ in found if columns}
    assert portal == {column.slug for column in portal_columns() if column.form == "single"}
    assert own == {
        (unit.slug, column.slug)
        for unit in all_units()
        for column in site_columns(side=unit.side, is_town=unit.is_town)
        if column.form == "single"
    }
    assert len(found) == len(portal) + len(own)


def test_pages_are_clean_complete_and_always_the_same() -> None:
    first = list(pages(AT))
    assert first == list(pages(AT))
    for page in first:
        assert page.genre == "page"
        assert clean_article_html(page.body_html) == page.body_html, page.title
        assert "{" not in page.body_html, page.title
        assert len(plain_text(page.body_html)) > 120, page.title


def test_the_county_is_the_sum_of_its_towns() -> None:
    overview = next(page for page in pages(AT) if page.portal_column == "xqgl")
    people = sum(unit.town.population for unit in towns() if unit.town)
    assert f"户籍人口{people:,}人" in overview.body_html
