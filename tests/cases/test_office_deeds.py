"""The deeds on the page of a case: what is offered can be done, what is not is refused, and nothing typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions.moving import present
from menhu.cases.actions.offering import offer
from menhu.cases.enums import CaseState, Deed, DirectiveKind
from menhu.cases.forms import FORMS, MergeForm, form_for
from menhu.cases.models import Answer, Case, CaseEvent, CaseLink, Directive, Extension, Rating
from menhu.cases.policies import CaseRefused
from menhu.cases.views.steps import do
from tests.cases.desk import Desk, kind
from tests.conftest import SignedIn
from tests.factories import UserFactory

S = CaseState
PEOPLE = ("operator", "supervisor", "handler", "head", "leader", "stranger_handler")
# What the actions would take but the page does not suggest.
UNSAID = {(S.RECEIVED, Deed.COMPLEX), *((state, Deed.PROGRESS) for state in (S.CLOSED, S.REFUSED))}


def filled(desk: Desk, case: Case, master: Case) -> dict[str, Any]:
    """Words for any form."""
    directive = Directive.objects.filter(case=case, reported_at=None).first()
    return {
        "reason": "理由充分。",
        "right_place": "向水利局反映。",
        "text": "这是内容。",
        "lead": desk.world.units["slj"].pk,
        "partners": [desk.world.units["sqz"].pk],
        "note": "请办理。",
        "level": 4,
        "is_public": "yes",
        "days": 2,
        "is_granted": "yes",
        "decision": "同意。",
        "directive": directive.pk if directive else "",
        "number": master.number,
        "confirmed": master.pk,
        "title_1": "另一件",
        "text_1": "另一件的内容。",
    }


def rich(desk: Desk, state: CaseState) -> Case:
    """A case in the state, pressed, with a partner whose opinion is wanted and an extension that is asked for."""
    case = desk.case(state)
    if case.is_open:
        actions.press(case=case, by=desk.leader, kind=DirectiveKind.INSTRUCT, text="请尽快。")
    if state is S.HANDLING:
        actions.ask_extension(case=case, by=desk.handler, days=2, reason="需要会商。")
    return case


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(desk: Desk, persona: str, deed: Deed, case: Case, master: Case) -> str:
    user = desk.world.people[persona]
    form = form_for(deed, present(case.pk), user, filled(desk, case, master))
    if not form.is_valid():
        return "invalid"
    try:
        with undone():
            do(form, case, user)
    except CaseRefused:
        return "refused"
    return "done"


@pytest.mark.parametrize("state", CaseState)
def test_what_is_offered_can_be_done_and_the_rest_is_refused(desk: Desk, state: CaseState) -> None:
    case, master = rich(desk, state), desk.case(S.SCREENED, title="主件")
    wrong = []
    for persona in PEOPLE:
        offered = set(offer(present(case.pk), desk.world.people[persona]).deeds)
        for deed in Deed:
            found = outcome(desk, persona, deed, case, master)
            if (found == "done") != (deed in offered) and (state, deed) not in UNSAID:
                wrong.append((persona, deed.value, found))
    assert wrong == []


def test_every_deed_has_a_form_and_an_action(desk: Desk) -> None:
    assert set(FORMS) == set(Deed)


@pytest.mark.parametrize(
    ("state", "persona", "deeds"),
    [
        (S.RECEIVED, "operator", "accept progress refuse urge"),
        (S.SCREENED, "operator", "assign progress urge complex merge split"),
        (S.ASSIGNED, "handler", "take progress return"),
        (S.RETURNED, "supervisor", "designate assign progress urge supervise complex merge"),
        (S.HANDLING, "handler", "draft progress ask consult extend"),
        (S.HANDLING, "leader", "instruct"),
        (S.HANDLING, "operator", "progress urge complex merge"),
        (S.ASKED, "operator", "supplement progress urge complex"),
        (S.CONSULTED, "handler", "hear progress"),
        (S.DRAFTED, "head", "sign send_back progress extend"),
        (S.ANSWERED, "operator", "progress rate reopen"),
        (S.RATED, "supervisor", "close progress"),
        (S.MERGED, "operator", "progress urge complex unmerge"),
        (S.CLOSED, "supervisor", ""),
        (S.HANDLING, "stranger_handler", ""),
    ],
)
def test_what_each_person_is_offered(desk: Desk, state: CaseState, persona: str, deeds: str) -> None:
    found = offer(present(desk.case(state).pk), desk.world.people[persona]).deeds
    assert [deed.value for deed in found] == deeds.split()


def test_nobody_is_offered_to_sign_their_own_draft_and_is_told_why(desk: Desk) -> None:
    case = actions.draft(case=desk.case(S.HANDLING), by=desk.head, text="我自己写的。")
    offered = offer(present(case.pk), desk.head)
    assert Deed.SIGN not in offered.deeds
    assert [deed for deed, _why in offered.withheld] == [Deed.SIGN]
    assert "不能签发自己拟写的答复" in page(desk, "head", case)


def page(desk: Desk, persona: str, case: Case) -> str:
    response = SignedIn(desk.world.people[persona]).get(f"/office/cases/{case.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def sent(desk: Desk, persona: str, case: Case, deed: str, **data: Any) -> Any:
    return SignedIn(desk.world.people[persona]).post(f"/office/cases/{case.pk}/{deed}/", data)


def test_a_letter_goes_all_the_way_by_the_pages(desk: Desk) -> None:
    case, jyj = desk.case(), desk.world.units["jyj"]
    steps: list[tuple[str, str, dict[str, Any], CaseState]] = [
        ("operator", "accept", {}, S.SCREENED),
        ("operator", "assign", {"lead": jyj.pk, "partners": [desk.world.units["slj"].pk], "note": "办"}, S.ASSIGNED),
        ("handler", "take", {}, S.HANDLING),
        ("stranger_handler", "partner", {"text": "可以。"}, S.HANDLING),
        ("handler", "ask", {"text": "哪个路口？"}, S.ASKED),
        ("operator", "supplement", {"text": "东门。"}, S.HANDLING),
        ("leader", "instruct", {"text": "抓紧。"}, S.HANDLING),
        ("handler", "extend", {"days": 2, "reason": "会商。"}, S.HANDLING),
        ("supervisor", "decide_extension", {"is_granted": "yes", "decision": "同意。"}, S.HANDLING),
        ("handler", "progress", {"text": "已现场查看。", "is_public": "yes"}, S.HANDLING),
        ("handler", "draft", {"text": "您好，将增设站点。"}, S.DRAFTED),
        ("head", "send_back", {"reason": "写明时间。"}, S.HANDLING),
        ("handler", "draft", {"text": "您好，十月底前增设站点。"}, S.DRAFTED),
        ("head", "sign", {"text": "您好，十月三十一日前增设站点。"}, S.ANSWERED),
        ("operator", "rate", {"level": 2, "text": "太慢。"}, S.RATED),
        ("supervisor", "close", {}, S.CLOSED),
    ]
    for persona, deed, data, state in steps:
        response = sent(desk, persona, case, deed, **data)
        assert (deed, response.status_code) == (deed, 302)
        case.refresh_from_db()
        assert (deed, case.state) == (deed, state)
    assert Answer.objects.get(case=case).text == "您好，十月三十一日前增设站点。"
    assert (case.extra_days, case.rating, case.handler) == (2, 2, desk.handler)
    assert Rating.objects.get(case=case).text == "太慢。"
    assert not Event.objects.filter(verb="cases.refused").exists()


def test_a_refused_step_is_409_keeps_the_words_and_changes_nothing(desk: Desk) -> None:
    case = desk.case(S.ASSIGNED)
    with time_machine.travel(case.assigned_at + timedelta(days=5), tick=False):
        before = Case.objects.values().get(pk=case.pk)
        response = sent(desk, "handler", case, "return", reason="应由水利局办理，依据三定方案。")
    text = response.content.decode()
    assert response.status_code == 409
    assert "已超过退回时限" in text
    assert "应由水利局办理，依据三定方案。</textarea>" in text
    assert "留在上面，可以复制" in text
    assert Case.objects.values().get(pk=case.pk) == before
    assert Event.objects.get(verb="cases.refused").data["verb"] == "return"


def test_what_somebody_else_did_meanwhile_keeps_the_words(desk: Desk) -> None:
    case = actions.draft(case=desk.case(S.HANDLING), by=desk.handler, text="第一稿")
    response = sent(desk, "handler", case, "draft", text="我的另一稿，写了很久")
    assert response.status_code == 409
    assert "我的另一稿，写了很久</textarea>" in response.content.decode()
    assert Answer.objects.get(case=case).text == "第一稿"


def test_an_incomplete_form_is_400_and_keeps_the_words(desk: Desk) -> None:
    case = desk.case(S.HANDLING)
    response = sent(desk, "handler", case, "extend", days="", reason="涉及三个单位")
    text = response.content.decode()
    assert response.status_code == 400
    assert "涉及三个单位</textarea>" in text
    assert "请先改正下面的问题" in text
    assert not Extension.objects.exists()
    assert not Event.objects.filter(verb="cases.refused").exists()


@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("draft", {"text": " "}),
        ("draft", {"text": "有\0控制字符"}),
        ("extend", {"days": 0, "reason": "x"}),
        ("ask", {}),
        ("progress", {"text": "x"}),
    ],
)
def test_what_is_not_filled_in_changes_nothing(desk: Desk, deed: str, data: dict[str, Any]) -> None:
    case = desk.case(S.HANDLING)
    events = CaseEvent.objects.count()
    assert sent(desk, "handler", case, deed, **data).status_code == 400
    case.refresh_from_db()
    assert (case.state, CaseEvent.objects.count()) == (S.HANDLING, events)


def test_a_stranger_finds_nothing_and_that_is_recorded(desk: Desk) -> None:
    case = desk.case(S.HANDLING)
    before, events = Case.objects.values().get(pk=case.pk), CaseEvent.objects.count()
    for persona in ("stranger_handler", "stranger_head", "editor", "webmaster", "auditor"):
        assert sent(desk, persona, case, "draft", text="x").status_code in (403, 404)
        browser = SignedIn(desk.world.people[persona])
        for address in ("", "sheet/"):
            assert browser.get(f"/office/cases/{case.pk}/{address}").status_code == 404
        assert browser.post(f"/office/cases/{case.pk}/sender/").status_code == 404
    assert Case.objects.values().get(pk=case.pk) == before
    assert CaseEvent.objects.count() == events
    assert Event.objects.filter(verb="access.refused", object_id=str(case.pk)).count() == 20


def test_a_reader_who_may_not_act_is_told_who_may(desk: Desk) -> None:
    case = desk.case(S.DRAFTED)
    response = sent(desk, "handler", case, "sign", text="我来签")
    assert response.status_code == 409
    assert "这一步由承办单位负责人办理" in response.content.decode()
    case.refresh_from_db()
    assert case.state == S.DRAFTED


def test_addresses_take_only_posts_with_a_token_and_known_deeds(desk: Desk) -> None:
    case = desk.case(S.RECEIVED)
    assert SignedIn(desk.operator).get(f"/office/cases/{case.pk}/accept/").status_code == 405
    assert sent(desk, "operator", case, "follow").status_code == 404
    assert sent(desk, "operator", case, "lapse").status_code == 404
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk.operator, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(f"/office/cases/{case.pk}/accept/").status_code == 403
    case.refresh_from_db()
    assert case.state == S.RECEIVED


def test_whoever_returns_a_case_no_longer_sees_it_and_is_led_to_the_list(desk: Desk) -> None:
    case = desk.case(S.ASSIGNED)
    response = sent(desk, "handler", case, "return", reason="不属我局职责。")
    assert (response.status_code, response["Location"]) == (302, "/office/cases/")


def test_a_usual_reason_fills_what_was_left_empty(desk: Desk) -> None:
    case = desk.case()
    assert sent(desk, "operator", case, "refuse", reason="", right_place="").status_code == 400
    assert sent(desk, "operator", case, "refuse", preset="unclear", right_place="请打电话。").status_code == 302
    told = CaseEvent.objects.get(case=case, kind="refuse").text
    assert told == "来信没有写明具体的人、地点或者事情，又无法与您联系，难以办理。 您可以：请打电话。"


def test_a_unit_that_cannot_be_given_a_case_is_no_choice(desk: Desk) -> None:
    case, units = desk.case(S.SCREENED), desk.world.units
    for slug in ("county", "government"):
        assert sent(desk, "operator", case, "assign", lead=units[slug].pk).status_code == 400
    form: Any = form_for(Deed.ASSIGN, present(case.pk), desk.operator)
    groups = dict(form.fields["lead"].choices[1:])
    manned, empty = ([pk for pk, _name in groups[label]] for label in groups)
    assert set(manned) == {units["jyj"].pk, units["slj"].pk}
    assert units["sqz"].pk in empty


def test_the_master_is_shown_before_anything_is_merged(desk: Desk) -> None:
    case = desk.case(S.SCREENED, title="后来的")
    master = desk.case(S.HANDLING, title="先来的", text="公交站的事。")
    shown = sent(desk, "operator", case, "merge", number=master.number)
    assert shown.status_code == 200
    assert "公交站的事。" in shown.content.decode()
    case.refresh_from_db()
    assert (case.state, CaseLink.objects.count()) == (S.SCREENED, 0)
    other = desk.case(S.SCREENED)
    assert sent(desk, "operator", case, "merge", number=other.number, confirmed=master.pk).status_code == 200
    assert CaseLink.objects.count() == 0
    assert sent(desk, "operator", case, "merge", number=master.number, confirmed=master.pk).status_code == 302
    assert CaseLink.objects.get().master == master
    assert "并入本件" in page(desk, "operator", master)


def test_a_master_that_the_person_may_not_see_does_not_exist(desk: Desk) -> None:
    case, master = desk.case(S.SCREENED), desk.case(S.HANDLING, title="看不见的")
    nobody = UserFactory()
    form = MergeForm(Deed.MERGE, case, nobody, {"number": master.number})
    assert form.errors == {"number": ["没有找到这个编号的办件。"]}
    assert sent(desk, "operator", case, "merge", number="YL00000000-0001").status_code == 400
    assert sent(desk, "operator", case, "merge", number=case.number).status_code == 400


def test_parts_are_cut_out_and_half_a_part_is_not(desk: Desk) -> None:
    case = desk.case(S.SCREENED)
    assert sent(desk, "operator", case, "split", title_1="只有标题").status_code == 400
    assert Case.objects.count() == 1
    given = {"title_1": "路灯", "text_1": "不亮。", "title_3": "水管", "text_3": "漏水。"}
    assert sent(desk, "operator", case, "split", **given).status_code == 302
    assert list(Case.objects.exclude(pk=case.pk).order_by("pk").values_list("title", "state")) == [
        ("路灯", S.SCREENED),
        ("水管", S.SCREENED),
    ]


def test_too_long_a_part_is_refused_with_its_words(desk: Desk) -> None:
    case = desk.case(S.SCREENED)
    response = sent(desk, "operator", case, "split", title_1="长" * 121, text_1="内容还在")
    assert response.status_code == 400
    assert "内容还在</textarea>" in response.content.decode()


def test_the_unit_reports_back_on_the_directive_that_it_chooses(desk: Desk) -> None:
    case = desk.case(S.HANDLING)
    first = actions.press(case=case, by=desk.leader, kind=DirectiveKind.INSTRUCT, text="第一条")
    second = actions.press(case=case, by=desk.supervisor, kind=DirectiveKind.SUPERVISE, text="第二条", days=1)
    assert sent(desk, "handler", case, "report_back", directive=second.pk, text="已办。").status_code == 302
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.report, first.report) == ("已办。", "")
    foreign = actions.press(case=desk.case(S.HANDLING), by=desk.leader, kind=DirectiveKind.INSTRUCT, text="别的件")
    assert sent(desk, "handler", case, "report_back", directive=foreign.pk, text="已办。").status_code == 400


def test_a_draft_that_was_sent_back_begins_the_next_one(desk: Desk) -> None:
    case = actions.send_back(case=desk.case(S.DRAFTED), by=desk.head, reason="写明时间。")
    assert "您好，将增设“县医院东门”站。</textarea>" in page(desk, "handler", case)


def test_the_sender_may_reopen_through_the_desk(desk: Desk) -> None:
    case = desk.case(S.RATED, kind=kind())
    assert sent(desk, "operator", case, "reopen", reason="没有解决。").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.round) == (S.HANDLING, 2)
