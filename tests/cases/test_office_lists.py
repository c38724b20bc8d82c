"""The list of cases: who finds what in which basket, filters, pages, counts of queries, the spreadsheet."""

import re
from copy import copy
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions.ending import BAD
from menhu.cases.baskets import BASKETS, Asked, Order, baskets_of, read_cursor, select, write_cursor
from menhu.cases.enums import CaseState, DirectiveKind, Party
from menhu.cases.models import Case
from menhu.cases.rules import OPEN
from menhu.cases.views import lists
from menhu.units.actions import appoint, end_post
from menhu.units.enums import Role
from menhu.units.models import Post
from menhu.units.policies import today
from tests.cases.conftest import MORNING
from tests.cases.desk import Desk, kind
from tests.conftest import SignedIn
from tests.factories import TERM_START, UserFactory

LIST = "/office/cases/"
S = CaseState
BY_NAME = {basket.name: basket for basket in BASKETS}
WORKERS = ("operator", "supervisor", "handler", "head")
# Who must act on a case of the county's desk and the education bureau.
WHOSE: dict[CaseState, set[str]] = {
    S.RECEIVED: {"operator"},
    S.SCREENED: {"operator"},
    S.ASSIGNED: {"handler"},
    S.RETURNED: {"operator", "supervisor"},
    S.HANDLING: {"handler"},
    S.ASKED: set(),
    S.CONSULTED: set(),
    S.DRAFTED: {"head"},
    S.ANSWERED: set(),
    S.RATED: set(),
    S.CLOSED: set(),
    S.REFUSED: set(),
    S.MERGED: set(),
}


def titles(page: str) -> list[str]:
    return re.findall(r'<h3>\s*<a href="/office/cases/\d+/">(.*?)</a>', page)


def opened(desk: Desk, persona: str, query: str = "") -> str:
    response = SignedIn(desk.world.people[persona]).get(f"{LIST}{query}")
    assert response.status_code == 200
    return response.content.decode()


def seen(desk: Desk, persona: str, query: str = "") -> list[str]:
    return titles(opened(desk, persona, query))


def only(desk: Desk, case: Case, among: tuple[str, ...] = WORKERS) -> set[str]:
    """Who among those who work finds the case waiting for them."""
    return {persona for persona in among if case.title in seen(desk, persona, "?basket=mine")}


@pytest.mark.parametrize("state", CaseState)
def test_a_case_waits_for_whoever_must_act(desk: Desk, state: CaseState) -> None:
    assert only(desk, desk.case(state, title="等谁")) == WHOSE[state]


@pytest.mark.parametrize("state", [state for state in CaseState if state in OPEN])
def test_nothing_overdue_can_hide(desk: Desk, state: CaseState) -> None:
    """Whatever open state it is in, an overdue case is on somebody's desk and in the basket of late ones."""
    case = desk.case(state, title="拖了很久")
    with time_machine.travel(MORNING + timedelta(days=90), tick=False):
        assert only(desk, case)
        on_desks = {
            persona
            for persona in WORKERS
            if case.title in SignedIn(desk.world.people[persona]).get("/office/").content.decode()
        }
        assert on_desks == only(desk, case)
        for persona in ("operator", "supervisor", "leader"):
            assert case.title in seen(desk, persona, "?basket=late")
        assert "办件超时，按单位" in SignedIn(desk.leader).get("/office/").content.decode()


def test_a_case_whose_handler_left_waits_for_the_other_handlers(desk: Desk) -> None:
    colleague = UserFactory(username="h2", name="沈南枝")
    appoint(user=colleague, unit=desk.world.units["jyj"], role=Role.HANDLER, by=None, starts_on=TERM_START)
    case = desk.case(S.HANDLING, title="办到一半")
    assert titles(SignedIn(colleague).get(f"{LIST}?basket=mine").content.decode()) == []
    end_post(post=Post.objects.get(user=desk.handler), by=desk.webmaster, ends_on=today() - timedelta(days=1))
    assert titles(SignedIn(colleague).get(f"{LIST}?basket=mine").content.decode()) == [case.title]


def test_a_unit_without_handlers_has_its_head(desk: Desk) -> None:
    case = desk.case(S.ASSIGNED, title="没有承办员")
    end_post(post=Post.objects.get(user=desk.handler), by=desk.webmaster, ends_on=today() - timedelta(days=1))
    assert only(desk, case, ("operator", "supervisor", "head")) == {"head"}


