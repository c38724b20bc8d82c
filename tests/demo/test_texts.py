"""The articles: the same for the same seed, all different, clean, in their places, fresh at the end."""

import hashlib
import os
import re
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from menhu.core.sanitising import clean_article_html, plain_text
from menhu.demo.county.columns import portal_columns, site_columns
from menhu.demo.county.units import all_units, units_by_slug
from menhu.demo.writing.days import ZONE, counts_by_day, holidays, is_workday
from menhu.demo.writing.generator import MAX_TITLE, Writer, articles
from menhu.demo.writing.grammar import Kind, all_kinds, applies
from menhu.demo.writing.planning import STALE, Job, has_matter
from menhu.demo.writing.texts import ArticleText
from tests.demo.conftest import COUNT, END, SEED, START

REAL_PLACES = re.compile(
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|昆明"
    "|郑州|济南|青岛|大连|沈阳|合肥|福州|厦门|南昌|贵阳|兰州|太原|石家庄|哈尔滨|长春|南宁|海口|拉萨|银川|西宁|乌鲁木齐"
)
SCRIPT = """
import hashlib
from datetime import date
from menhu.demo.writing.generator import articles
texts = articles(7, 120, date(2025, 1, 1), date(2026, 6, 30))
print(hashlib.sha256("".join(map(repr, texts)).encode()).hexdigest())
"""


def digest(seed: int) -> str:
    texts = articles(seed, 120, date(2025, 1, 1), date(2026, 6, 30))
    return hashlib.sha256("".join(map(repr, texts)).encode()).hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    other = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=environment)
    assert other.stdout.strip() == digest(7)
    assert digest(8) != digest(7)


def test_exactly_so_many_in_order_and_in_time(written: list[ArticleText]) -> None:
    assert len(written) == COUNT
    times = [text.pub_at for text in written]
    assert times == sorted(times)
    assert all(START <= moment.date() <= END for moment in times)
    assert len({text.key for text in written}) == COUNT


def test_a_hundred_thousand_are_not_written_before_they_are_asked_for() -> None:
    first = next(articles(SEED, 100_000, START, END))
    assert first.pub_at.date() == START


def test_no_two_titles_and_no_two_bodies_are_equal(written: list[ArticleText]) -> None:
    assert len({text.title for text in written}) == COUNT
    assert len({text.body_html for text in written}) == COUNT


def test_titles_fit(written: list[ArticleText]) -> None:
    assert max(len(text.title) for text in written) <= MAX_TITLE
    assert all(text.title == text.title.strip() for text in written)


def test_at_least_thirty_kinds_are_written(written: list[ArticleText]) -> None:
    assert len({text.kind for text in written}) >= 30
    assert len({text.genre for text in written}) == 4


def test_most_is_published_in_office_hours(written: list[ArticleText]) -> None:
    working = [text for text in written if is_workday(text.pub_at.date()) and 8 <= text.pub_at.hour < 18]
    assert len(working) / COUNT > 0.8


def test_sanitising_changes_nothing(written: list[ArticleText]) -> None:
    assert [text.title for text in written if clean_article_html(text.body_html) != text.body_html] == []


def test_nothing_is_left_unfilled_and_no_mark_is_doubled(written: list[ArticleText]) -> None:
    broken = re.compile(r"[{}|@#]|None|[，。；、：]{2,}|”。”|的的|了了|将将|为为|为让为")
    for text in written:
        found = broken.search(f"{text.title}\n{text.subtitle}\n{text.summary}\n{plain_text(text.body_html)}")
        assert found is None, (text.kind, text.title, found)


def test_no_real_place_is_named(written: list[ArticleText]) -> None:
    for text in written:
        whole = f"{text.title}{text.summary}{plain_text(text.body_html)}"
        assert REAL_PLACES.findall(whole) == [], text.title


def test_every_text_goes_where_its_unit_has_a_column(written: list[ArticleText]) -> None:
    portal = {column.slug for column in portal_columns() if column.form == "list"}
    for text in written:
        unit = units_by_slug()[text.unit]
        own = {column.slug for column in site_columns(side=unit.side, is_town=unit.is_town)}
        assert set(text.columns) <= own, (text.kind, text.unit)
        assert text.portal_column is None or text.portal_column in portal, text.kind


