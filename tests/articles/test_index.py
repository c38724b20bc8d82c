"""A new index beside the old one, and what follows when something above it changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from menhu.articles import actions
from menhu.articles.models import Article
from menhu.search.actions import go_on_renewing, rebuild, renew_below
from menhu.search.asking import Scope, search
from menhu.search.engines import Entry, Wanted, engine
from menhu.search.enums import Place
from menhu.search.models import Document, Renewal
from menhu.search.rules import question
from menhu.sites.actions.finding import kinds, with_below
from menhu.sites.enums import SiteState
from menhu.sites.models import Column, Site
from menhu.units.actions import change_unit
from tests.articles.conftest import fresh
from tests.articles.public_rows import list_articles
from tests.factories import ColumnFactory, World

ALL = Scope()
ARTICLES = Document.objects.filter(kind="article")


def count(text: str, scope: Scope = ALL) -> int:
    return search(text, scope, size=1_000).count.number


def numbers(text: str) -> list[int]:
    """What the engine says, without a look at documents."""
    return engine().newest(Wanted(question(text).groups), (), 1_000)


def follow() -> int:
    """Let the clock do all that waits; returns how many ticks it took."""
    ticks = 0
    while go_on_renewing():
        ticks += 1
    return ticks


@pytest.fixture
def shelf(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Thirty articles in the index, ten a portion."""
    monkeypatch.setattr("menhu.search.actions.PORTION", 10)
    articles = list_articles(world, world.columns["jyj/tzgg"], 30, title="防汛通知")
    list(rebuild())
    return articles


def test_what_was_found_before_is_found_at_any_moment(shelf: list[Article]) -> None:
    steps = [count("防汛") for _ in rebuild()]
    assert steps
    assert set(steps) == {30}
    assert numbers("防汛") == sorted(ARTICLES.values_list("pk", flat=True), reverse=True)


@pytest.mark.parametrize("step", range(5))
def test_what_changes_meanwhile_is_not_lost(world: World, shelf: list[Article], step: int) -> None:
    def later(article: Article, **fields: Any) -> Article:
        Article.objects.filter(pk=article.pk).update(**fields)
        return fresh(article)

    def deed() -> None:
        actions.expire(article=later(shelf[4], expire_at=timezone.now() - timedelta(seconds=1)))
        actions.finding.make_findable(later(shelf[17], title="抗旱通知"))
        actions.finding.make_findable(later(shelf[28], published_at=timezone.now()))
        actions.finding.make_findable(list_articles(world, world.columns["jyj/gzdt"], 1, title="防汛快讯")[0])

    for at, _done in enumerate(rebuild()):
        if at == step:
            deed()
    assert (count("防汛"), count("抗旱"), count("快讯")) == (29, 1, 1)
    assert (len(numbers("防汛")), len(numbers("抗旱"))) == (29, 1)
    assert ARTICLES.count() == 30


def test_stopped_half_way_it_loses_nothing_and_is_run_again(shelf: list[Article]) -> None:
    Article.objects.filter(pk__in=[shelf[3].pk, shelf[25].pk]).update(title="抗旱通知")
    half = rebuild()
    next(half)
    half.close()
    assert count("防汛") + count("抗旱") == 30
    list(rebuild())
    assert (count("防汛"), count("抗旱")) == (28, 2)


def test_what_is_public_no_more_goes_and_what_is_missing_comes(world: World, shelf: list[Article]) -> None:
    Article.objects.filter(pk=shelf[0].pk).update(live=False)
    Article.objects.filter(pk=shelf[1].pk).update(withdrawn_at=timezone.now())
    actions.finding.hide(shelf[2])
    Document.objects.create(number=1, kind="gone", key="x", type="", site_id=0, title="防汛", url="/")
    engine().put([Entry(1, "防汛", "", ()), Entry(2, "防汛", "", ())])
    list(rebuild())
    assert len(numbers("防汛")) == count("防汛") == 28
    assert set(Document.objects.values_list("kind", flat=True)) == {"article", "site", "column"}


def test_an_engine_that_lost_all_is_filled_again(shelf: list[Article]) -> None:
    engine().clear()
    call_command("index")
    assert count("防汛") == 30
    call_command("index", "--afresh")
    assert count("防汛") == 30


