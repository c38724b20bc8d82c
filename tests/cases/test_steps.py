"""What single steps do besides moving: answers, ratings, second rounds, duplicates, parts, time, pressure, looks."""

from datetime import timedelta

import pytest
import time_machine

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.enums import CaseState, DirectiveKind, EventKind, Party
from menhu.cases.listeners import Step, _listeners, on_step
from menhu.cases.models import Answer, Assignment, Case, CaseEvent, CaseLink, Directive, Extension, Rating
from menhu.cases.policies import CaseRefused, visible_cases
from menhu.notices.models import Notice
from tests.cases.desk import Desk, kind, received

Clock = time_machine.Traveller


def refused(message: str) -> "pytest.RaisesExc[CaseRefused]":
    return pytest.raises(CaseRefused, match=message)


def test_the_head_may_mend_what_another_drafted_but_not_sign_their_own(desk: Desk) -> None:
    case = desk.case(CaseState.DRAFTED)
    actions.sign(case=case, by=desk.head, text="您好，车站八月建成。")
    answer = Answer.objects.get()
    assert (answer.text, answer.signed_by_name, answer.drafted_by_name) == ("您好，车站八月建成。", "江怀川", "陶然")
    own = desk.case(CaseState.HANDLING)
    own = actions.draft(case=own, by=desk.head, text="我自己写")
    with refused("自己拟写"):
        actions.sign(case=own, by=desk.head)


def test_a_draft_sent_back_is_written_over(desk: Desk) -> None:
    case = desk.case(CaseState.DRAFTED)
    case = actions.send_back(case=case, by=desk.head, reason="写清日期")
    case = actions.draft(case=case, by=desk.handler, text="八月十五日前建成。")
    assert list(Answer.objects.values_list("text", "state", "round")) == [("八月十五日前建成。", "draft", 1)]
    assert "写清日期" not in "".join(CaseEvent.objects.filter(is_public=True).values_list("text", flat=True))


def test_a_second_round_has_a_term_an_answer_and_a_rating_of_its_own(desk: Desk, clock: Clock) -> None:
    case = actions.rate(case=desk.case(CaseState.ANSWERED), by=Party.SENDER, level=2, text="没有说什么时候建")
    clock.shift(timedelta(days=5))
    case = actions.reopen(case=case, by=Party.SENDER, reason="请写明日期")
    assert (case.round, case.rating, case.state, case.answered_at) == (2, None, CaseState.HANDLING, None)
    case = actions.draft(case=case, by=desk.handler, text="八月十五日前建成。")
    case = actions.sign(case=case, by=desk.head)
    case = actions.rate(case=case, by=Party.SENDER, level=5)
    assert list(Rating.objects.order_by("round").values_list("round", "level")) == [(1, 2), (2, 5)]
    assert [a.text for a in Answer.objects.order_by("round")] == ["您好，将增设“县医院东门”站。", "八月十五日前建成。"]
    with refused("已经再次办理过"):
        actions.reopen(case=case, by=Party.SENDER, reason="还不满意")


def test_a_bad_rating_reaches_the_supervisor(desk: Desk) -> None:
    Notice.objects.all().delete()
    actions.rate(case=desk.case(CaseState.ANSWERED), by=Party.SENDER, level=3)
    assert not Notice.objects.filter(title__startswith="差评").exists()
    actions.rate(case=desk.case(CaseState.ANSWERED), by=Party.SENDER, level=2)
    assert list(Notice.objects.filter(title__startswith="差评").values_list("user__username", flat=True)) == [
        "supervisor"
    ]


def test_after_a_ruling_no_return(desk: Desk) -> None:
    case = actions.designate(
        case=desk.case(CaseState.RETURNED), by=desk.supervisor, lead=desk.world.units["slj"], reason="按三定方案"
    )
    with refused("已由督办员裁定"):
        actions.give_back(case=case, by=desk.stranger_handler, reason="还是不归我们")
    assert list(Assignment.objects.order_by("pk").values_list("unit__slug", "is_current")) == [
        ("jyj", False),
        ("slj", True),
    ]