def test_a_unit_without_anybody_is_the_supervisors_business(desk: Desk) -> None:
    case = desk.case(S.SCREENED, title="没有人")
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["sqz"])
    assert only(desk, case) == {"supervisor"}
    assert "退回待裁定和无人办理" in SignedIn(desk.leader).get("/office/").content.decode()


def test_what_asks_for_a_decision_waits_for_the_supervisor(desk: Desk) -> None:
    wants_time, badly_rated = desk.case(S.HANDLING, title="要延期"), desk.case(S.ANSWERED, title="差评")
    actions.ask_extension(case=wants_time, by=desk.handler, days=3, reason="需要会商。")
    actions.rate(case=badly_rated, by=Party.SENDER, level=BAD)
    assert sorted(seen(desk, "supervisor", "?basket=mine")) == ["差评", "要延期"]


def test_a_directive_waits_for_the_handler_even_while_the_clock_stands(desk: Desk) -> None:
    case = desk.case(S.ASKED, title="批示过的")
    assert seen(desk, "handler", "?basket=mine") == []
    actions.press(case=case, by=desk.leader, kind=DirectiveKind.INSTRUCT, text="尽快。")
    assert seen(desk, "handler", "?basket=mine") == [case.title]


def test_partners_find_what_they_are_asked(desk: Desk) -> None:
    case = desk.case(S.SCREENED, title="请协办")
    jyj, slj = desk.world.units["jyj"], desk.world.units["slj"]
    actions.assign(case=case, by=desk.operator, lead=jyj, partners=[slj])
    assert seen(desk, "stranger_handler", "?basket=mine") == ["请协办"]
    actions.give_opinion(case=case, by=desk.stranger_handler, text="同意。")
    assert seen(desk, "stranger_handler", "?basket=mine") == []
    assert seen(desk, "stranger_handler", "?basket=partner") == ["请协办"]
    assert seen(desk, "stranger_handler", "?basket=unit") == []


def test_another_unit_sees_nothing(desk: Desk) -> None:
    for state in CaseState:
        desk.case(state)
    for persona in ("stranger_handler", "stranger_head"):
        for basket in BASKETS:
            assert seen(desk, persona, f"?basket={basket.name}") == []


def test_who_has_nothing_to_do_with_cases_is_refused(desk: Desk) -> None:
    for persona in ("editor", "webmaster", "auditor", "government_reviewer"):
        assert SignedIn(desk.world.people[persona]).get(LIST).status_code == 403
        assert SignedIn(desk.world.people[persona]).get(f"{LIST}export.xlsx").status_code == 403


def test_each_role_has_its_baskets(desk: Desk) -> None:
    names = {persona: [b.name for b in baskets_of(desk.world.people[persona])] for persona in (*WORKERS, "leader")}
    assert names == {
        "operator": ["mine", "desk", "late", "all"],
        "supervisor": ["mine", "desk", "late", "all"],
        "handler": ["mine", "unit", "partner", "late", "all"],
        "head": ["mine", "unit", "partner", "late", "all"],
        "leader": ["desk", "late", "all"],
    }


def test_the_oldest_deadline_comes_first_and_all_are_newest_first(desk: Desk, clock: time_machine.Traveller) -> None:
    desk.case(S.HANDLING, title="先来")
    clock.shift(timedelta(days=1))
    desk.case(S.HANDLING, title="后来")
    assert seen(desk, "operator", "?basket=desk") == ["先来", "后来"]
    assert seen(desk, "operator", "?basket=all") == ["后来", "先来"]


def test_open_baskets_show_what_is_done_when_asked(desk: Desk) -> None:
    desk.case(S.CLOSED, title="办完的")
    desk.case(S.HANDLING, title="在办的")
    assert seen(desk, "handler", "?basket=unit") == ["在办的"]
    assert seen(desk, "handler", "?basket=unit&state=closed") == ["办完的"]
    assert seen(desk, "handler", "?basket=all") == ["在办的", "办完的"]


def test_filters(desk: Desk) -> None:
    help_kind = kind(code="help", name="求助", prefix="QZ")
    desk.case(S.HANDLING, title="建议")
    wanted = desk.case(S.ASSIGNED, title="求助", kind=help_kind)
    at_slj = desk.case(S.SCREENED, title="水利")
    actions.assign(case=at_slj, by=desk.operator, lead=desk.world.units["slj"])
    assert seen(desk, "operator", f"?basket=all&kind={help_kind.pk}") == ["求助"]
    assert seen(desk, "operator", f"?basket=all&unit={desk.world.units['slj'].pk}") == ["水利"]
    assert seen(desk, "operator", f"?basket=desk&number={wanted.number.lower()}") == ["求助"]
    assert seen(desk, "operator", "?basket=all&state=handling") == ["建议"]
    assert sorted(seen(desk, "operator", "?basket=desk&due=week")) == ["水利", "求助"]
    assert seen(desk, "operator", "?basket=desk&due=late") == []
    assert "没有符合条件的办件" in opened(desk, "operator", "?basket=desk&due=late")


