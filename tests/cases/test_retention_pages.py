"""The page of the terms of keeping: what it shows, what its forms do, whom it refuses."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.cases.actions import retaining
from menhu.cases.enums import CaseState, RetentionDeed
from menhu.cases.models import Case, CaseKind, RetentionRule, RetentionRun
from tests.cases.archive import begin, carry_out, rule, versions
from tests.cases.conftest import MORNING
from tests.cases.desk import Desk, kind
from tests.cases.test_retention import untouched
from tests.conftest import SignedIn

Clock = time_machine.Traveller
PAGE = "/office/retention/"
LATER = MORNING + timedelta(days=40)
ANONYMISE = RetentionDeed.ANONYMISE


@pytest.fixture
def due(desk: Desk, clock: Clock) -> list[Case]:
    """Two closed letters forty days later, one of them held back."""
    cases = [desk.case(CaseState.CLOSED) for _each in range(2)]
    pressed = {"kind": "urge", "text": "催", "by_id": 1, "by_name": "督", "given_at": MORNING, "due_at": MORNING}
    cases[1].directives.create(**pressed)
    clock.move_to(LATER)
    return cases


def page(desk: Desk, path: str = PAGE) -> str:
    response = SignedIn(desk.webmaster).get(path)
    assert response.status_code == 200
    return response.content.decode()


def form_of(row: RetentionRule, **typed: Any) -> dict[str, Any]:
    values = {"name": row.name, "deed": row.deed, "days": row.days, "source": row.source, "confidence": row.confidence}
    return {**values, "version": row.version, "is_active": "on", **typed}


def test_the_page_shows_rules_plan_and_runs(desk: Desk, due: list[Case]) -> None:
    text = page(desk)
    assert "办结的来信隐去个人信息" in text
    assert "未经证实" in text
    assert "没有启用的规则" in text
    assert "还没有执行过" in text
    rule(ANONYMISE, 30)
    text = page(desk)
    assert "1 件" in text
    assert "1 件批示或督办还没有反馈" in text
    assert due[0].number in text
    carry_out(desk)
    assert "1 / 1 件" in page(desk)


def test_the_page_asks_as_often_with_many_rows(desk: Desk, due: list[Case]) -> None:
    def count() -> int:
        browser = SignedIn(desk.webmaster)
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            browser.get(PAGE)
        return len(asked)

    first = rule(ANONYMISE, 30)
    carry_out(desk)
    one = count()
    for number in range(5):
        rule(ANONYMISE, 40 + number, kinds=[kind(code=f"more{number}")])
    made = {"rule": first, "name": "旧", "deed": "anonymise", "days": 30, "started_at": MORNING, "finished_at": MORNING}
    RetentionRun.objects.bulk_create(RetentionRun(**made) for _each in range(60))
    assert count() == one


def test_past_runs_are_leafed_through(desk: Desk) -> None:
    row = rule(ANONYMISE, 30)
    made = {"rule": row, "deed": "anonymise", "days": 30, "started_at": MORNING, "finished_at": MORNING}
    RetentionRun.objects.bulk_create(RetentionRun(name=f"第{number}次", **made) for number in range(25))
    first = page(desk)
    assert first.count("次</td>") == 20
    following = re.search(r'href="(\?before=\d+)"', first)
    assert following is not None
    rest = page(desk, PAGE + following[1])
    assert rest.count("次</td>") == 5
    assert "更早的记录" not in rest
    assert page(desk, f"{PAGE}?before=abc").count("次</td>") == 20


def test_a_rule_is_edited_and_its_own_plan_shown(desk: Desk, due: list[Case]) -> None:
    row = RetentionRule.objects.get(code="anonymise")
    path = f"{PAGE}rules/{row.pk}/"
    assert "0 件，2023-07-14 之前办结的" in page(desk, path)
    browser = SignedIn(desk.webmaster)
    refused = browser.post(path, form_of(row, days=0))
    assert "至少保存一天" in refused.content.decode()
    kinds = [kind().pk]
    assert browser.post(path, form_of(row, days=30, kinds=kinds))["Location"] == PAGE
    row.refresh_from_db()
    assert (row.days, row.version, row.is_active, list(row.kinds.all())) == (
        30,
        1,
        True,
        list(CaseKind.objects.filter(pk__in=kinds)),
    )
    assert "1 件，2026-06-13 之前办结的" in page(desk, path)
    stale = browser.post(path, form_of(row, version=0, days=5)).content.decode()
    assert "刚刚由别人修改过" in stale
    row.refresh_from_db()
    assert row.days == 30


def test_a_rule_is_added_if_it_fits(desk: Desk) -> None:
    browser = SignedIn(desk.webmaster)
    assert "-----" not in page(desk, f"{PAGE}rules/add/")
    shape = RetentionRule(name="六十天后删除", deed="delete", days=60, source="测试", confidence="house")
    before = RetentionRule.objects.count()
    refused = browser.post(f"{PAGE}rules/add/", form_of(shape)).content.decode()
    assert "先隐去个人信息" in refused
    assert "六十天后删除" in refused
    assert RetentionRule.objects.count() == before
    rule(ANONYMISE, 30)
    assert browser.post(f"{PAGE}rules/add/", form_of(shape)).status_code == 302
    assert RetentionRule.objects.get(name="六十天后删除").is_active is True


def test_a_start_is_confirmed_by_a_word_and_by_what_was_seen(desk: Desk, due: list[Case]) -> None:
    assert "没有启用的规则" in page(desk, f"{PAGE}start/")
    row = rule(ANONYMISE, 30)
    browser, seen = SignedIn(desk.webmaster), json.dumps(versions())
    assert "不能撤销" in page(desk, f"{PAGE}start/")
    before = untouched()
    for typed, message in (
        ({"versions": seen, "word": ""}, "请输入“执行”两个字"),
        ({"versions": seen, "word": "好"}, "请输入“执行”两个字"),
        ({"versions": json.dumps({row.pk: 9}), "word": "执行"}, "预演之后改动过"),
        ({"versions": json.dumps(["x"]), "word": "执行"}, "预演之后改动过"),
        ({"versions": json.dumps({"x": 1}), "word": "执行"}, "预演之后改动过"),
    ):
        assert message in browser.post(f"{PAGE}start/", typed, follow=True).content.decode()
    assert untouched() == before
    assert browser.post(f"{PAGE}start/", {"versions": seen, "word": "“执行”"})["Location"] == PAGE
    assert "正在执行" in page(desk)
    retaining.take_turn(LATER)
    run = RetentionRun.objects.get()
    assert (run.by_id, run.done, run.skipped) == (desk.webmaster.pk, 1, {"directive": 1})
    report = page(desk, f"{PAGE}runs/{run.pk}/")
    assert "已完成" in report
    assert due[1].number in report
    assert due[0].number not in report


def test_a_run_is_stopped_once(desk: Desk, due: list[Case]) -> None:
    rule(ANONYMISE, 30)
    (run,) = begin(desk)
    browser, path = SignedIn(desk.webmaster), f"{PAGE}runs/{run.pk}/"
    assert "停止执行" in page(desk, path)
    assert browser.get(f"{path}stop/").status_code == 405
    assert "已停止" in browser.post(f"{path}stop/", follow=True).content.decode()
    assert "已经结束" in browser.post(f"{path}stop/", follow=True).content.decode()
    assert "停止执行" not in page(desk, path)
    assert Case.objects.filter(anonymised_at__isnull=False).count() == 0


def test_everybody_else_is_refused_and_nothing_changes(desk: Desk, due: list[Case]) -> None:
    row = rule(ANONYMISE, 30)
    (run,) = begin(desk)
    before = untouched()
    posts = {
        f"{PAGE}start/": {"versions": json.dumps(versions()), "word": "执行"},
        f"{PAGE}rules/add/": form_of(row),
        f"{PAGE}rules/{row.pk}/": form_of(row, days=1),
        f"{PAGE}runs/{run.pk}/stop/": {},
    }
    for persona, person in desk.world.people.items():
        if persona == "webmaster":
            continue
        browser = SignedIn(person)
        assert {browser.post(path, typed).status_code for path, typed in posts.items()} == {403}, persona
        assert {browser.get(path).status_code for path in (PAGE, *posts, f"{PAGE}runs/{run.pk}/")} == {403}, persona
        assert PAGE not in browser.get("/office/").content.decode()
    assert untouched() == before
    assert PAGE in SignedIn(desk.webmaster).get("/office/").content.decode()


def test_the_page_of_an_anonymised_letter_opens_for_staff_and_for_no_code(desk: Desk, due: list[Case]) -> None:
    rule(ANONYMISE, 30)
    carry_out(desk)
    browser = SignedIn(desk.operator)
    shown = browser.get(f"/office/cases/{due[0].pk}/")
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "内容已按保存期限隐去" in text
    assert "138****1234" not in text
    assert browser.get(f"/office/cases/{due[0].pk}/sheet/").status_code == 200
    assert browser.post(f"/office/cases/{due[0].pk}/sender/").status_code == 200