def test_every_sender_of_a_duplicate_gets_the_answer(desk: Desk) -> None:
    master = desk.case(CaseState.HANDLING)
    others = [desk.case(CaseState.SCREENED, title=f"也说公交站{n}") for n in range(2)]
    for other in others:
        actions.merge(case=other, by=desk.operator, master=master)
    assert actions.followers(master) == others
    master = actions.draft(case=master, by=desk.handler, text="将增设车站。")
    master = actions.sign(case=master, by=desk.head)
    for other in others:
        other.refresh_from_db()
        assert (other.state, other.lead_id, other.answered_at) == ("answered", master.lead_id, master.answered_at)
        answer = actions.signed_answer(other)
        assert answer is not None
        assert answer.text == "将增设车站。"
    assert actions.rate(case=others[0], by=Party.SENDER, level=5).rating == 5


def test_a_merge_is_undone_and_the_clock_has_gone_on(desk: Desk) -> None:
    case = desk.case(CaseState.MERGED)
    due = case.due_at
    case = actions.unmerge(case=case, by=desk.operator, reason="地点不同")
    assert (case.state, case.due_at) == (CaseState.SCREENED, due)
    assert CaseLink.objects.filter(case=case, ended_at__isnull=True).count() == 0
    assert CaseLink.objects.filter(case=case).count() == 1
    master = CaseLink.objects.get(case=case).master
    assert actions.merge(case=case, by=desk.operator, master=master).state == CaseState.MERGED


def test_what_may_not_be_merged(desk: Desk) -> None:
    master, case = desk.case(CaseState.SCREENED), desk.case(CaseState.SCREENED)
    follower = actions.merge(case=desk.case(CaseState.SCREENED), by=desk.operator, master=master)
    before = list(Case.objects.order_by("pk").values())
    for one, other in (
        (case, case),  # into itself
        (case, follower),  # into one that follows
        (master, case),  # one that others follow
        (case, desk.case(CaseState.CLOSED)),
    ):
        with pytest.raises(CaseRefused):
            actions.merge(case=one, by=desk.operator, master=other)
    assert list(Case.objects.filter(pk__in=[row["id"] for row in before]).order_by("pk").values()) == before


def test_a_letter_of_three_matters_is_split_and_keeps_sender_and_clock(desk: Desk, clock: Clock) -> None:
    whole = desk.case(CaseState.SCREENED)
    clock.shift(timedelta(hours=20))
    parts = actions.split(case=whole, by=desk.operator, parts=[("路灯不亮", "东街路灯"), ("狗患", "无主的狗")])
    assert [part.number for part in parts] == ["YL20260604-0001", "YL20260604-0002"]
    for part in parts:
        part.refresh_from_db()
        assert (part.received_at, part.due_at, part.state) == (whole.received_at, whole.due_at, CaseState.SCREENED)
        assert part.sender.phone == "13800001234"
    assert actions.parts(whole) == parts
    whole.refresh_from_db()
    assert whole.state == CaseState.SCREENED


def test_more_time_is_asked_once_and_granted_by_another(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING)
    due = case.due_at
    actions.ask_extension(case=case, by=desk.handler, days=5, reason="等待鉴定")
    with refused("等待批准"):
        actions.ask_extension(case=case, by=desk.handler, days=5, reason="等待鉴定")
    with refused("督办员批准"):
        actions.decide_extension(case=case, by=desk.head, is_granted=True, decision="同意")
    case = actions.decide_extension(case=case, by=desk.supervisor, is_granted=True, decision="同意")
    assert case.due_at is not None
    assert due is not None
    assert (case.due_at - due).days == 8  # 06-19 is a holiday
    assert CaseEvent.objects.get(kind="grant").text == "等待鉴定"
    with refused("已延期过一次"):
        actions.ask_extension(case=case, by=desk.handler, days=1, reason="再等")
    assert Extension.objects.get().is_granted is True


