"""Sites and columns can be found, with the change that makes, renames, hides or removes them."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from lxml import html

from menhu.search.actions import go_on_renewing
from menhu.search.asking import Scope, search
from menhu.search.models import Document
from menhu.sites import actions
from menhu.sites.models import Column, ColumnKind, Site, SiteTemplate
from tests.factories import ColumnKindFactory, World


def found(text: str, type_: str = "column") -> list[str]:
    return [hit.document.title for hit in search(text, Scope(type_)).hits]


def follow() -> None:
    while go_on_renewing():
        pass


@pytest.fixture
def column(world: World) -> Column:
    return actions.add_column(
        site=world.sites["jyj"], by=world.people["webmaster"], name="招生政策", slug="zszc", kind=ColumnKindFactory()
    )


def below(column: Column) -> Column:
    return actions.add_column(
        site=column.site, by=None, name="问答", slug="wd", kind=ColumnKind.objects.get(pk=column.kind_id), parent=column
    )


def test_a_column_is_found_by_its_name_its_site_and_those_above(world: World, column: Column) -> None:
    below(column)
    assert found("招生政策") == ["招生政策", "问答"]
    assert found("教育局 问答") == ["问答"]
    row = Document.objects.get(title="问答")
    assert (row.url, row.published_at) == (f"{settings.PUBLIC_BASE_URL}/jyj/zszc/wd/", None)
    assert row.columns == [column.pk, int(row.key)]


def test_a_column_renamed_hidden_shown_removed(world: World, column: Column) -> None:
    child, webmaster = below(column), world.people["webmaster"]
    actions.change_column(column=column, by=webmaster, name="入学政策")
    assert found("入学政策") == ["入学政策"]
    follow()
    assert found("入学政策") == ["入学政策", "问答"]
    actions.change_column(column=child, by=webmaster, is_hidden=True)
    assert found("问答") == []
    actions.change_column(column=child, by=webmaster, is_hidden=False)
    assert found("问答") == ["问答"]
    actions.remove_column(column=child, by=webmaster)
    assert found("问答") == []


def test_it_is_found_in_the_same_transaction_or_not_at_all(world: World, column: Column) -> None:
    with transaction.atomic():
        actions.change_column(column=column, by=None, name="入学政策")
        assert found("入学") == ["入学政策"]
        transaction.set_rollback(True)
    assert (found("入学"), found("招生")) == ([], ["招生政策"])


def test_a_site_opened_and_renamed(world: World) -> None:
    template = SiteTemplate.objects.create(name="乡镇")
    template.columns.create(name="村务公开", slug="cwgk", kind=ColumnKindFactory())
    site: Site = actions.open_site(unit=world.units["sqz"], template=template, by=None)
    assert found("石桥镇", "site") == ["云岭石桥镇"]
    assert found("村务公开") == ["村务公开"]
    actions.change_site(site=site, by=None, name="云岭县石桥古镇", introduction="因石拱桥得名")
    assert found("石拱桥", "site") == ["云岭县石桥古镇"]
    follow()
    assert found("石桥古镇 村务") == ["村务公开"]
    assert search("村务", Scope(site_id=site.pk)).count.number == 1


def test_the_page_shows_them_without_a_date(world: World, column: Column) -> None:
    answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get("/search/", {"q": "招生政策", "type": "column"})
    page = html.fromstring(answer.content.decode())
    hit = page.xpath("//ol[@class='hits']/li")[0]
    assert hit.xpath("h2/a/@href") == ["/jyj/zszc/"]
    assert not hit.xpath(".//time")
    assert "栏目1" in page.text_content()
    answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get("/api/search", {"q": "招生政策"})
    assert answer.json()["hits"][0]["published_at"] is None


def test_a_type_is_not_lost_behind_a_thousand_others(
    world: World, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menhu.search.asking.MOST_COUNTED", 3)
    for number in range(5):
        below_name = f"招生政策解读{number}"
        actions.add_column(site=column.site, by=None, name=below_name, slug=f"jd{number}", kind=ColumnKindFactory())
    actions.change_site(site=world.sites["jyj"], by=None, introduction="招生政策")
    counts = {code: str(number) for code, number in search("招生政策", Scope()).types}
    assert (counts["column"], counts["site"], counts["news"]) == ("3+", "1", "0")


@pytest.mark.parametrize("is_by_date", [True, False])
def test_what_has_no_date_comes_last_and_newer_first(world: World, column: Column, is_by_date: bool) -> None:
    from datetime import timedelta

    from tests.articles.public_rows import START, list_articles

    older = list_articles(world, column, 1, title="招生政策一", at=START)
    newer = list_articles(world, column, 1, title="招生政策二", at=START + timedelta(days=1))
    from menhu.articles.actions.finding import make_findable

    for article in (*newer, *older):
        make_findable(article)
    hits = search("招生政策", Scope(), is_by_date=is_by_date).hits
    assert [hit.document.title for hit in hits] == ["招生政策二", "招生政策一", "招生政策"]