def test_numbers_that_fall_together_are_put_apart(world: World) -> None:
    articles = list_articles(world, world.columns["jyj/tzgg"], 4, title="防汛通知")
    Article.objects.update(published_at=articles[0].published_at)
    wishes = [articles[0].pk] * 4

    def same(_seconds: int, _key: int) -> int:
        return wishes[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("menhu.search.actions.document_number", same)
        for article in articles:
            actions.finding.make_findable(article)
    assert count("防汛") == 4


def test_documents_follow_a_column_to_another_place(world: World, shelf: list[Article]) -> None:
    column, above = world.columns["jyj/tzgg"], ColumnFactory(site=world.sites["jyj"], name="政务公开")
    Column.objects.filter(pk=column.pk).update(parent=above)
    renew_below(Place.COLUMN, column.pk)
    assert count("防汛", Scope(column_id=above.pk)) == 0
    assert follow() == 4  # three of articles; then their end, a site and a column
    assert count("防汛", Scope(column_id=above.pk)) == count("防汛", Scope(column_id=column.pk)) == 30
    assert with_below(above.pk) == {above.pk, column.pk}


def test_documents_follow_a_site_to_another_address_and_away(world: World, shelf: list[Article]) -> None:
    site = world.sites["jyj"]
    Site.objects.filter(pk=site.pk).update(base_url="https://edu.example.gov.cn", host="edu.example.gov.cn")
    renew_below(Place.SITE, site.pk)
    follow()
    assert all(row.url.startswith("https://edu.example.gov.cn/") for row in Document.objects.filter(site_id=site.pk))
    Site.objects.filter(pk=site.pk).update(state=SiteState.CLOSED)
    renew_below(Place.SITE, site.pk)
    follow()
    assert count("防汛") == 0
    assert not Document.objects.filter(site_id=site.pk).exists()
    Site.objects.filter(pk=site.pk).update(state=SiteState.OPEN)
    renew_below(Place.SITE, site.pk)
    follow()
    assert count("防汛") == 30


def test_documents_follow_the_name_of_a_unit(world: World, shelf: list[Article]) -> None:
    Article.objects.update(source="")
    change_unit(unit=world.units["jyj"], by=None, name="云岭县教育体育局")
    follow()
    assert set(ARTICLES.values_list("source", flat=True)) == {"云岭县教育体育局"}
    assert Document.objects.get(kind="site", key=str(world.sites["jyj"].pk)).source == "云岭县教育体育局"


def test_following_goes_on_where_it_stood_and_a_new_index_ends_it(shelf: list[Article]) -> None:
    column = shelf[0].placements.get().column
    renew_below(Place.COLUMN, column.pk, "article")
    assert go_on_renewing()
    assert Renewal.objects.get().reached == shelf[9].pk
    list(rebuild())
    assert not Renewal.objects.exists()
    assert not go_on_renewing()


def test_a_kind_that_no_app_brings_any_more_holds_nothing_up(world: World) -> None:
    Renewal.objects.create(kind="gone", place=Place.SITE, place_id=1)
    assert follow() == 1


def test_following_costs_the_same_for_one_and_for_a_portion(
    world: World, shelf: list[Article], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    renew_below(Place.UNIT, world.units["jyj"].pk, "article")
    with django_assert_max_num_queries(18 + 20 * (connection.vendor == "sqlite")):  # FTS5 takes out one by one
        go_on_renewing()


def test_below_one_place_is_nothing_of_another(world: World) -> None:
    from menhu.search.types import Below

    site, column, unit = world.sites["slj"], world.columns["slj/gzdt"], world.units["slj"]
    of_sites, of_columns = kinds()
    own = sorted(world.columns[f"slj/{slug}"].pk for slug in ("gzdt", "tzgg"))
    assert of_columns.keys(Below(Place.SITE, site.pk), 0, 9) == own
    assert of_columns.keys(Below(Place.SITE, site.pk), own[0], 9) == own[1:]
    assert of_columns.keys(Below(Place.UNIT, unit.pk), 0, 9) == own
    assert of_columns.keys(Below(Place.COLUMN, column.pk), 0, 9) == [column.pk]
    assert (
        of_sites.keys(Below(Place.SITE, site.pk), 0, 9) == of_sites.keys(Below(Place.UNIT, unit.pk), 0, 9) == [site.pk]
    )
