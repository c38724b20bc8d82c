"""Requests for information: the regulation's clock, third parties, decisions, documents, and a table that adds up."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.cases import actions as cases
from menhu.cases.actions import SenderData, ticking
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Answer, Case
from menhu.cases.policies import CaseRefused
from menhu.letters.models import InformationRequest
from menhu.letters.openness import actions
from menhu.letters.openness.actions import Applicant, Wanted
from menhu.letters.openness.outcomes import APPLICANTS, BY_CODE, OUTCOMES
from menhu.letters.openness.yearly import COLUMNS, Request, table_of, tabulated
from menhu.letters.seeds import seed
from tests.cases.desk import Desk
from tests.letters.post import Citizen, receipt
from tests.letters.test_writing import follow

Clock = time_machine.Traveller
APPLICANT = SenderData(name="叶知秋", phone="13800001234", identity_number="990000199001011230")


@pytest.fixture
def request_case(desk: Desk) -> Case:
    """Handled by the education bureau."""
    return handled(desk)


def handled(desk: Desk, **wanted: Any) -> Case:
    seed()
    words = Wanted(**{"information": "2026 年义务教育招生计划", **wanted})
    key = f"request-{Case.objects.count()}"
    unit = desk.world.units["jyj"]
    case = actions.apply(unit=unit, wanted=words, applicant=Applicant(), sender=APPLICANT, key=key).case
    cases.accept(case=case, by=desk.operator)
    cases.assign(case=case, by=desk.operator, lead=unit)
    return cases.take(case=case, by=desk.handler)


def local(case: Case) -> str:
    return f"{timezone.localtime(case.due_at):%m-%d}" if case.due_at else ""


def test_twenty_working_days_from_the_day_both_sides_confirm(request_case: Case) -> None:
    assert request_case.number.startswith("GK20260603-")
    assert local(request_case) == "07-02"  # 06-19 is a holiday


def test_the_third_partys_fifteen_days_do_not_count(desk: Desk, request_case: Case, clock: Clock) -> None:
    case = actions.consult(case=request_case, by=desk.handler, third_party="云岭某幼儿园", text="请书面答复")
    assert InformationRequest.objects.get().third_party == "云岭某幼儿园"
    clock.shift(timedelta(days=7))
    case = cases.hear(case=case, by=desk.handler, text="不同意公开家长名单")
    assert local(case) == "07-08"  # closings of 06-03…09 were paused, four of them after the first day
    with pytest.raises(CaseRefused, match="已征求过"):
        actions.consult(case=case, by=desk.handler, third_party="又一家", text="请答复")


def test_a_silent_third_party_holds_nothing_up(desk: Desk, request_case: Case, clock: Clock) -> None:
    case = actions.consult(case=request_case, by=desk.handler, third_party="某公司", text="请书面答复")
    assert case.step_due_at is not None
    clock.move_to(case.step_due_at + timedelta(minutes=1))
    assert ticking.end_waiting(timezone.now()) == 1
    case.refresh_from_db()
    assert case.state == CaseState.HANDLING


def test_a_supplement_is_asked_once_within_seven_days_and_starts_the_term_anew(
    desk: Desk, request_case: Case, clock: Clock
) -> None:
    case = cases.ask(case=request_case, by=desk.handler, text="请写明是哪个学段。")
    clock.shift(timedelta(days=5))
    case = cases.supplement(case=case, by=Party.SENDER, text="小学一年级")
    assert local(case) == "07-07"
    with pytest.raises(CaseRefused, match="已请来信人补充过"):
        cases.ask(case=case, by=desk.handler, text="还有")
    late = handled(desk)
    clock.shift(timedelta(days=12))
    with pytest.raises(CaseRefused, match="超过可以要求补充的时限"):
        cases.ask(case=late, by=desk.handler, text="还有")


def test_who_never_supplements_has_given_up(desk: Desk, request_case: Case, clock: Clock) -> None:
    case = cases.ask(case=request_case, by=desk.handler, text="请写明是哪个学段。")
    assert case.step_due_at is not None
    clock.move_to(case.step_due_at + timedelta(minutes=1))
    ticking.end_waiting(timezone.now())
    case.refresh_from_db()
    assert (case.state, InformationRequest.objects.get().outcome) == (CaseState.CLOSED, "abandoned")


def test_twenty_more_days_by_approval_and_told(desk: Desk, request_case: Case) -> None:
    cases.ask_extension(case=request_case, by=desk.handler, days=20, reason="需要核对历年数据")
    case = cases.decide_extension(case=request_case, by=desk.supervisor, is_granted=True, decision="同意")
    assert local(case) == "07-30"


@pytest.mark.parametrize("outcome", [one.code for one in OUTCOMES if one.code != "abandoned"])
def test_every_kind_of_answer_is_drafted_signed_and_drawn(desk: Desk, request_case: Case, outcome: str) -> None:
    from menhu.letters.openness.letters import answer_document

    assert answer_document(request_case) is None
    actions.decide(case=request_case, by=desk.handler, outcome=outcome, text=f"{actions.opening_of(outcome)}\n见附件。")
    case = cases.sign(case=request_case, by=desk.head)
    drawn = answer_document(case)
    assert drawn is not None
    assert drawn.startswith(b"%PDF-")
    assert drawn == answer_document(case)
    assert InformationRequest.objects.get().outcome == outcome


def test_a_decision_needs_an_outcome_and_the_right_person(desk: Desk, request_case: Case) -> None:
    for by, outcome in ((desk.handler, "abandoned"), (desk.handler, ""), (desk.stranger_handler, "granted")):
        with pytest.raises(CaseRefused):
            actions.decide(case=request_case, by=by, outcome=outcome, text="答复")
    request_case.refresh_from_db()
    assert (request_case.state, Answer.objects.count(), InformationRequest.objects.get().outcome) == ("handling", 0, "")
    assert Event.objects.filter(verb="cases.refused").count() == 3


TYPED = {
    "information": "2026 年农村道路建设计划",
    "description": "包括路段和投资",
    "form": "electronic",
    "way": "web",
    "applicant": "natural",
    "name": "叶知秋",
    "identity_number": "990000199001011230",
    "phone": "13800001234",
    "is_true": "on",
}


def test_a_citizen_applies_and_downloads_the_answer(desk: Desk) -> None:
    seed()
    citizen, unit = Citizen(), desk.world.units["jyj"]
    page = citizen.post("/openness/apply/", {**citizen.form("/openness/apply/"), **TYPED, "unit": unit.pk})
    number, code = receipt(page.content.decode())
    case = Case.objects.get(number=number)
    cases.accept(case=case, by=desk.operator)
    cases.assign(case=case, by=desk.operator, lead=unit)
    cases.take(case=case, by=desk.handler)
    actions.consult(case=case, by=desk.handler, third_party="某公司", text="请书面答复")
    shown = follow(citizen, number, code)
    assert "依法征求第三方意见" in shown
    assert "某公司" not in shown
    cases.hear(case=case, by=desk.handler, text="不同意公开投资明细")
    actions.decide(case=case, by=desk.handler, outcome="partly", text="路段公开，投资明细不公开。")
    cases.sign(case=case, by=desk.head)
    shown = follow(citizen, number, code)
    assert "路段公开" in shown
    assert "不同意公开投资明细" not in shown
    form = citizen.form("/letters/check/")
    sheet = citizen.post("/letters/check/", {**form, "number": number, "code": code, "act": "document"})
    assert sheet["Content-Type"] == "application/pdf"
    assert number in sheet["Content-Disposition"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"unit": ""}, "请选择向哪个单位申请"),
        ({"information": ""}, "请写明需要的信息叫什么"),
        ({"applicant": "business"}, "单位申请的，请填写单位名称"),
        ({"way": "post"}, "请填写通信地址"),
        ({"way": "email"}, "请填写电子邮箱"),
        ({"identity_number": ""}, "请填写身份证件号码"),
    ],
)
def test_what_is_missing_is_said(desk: Desk, typed: dict[str, str], message: str) -> None:
    seed()
    citizen = Citizen()
    answer = citizen.post(
        "/openness/apply/",
        {**citizen.form("/openness/apply/"), **TYPED, "unit": desk.world.units["jyj"].pk, **typed},
    )
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert Case.objects.count() == 0


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    received, ended = draw(days), draw(st.none() | days)
    if ended is not None and ended < received:
        received, ended = ended, received
    outcome = draw(st.sampled_from(sorted(BY_CODE))) if ended else ""
    return Request(draw(st.sampled_from(sorted(APPLICANTS))), received, ended, outcome)


@given(st.lists(requests(), max_size=60), st.sampled_from([2024, 2025, 2026, 2027]))
def test_the_table_always_adds_up(found: list[Request], year: int) -> None:
    table = tabulated(found, year)
    assert table.is_sound
    by_label = {row.label: row.numbers for row in table.rows}
    new, carried = by_label["一、本年新收政府信息公开申请数量"], by_label["二、上年结转政府信息公开申请数量"]
    handled, left = by_label["（七）总计"], by_label["四、结转下年度继续办理"]
    for place in range(len(COLUMNS)):
        assert new[place] + carried[place] == handled[place] + left[place]
    assert new[-1] == sum(new[:-1])


def test_what_one_year_leaves_the_next_takes_over(desk: Desk, request_case: Case, clock: Clock) -> None:
    county = desk.world.units["county"]
    open_ = handled(desk)
    actions.decide(case=request_case, by=desk.handler, outcome="granted", text="予以公开。")
    cases.sign(case=request_case, by=desk.head)
    first, second = table_of(county, 2026), table_of(county, 2027)
    totals = {row.label: row.numbers[-1] for row in first.rows if row.numbers}
    assert (totals["一、本年新收政府信息公开申请数量"], totals["（一）予以公开"], totals["四、结转下年度继续办理"]) == (
        2,
        1,
        1,
    )
    carried = {row.label: row.numbers[-1] for row in second.rows if row.numbers}
    assert carried["二、上年结转政府信息公开申请数量"] == 1
    assert first.is_sound
    assert second.is_sound
    assert table_of(desk.world.units["slj"], 2026).rows[0].numbers[-1] == 0
    assert open_.is_open
