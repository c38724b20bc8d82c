"""Deadlines of the steps on the working calendar: make-up days, weekends, major items, a changed calendar."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.articles.models import Article
from menhu.core import figures
from menhu.core.models import Confidence, Figure
from menhu.review import actions
from menhu.review.deadlines import Terms
from menhu.review.enums import Step
from menhu.review.models import ReviewTaskState
from menhu.review.policies import Refused
from menhu.workdays.deadlines import calendar_changed
from menhu.workdays.models import Day
from menhu.workdays.timing import due_label, urgency
from tests.factories import World
from tests.factories import article as make_article
from tests.review.conftest import dump, saved


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.strptime(text, "%Y-%m-%d %H:%M"))  # noqa: DTZ007 - made aware here


@pytest.mark.parametrize(
    ("start", "is_major", "due"),
    [
        ("2026-06-16 08:30", False, "2026-06-16 17:30"),  # a Tuesday: seven working hours are its day
        ("2026-06-16 10:30", False, "2026-06-17 10:30"),
        ("2026-06-16 10:30", True, "2026-06-16 14:30"),  # two hours with the noon break between
        ("2026-06-18 16:30", False, "2026-06-22 16:30"),  # 19 June is the Dragon Boat Festival, then the weekend
        ("2026-02-13 16:30", False, "2026-02-14 16:30"),  # Saturday 14 February 2026 is a make-up day
        ("2026-06-20 09:00", True, "2026-06-22 10:30"),  # handed in on a Saturday: the clock starts on Monday
    ],
)
def test_steps_end_in_working_hours(db: None, start: str, is_major: bool, due: str) -> None:
    assert Terms().due_at(Step.OFFICE, at(start), is_major=is_major) == at(due)


def test_each_step_has_a_figure_of_its_own_and_the_row_wins(db: None) -> None:
    figures.seed()
    figure = Figure.objects.get(key="review.secrecy_hours")
    assert (figure.value, figure.confidence) == (7, Confidence.HOUSE)
    Figure.objects.filter(pk=figure.pk).update(value=14)
    assert Terms().due_at(Step.SECRECY, at("2026-06-16 08:30"), is_major=False) == at("2026-06-17 17:30")
    assert Terms().due_at(Step.HEAD, at("2026-06-16 08:30"), is_major=False) == at("2026-06-16 17:30")


def test_each_step_gets_a_deadline_from_its_own_beginning(world: World, draft: Article) -> None:
    with time_machine.travel("2026-06-16 08:30+08:00", tick=False):
        state = actions.submit(subject=draft, by=world.people["editor"])
        assert state.due_at == at("2026-06-16 17:30")
    with time_machine.travel("2026-06-17 09:30+08:00", tick=False):
        following = actions.approve(state=state, by=world.people["head"])
        assert following is not None
        assert following.due_at == at("2026-06-18 09:30")


def test_a_year_without_a_calendar_refuses_the_submission_loudly(world: World, draft: Article) -> None:
    with time_machine.travel("2199-12-30 09:00+08:00", tick=False):
        before = dump()
        with pytest.raises(Refused, match="工作日历缺少 2199 年"):
            actions.submit(subject=draft, by=world.people["editor"])
        assert dump() == before


def test_open_deadlines_move_when_the_calendar_changes(world: World, draft: Article) -> None:
    with time_machine.travel("2026-06-16 16:30+08:00", tick=False):
        state = actions.submit(subject=draft, by=world.people["editor"])
        assert state.due_at == at("2026-06-17 16:30")
        Day.objects.update_or_create(date=date(2026, 6, 17), defaults={"is_working": False, "note": "县庆放假"})
        calendar_changed(frozenset({date(2026, 6, 17)}))
        assert ReviewTaskState.objects.get(pk=state.pk).due_at == at("2026-06-18 16:30")


def test_moving_many_deadlines_asks_no_more_queries_than_moving_one(world: World, draft: Article) -> None:
    with time_machine.travel("2026-06-16 16:30+08:00", tick=False):
        actions.submit(subject=draft, by=world.people["editor"])
        Day.objects.update_or_create(date=date(2026, 6, 17), defaults={"is_working": False})
        with CaptureQueriesContext(connection) as one:
            actions.move_deadlines([date(2026, 6, 17)])
        for _ in range(20):
            actions.submit(subject=saved(make_article(world), world.people["editor"]), by=world.people["editor"])
        Day.objects.filter(date=date(2026, 6, 17)).update(is_working=True)
        with CaptureQueriesContext(connection) as many:
            actions.move_deadlines([date(2026, 6, 17)])
        assert len(many) == len(one)
        assert set(ReviewTaskState.objects.values_list("due_at", flat=True)) == {at("2026-06-17 16:30")}


@pytest.mark.parametrize(
    ("due", "now", "label", "kind"),
    [
        ("2026-06-16 17:30", "2026-06-18 09:00", "超时 2 天", "late"),
        ("2026-06-17 23:30", "2026-06-18 02:40", "超时 3 小时", "late"),
        ("2026-06-18 09:00", "2026-06-18 12:30", "超时 3 小时", "late"),
        ("2026-06-18 12:00", "2026-06-18 12:30", "刚超时", "late"),
        ("2026-06-18 17:30", "2026-06-18 12:30", "今天 17:30", "today"),
        ("2026-06-22 17:30", "2026-06-18 12:30", "06-22", "ok"),
        ("2027-01-04 17:30", "2026-12-31 12:30", "2027-01-04", "ok"),
    ],
)
def test_deadlines_in_words(due: str, now: str, label: str, kind: str) -> None:
    assert (due_label(at(due), at(now)), urgency(at(due), at(now))) == (label, kind)
