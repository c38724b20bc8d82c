"""Two people at once give one opinion: by compare-and-set, with real threads where the database takes them."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.review import actions
from menhu.review.actions.deciding import close, present
from menhu.review.enums import Step
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import Refused
from menhu.units.actions import appoint
from menhu.units.enums import Role
from tests.factories import TERM_START, UserFactory, World
from tests.review.conftest import Told, advanced, saved

needs_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")
Outcome = Any


def at_once(*acts: Callable[[], Any]) -> list[Outcome]:
    """Run the acts in threads that start together; returns results or exceptions in their order."""
    gate, found = Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[number] = act()
        except Exception as error:  # noqa: BLE001 - what was raised is the outcome
            found[number] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def refused(outcomes: list[Outcome]) -> list[Refused]:
    return [outcome for outcome in outcomes if isinstance(outcome, Refused)]


def two_heads(world: World) -> tuple[User, User]:
    other = UserFactory(username="second_head", name="沈南枝")
    appoint(user=other, unit=world.units["jyj"], role=Role.HEAD, by=None, starts_on=TERM_START)
    return world.people["head"], other


def opinions(article: Article) -> list[str]:
    return [line.verb for line in SheetLine.objects.of(article).in_order() if line.verb in SheetLine.OPINIONS]


def test_a_stale_step_gives_no_second_opinion(world: World, draft: Article) -> None:
    first, second = two_heads(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    stale = ReviewTaskState.objects.get(pk=state.pk)
    actions.approve(state=state, by=first)
    for act in (
        lambda: actions.approve(state=stale, by=second),
        lambda: actions.reject(state=stale, by=second, reason="不妥"),
        lambda: actions.approve(state=stale, by=first),
    ):
        with pytest.raises(Refused):
            act()
    assert opinions(draft) == ["approve"]


def test_the_step_is_closed_by_compare_and_set(world: World, draft: Article) -> None:
    """Both have passed the policy; only the first finds the step still open."""
    first, second = two_heads(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    mine, yours = (present(state, by=by, seen="") for by in (first, second))
    close(mine, by=first, status="approved", comment="")
    with pytest.raises(Refused, match="这一步刚刚已由别人处理"):
        close(yours, by=second, status="rejected", comment="不妥")
    assert ReviewTaskState.objects.get(pk=state.pk).finished_by == first


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(world: World, draft: Article, told: Told) -> None:
    first, second = two_heads(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    outcomes = at_once(lambda: actions.approve(state=state, by=first), lambda: actions.approve(state=state, by=second))
    assert len(refused(outcomes)) == 1
    assert opinions(draft) == ["approve"]
    assert [call[0] for call in told.calls].count("entered") == 2
    assert ReviewTaskState.objects.open().of(draft).count() == 1


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_rejection_at_once_are_one_opinion(world: World, draft: Article, told: Told) -> None:
    first, second = two_heads(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    outcomes = at_once(
        lambda: actions.approve(state=state, by=first),
        lambda: actions.reject(state=state, by=second, reason="不妥"),
    )
    assert len(refused(outcomes)) == 1
    assert len(opinions(draft)) == 1


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_a_correction_and_an_approval_at_once_never_approve_an_unseen_text(
    world: World, draft: Article, told: Told
) -> None:
    first, second = two_heads(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    seen = state.revision_id
    saved(draft, first, title="更正后的标题")
    outcomes = at_once(lambda: actions.correct(state=state, by=first), lambda: actions.approve(state=state, by=second))
    assert len(refused(outcomes)) == 1
    approved = SheetLine.objects.of(draft).filter(verb="approve")
    assert [line.revision_id for line in approved] in ([], [seen])


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_are_one_round(world: World, draft: Article, told: Told) -> None:
    other = UserFactory(username="second_editor", name="白露")
    appoint(user=other, unit=world.units["jyj"], role=Role.EDITOR, by=None, starts_on=TERM_START)
    rows = [Article.objects.get(pk=draft.pk) for _ in range(2)]
    outcomes = at_once(
        lambda: actions.submit(subject=rows[0], by=world.people["editor"]),
        lambda: actions.submit(subject=rows[1], by=other),
    )
    assert len(refused(outcomes)) == 1
    assert SheetLine.objects.of(draft).count() == 1
    assert ReviewTaskState.objects.open().of(draft).count() == 1


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_a_recall_and_the_last_approval_at_once_end_the_round_once(world: World, draft: Article, told: Told) -> None:
    state = advanced(draft, world, Step.SECRECY)
    outcomes = at_once(
        lambda: actions.approve(state=state, by=world.people["secrecy_reviewer"]),
        lambda: actions.recall(subject=draft, by=world.people["editor"]),
    )
    assert len(refused(outcomes)) == 1
    ends = [call[0] for call in told.calls if call[0] in {"finished", "cancelled"}]
    assert len(ends) == 1


def test_the_database_itself_refuses_a_second_opinion(world: World, draft: Article) -> None:
    actions.approve(state=actions.submit(subject=draft, by=world.people["editor"]), by=world.people["head"])
    line = SheetLine.objects.get(verb="approve")
    line.pk, line.person_id = None, world.people["stranger"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()
    line.state_id, line.person_id = 10_000, world.people["head"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()
