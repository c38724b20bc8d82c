"""Every verb, every persona: who may, who may not; a refusal changes nothing and is on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from menhu.accounts.models import User
from menhu.articles import actions
from menhu.articles.enums import PlacementState
from menhu.articles.models import Article, Placement
from menhu.audit.models import Event
from menhu.review.policies import Refused
from menhu.sites.actions import remove_column
from menhu.sites.occupancy import articles_in
from tests.articles.conftest import fresh, pass_reviews, schedule, write
from tests.articles.dumps import dump
from tests.factories import World, article

Try = Callable[[User], Any]
WRITERS = {"editor", "head"}
NEIGHBOURS = {"stranger", "stranger_head"}


def check(world: World, allowed: set[str], verb: str, act: Try) -> None:
    """Let every person try; those not allowed leave no trace but the record of it."""
    before, events = dump(), Event.objects.count()
    refused = [person for persona, person in world.people.items() if persona not in allowed]
    for person in refused:
        with pytest.raises(Refused):
            act(person)
    assert dump() == before
    records = list(Event.objects.order_by("pk").values_list("verb", "actor_id", "data__verb"))[events:]
    assert records == [("articles.refused", person.pk, verb) for person in refused]
    for persona in allowed:
        with transaction.atomic():
            act(world.people[persona])
            transaction.set_rollback(True)


def placement(article: Article, world: World, column: str) -> Placement:
    return Placement.objects.get(article=article, column=world.columns[column])


def test_draft(world: World) -> None:
    check(world, WRITERS | {"webmaster"}, "draft", lambda by: write(world, by=by))


def test_an_article_first_runs_on_its_own_site_or_the_portal(world: World) -> None:
    assert write(world, site=world.sites["portal"]).site == world.sites["portal"]
    with pytest.raises(Refused, match="首发"):
        write(world, site=world.sites["slj"])


def test_revise(world: World, draft: Article) -> None:
    check(world, WRITERS, "revise", lambda by: actions.revise(article=draft, by=by, title="另一个标题"))


def test_revise_a_live_one(world: World, live: Article) -> None:
    check(world, WRITERS, "revise", lambda by: actions.revise(article=live, by=by, title="另一个标题"))


def test_submit(world: World, draft: Article) -> None:
    check(world, WRITERS, "submit", lambda by: actions.submit(article=draft, by=by))


def test_recall(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    check(world, {"editor"}, "recall", lambda by: actions.recall(article=draft, by=by))


def test_amend(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    check(world, {"head"}, "amend", lambda by: actions.amend(article=draft, by=by, title="更正后的标题"))


def test_discard(world: World, draft: Article) -> None:
    check(world, WRITERS, "discard", lambda by: actions.discard(article=draft, by=by))


def test_unschedule(world: World, draft: Article) -> None:
    schedule(world, draft)
    check(world, WRITERS, "unschedule", lambda by: actions.unschedule(article=draft, by=by))


def test_withdraw(world: World, live: Article) -> None:
    allowed = {"head", "webmaster", "duty_officer"}
    check(world, allowed, "withdraw", lambda by: actions.withdraw(article=live, by=by, reason="数据有误"))


def test_restore(world: World, live: Article) -> None:
    actions.withdraw(article=live, by=world.people["head"], reason="数据有误")
    check(world, {"editor"}, "restore", lambda by: actions.restore(article=live, by=by))


def test_retract(world: World, live: Article) -> None:
    check(world, {"duty_officer"}, "retract", lambda by: actions.retract(article=live, by=by, reason="有害"))


def test_place_into_an_own_column(world: World, live: Article) -> None:
    column = world.columns["jyj/tzgg"]
    check(world, WRITERS | {"webmaster"}, "place", lambda by: actions.place(article=live, column=column, by=by))


def test_take_over_a_live_article_of_others(world: World, live: Article) -> None:
    column = world.columns["slj/gzdt"]
    check(world, NEIGHBOURS, "place", lambda by: actions.place(article=live, column=column, by=by))


def test_a_draft_of_others_cannot_be_taken_over(world: World, draft: Article) -> None:
    column = world.columns["slj/gzdt"]
    check(world, set(), "place", lambda by: actions.place(article=draft, column=column, by=by))


def test_propose(world: World, live: Article) -> None:
    column = world.columns["slj/gzdt"]
    check(world, WRITERS | {"webmaster"}, "propose", lambda by: actions.propose(article=live, column=column, by=by))


@pytest.mark.parametrize("verb", ["adopt", "decline"])
def test_answer_a_proposal(world: World, live: Article, verb: str) -> None:
    actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])
    row = placement(live, world, "slj/gzdt")
    given = {"reason": "已有同类稿件"} if verb == "decline" else {}
    check(world, NEIGHBOURS, verb, lambda by: getattr(actions, verb)(placement=row, by=by, **given))


def test_remove(world: World, live: Article) -> None:
    row = placement(live, world, "jyj/gzdt")
    check(world, WRITERS | {"webmaster"}, "remove", lambda by: actions.remove(placement=row, by=by, reason="重复"))


def test_what_others_adopted_is_theirs_to_remove(world: World, live: Article) -> None:
    actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])
    row = placement(live, world, "slj/gzdt")
    actions.adopt(placement=row, by=world.people["stranger"])
    check(world, NEIGHBOURS | {"webmaster"}, "remove", lambda by: actions.remove(placement=row, by=by))


def test_pin_and_unpin(world: World, live: Article) -> None:
    row = placement(live, world, "jyj/gzdt")
    check(world, WRITERS, "pin", lambda by: actions.pin(placement=row, by=by))
    actions.pin(placement=row, by=world.people["head"])
    check(world, WRITERS, "unpin", lambda by: actions.unpin(placement=row, by=by))


def test_a_text_in_review_is_closed_to_its_author(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    check(world, set(), "revise", lambda by: actions.revise(article=draft, by=by, title="偷偷改"))


def test_nothing_ever_published_can_be_deleted(world: World, live: Article) -> None:
    check(world, set(), "discard", lambda by: actions.discard(article=live, by=by))
    with pytest.raises(PermissionDenied, match="不能删除"):
        fresh(live).delete()
    assert Article.objects.filter(pk=live.pk).exists()


def test_a_draft_that_is_thrown_away_is_gone(world: World, draft: Article) -> None:
    actions.discard(article=draft, by=world.people["editor"])
    assert not Article.objects.exists()
    assert not Placement.objects.exists()
    assert Event.objects.filter(verb="articles.discard", object_id=str(draft.pk)).count() == 1


def test_wagtails_own_calls_go_round_nothing(world: World, draft: Article) -> None:
    revision = draft.latest_revision
    with pytest.raises(Refused):
        revision.publish(user=world.people["head"], skip_permission_checks=True)
    assert not fresh(draft).live
    pass_reviews(world, draft)
    with pytest.raises(Refused):
        fresh(draft).unpublish(user=world.people["head"])
    assert fresh(draft).live
    fresh(draft).unpublish(user=world.people["duty_officer"])
    assert (fresh(draft).live, fresh(draft).state) == (False, "retracted")


def test_a_wish_may_be_taken_back_by_the_unit(world: World, live: Article) -> None:
    actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])
    row = placement(live, world, "slj/gzdt")
    actions.remove(placement=row, by=world.people["editor"])
    assert placement(live, world, "slj/gzdt").state == PlacementState.REMOVED


def test_a_column_with_listed_articles_cannot_be_removed(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    assert articles_in(column) == 0
    listed = {"state": "placed", "is_listed": True, "published_at": timezone.now(), "bucket": "2026-06"}
    Placement.objects.create(article=article(world), column=column, **listed)
    with pytest.raises(ValidationError):
        remove_column(column=column, by=world.people["webmaster"])
    column.refresh_from_db()
    assert (articles_in(column), column.removed_at) == (1, None)