@pytest.mark.parametrize("days", [0, 6, 99])
def test_no_more_days_than_the_kind_allows(desk: Desk, days: int) -> None:
    with refused("最多可延长 5"):
        actions.ask_extension(case=desk.case(CaseState.HANDLING), by=desk.handler, days=days, reason="等待")
    assert Extension.objects.count() == 0


def test_a_request_that_nobody_decided_ends_with_the_answer(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING)
    actions.ask_extension(case=case, by=desk.handler, days=5, reason="等待鉴定")
    case = actions.draft(case=case, by=desk.handler, text="已办。")
    assert Extension.objects.get(case=case).is_granted is None
    case = actions.sign(case=case, by=desk.head)
    row = Extension.objects.get(case=case)
    assert (row.is_granted, row.decided_by_name, row.decided_at) == (False, "系统时钟", case.answered_at)
    assert (case.extra_days, case.extensions) == (0, 0)
    line = CaseEvent.objects.get(case=case, kind=EventKind.DENY)
    assert (line.actor_id, line.is_public, line.note) == (None, False, row.decision)
    with pytest.raises(CaseRefused, match="没有等您批准"):
        actions.decide_extension(case=case, by=desk.supervisor, is_granted=True, decision="同意")


def test_an_extension_is_asked_before_the_term_is_over(desk: Desk, clock: Clock) -> None:
    case = desk.case(CaseState.HANDLING)
    clock.shift(timedelta(days=30))
    with refused("期限届满之前"):
        actions.ask_extension(case=case, by=desk.handler, days=3, reason="忘了")


@pytest.mark.parametrize(
    ("kind_", "may"),
    [
        (DirectiveKind.INSTRUCT, {"leader"}),
        (DirectiveKind.URGE, {"operator", "supervisor"}),
        (DirectiveKind.SUPERVISE, {"supervisor"}),
    ],
)
def test_who_presses(desk: Desk, kind_: DirectiveKind, may: set[str]) -> None:
    case = desk.case(CaseState.HANDLING)
    found = set()
    for persona, person in desk.world.people.items():
        try:
            actions.press(case=case, by=person, kind=kind_, text="请抓紧")
        except CaseRefused:
            continue
        found.add(persona)
    assert found == may
    assert Directive.objects.count() == len(may)
    case.refresh_from_db()
    assert case.state == CaseState.HANDLING


def test_a_unit_reports_back_once_to_whoever_pressed(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING)
    row = actions.press(case=case, by=desk.leader, kind=DirectiveKind.INSTRUCT, text="请陶然同志现场看看")
    with refused("承办单位填写"):
        actions.report_back(case=case, directive=row, by=desk.stranger_handler, text="看过了")
    row = actions.report_back(case=case, directive=row, by=desk.handler, text="已到现场")
    assert (row.report, row.reported_by_name) == ("已到现场", "陶然")
    assert Notice.objects.filter(user=desk.leader, title__startswith="已反馈").count() == 1
    with pytest.raises(CaseRefused):
        actions.report_back(case=case, directive=row, by=desk.handler, text="又一次")


def test_partners_give_one_opinion_each_inside_the_house(desk: Desk) -> None:
    units = desk.world.units
    case = actions.assign(
        case=desk.case(CaseState.SCREENED), by=desk.operator, lead=units["jyj"], partners=[units["slj"], units["jyj"]]
    )
    assert list(Assignment.objects.filter(is_current=True).values_list("unit__slug", "is_lead").order_by("pk")) == [
        ("jyj", True),
        ("slj", False),
    ]
    assert case in visible_cases(desk.stranger_handler)
    actions.give_opinion(case=case, by=desk.stranger_handler, text="排水由我局同步改造。")
    with refused("没有待填"):
        actions.give_opinion(case=case, by=desk.stranger_handler, text="再补一句")
    with refused("没有待填"):
        actions.give_opinion(case=case, by=desk.handler, text="我是牵头")
    assert not CaseEvent.objects.filter(kind="partner", is_public=True).exists()