@pytest.mark.parametrize("query", ["?basket=none", "?after=~~", "?after=2026~x", "?state=x&kind=y&due=z", "?kind=9999"])
def test_nonsense_in_the_address_narrows_nothing(desk: Desk, query: str) -> None:
    desk.case(S.RECEIVED, title="在")
    assert seen(desk, "operator", query) == ["在"]


def test_pages_show_every_case_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(5):
        desk.case(S.RECEIVED, title=f"第{number}件")
    for basket in ("mine", "all"):
        found, address = [], f"?basket={basket}"
        while address:
            page = opened(desk, "operator", address)
            found += titles(page)
            following = re.search(r'href="([^"]+)" rel="next"', page)
            address = following[1].replace("&amp;", "&") if following else ""
        assert sorted(found) == [f"第{number}件" for number in range(5)]


def test_pages_of_several_lenses_are_merged_without_doubles(desk: Desk) -> None:
    """A supervisor who is also operator has what came back once."""
    appoint(
        user=desk.supervisor,
        unit=desk.world.units["zfb"],
        role=Role.OPERATOR,
        by=None,
        starts_on=TERM_START,
        scope=desk.world.units["county"],
    )
    cases = [desk.case(state) for state in (S.RETURNED, S.RECEIVED, S.SCREENED)]
    selection = select(BY_NAME["mine"], desk.supervisor, Asked(), timezone.now())
    everything = selection.page(None, 10)
    first = selection.page(None, 2)
    cursor = read_cursor(write_cursor(first[-1], selection.order), selection.order)
    assert selection.order is Order.TURN
    assert sorted(case.pk for case in everything) == sorted(case.pk for case in cases)
    assert [*first, *selection.page(cursor, 2)] == everything
    assert selection.count() == 3


@pytest.mark.parametrize("persona", [*WORKERS, "leader"])
def test_queries_do_not_depend_on_rows(desk: Desk, persona: str) -> None:
    def asked() -> list[int]:
        found = []
        for basket in baskets_of(desk.world.people[persona]):
            browser = SignedIn(desk.world.people[persona])
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert browser.get(f"{LIST}?basket={basket.name}").status_code == 200
            found.append(len(queries))
        return found

    for state in CaseState:
        desk.case(state)
    few = asked()
    for case in Case.objects.order_by("pk"):
        copies(case, 60)
    assert asked() == few
    assert max(few) <= 25


def copies(case: Case, count: int) -> None:
    """More of the same, so that every basket that has it has a full page."""
    rows = [copy(case) for _ in range(count)]
    for number, row in enumerate(rows):
        row.pk, row.number, row.key_digest = None, f"{case.number}/{number}", f"{case.pk}/{number}"
    Case.objects.bulk_create(rows)


def test_the_spreadsheet_has_titles_and_no_senders_and_is_recorded(desk: Desk) -> None:
    late = desk.case(S.HANDLING, title="=HYPERLINK()")
    desk.case(S.CLOSED, title="办完的")
    with time_machine.travel(MORNING + timedelta(days=30), tick=False):
        response = SignedIn(desk.operator).get(f"{LIST}export.xlsx?basket=desk&state=handling")
        content = b"".join(response.streaming_content)
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["编号", late.number]
    values = dict(zip(rows[0], rows[1], strict=True))
    assert (values["标题"], values["承办人"], values["超时工作日"]) == ("=HYPERLINK()", "陶然", 11)
    assert "叶知秋" not in str(rows)
    event = Event.objects.get(verb="cases.export")
    assert event.data == {"basket": "desk", "rows": 1, "state": "handling"}
    assert event.actor_id == desk.operator.pk


def menu(desk: Desk, persona: str) -> str:
    page = SignedIn(desk.world.people[persona]).get("/office/").content.decode()
    return page.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]


def test_the_menu_shows_what_each_works_on(desk: Desk) -> None:
    everybody = (*WORKERS, "leader", "editor", "webmaster", "auditor")
    menus = {persona: menu(desk, persona) for persona in everybody}
    assert {persona for persona, shown in menus.items() if '"/office/cases/"' in shown} == {*WORKERS, "leader"}
    assert {persona for persona, shown in menus.items() if '"/office/case-kinds/"' in shown} == {"webmaster"}
