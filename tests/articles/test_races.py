"""Two people at once on PostgreSQL: whoever takes an article away has the last word, whatever the order."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from menhu.articles import actions
from menhu.articles.models import Article, Bucket, Placement
from menhu.review.policies import open_state
from menhu.review.seeds import seed
from menhu.search.actions import go_on_renewing, rebuild, renew_below
from menhu.search.asking import Scope, search
from menhu.search.enums import Place
from tests.articles.conftest import approve, fresh, pass_reviews, write
from tests.factories import World, build_world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="an SQLite database in memory has one connection"),
]


@pytest.fixture
def county(transactional_db: None) -> World:
    seed()
    return build_world()


def at_once(*acts: Callable[[], Any]) -> list[BaseException | None]:
    """Run each in a thread of its own from one starting line; returns what each raised."""
    line = threading.Barrier(len(acts))
    found: list[BaseException | None] = [None] * len(acts)

    def run(at: int, act: Callable[[], Any]) -> None:
        line.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            found[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def corrected(world: World) -> Article:
    """A live article whose correction waits for the last opinion."""
    article = write(world)
    pass_reviews(world, article)
    actions.revise(article=article, by=world.people["editor"], title="更正")
    actions.submit(article=article, by=world.people["editor"])
    approve(world, article, "head", "government_reviewer")
    return article


@pytest.mark.parametrize("again", range(2))
def test_retraction_beats_the_last_approval(county: World, again: int) -> None:
    article = corrected(county)
    raised = at_once(
        lambda: approve(county, article, "secrecy_reviewer"),
        lambda: actions.retract(article=article, by=county.people["duty_officer"], reason="有害"),
    )
    assert raised[1] is None
    after = fresh(article)
    assert (after.state, after.live) == ("retracted", False)
    assert open_state(article) is None
    assert not Placement.objects.listed().filter(article=article).exists()


@pytest.mark.parametrize("again", range(2))
def test_retraction_beats_an_adoption(county: World, again: int) -> None:
    article = write(county)
    pass_reviews(county, article)
    actions.propose(article=article, column=county.columns["slj/gzdt"], by=county.people["editor"])
    row = article.placements.get(column=county.columns["slj/gzdt"])
    raised = at_once(
        lambda: actions.adopt(placement=row, by=county.people["stranger"]),
        lambda: actions.retract(article=article, by=county.people["duty_officer"], reason="有害"),
    )
    assert raised[1] is None
    assert not Placement.objects.listed().filter(article=article).exists()


@pytest.mark.parametrize("again", range(1))
def test_taking_back_and_approving_end_in_one_of_both(county: World, again: int) -> None:
    article = corrected(county)
    raised = at_once(
        lambda: approve(county, article, "secrecy_reviewer"),
        lambda: actions.recall(article=article, by=county.people["editor"]),
    )
    assert sum(error is None for error in raised) == 1
    assert (fresh(article).title == "更正") is (raised[0] is None)


def test_a_month_page_counts_right_when_many_are_placed_at_once(county: World) -> None:
    column = county.columns["slj/gzdt"]
    articles = [write(county, title=f"第{number}篇") for number in range(6)]
    for article in articles:
        pass_reviews(county, article)
    by = county.people["stranger"]
    assert at_once(*(lambda a=a: actions.place(article=a, column=column, by=by) for a in articles)) == [None] * 6
    assert [bucket.size for bucket in Bucket.objects.filter(column=column)] == [6]
    assert Placement.objects.listed().filter(column=column).count() == 6


def test_two_editors_at_once_make_one_version(county: World) -> None:
    article = write(county)
    base = article.latest_revision_id
    stale: list[bool] = []

    def save(person: str) -> None:
        try:
            actions.revise(article=article, by=county.people[person], base=base, title=person)
        except actions.StaleEdit:
            stale.append(True)

    at_once(lambda: save("editor"), lambda: save("head"))
    assert (stale, fresh(article).revisions.count()) == ([True], 2)


@pytest.mark.parametrize("again", range(3))
def test_what_is_taken_away_while_a_new_index_is_made_is_not_in_it(county: World, again: int) -> None:
    articles = [write(county, title=f"防汛通知{number}") for number in range(4)]
    for article in articles:
        pass_reviews(county, article)
    actions.revise(article=articles[3], by=county.people["editor"], title="抗旱通知")
    actions.submit(article=fresh(articles[3]), by=county.people["editor"])
    approve(county, articles[3], "head", "government_reviewer")
    renew_below(Place.SITE, county.sites["jyj"].pk)
    raised = at_once(
        lambda: list(rebuild()),
        lambda: list(rebuild()),
        lambda: [go_on_renewing() for _ in range(6)],
        lambda: actions.retract(article=articles[1], by=county.people["duty_officer"], reason="有害"),
        lambda: approve(county, articles[3], "secrecy_reviewer"),
    )
    assert raised == [None] * 5
    assert [hit.document.title for hit in search("通知", Scope("news")).hits] == ["抗旱通知", "防汛通知2", "防汛通知0"]