def test_who_sees_which_cases(desk: Desk) -> None:
    mine = desk.case(CaseState.HANDLING)
    waiting = desk.case(CaseState.SCREENED)
    found = {persona: {case.pk for case in visible_cases(person)} for persona, person in desk.world.people.items()}
    both, one, none = {mine.pk, waiting.pk}, {mine.pk}, set[int]()
    desks = dict.fromkeys(("operator", "supervisor", "leader"), both)
    assert found == {**dict.fromkeys(desk.world.people, none), **desks, "handler": one, "head": one}


def test_every_look_at_a_sender_is_on_record_and_strangers_see_none(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING)
    for persona in ("operator", "supervisor", "handler", "head"):
        sender = actions.reveal_sender(case=case, by=desk.world.people[persona])
        assert sender is not None
        assert sender.phone == "13800001234"
    for persona in ("leader", "stranger_handler", "webmaster", "editor", "auditor"):
        with refused("不能查看"):
            actions.reveal_sender(case=case, by=desk.world.people[persona])
    looks = Event.objects.filter(verb="cases.look")
    assert looks.count() == 4
    assert Event.objects.filter(verb="cases.refused", data__verb="look").count() == 5


def test_the_unit_never_learns_who_reported(desk: Desk) -> None:
    case = desk.case(CaseState.HANDLING, is_confidential=True)
    for person in (desk.handler, desk.head):
        with refused("不能查看"):
            actions.reveal_sender(case=case, by=person)
    assert actions.reveal_sender(case=case, by=desk.operator) is not None


def test_the_timeline_is_only_ever_added_to(desk: Desk) -> None:
    event = CaseEvent.objects.filter(case=desk.case(CaseState.SCREENED)).first()
    assert event is not None
    for change in (event.save, event.delete, CaseEvent.objects.all().delete, lambda: CaseEvent.objects.update(text="")):
        with pytest.raises(TypeError):
            change()


def test_a_step_from_a_stale_page_is_refused(desk: Desk) -> None:
    case = desk.case(CaseState.ASSIGNED)
    stale = Case.objects.get(pk=case.pk)
    actions.take(case=case, by=desk.handler)
    with refused("办理中"):
        actions.take(case=stale, by=desk.head)


def test_silence_ends_an_application_where_the_law_says_so(desk: Desk, clock: Clock) -> None:
    strict = kind(code="strict", most_asks=1, gives_up_in_silence=True, ask_within_days=7)
    case = desk.case(CaseState.ASKED, kind=strict)
    clock.shift(timedelta(days=9))
    case = actions.lapse(case=case)
    assert (case.state, case.is_open, case.paused_at) == (CaseState.CLOSED, False, None)
    late = desk.case(CaseState.HANDLING, kind=strict)
    clock.shift(timedelta(days=20))
    with refused("可以要求补充的时限"):
        actions.ask(case=late, by=desk.handler, text="还差证明")


def test_a_supplement_starts_the_term_anew_where_the_law_says_so(desk: Desk, clock: Clock) -> None:
    strict = kind(code="anew", restarts_on_supplement=True)
    case = desk.case(CaseState.ASKED, kind=strict)
    clock.shift(timedelta(days=5))
    case = actions.supplement(case=case, by=Party.SENDER, text="补正材料")
    assert case.started_at is not None
    assert f"{case.started_at:%m-%d}" == "06-08"
    assert case.pauses == []


def test_apps_above_hear_of_every_step_of_their_family(desk: Desk) -> None:
    heard: list[tuple[str, str]] = []
    on_step("other", lambda step: heard.append((str(step.before), step.event.kind)))
    try:
        received(desk.world, kind=kind(code="other", family="other", prefix="QT"))
        desk.case(CaseState.SCREENED)
    finally:
        _listeners.pop("other")
    assert heard == [("None", "receive")]
    assert Step.__slots__


def test_work_on_an_ended_case_is_not_noted(desk: Desk) -> None:
    case = desk.case(CaseState.CLOSED)
    lines = CaseEvent.objects.filter(case=case).count()
    with refused("已经办结"):
        actions.note_progress(case=case, by=desk.handler, text="家长来电致谢。", is_public=False)
    assert CaseEvent.objects.filter(case=case).count() == lines
