from datetime import date

import pytest
import time_machine

from menhu.articles.models import Article
from menhu.review import actions
from menhu.review.models import SheetLine
from menhu.review.policies import Refused, may_decide
from menhu.review.todos import count_waiting
from menhu.units.actions import appoint, deputise
from menhu.units.enums import Role
from menhu.units.policies import forget_posts
from tests.factories import World

FIRST, LAST = date(2026, 6, 15), date(2026, 6, 17)


@pytest.fixture
def deputy_world(world: World) -> World:
    """The stranger deputises for the head of the education bureau from 15 to 17 June 2026."""
    head_post = world.people["head"].posts.get()
    deputise(post=head_post, deputy=world.people["stranger"], by=None, starts_on=FIRST, ends_on=LAST)
    return world


@pytest.mark.parametrize(
    ("day", "may"),
    [
        ("2026-06-14 10:00+08:00", False),
        ("2026-06-15 00:30+08:00", True),
        ("2026-06-17 23:30+08:00", True),
        ("2026-06-18 00:30+08:00", False),
    ],
)
def test_a_deputy_decides_within_the_dates_only(day: str, may: bool, deputy_world: World, draft: Article) -> None:
    with time_machine.travel(day, tick=False):
        state = actions.submit(subject=draft, by=deputy_world.people["editor"])
        deputy = deputy_world.people["stranger"]
        assert may_decide(deputy, state) is may
        assert count_waiting(deputy) == int(may)
        if may:
            actions.approve(state=state, by=deputy, opinion="代为审核")
            assert SheetLine.objects.latest("pk").person_post == "县教育局 单位负责人（代理）"


def test_a_deputy_who_signed_may_not_sign_again_in_their_own_post(deputy_world: World, draft: Article) -> None:
    deputy = deputy_world.people["stranger"]
    with time_machine.travel("2026-06-16 10:00+08:00", tick=False):
        appoint(
            user=deputy,
            unit=deputy_world.units["zfb"],
            role=Role.GOVERNMENT_REVIEWER,
            by=None,
            starts_on=FIRST,
            scope=deputy_world.units["county"],
        )
        state = actions.submit(subject=draft, by=deputy_world.people["editor"])
        following = actions.approve(state=state, by=deputy)
        assert following is not None
        with pytest.raises(Refused, match="三个不同的人"):
            actions.approve(state=following, by=deputy)


def test_a_deputy_loses_the_step_when_the_deputised_post_ends(deputy_world: World, draft: Article) -> None:
    deputy = deputy_world.people["stranger"]
    with time_machine.travel("2026-06-16 10:00+08:00", tick=False):
        state = actions.submit(subject=draft, by=deputy_world.people["editor"])
        deputy_world.people["head"].posts.update(ends_on=date(2026, 6, 15))
        forget_posts(deputy)
        with pytest.raises(Refused, match="这篇稿件由县教育局的单位负责人审核，您没有这个岗位。"):
            actions.approve(state=state, by=deputy)
