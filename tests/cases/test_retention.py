"""Rules of keeping: which fit, what they foresee, how a run goes on, is killed, taken up again, stopped, refused."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.cases import retention, rules
from menhu.cases.actions import retaining
from menhu.cases.actions.planning import ended_before, plan
from menhu.cases.enums import CaseState, DirectiveKind, RetentionDeed
from menhu.cases.models import Case, CaseFile, CaseLink, RetentionRule, RetentionRun, Sender
from menhu.cases.retention import Portion, Provider
from menhu.cases.rules import Keeping
from menhu.cases.seeds import seed
from menhu.core.models import Confidence
from menhu.files import actions as files
from menhu.files import storage
from menhu.files.models import StoredFile
from menhu.letters.models import Mailbox, PetitionCase
from menhu.units.models import Leader
from tests.cases import archive
from tests.cases.archive import PLACES, begin, carry_out, rule, versions
from tests.cases.conftest import MORNING
from tests.cases.desk import Desk, kind
from tests.cases.test_erasure import drawn
from tests.conftest import SignedIn
from tests.factories import World
from tests.letters.post import boxes

Clock = time_machine.Traveller
ANONYMISE, DELETE = RetentionDeed.ANONYMISE, RetentionDeed.DELETE
LATER = MORNING + timedelta(days=40)
VALUES = {"name": "三十天", "deed": ANONYMISE, "days": 30, "source": "测试", "confidence": Confidence.HOUSE}


def closed(desk: Desk, count: int = 1, **words: Any) -> list[Case]:
    return [desk.case(CaseState.CLOSED, **words) for _each in range(count)]


def untouched() -> list[tuple[Any, ...]]:
    """Everything that a refusal must leave as it is."""
    models = (Case, Sender, RetentionRule, RetentionRun)
    return [row for model in models for row in model._base_manager.order_by("pk").values_list()]


# ---------- Which rules fit together ----------


@st.composite
def keepings(draw: st.DrawFn) -> list[Keeping]:
    kinds = st.frozensets(st.integers(1, 4), max_size=3)
    drawn_rules = draw(st.lists(st.tuples(st.booleans(), st.integers(1, 9), kinds, st.booleans()), max_size=5))
    return [Keeping(key, *values) for key, values in enumerate(drawn_rules)]


@given(keepings())
def test_rules_that_fit_leave_each_kind_one_rule_a_deed_and_anonymise_first(found: list[Keeping]) -> None:
    every = range(1, 5)
    if rules.faults(found, every):
        return
    active = [each for each in found if each.is_active]
    for one_kind in every:
        own = [each for each in active if one_kind in rules.coverage(each, active, every)]
        anonymising, deleting = [r for r in own if not r.deletes], [r for r in own if r.deletes]
        assert len(anonymising) <= 1
        assert len(deleting) <= 1
        assert all(anonymising and anonymising[0].days < each.days for each in deleting)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([Keeping(1, False, 30, frozenset())], []),
        ([Keeping(1, False, 30, frozenset()), Keeping(2, True, 60, frozenset())], []),
        ([Keeping(1, True, 60, frozenset())], [("order", 1)]),
        ([Keeping(1, False, 60, frozenset()), Keeping(2, True, 60, frozenset())], [("order", 2)]),
        ([Keeping(1, False, 30, frozenset({1})), Keeping(2, True, 60, frozenset())], [("order", 2)]),
        (
            [Keeping(1, False, 30, frozenset({1})), Keeping(2, False, 9, frozenset({1, 2}))],
            [("twice", 1), ("twice", 2)],
        ),
        ([Keeping(1, False, 30, frozenset({1})), Keeping(2, False, 9, frozenset())], []),
        ([Keeping(1, False, 30, frozenset()), Keeping(2, False, 9, frozenset())], [("twice", 1), ("twice", 2)]),
        ([Keeping(1, True, 60, frozenset(), is_active=False)], []),
    ],
)
def test_which_rules_do_not_fit(found: list[Keeping], expected: list[tuple[str, int]]) -> None:
    assert rules.faults(found, (1, 2, 3)) == expected


def test_presets_are_there_once_with_a_source_and_switched_off(world: World) -> None:
    seed()
    RetentionRule.objects.filter(code="delete").update(days=3652, name="十年后删除")
    seed()
    rows = list(RetentionRule.objects.in_order().values_list("code", "days", "confidence", "is_active", "is_automatic"))
    assert rows == [("anonymise", 1095, "house", False, False), ("delete", 3652, "unconfirmed", False, False)]
    assert all(RetentionRule.objects.values_list("source", flat=True))
    assert plan(MORNING) == []


def test_a_rule_is_kept_on_record_and_a_stale_page_changes_nothing(desk: Desk) -> None:
    row = retaining.keep_rule(rule=RetentionRule(), values={**VALUES, "is_active": True}, version=0, by=desk.webmaster)
    assert (row.version, row.is_active) == (1, True)
    changed = retaining.keep_rule(rule=row, values={"days": 60, "kinds": [kind()]}, version=1, by=desk.webmaster)
    assert (changed.version, changed.days, [k.pk for k in changed.kinds.all()]) == (2, 60, [kind().pk])
    last = Event.objects.filter(verb="cases.keep_retention_rule").order_by("-pk")[0]
    assert last.data == {"changed": {"days": [30, 60], "kinds": [[], [kind().pk]]}}
    before = untouched()
    with pytest.raises(ValidationError, match="刚刚由别人修改"):
        retaining.keep_rule(rule=row, values={"days": 1}, version=1, by=desk.webmaster)
    values = {**VALUES, "deed": DELETE, "is_active": True}
    with pytest.raises(ValidationError, match="先隐去"):
        retaining.keep_rule(rule=RetentionRule(), values=values, version=0, by=desk.webmaster)
    with pytest.raises(ValidationError, match="至少保存一天"):
        retaining.keep_rule(rule=row, values={"days": 0}, version=2, by=desk.webmaster)
    assert untouched() == before


# ---------- Who may ----------


def test_nobody_but_the_webmaster_keeps_starts_or_stops(desk: Desk, clock: Clock) -> None:
    closed(desk)
    row = rule(ANONYMISE, 30)
    clock.move_to(LATER)
    (run,) = begin(desk)
    before = untouched()
    for persona, person in desk.world.people.items():
        if persona == "webmaster":
            continue
        for attempt in (
            lambda by: retaining.keep_rule(rule=row, values={"days": 1}, version=0, by=by),
            lambda by: retaining.start(versions=versions(), by=by),
            lambda by: retaining.stop(run=run, by=by),
        ):
            with pytest.raises(PermissionDenied):
                attempt(person)
    assert untouched() == before


# ---------- What is met ----------


def test_days_are_whole_days_of_the_calendar_after_the_end(desk: Desk, clock: Clock) -> None:
    assert ended_before(30, LATER).isoformat() == "2026-06-13T00:00:00+08:00"
    case = closed(desk)[0]
    rule(ANONYMISE, 30)
    for days, planned in ((30, 0), (31, 1)):
        clock.move_to(datetime(2026, 6, 3, 0, 0, tzinfo=MORNING.tzinfo) + timedelta(days=days))
        assert [each.planned for each in plan(datetime.now(tz=MORNING.tzinfo))] == [planned]
    assert case.ended_at is not None


@pytest.mark.parametrize("state", [state for state in CaseState if state not in rules.FINAL])
def test_what_is_open_or_may_be_opened_again_is_never_touched(desk: Desk, clock: Clock, state: CaseState) -> None:
    case = desk.case(state)
    before = Case.objects.values().get(pk=case.pk)
    clock.move_to(MORNING + timedelta(days=9999))
    rule(ANONYMISE, 1)
    rule(DELETE, 2)
    assert [(each.planned, each.skipped) for each in plan(datetime.now(tz=MORNING.tzinfo))] == [(0, {}), (0, {})]
    carry_out(desk)
    assert Case.objects.values().get(pk=case.pk) == before


def test_what_is_held_back_is_passed_over_with_its_reason(desk: Desk, clock: Clock) -> None:
    free, pressed, master, petition, undone = closed(desk, 5)
    press = {
        "kind": DirectiveKind.URGE,
        "text": "催",
        "by_id": 1,
        "by_name": "督",
        "given_at": MORNING,
        "due_at": MORNING,
    }
    pressed.directives.create(**press)
    undone.directives.create(**press, reported_at=MORNING)
    follower = desk.case(CaseState.SCREENED)
    CaseLink.objects.create(case=follower, master=master, kind="part", linked_at=MORNING)
    leader = Leader.objects.create(unit=desk.world.units["zfb"], name="沈知远", title="县长")
    PetitionCase.objects.create(case=petition, leader=leader, ends_on=MORNING.date())
    clock.move_to(LATER)
    rule(ANONYMISE, 30)
    (foreseen,) = plan(LATER)
    assert (foreseen.planned, foreseen.numbers) == (2, [free.number, undone.number])
    assert foreseen.skipped == {"directive": 1, "followers": 1, "petition": 1}
    held = [
        (pressed.number, "批示或督办还没有反馈"),
        (master.number, "并入或拆出的来信还没有办结"),
        (petition.number, "信访包案还没有化解"),
    ]
    assert foreseen.held == held
    (run,) = carry_out(desk)
    assert (run.planned, run.done, run.skipped) == (2, 2, foreseen.skipped)
    assert run.held == [[pressed.number, "directive"], [master.number, "followers"], [petition.number, "petition"]]
    assert set(Case.objects.filter(anonymised_at__isnull=False)) == {free, undone}
    PetitionCase.objects.update(ended_on=MORNING.date())
    (run,) = carry_out(desk)
    assert (run.planned, run.done, run.skipped) == (1, 1, {"directive": 1, "followers": 1})


def test_a_rule_for_one_kind_goes_before_the_general_one(desk: Desk, clock: Clock) -> None:
    other = kind(code="other", name="投诉")
    (plain,), (special,) = closed(desk), closed(desk, kind=other)
    clock.move_to(LATER)
    own, general = rule(ANONYMISE, 90, kinds=[other]), rule(ANONYMISE, 30)
    assert {each.rule.pk: each.numbers for each in plan(LATER)} == {own.pk: [], general.pk: [plain.number]}
    own.is_active = False
    own.save()
    assert [each.numbers for each in plan(LATER)] == [[plain.number, special.number]]
    (alone,) = plan(MORNING + timedelta(days=99), rule=own)
    assert (alone.numbers, [each.name for each in alone.kinds]) == ([special.number], ["投诉"])


# ---------- How a run goes on ----------


def test_a_run_killed_inside_a_portion_leaves_each_case_whole_and_is_taken_up(desk: Desk, clock: Clock) -> None:
    cases = closed(desk, 5)
    clock.move_to(LATER)
    rule(ANONYMISE, 30)
    (run,) = begin(desk)
    assert retaining.go_on(run, portion=2) is True
    before = untouched()

    def killed(_portion: Portion) -> None:
        raise KeyboardInterrupt

    retention.register(Provider("killer", killed, killed))
    try:
        with pytest.raises(KeyboardInterrupt):
            retaining.go_on(run, portion=2)
    finally:
        del retention._providers["killer"]
    assert untouched() == before
    assert Case.objects.filter(anonymised_at__isnull=False).count() == 2
    assert Sender.objects.filter(erased_at__isnull=False).count() == 2
    assert retaining.take_turn(LATER) == 2
    run.refresh_from_db()
    assert (run.done, run.planned, run.finished_at) == (5, 5, LATER)
    assert Event.objects.filter(verb="cases.anonymise").count() == len(cases)
    assert retaining.go_on(run) is False
    assert Event.objects.filter(verb="cases.anonymise").count() == len(cases)


def test_bytes_whose_removal_was_cut_off_are_swept_up_as_orphans(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, tmp_path: Any
) -> None:
    box: Mailbox = boxes(desk.world)["mayor"]
    with django_capture_on_commit_callbacks(execute=True):
        case = archive.handled(desk, archive.write(desk, box, drawn(PLACES)), drawn(PLACES))
    file = StoredFile.case_files.get()
    assert storage.read_sealed(file.private_name)
    clock.move_to(LATER)
    rule(ANONYMISE, 30)
    with django_capture_on_commit_callbacks() as cut_off:
        carry_out(desk)
    assert cut_off
    assert CaseFile.objects.filter(case=case).count() == 0
    assert storage.read_sealed(file.private_name)
    gone = files.forget_orphans(now=datetime.now(tz=MORNING.tzinfo) + timedelta(days=9999))
    assert gone == [file.private_name]
    with pytest.raises(FileNotFoundError):
        storage.read_sealed(file.private_name)


@pytest.mark.parametrize("deed", [ANONYMISE, DELETE])
def test_a_portion_of_many_asks_as_often_as_one_of_one(
    desk: Desk, clock: Clock, deed: RetentionDeed, django_capture_on_commit_callbacks: Any
) -> None:
    box = boxes(desk.world)["mayor"]
    counts = []
    rule(ANONYMISE, 30)
    if deed is DELETE:
        rule(DELETE, 31)
    for count in (1, 12):
        clock.move_to(MORNING)
        for _each in range(count):
            archive.archived(desk, box, drawn(PLACES))
        clock.move_to(LATER)
        runs = begin(desk)
        run = runs[-1]
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            django_capture_on_commit_callbacks(execute=True),
        ):
            assert retaining.go_on(run) is True
        assert RetentionRun.objects.get(pk=run.pk).done == count
        counts.append(len(asked))
        for each in runs:
            retaining.stop(run=each, by=desk.webmaster)
        Case.objects.all().delete() if deed is ANONYMISE else None
    assert counts[0] == counts[1], counts


def test_a_plan_asks_as_often_for_many_rules_and_cases_as_for_one(desk: Desk, clock: Clock) -> None:
    kinds = [kind(code=f"k{number}") for number in range(4)]
    closed(desk, kind=kinds[0])
    rule(ANONYMISE, 30, kinds=kinds[:1])
    clock.move_to(LATER)
    with CaptureQueriesContext(connection) as first:
        plan(LATER)
    clock.move_to(MORNING)
    for each in kinds:
        closed(desk, 3, kind=each)
    for each in kinds[1:]:
        rule(ANONYMISE, 30, kinds=[each])
    clock.move_to(LATER)
    with CaptureQueriesContext(connection) as second:
        plans = plan(LATER)
    assert [each.planned for each in plans] == [4, 3, 3, 3]
    assert len(first) == len(second)


def test_a_start_needs_the_rules_that_were_seen_and_runs_once(desk: Desk, clock: Clock) -> None:
    closed(desk)
    row = rule(ANONYMISE, 30)
    clock.move_to(LATER)
    before = untouched()
    for seen in ({}, {row.pk: 7}, {row.pk: 0, 99999: 0}):
        with pytest.raises(ValidationError, match="预演之后改动过"):
            retaining.start(versions=seen, by=desk.webmaster)
    assert untouched() == before
    (run,) = begin(desk)
    with pytest.raises(ValidationError, match="正在执行"):
        begin(desk)
    assert RetentionRun.objects.count() == 1
    assert (run.by_id, run.by_name, run.planned) == (desk.webmaster.pk, "方若宁", 1)
    started = Event.objects.get(verb="cases.start_retention")
    assert (started.actor_id, started.data) == (desk.webmaster.pk, {"rule": row.pk, "planned": 1})


def test_a_rule_that_is_changed_stops_what_it_was_doing(desk: Desk, clock: Clock) -> None:
    closed(desk, 3)
    row = rule(ANONYMISE, 30)
    clock.move_to(LATER)
    (run,) = begin(desk)
    retaining.go_on(run, portion=1)
    retaining.keep_rule(rule=row, values={"days": 35}, version=0, by=desk.webmaster)
    assert retaining.go_on(run) is False
    run.refresh_from_db()
    assert (run.done, run.is_stopped, run.finished_at) == (1, True, LATER)
    assert Case.objects.filter(anonymised_at__isnull=False).count() == 1
    assert retaining.stop(run=run, by=desk.webmaster) is False


def test_the_clock_begins_only_what_says_so_once_a_day(desk: Desk, clock: Clock) -> None:
    closed(desk, 2)
    row = rule(ANONYMISE, 30)
    clock.move_to(LATER)
    assert (retaining.start_automatic(LATER), retaining.take_turn(LATER)) == (0, 0)
    row.is_automatic = True
    row.save()
    assert retaining.start_automatic(LATER) == 1
    assert retaining.start_automatic(LATER) == 0
    assert retaining.take_turn(LATER) == 2
    run = RetentionRun.objects.get()
    assert (run.by_id, run.by_name, run.done) == (None, "自动", 2)
    tomorrow = LATER + timedelta(days=1)
    clock.move_to(tomorrow)
    assert retaining.start_automatic(tomorrow) == 0
    assert RetentionRun.objects.count() == 1


def test_a_run_that_keeps_failing_holds_up_no_other_and_is_stopped_in_sight(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = kind(code="one", name="建议"), kind(code="other", name="投诉")
    broken, gone = closed(desk, kind=one), closed(desk, kind=other)
    rule(ANONYMISE, 30, kinds=[one])
    rule(DELETE, 30, kinds=[other])
    clock.move_to(LATER)
    begin(desk)

    def fail(*_arguments: Any) -> None:
        raise OSError("叶知秋")

    with monkeypatch.context() as patch:
        patch.setattr(retaining.erasing, "anonymise", fail)
        assert [retaining.take_turn(LATER) for _each in range(3)] == [0, 2, 0]
        failing = RetentionRun.objects.open().get()
        assert (failing.failures, failing.error, failing.done) == (3, "OSError", 0)
    retaining.take_turn(LATER)
    assert RetentionRun.objects.open().count() == 0
    failing.refresh_from_db()
    assert (failing.failures, failing.error, failing.done, failing.is_stopped) == (0, "", 1, False)
    assert Case.objects.filter(pk__in=[case.pk for case in gone]).count() == 0
    assert Case.objects.get(pk=broken[0].pk).anonymised_at == LATER


def test_a_run_whose_trouble_went_away_by_itself_is_done(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(desk)[0]
    rule(ANONYMISE, 30)
    clock.move_to(LATER)
    begin(desk)
    with monkeypatch.context() as patch:
        patch.setattr(retaining.erasing, "overwrite_what_goes", lambda: 1 // 0)
        assert retaining.take_turn(LATER) == 0
    assert RetentionRun.objects.get().error == "ZeroDivisionError"
    Case.objects.filter(pk=case.pk).update(state=CaseState.ANSWERED)
    assert retaining.take_turn(LATER) == 1
    run = RetentionRun.objects.get()
    assert (run.error, run.failures, run.is_stopped, run.finished_at) == ("", 0, False, LATER)


def test_ten_failures_end_a_run(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    case = closed(desk)[0]
    rule(ANONYMISE, 30)
    clock.move_to(LATER)
    begin(desk)

    def fail(*_arguments: Any) -> None:
        raise OSError("叶知秋")

    monkeypatch.setattr(retaining.erasing, "anonymise", fail)
    assert [retaining.take_turn(LATER) for _each in range(12)] == [0] * 12
    run = RetentionRun.objects.get()
    assert (run.failures, run.is_stopped, run.finished_at) == (10, True, LATER)
    assert Event.objects.filter(verb="cases.fail_retention").count() == 1
    assert Case.objects.get(pk=case.pk).anonymised_at is None
    page = SignedIn(desk.webmaster).get(f"/office/retention/runs/{run.pk}/").content.decode()
    assert "连续 10 次没有成功" in page
    assert "叶知秋" not in page


def told(*options: str) -> str:
    out = StringIO()
    call_command("retain", *options, stdout=out)
    return out.getvalue()


def test_the_command_foresees_carries_out_and_takes_up(desk: Desk, clock: Clock) -> None:
    assert told() == "没有启用的规则。\n"
    number = closed(desk, 3)[0].number
    clock.move_to(LATER)
    rule(ANONYMISE, 30)
    before = untouched()
    assert told("--dry-run") == "隐去个人信息30：应处理 3 件，跳过 0 件\n"
    (foreseen,) = json.loads(told("--dry-run", "--json"))
    assert (foreseen["planned"], foreseen["numbers"][0], foreseen["skipped"]) == (3, number, {})
    assert untouched() == before
    (run,) = begin(desk)
    retaining.go_on(run, portion=1)
    (done,) = json.loads(told("--json"))
    assert (done["planned"], done["done"]) == (3, 3)
    assert RetentionRun.objects.get().by_name == "方若宁"
    assert told() == "隐去个人信息30：应处理 0 件，已处理 0 件，跳过 0 件\n"
    assert RetentionRun.objects.newest_first()[0].by_name == "服务器命令行"
