"""Terms of cases on the working calendar: pauses, extensions, years nobody entered, alarms in office time only."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from menhu.cases import actions
from menhu.cases.actions import ticking
from menhu.cases.deadlines import Matter, Reckoning, explained
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Case, CaseEvent
from menhu.notices.models import Notice
from menhu.workdays import actions as workdays
from tests.cases.desk import Desk, kind

SHANGHAI = ZoneInfo("Asia/Shanghai")
Clock = time_machine.Traveller


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""


def test_each_step_has_its_term(desk: Desk) -> None:
    """Received on Wednesday 2026-06-03 at 10:00; office hours end at 17:30."""
    dues = {state: local(desk.case(state).step_due_at) for state in CaseState}
    assert dues == {
        CaseState.RECEIVED: "06-04 17:30",
        CaseState.REFUSED: "",
        CaseState.SCREENED: "06-04 17:30",
        CaseState.ASSIGNED: "06-04 10:00",
        CaseState.RETURNED: "06-04 17:30",
        CaseState.HANDLING: "06-17 17:30",
        CaseState.ASKED: "06-10 17:30",
        CaseState.CONSULTED: "06-25 17:30",
        CaseState.DRAFTED: "06-04 17:30",
        CaseState.ANSWERED: "06-18 10:00",
        CaseState.RATED: "06-18 10:00",
        CaseState.CLOSED: "",
        CaseState.MERGED: "06-17 17:30",
    }


def test_the_time_in_which_the_sender_is_asked_does_not_count(desk: Desk, clock: Clock) -> None:
    case = desk.case(CaseState.ASKED)
    assert local(case.due_at) == "06-17 17:30"
    clock.move_to(at(6, 8))
    case = actions.supplement(case=case, by=Party.SENDER, text="东街路口")
    assert local(case.due_at) == "06-22 17:30"  # closings of 06-03, 04 and 05 were paused; the first is the start
    assert any("不计入" in line for line in explained(case))


def test_the_clock_ends_waiting_by_itself(desk: Desk, clock: Clock) -> None:
    case = desk.case(CaseState.ASKED)
    clock.move_to(at(6, 10, 17, 29))
    assert ticking.end_waiting(timezone.now()) == 0
    clock.move_to(at(6, 10, 17, 31))
    assert ticking.end_waiting(timezone.now()) == 1
    case.refresh_from_db()
    assert (case.state, case.paused_at) == (CaseState.HANDLING, None)
    assert ticking.end_waiting(timezone.now()) == 0


def test_what_nobody_rates_or_reopens_is_closed(desk: Desk, clock: Clock) -> None:
    cases = [desk.case(CaseState.ANSWERED), desk.case(CaseState.RATED)]
    clock.move_to(at(6, 18, 10, 1))
    assert ticking.end_waiting(timezone.now()) == 2
    assert {Case.objects.get(pk=case.pk).state for case in cases} == {CaseState.CLOSED}


def test_calendar_days_end_on_a_working_day(desk: Desk) -> None:
    petition = kind(code="petition", prefix="XF", counts_calendar_days=True, answer_days=60, complex_days=60)
    case = desk.case(CaseState.HANDLING, kind=petition)
    assert local(case.due_at) == "08-03 17:30"  # 60 days end on Sunday 08-02


def test_a_holiday_entered_later_moves_open_terms_and_no_others(desk: Desk) -> None:
    open_case, closed = desk.case(CaseState.HANDLING), desk.case(CaseState.CLOSED)
    before = Case.objects.filter(pk=closed.pk).values().get()
    workdays.set_day(day=date(2026, 6, 11), is_working=False, note="云政办发〔2026〕9号", by=desk.webmaster)
    assert list(Case.objects.filter(is_reckoned=False)) == [open_case]
    assert ticking.reckon(timezone.now()) == 1
    open_case.refresh_from_db()
    assert (local(open_case.due_at), open_case.is_reckoned) == ("06-18 17:30", True)
    assert Case.objects.filter(pk=closed.pk).values().get() == before
    assert ticking.reckon(timezone.now()) == 0


def test_a_year_that_nobody_entered_turns_no_letter_away(desk: Desk, clock: Clock) -> None:
    clock.move_to(at(12, 30, year=2030))
    case = desk.case(CaseState.HANDLING)
    assert case.is_provisional
    assert any("暂按周一至周五" in line for line in explained(case))
    for year in (2030, 2031):
        workdays.lay_out_year(year=year, by=desk.webmaster)
    assert ticking.reckon(timezone.now()) == 1
    case.refresh_from_db()
    assert not case.is_provisional


@pytest.mark.parametrize("state", [state for state in CaseState if state not in (CaseState.REFUSED, CaseState.CLOSED)])
def test_every_alarm_falls_into_office_time(desk: Desk, clock: Clock, state: CaseState) -> None:
    clock.move_to(at(6, 5, 23, 40))  # a Friday night
    case, reckoning = desk.case(state), Reckoning()
    for alarm in reckoning.alarms(case, case.due_at, case.step_due_at):
        moment = timezone.localtime(alarm.at)
        assert reckoning.calendar.is_working(moment.date())
        assert any(opens <= moment <= closes for opens, closes in reckoning.office.on(moment.date(), moment))


def test_the_term_is_reminded_of_at_half_four_fifths_and_its_end(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING)
    alarms = [a for a in Reckoning().alarms(case, case.due_at, case.step_due_at) if a.matter is Matter.TERM]
    assert [(alarm.share, local(alarm.at)) for alarm in alarms] == [
        (50, "06-10 14:45"),
        (80, "06-15 16:24"),
        (100, "06-17 17:30"),
    ]


def told(moment: datetime, clock: Clock) -> set[str]:
    """Who gets a notice when the clock ticks at this moment."""
    Notice.objects.all().delete()
    clock.move_to(moment)
    ticking.remind(timezone.now())
    return set(Notice.objects.values_list("user__username", flat=True))


def test_the_owner_is_told_first_then_the_head_then_the_supervisor(desk: Desk, clock: Clock) -> None:
    case = desk.case(CaseState.HANDLING)
    assert told(at(6, 10, 14, 44), clock) == set()
    assert told(at(6, 10, 14, 46), clock) == {"handler"}
    assert told(at(6, 10, 14, 47), clock) == set()
    assert told(at(6, 15, 16, 30), clock) == {"handler", "head"}
    assert told(at(6, 17, 23, 0), clock) == set()  # never at night
    assert told(at(6, 18, 8, 31), clock) == {"handler", "head", "supervisor", "operator"}
    assert CaseEvent.objects.filter(case=case, kind="alarm", is_public=False).count() == 3


def test_a_case_without_an_owner_is_itself_an_alarm(desk: Desk, clock: Clock) -> None:
    desk.case(CaseState.RECEIVED)
    assert told(at(6, 4, 17, 31), clock) == set()
    assert told(at(6, 5, 8, 31), clock) == {"operator", "supervisor"}


def test_a_unit_without_a_handler_is_told_of_to_the_supervisor(desk: Desk, clock: Clock) -> None:
    case = desk.case(CaseState.SCREENED)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["sqz"])
    assert set(Notice.objects.values_list("user__username", flat=True)) >= {"operator", "supervisor"}
    assert told(at(6, 10, 14, 46), clock) == {"operator", "supervisor"}


def test_a_case_that_drags_on_reaches_the_leader_long_before_three_months(desk: Desk, clock: Clock) -> None:
    slow = kind(code="slow", answer_days=200, complex_days=200)
    case = desk.case(CaseState.HANDLING, kind=slow)
    told(at(7, 31), clock)
    assert told(at(8, 3), clock) == {"handler", "head", "supervisor", "operator", "leader"}  # day 60 was a Sunday
    assert case.received_at + timedelta(days=90) > at(8, 3)


def test_while_the_sender_is_asked_nobody_is_alarmed(desk: Desk) -> None:
    case = desk.case(CaseState.ASKED)
    assert case.next_alarm_at is None


def test_an_alarm_is_given_once_however_many_clocks_tick(desk: Desk, clock: Clock) -> None:
    desk.case(CaseState.HANDLING)
    clock.move_to(at(6, 10, 15))
    assert [ticking.remind(timezone.now()) for _ in range(3)] == [1, 0, 0]