def test_documents_have_cards_and_numbers_of_their_own(written: list[ArticleText]) -> None:
    cards = [text.card for text in written if text.card]
    assert all((text.card is not None) == (text.genre == "normative") for text in written)
    assert len({card.document_number for card in cards}) == len(cards)
    assert len({card.index_number for card in cards}) == len(cards)
    assert all(re.fullmatch(r"YL0[123]\d\d-20\d\d-\d{5}", card.index_number) for card in cards)
    assert {"in_force", "amended", "repealed", "lapsed"} == {card.validity for card in cards}


def test_the_dates_of_a_document_follow_each_other(written: list[ArticleText]) -> None:
    for text in written:
        card = text.card
        if card is None:
            continue
        assert card.written_on < text.pub_at.date()
        if card.is_normative:
            assert card.effective_on is not None
            assert card.expires_on is not None
            assert card.written_on < card.effective_on < card.expires_on


def test_interpretations_follow_the_document_they_interpret(written: list[ArticleText]) -> None:
    by_key = {text.key: text for text in written}
    pairs = [(text, by_key[text.interprets]) for text in written if text.interprets]
    assert len(pairs) > 15
    for interpretation, document in pairs:
        name = re.search(r"《(.+?)》", interpretation.title)
        assert name is not None
        assert name.group(1) in f"{document.title}{document.body_html}"
        assert document.card is not None
        assert document.card.is_normative
        assert timedelta(0) <= interpretation.pub_at.date() - document.pub_at.date() <= timedelta(days=14)


def test_every_portal_column_is_filled_and_fresh(written: list[ArticleText]) -> None:
    newest = {text.portal_column: text.pub_at.date() for text in written}
    late = [
        column.slug
        for column in portal_columns()
        if column.form == "list" and column.update_days and (END - newest[column.slug]).days > column.update_days
    ]
    assert late == []


def test_only_the_units_meant_to_be_stale_are(written: list[ArticleText]) -> None:
    newest = {text.unit: text.pub_at.date() for text in written if "gzdt" in text.columns}
    stale = {unit.slug for unit in all_units() if (END - newest.get(unit.slug, START)).days > 14}
    assert stale <= STALE


def test_some_have_pictures_tables_and_attachments(written: list[ArticleText]) -> None:
    assert 0.08 < sum(text.has_picture for text in written) / COUNT < 0.25
    assert all(text.picture.alt for text in written if text.picture)
    assert 0.2 < sum("<table>" in text.body_html for text in written) / COUNT < 0.45
    attachments = [attachment for text in written for attachment in text.attachments]
    assert len(attachments) > 100
    assert all(attachment.rows for attachment in attachments if attachment.kind == "xlsx")


def test_days_are_dealt_out_exactly() -> None:
    for count in (1, 100, 2_000):
        assert sum(share for _, share in counts_by_day(count, START, END)) == count


def test_holidays_are_found_with_their_make_up_days() -> None:
    found = {holiday.name: holiday for holiday in holidays(date(2026, 4, 25), date(2026, 10, 10))}
    labour = found["劳动节"]
    assert (labour.first, labour.last) == (date(2026, 5, 1), date(2026, 5, 5))
    assert labour.makeup_days == (date(2026, 5, 9),)
    assert list(found) == ["劳动节", "端午节", "中秋节", "国庆节"]


@pytest.mark.parametrize("kind", [kind for kind in all_kinds().values() if kind.weight], ids=lambda kind: kind.name)
def test_every_kind_can_be_written_by_every_unit_that_may(kind: Kind) -> None:
    writer = Writer(SEED, 10, START, END)
    units = [unit for unit in all_units() if applies(kind.where, unit) and has_matter(kind, unit)]
    months = sorted(kind.months)
    assert units
    for position, unit in enumerate(units):
        moment = datetime(2026, months[position % len(months)], 15, 10, 30, tzinfo=ZONE)
        text = writer.write(Job(unit, kind), moment)
        assert "{" not in text.body_html, (kind.name, unit.slug)
        assert clean_article_html(text.body_html) == text.body_html, (kind.name, unit.slug)
