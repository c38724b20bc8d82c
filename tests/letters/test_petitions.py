"""One leader answers for a hard letter until a day: who says so, who is reminded when, where it is seen."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions import SenderData
from menhu.cases.models import Case, CaseKind
from menhu.cases.policies import CaseRefused
from menhu.desk import todos as desk_todos
from menhu.letters import todos
from menhu.letters.actions.petitions import remind, settle, take_charge
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.models import Mailbox, PetitionCase
from menhu.notices.models import Notice
from menhu.units.models import Leader
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.factories import World
from tests.letters.post import boxes

pytestmark = pytest.mark.usefixtures("post")
Clock = time_machine.Traveller
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 3)


@pytest.fixture
def post(world: World) -> dict[str, Mailbox]:
    return boxes(world)


@pytest.fixture
def leader(world: World) -> Leader:
    return Leader.objects.create(unit=world.units["zfb"], name="沈知远", title="副县长")


def letter(desk: Desk, **typed: Any) -> Case:
    box, kind = Mailbox.objects.get(slug="mayor"), CaseKind.objects.get(code="petition")
    words = LetterWords(**{"kind": kind, "title": "征地补偿没有到位", "text": "三年没有到位。", **typed})
    key = f"petition-{Case.objects.count()}"
    case = write(mailbox=box, words=words, sender=SenderData(name="叶知秋"), key=key, by=desk.operator).case
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    return actions.take(case=case, by=desk.handler)


def taken(desk: Desk, leader: Leader, case: Case | None = None, days: int = 9) -> PetitionCase:
    given = {"leader": leader, "ends_on": timezone.localdate() + timedelta(days=days), "measures": "每周接访一次。"}
    return take_charge(case=case or letter(desk), by=desk.operator, **given)


def test_the_desk_takes_charge_and_settles_and_nobody_else(desk: Desk, leader: Leader) -> None:
    case, may_take, may_settle = letter(desk), set(), set()
    given = {"case": case, "leader": leader, "ends_on": date(2026, 6, 30), "measures": "每周接访。"}
    for persona, person in desk.world.people.items():
        PetitionCase.objects.all().delete()
        try:
            take_charge(by=person, **given)
        except CaseRefused:
            assert PetitionCase.objects.count() == 0
        else:
            may_take.add(persona)
    for persona, person in desk.world.people.items():
        PetitionCase.objects.all().delete()
        take_charge(by=desk.operator, **given)
        try:
            settle(case=case, outcome="已补发安置费。", by=person)
        except CaseRefused:
            assert PetitionCase.objects.get().ended_on is None
        else:
            may_settle.add(persona)
            assert PetitionCase.objects.get().outcome == "已补发安置费。"
    assert may_take == may_settle == {"operator", "supervisor"}
    refused = Event.objects.filter(verb="cases.refused")
    strangers = len(desk.world.people) - 2
    assert refused.filter(data__verb="take_charge").count() == strangers
    assert refused.filter(data__verb="settle").count() == strangers


def test_both_leaders_are_on_record_and_a_new_day_starts_the_term_anew(
    desk: Desk, leader: Leader, clock: Clock
) -> None:
    first = taken(desk, leader)
    PetitionCase.objects.update(told_share=80)
    clock.shift(timedelta(days=1))
    other = Leader.objects.create(unit=desk.world.units["zfb"], name="苏映雪", title="县长")
    same_day = {"case": first.case, "ends_on": first.ends_on, "measures": "每天接访。"}
    second = take_charge(by=desk.supervisor, leader=other, **same_day)
    assert (second.told_share, second.taken_at) == (80, first.taken_at)
    third = take_charge(by=desk.supervisor, leader=other, **{**same_day, "ends_on": date(2026, 7, 1)})
    assert (third.told_share, third.taken_at) == (0, timezone.now())
    data = Event.objects.filter(verb="letters.take_charge").order_by("pk").values_list("data", flat=True)
    assert [row["before"] for row in data[1:]] == ["沈知远 副县长", "苏映雪 县长"]


def test_what_cannot_be(desk: Desk, leader: Leader) -> None:
    case = letter(desk)
    with pytest.raises(CaseRefused, match="今天之后"):
        take_charge(case=case, leader=leader, ends_on=TODAY, measures="", by=desk.operator)
    with pytest.raises(CaseRefused, match="没有包案"):
        settle(case=case, outcome="好了", by=desk.operator)
    with pytest.raises(CaseRefused, match="只有来信"):
        take_charge(case=desk.case(), leader=leader, ends_on=date(2026, 7, 1), measures="", by=desk.operator)
    taken(desk, leader, case)
    with pytest.raises(CaseRefused, match="写明化解结果"):
        settle(case=case, outcome=" ", by=desk.operator)
    settle(case=case, outcome="好了", by=desk.operator)
    with pytest.raises(CaseRefused, match="已经化解"):
        settle(case=case, outcome="又好了", by=desk.operator)
    with pytest.raises(CaseRefused, match="已经化解"):
        taken(desk, leader, case)


def test_reminders_at_half_at_eighty_and_at_the_end_each_once(desk: Desk, leader: Leader, clock: Clock) -> None:
    """75.5 hours of office time: half of them end on 06-10 at 14:45, eighty percent on 06-15 at 16:24."""
    petition = taken(desk, leader, days=14)  # until Wednesday 06-17
    Notice.objects.all().delete()
    told = {}
    moment = datetime(2026, 6, 3, 10, 1, tzinfo=SHANGHAI)
    while moment.date() < date(2026, 6, 25):
        clock.move_to(moment)
        if remind(moment):
            told[f"{moment:%m-%d %H}"] = sorted(Notice.objects.values_list("user__username", flat=True))
            Notice.objects.all().delete()
        moment += timedelta(hours=1)
    watch = ["handler", "operator", "supervisor"]
    assert told == {
        "06-10 15": watch,
        "06-15 17": sorted([*watch, "head"]),
        "06-18 09": sorted([*watch, "head", "leader"]),
    }
    petition.refresh_from_db()
    assert petition.told_share == 100


def test_a_settled_one_reminds_nobody(desk: Desk, leader: Leader, clock: Clock) -> None:
    petition = taken(desk, leader)
    settle(case=petition.case, outcome="好了", by=desk.operator)
    clock.move_to(datetime(2026, 7, 1, 10, tzinfo=SHANGHAI))
    assert remind(timezone.now()) == 0


def test_desks_show_what_is_near_or_past_to_operator_and_supervisor_alone(
    desk: Desk, leader: Leader, clock: Clock
) -> None:
    petition = taken(desk, leader, days=9)
    now = timezone.now()
    assert todos.petitions_waiting(desk.operator, now, 12) == []
    clock.shift(timedelta(days=2))
    later = timezone.now()
    seen = {
        persona
        for persona, person in desk.world.people.items()
        if any(todo.kind == "信访包案" for todo in desk_todos.waiting(person, later, 50))
    }
    assert seen == {"operator", "supervisor"}
    todo = next(t for t in desk_todos.waiting(desk.operator, later, 50) if t.kind == "信访包案")
    assert (todo.due_label, todo.urgency, todo.link) == (
        "还剩 7 天",
        "ok",
        f"/office/letters/{petition.pk}/petition/",
    )
    clock.shift(timedelta(days=10))
    todo = next(t for t in desk_todos.waiting(desk.operator, timezone.now(), 50) if t.kind == "信访包案")
    assert (todo.due_label, todo.urgency) == ("超期 3 天", "late")
    settle(case=petition.case, outcome="好了", by=desk.operator)
    assert todos.petitions_waiting(desk.operator, timezone.now(), 12) == []


def test_the_list_shows_the_longest_past_first_and_pages_without_counting(
    desk: Desk, leader: Leader, clock: Clock
) -> None:
    for days in (20, 2, 9):
        taken(desk, leader, letter(desk, title=f"<b>第{days}天"), days=days)
    clock.shift(timedelta(days=4))
    browser = SignedIn(desk.operator)
    shown = browser.get("/office/petitions/").content.decode()
    assert "<b>第" not in shown
    assert shown.index("第2天") < shown.index("第9天") < shown.index("第20天")
    assert "超期 2 天" in shown
    near = browser.get("/office/petitions/?tab=soon").content.decode()
    assert "第20天" not in near
    assert "第9天" in near
    settle(case=Case.objects.get(title="<b>第9天"), outcome="好了", by=desk.supervisor)
    settled = browser.get("/office/petitions/?tab=settled").content.decode()
    assert "第9天" in settled
    assert "第2天" not in settled
    for nonsense in ("?after=x", "?after=2026-13-01~9", "?tab=nothing&after=~"):
        assert browser.get(f"/office/petitions/{nonsense}").status_code == 200


def test_each_row_of_many_pages_is_seen_once(desk: Desk, leader: Leader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.letters.views.petitions.PAGE", 2)
    pks = [taken(desk, leader, days=days).pk for days in (5, 5, 5, 3, 8)]
    browser, seen, address = SignedIn(desk.operator), [], "/office/petitions/"
    while address:
        context = browser.get(address).context
        seen += [row.pk for row, _day in context["rows"]]
        address = f"/office/petitions/{context['next_page']}" if context["next_page"] else ""
    assert seen == [pks[3], *pks[:3], pks[4]]


def test_a_stranger_sees_none_and_a_unit_only_its_own(desk: Desk, leader: Leader) -> None:
    petition = taken(desk, leader)
    mark = petition.case.title
    for person in (desk.operator, desk.handler, desk.leader):
        assert mark in SignedIn(person).get("/office/petitions/").content.decode()
    assert mark not in SignedIn(desk.stranger_handler).get("/office/petitions/").content.decode()
    assert SignedIn(desk.editor).get("/office/petitions/").status_code == 403
    assert SignedIn(desk.stranger_handler).get(f"/office/letters/{petition.pk}/petition/").status_code == 404


def test_the_page_of_a_letter_leads_there_and_the_forms_work(desk: Desk, leader: Leader) -> None:
    case = letter(desk)
    browser, address = SignedIn(desk.supervisor), f"/office/letters/{case.pk}/petition/"
    assert address in browser.get(f"/office/cases/{case.pk}/").content.decode()
    assert address not in SignedIn(desk.handler).get(f"/office/cases/{case.pk}/").content.decode()
    wrong = browser.post(address, {"deed": "take", "leader": "", "ends_on": "明天", "measures": "每周<i>接访"})
    assert wrong.status_code == 400
    assert "每周&lt;i&gt;接访" in wrong.content.decode()
    given = {"deed": "take", "leader": leader.pk, "ends_on": "2026-06-30", "measures": "每周接访"}
    assert browser.post(address, {**given, "ends_on": "2026-06-01"}).status_code == 409
    assert browser.post(address, given).status_code == 302
    assert "还剩 27 天" in browser.get(f"/office/cases/{case.pk}/").content.decode()
    refused = SignedIn(desk.handler).post(address, given)
    assert refused.status_code == 409
    assert browser.post(address, {"deed": "settle", "outcome": "已签协议"}).status_code == 302
    assert "已签协议" in browser.get(address).content.decode()
    assert 'name="leader"' not in browser.get(address).content.decode()


def test_equal_queries_at_one_petition_and_at_a_full_page(desk: Desk, leader: Leader) -> None:
    browser, counts = SignedIn(desk.operator), []
    desk_todos.waiting(desk.supervisor, timezone.now(), 12)  # the person's posts are read once
    for more in (1, 50):
        for _each in range(more):
            taken(desk, leader, letter(desk))
        with CaptureQueriesContext(connection) as asked:
            browser.get("/office/petitions/")
        with CaptureQueriesContext(connection) as asked_of_desk:
            desk_todos.waiting(desk.supervisor, timezone.now() + timedelta(days=5), 12)
        counts.append((len(asked), len(asked_of_desk)))
    assert counts[0] == counts[1]
