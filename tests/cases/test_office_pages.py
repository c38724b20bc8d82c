"""What the page, the work sheet and the terms of kinds show, to whom, and what they leave on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.cases import actions, panels
from menhu.cases.baskets import Order, read_cursor, write_cursor
from menhu.cases.enums import CaseState, DirectiveKind
from menhu.cases.lateness import WorkingDays, clock_of
from menhu.cases.models import Assignment, Case, CaseKind
from menhu.cases.panels import Attachment, Panel, Position, ReplyTemplate
from tests.cases.conftest import MORNING
from tests.cases.desk import SENDER, Desk, kind
from tests.conftest import SignedIn

S = CaseState
KINDS = "/office/case-kinds/"


def page(desk: Desk, persona: str, case: Case, suffix: str = "") -> str:
    response = SignedIn(desk.world.people[persona]).get(f"/office/cases/{case.pk}/{suffix}")
    assert response.status_code == 200
    return response.content.decode()


# ---------- The sender ----------


@pytest.mark.parametrize("persona", ["operator", "supervisor", "handler", "head"])
def test_the_sender_is_shown_once_and_the_look_is_recorded(desk: Desk, persona: str) -> None:
    case, browser = desk.case(S.HANDLING), SignedIn(desk.world.people[persona])
    address = f"/office/cases/{case.pk}/"
    before = browser.get(address).content.decode()
    assert not any(value in before for value in (SENDER.name, SENDER.phone, SENDER.email, SENDER.address))
    assert "138****1234" in before
    shown = browser.post(f"{address}sender/")
    text = shown.content.decode()
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert all(value in text for value in (SENDER.name, SENDER.phone, SENDER.email, SENDER.address))
    assert SENDER.phone not in browser.get(address).content.decode()
    looks = Event.objects.filter(verb="cases.look", object_id=str(case.pk))
    assert [look.actor_id for look in looks] == [desk.world.people[persona].pk]


def test_who_may_not_see_the_sender_is_refused_on_record(desk: Desk) -> None:
    hidden, case = desk.case(S.HANDLING, is_confidential=True), desk.case(S.HANDLING)
    for persona, subject in (("handler", hidden), ("head", hidden), ("leader", case)):
        response = SignedIn(desk.world.people[persona]).post(f"/office/cases/{subject.pk}/sender/")
        assert response.status_code == 403
        assert SENDER.phone not in response.content.decode()
        seen = page(desk, persona, subject)
        assert "查看来信人</button>" not in seen
        assert "138****1234" not in seen
    assert Event.objects.filter(verb="cases.look").count() == 0
    assert Event.objects.filter(verb="cases.refused").count() == 3
    assert "要求对承办单位保密" in page(desk, "handler", hidden)


def test_the_sheet_has_the_sender_only_where_it_was_asked_for(desk: Desk) -> None:
    case = desk.case(S.CLOSED)
    browser, address = SignedIn(desk.operator), f"/office/cases/{case.pk}/sheet/"
    assert SENDER.phone not in browser.get(address).content.decode()
    assert Event.objects.filter(verb="cases.look").count() == 0
    assert SENDER.phone in browser.post(address).content.decode()
    assert Event.objects.filter(verb="cases.look").count() == 1
    refused = SignedIn(desk.leader).post(address)
    assert (refused.status_code, refused["Location"]) == (302, address)


# ---------- What the pages say ----------


@pytest.mark.parametrize("state", CaseState)
def test_page_and_sheet_are_drawn_in_every_state(desk: Desk, state: CaseState) -> None:
    case = desk.case(state)
    for persona in ("operator", "supervisor", "leader"):
        assert str(state.label) in page(desk, persona, case)
        assert "五、回访与评价" in page(desk, persona, case, "sheet/")


def test_public_and_internal_lines_are_told_apart(desk: Desk) -> None:
    case = desk.case(S.HANDLING)
    actions.note_progress(case=case, by=desk.handler, text="家长同意错峰。", is_public=True)
    actions.note_progress(case=case, by=desk.handler, text="校方有顾虑。", is_public=False)
    text = page(desk, "handler", case)
    internal, public = text.index("校方有顾虑。"), text.index("家长同意错峰。")
    assert "来信人可见" not in text[text.index('id="events"') : internal]
    assert "来信人可见" in text[internal:public]


def test_words_of_senders_are_only_words(desk: Desk) -> None:
    case = desk.case(S.HANDLING, title="<script>alert(1)</script>", text="<img src=x onerror=alert(2)>")
    for suffix in ("", "sheet/"):
        text = page(desk, "operator", case, suffix)
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text
    assert "<script>alert(1)" not in SignedIn(desk.operator).get("/office/cases/").content.decode()


def test_the_clock_in_words(desk: Desk) -> None:
    case = desk.case(S.HANDLING)
    words = {}
    for days in (0, 13, 14, 15, 20):
        with time_machine.travel(MORNING + timedelta(days=days), tick=False):
            found = clock_of(case, MORNING + timedelta(days=days))
            words[days] = (found.urgency, found.words)
    assert words == {
        0: ("ok", "还剩 10 个工作日"),
        13: ("ok", "还剩 1 个工作日"),
        14: ("today", "今天到期"),
        15: ("late", "已超时 1 个工作日"),
        20: ("late", "已超时 3 个工作日"),
    }
    assert clock_of(desk.case(S.RECEIVED), MORNING).words == "尚未受理，应在 2026-06-04 17:30 前受理"
    assert clock_of(desk.case(S.ASKED), MORNING).words == "计时已暂停，最迟等到 2026-06-10 17:30"
    assert clock_of(desk.case(S.ANSWERED), MORNING).words == "按期答复"
    assert clock_of(desk.case(S.REFUSED), MORNING).words == "不予受理"


def test_days_late_are_counted_with_one_query(desk: Desk) -> None:
    moments = [MORNING - timedelta(days=number) for number in range(400)]
    with CaptureQueriesContext(connection) as queries:
        days = WorkingDays(moments, MORNING)
        found = [days.past(moment) for moment in moments]
    assert len(queries) == 1
    assert found[:8] == [0, 1, 2, 3, 3, 3, 4, 5]
    assert found == sorted(found)


@pytest.mark.parametrize("persona", ["operator", "handler"])
def test_queries_do_not_depend_on_how_much_is_on_file(desk: Desk, persona: str) -> None:
    case = desk.case(S.SCREENED)
    jyj, slj, sqz = (desk.world.units[slug] for slug in ("jyj", "slj", "sqz"))
    case = actions.assign(case=case, by=desk.operator, lead=jyj, partners=[slj])
    case = actions.take(case=case, by=desk.handler)

    def fill(times: int) -> None:
        for number in range(times):
            actions.note_progress(case=case, by=desk.handler, text=f"进展{number}", is_public=False)
            actions.press(case=case, by=desk.leader, kind=DirectiveKind.INSTRUCT, text=f"批示{number}")
            actions.merge(case=desk.case(S.SCREENED), by=desk.operator, master=case)
            at = case.assigned_at or MORNING
            Assignment.objects.create(case=case, unit=sqz, is_lead=False, is_current=False, assigned_at=at)

    def asked(suffix: str) -> int:
        browser = SignedIn(desk.world.people[persona])
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/office/cases/{case.pk}/{suffix}").status_code == 200
        return len(queries)

    fill(1)
    few = [asked(""), asked("sheet/")]
    fill(6)
    assert [asked(""), asked("sheet/")] == few
    assert few[0] <= 60


def test_a_linked_case_is_a_link_only_for_whoever_may_open_it(desk: Desk) -> None:
    master, follower = desk.case(S.HANDLING), desk.case(S.SCREENED, title="同样的事")
    actions.merge(case=follower, by=desk.operator, master=master)
    address = f'href="/office/cases/{follower.pk}/"'
    assert address in page(desk, "operator", master)
    for_the_unit = page(desk, "handler", master)
    assert "同样的事" in for_the_unit
    assert address not in for_the_unit


# ---------- Panels of apps above ----------


@pytest.fixture
def own_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(panels, "_templates", [])
    monkeypatch.setattr(panels, "_attachments", [])


def test_apps_above_add_panels_templates_and_files(desk: Desk, own_panels: None) -> None:
    def drawn(case: Case, _user: Any) -> SafeString | None:
        return mark_safe("<section>公开信件</section>") if case.state == S.HANDLING else None

    panels.register(Panel("copy", Position.LETTER, drawn))
    panels.register(Panel("none", Position.SIDE, lambda _case, _user: None))
    panels.give_templates(lambda _case: [ReplyTemplate("咨询类", "您好，您咨询的问题答复如下：")])
    panels.give_attachments(lambda _case: [Attachment("现场.jpg", "/office/private/1/", "120 KB")])
    case = desk.case(S.HANDLING)
    text = page(desk, "handler", case)
    assert "<section>公开信件</section>" in text
    assert '<option value="您好，您咨询的问题答复如下：">咨询类</option>' in text
    assert '<a href="/office/private/1/">现场.jpg</a>' in text
    assert "公开信件" not in page(desk, "operator", desk.case(S.RECEIVED))
    assert panels.drawn(case, desk.handler) == {"letter": ["<section>公开信件</section>"]} | {
        name: [] for name in ("answer", "side", "sheet")
    }


# ---------- Cursors ----------


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, 10**17))
def test_a_cursor_is_read_as_it_was_written(due_at: datetime, pk: int) -> None:
    case = Case(pk=pk, step_due_at=due_at)
    assert read_cursor(write_cursor(case, Order.TURN), Order.TURN) == (due_at, pk)
    assert read_cursor(write_cursor(case, Order.NEWEST), Order.NEWEST) == (None, pk)


@given(st.text(max_size=40), st.sampled_from(Order))
def test_any_text_is_a_cursor_or_none(text: str, order: Order) -> None:
    found = read_cursor(text, order)
    assert found is None or found[1] >= 0


# ---------- Terms of kinds ----------


def terms(row: CaseKind, **changes: Any) -> dict[str, Any]:
    names = ("name", "position", "source", "confidence", "accept_days", "transfer_days", "return_hours", "answer_days")
    more = ("complex_days", "extension_days", "ask_days", "ask_within_days", "consult_days", "sign_days")
    last = ("reopen_days", "most_reopens", "veto_days")
    return {**{name: getattr(row, name) for name in (*names, *more, *last)}, "is_open": "on", **changes}


def test_the_webmaster_changes_terms_on_record_and_open_cases_stay(desk: Desk) -> None:
    case, row = desk.case(S.HANDLING), kind()
    browser = SignedIn(desk.webmaster)
    assert "测试" in browser.get(KINDS).content.decode()
    response = browser.post(f"{KINDS}{row.pk}/", terms(row, answer_days=7, source="本县办法"))
    assert (response.status_code, response["Location"]) == (302, KINDS)
    event = Event.objects.get(verb="cases.change_kind")
    assert event.data == {"changed": {"answer_days": [10, 7], "source": ["测试", "本县办法"]}, "reckoned_again": 0}
    case.refresh_from_db()
    assert case.is_reckoned
    row.refresh_from_db()
    assert (row.answer_days, row.code, row.prefix) == (7, "sample-advice", "YL")


def test_open_cases_are_reckoned_again_where_asked(desk: Desk) -> None:
    case, closed, row = desk.case(S.HANDLING), desk.case(S.CLOSED), kind()
    data = terms(row, answer_days=20, complex_days=30, reckons_open="on")
    assert SignedIn(desk.webmaster).post(f"{KINDS}{row.pk}/", data).status_code == 302
    case.refresh_from_db()
    closed.refresh_from_db()
    assert (case.is_reckoned, closed.is_reckoned) == (False, True)
    assert Event.objects.get(verb="cases.change_kind").data["reckoned_again"] == 1


def test_terms_that_cannot_stand_are_refused_with_what_was_typed(desk: Desk) -> None:
    row = kind()
    response = SignedIn(desk.webmaster).post(f"{KINDS}{row.pk}/", terms(row, answer_days=0, source="改了一半"))
    assert response.status_code == 200
    assert "时限至少为一天" in response.content.decode()
    assert "改了一半" in response.content.decode()
    row.refresh_from_db()
    assert (row.answer_days, row.source) == (10, "测试")
    assert not Event.objects.filter(verb="cases.change_kind").exists()


def test_nobody_else_changes_terms(desk: Desk) -> None:
    row = kind()
    for persona in ("operator", "supervisor", "leader", "handler", "editor"):
        assert SignedIn(desk.world.people[persona]).get(KINDS).status_code == 403
        assert SignedIn(desk.world.people[persona]).post(f"{KINDS}{row.pk}/", terms(row)).status_code == 403
    row.refresh_from_db()
    assert row.answer_days == 10
