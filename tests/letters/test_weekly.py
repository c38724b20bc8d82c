"""The weekly report: the same figures as the public page, a draft like any other, by who may write in the column."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.accounts.models import User
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.enums import Party
from menhu.cases.models import Case, CaseKind
from menhu.cases.policies import CaseRefused
from menhu.letters.actions.counting import counted, counted_week
from menhu.letters.actions.reporting import columns_for, report_week, week_of
from menhu.units.actions import appoint
from menhu.units.enums import Role
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.factories import TERM_START
from tests.letters.test_knowledge import STOP, public
from tests.letters.test_public import answered

Clock = time_machine.Traveller
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 6, 1)
NEXT = datetime(2026, 6, 9, 10, tzinfo=SHANGHAI)


@pytest.fixture
def writer(desk: Desk) -> User:
    """The operator who is an editor of the county office too."""
    person, unit = desk.operator, desk.world.units["zfb"]
    appoint(user=person, unit=unit, role=Role.EDITOR, by=None, starts_on=TERM_START, scope=unit)
    return User.objects.get(pk=person.pk)


def some_letters(desk: Desk) -> None:
    """Three came on the Wednesday and were answered at once, one of them late; two were rated, one badly."""
    rows = [answered(desk) for _each in range(3)]
    Case.objects.filter(pk=rows[0].pk).update(due_at=timezone.now() - timedelta(days=1))
    for row, level in zip(rows[1:], (5, 1), strict=True):
        actions.rate(case=row.case, by=Party.SENDER, level=level)


def test_a_week_has_the_measures_of_the_public_page(desk: Desk, clock: Clock) -> None:
    some_letters(desk)
    clock.move_to(NEXT)
    now = timezone.now()
    shown, week = counted(now), counted_week(MONDAY, now)
    same = ("received", "answered", "in_time", "late", "rated", "content", "days", "median_days")
    assert {name: week["came"][name] for name in same} == {name: shown[name] for name in same}
    assert {name: week["done"][name] for name in same} == {name: shown[name] for name in same}
    assert week["kinds"] == shown["kinds"]
    assert week["units"] == shown["units"]
    assert (shown["received"], shown["in_time"], shown["late"], shown["rated"], shown["content"]) == (3, 2, 1, 2, 1)
    assert week["boxes"][0]["letter__mailbox__name"] == "县长信箱"


def test_sunday_night_is_this_week_and_monday_the_next(desk: Desk, clock: Clock) -> None:
    clock.move_to(datetime(2026, 6, 7, 23, 59, tzinfo=SHANGHAI))
    answered(desk)
    clock.move_to(datetime(2026, 6, 8, 0, 0, tzinfo=SHANGHAI))
    answered(desk)
    now = timezone.now()
    assert [counted_week(day, now)["came"]["received"] for day in (MONDAY, date(2026, 6, 8))] == [1, 1]


def test_who_drafts_it(desk: Desk, writer: User, clock: Clock) -> None:
    some_letters(desk)
    clock.move_to(NEXT)
    column, may = desk.world.columns["portal/gzdt"], set()
    for persona, person in desk.world.people.items():
        before = Article.objects.count()
        try:
            report_week(monday=MONDAY, column=column, by=User.objects.get(pk=person.pk))
        except CaseRefused:
            assert Article.objects.count() == before
        else:
            may.add(persona)
    assert may == {"operator"}
    refused = Event.objects.filter(verb="cases.refused", data__verb="report_week")
    assert refused.count() == len(desk.world.people) - 1


def test_a_draft_like_any_other(desk: Desk, writer: User, clock: Clock) -> None:
    some_letters(desk)
    clock.move_to(NEXT)
    article = report_week(monday=MONDAY, column=desk.world.columns["portal/gzdt"], by=writer)
    assert (article.state, article.live, article.created_by_id) == (ArticleState.DRAFT, False, writer.pk)
    assert article.title == "来信办理周报（2026-06-01 至 2026-06-07）"
    for words in ("共收到群众来信 3 封（前一周 0 封）", "按期 2 封、超期 1 封", "评价 2 件，基本满意以上 1 件"):
        assert words in article.body
    assert article.body.count("<table>") == 4
    assert article.placements.get().column == desk.world.columns["portal/gzdt"]
    assert Event.objects.filter(verb="letters.report_week").count() == 1


def test_a_column_of_others_and_a_week_not_over_are_refused(desk: Desk, writer: User, clock: Clock) -> None:
    clock.move_to(NEXT)
    foreign = desk.world.columns["jyj/gzdt"]
    assert foreign not in columns_for(writer)
    with pytest.raises(CaseRefused, match="不是这个栏目责任单位"):
        report_week(monday=MONDAY, column=foreign, by=writer)
    for day in (date(2026, 6, 8), date(2026, 6, 2)):
        with pytest.raises(CaseRefused, match="已经过完"):
            report_week(monday=day, column=desk.world.columns["portal/gzdt"], by=writer)
    assert Article.objects.count() == 0


def test_what_people_wrote_is_escaped_and_only_public_titles_are_told(desk: Desk, writer: User, clock: Clock) -> None:
    CaseKind.objects.filter(code="advice").update(name="建议")
    public(desk)
    CaseKind.objects.filter(code="advice").update(name="<b>建议</b>")
    answered(desk, title="叶知秋的私事")
    clock.move_to(NEXT)
    found = week_of(MONDAY)
    assert found["top"] == [{"name": "<b>建议</b>", "received": 2, "more": 2, "fewer": -2, "titles": [STOP.title]}]
    article = report_week(monday=MONDAY, column=desk.world.columns["portal/gzdt"], by=writer)
    assert "<b>建议" not in article.body
    assert "私事" not in article.body


def test_the_page_shows_the_figures_and_drafts(desk: Desk, writer: User, clock: Clock) -> None:
    some_letters(desk)
    clock.move_to(NEXT)
    address, column = "/office/letters/weekly/", desk.world.columns["portal/gzdt"]
    plain = SignedIn(desk.supervisor).get(address).content.decode()
    assert "共收到群众来信 3 封" in plain
    assert "您没有任何栏目的写稿岗位" in plain
    browser = SignedIn(writer)
    assert "起草周报" in browser.get(address).content.decode()
    assert browser.post(address, {"week": "2026-06-01", "column": ""}).status_code == 400
    assert SignedIn(desk.supervisor).post(address, {"column": column.pk}).status_code == 400
    assert Article.objects.count() == 0
    done = browser.post(address, {"week": "2026-06-01", "column": column.pk})
    article = Article.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/office/articles/{article.pk}/edit/")
    assert browser.get(f"{address}?week=2026-05-25").context["monday"] == date(2026, 5, 25)
    assert browser.get(f"{address}?week=1999-01-01").context["monday"] == MONDAY
    for person in (desk.handler, desk.editor, desk.leader):
        assert SignedIn(person).get(address).status_code == 403


def test_equal_queries_at_one_letter_and_at_many(desk: Desk, clock: Clock) -> None:
    counts: list[int] = []
    for more in (1, 12):
        for _each in range(more):
            public(desk)
        with time_machine.travel(NEXT, tick=False), CaptureQueriesContext(connection) as asked:
            week_of(MONDAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_no_draft_where_the_articles_refuse(desk: Desk, writer: User, clock: Clock, monkeypatch: Any) -> None:
    def refuse(**_given: Any) -> None:
        raise PermissionDenied("不行")

    clock.move_to(NEXT)
    monkeypatch.setattr("menhu.articles.actions.draft", refuse)
    with pytest.raises(PermissionDenied):
        report_week(monday=MONDAY, column=desk.world.columns["portal/gzdt"], by=writer)
    assert Article.objects.count() == 0
