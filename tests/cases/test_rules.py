"""The table of transitions cell by cell, its guards, numbers and codes."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.cases import rules
from menhu.cases.enums import CaseState, CaseVerb, ClockEffect, Party
from menhu.cases.rules import ALPHABET, FINAL, TRANSITIONS, Standing, transition, verbs_for

S, V, P, C = CaseState, CaseVerb, Party, ClockEffect
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

# Every cell that is allowed: (state, verb) → (next state, effect on the clock, who may). All others are refused.
ALLOWED = {
    (S.RECEIVED, V.ACCEPT): (S.SCREENED, C.START, {P.OPERATOR, P.SUPERVISOR}),
    (S.RECEIVED, V.REFUSE): (S.REFUSED, C.NONE, {P.OPERATOR, P.SUPERVISOR}),
    (S.SCREENED, V.ASSIGN): (S.ASSIGNED, C.NONE, {P.OPERATOR, P.SUPERVISOR}),
    (S.RETURNED, V.ASSIGN): (S.ASSIGNED, C.NONE, {P.OPERATOR, P.SUPERVISOR}),
    (S.RETURNED, V.DESIGNATE): (S.ASSIGNED, C.NONE, {P.SUPERVISOR}),
    (S.ASSIGNED, V.TAKE): (S.HANDLING, C.NONE, {P.HANDLER, P.HEAD}),
    (S.ASSIGNED, V.RETURN): (S.RETURNED, C.NONE, {P.HANDLER, P.HEAD}),
    (S.HANDLING, V.ASK): (S.ASKED, C.PAUSE, {P.HANDLER, P.HEAD}),
    (S.ASKED, V.SUPPLEMENT): (S.HANDLING, C.RESUME, {P.SENDER, P.OPERATOR}),
    (S.ASKED, V.LAPSE): (S.HANDLING, C.RESUME, {P.CLOCK}),
    (S.ASKED, V.ABANDON): (S.CLOSED, C.STOP, {P.CLOCK}),
    (S.HANDLING, V.CONSULT): (S.CONSULTED, C.PAUSE, {P.HANDLER, P.HEAD}),
    (S.CONSULTED, V.HEAR): (S.HANDLING, C.RESUME, {P.HANDLER, P.HEAD}),
    (S.CONSULTED, V.SILENCE): (S.HANDLING, C.RESUME, {P.CLOCK}),
    (S.HANDLING, V.DRAFT): (S.DRAFTED, C.NONE, {P.HANDLER, P.HEAD}),
    (S.DRAFTED, V.SEND_BACK): (S.HANDLING, C.NONE, {P.HEAD}),
    (S.DRAFTED, V.SIGN): (S.ANSWERED, C.STOP, {P.HEAD}),
    (S.ANSWERED, V.RATE): (S.RATED, C.NONE, {P.SENDER, P.OPERATOR}),
    (S.ANSWERED, V.REOPEN): (S.HANDLING, C.RESTART, {P.SENDER, P.OPERATOR}),
    (S.RATED, V.REOPEN): (S.HANDLING, C.RESTART, {P.SENDER, P.OPERATOR}),
    (S.ANSWERED, V.CLOSE): (S.CLOSED, C.NONE, {P.CLOCK, P.SUPERVISOR}),
    (S.RATED, V.CLOSE): (S.CLOSED, C.NONE, {P.CLOCK, P.SUPERVISOR}),
    **{(state, V.MERGE): (S.MERGED, C.NONE, {P.OPERATOR, P.SUPERVISOR}) for state in rules.MERGEABLE},
    (S.MERGED, V.UNMERGE): (S.SCREENED, C.NONE, {P.OPERATOR, P.SUPERVISOR}),
    (S.MERGED, V.FOLLOW): (S.ANSWERED, C.STOP, {P.HEAD}),
}


@pytest.mark.parametrize(("state", "verb"), list(product(CaseState, CaseVerb)))
def test_every_cell_of_the_table(state: CaseState, verb: CaseVerb) -> None:
    line = transition(state, verb)
    found = (line.target, line.clock, set(line.parties)) if line else None
    assert found == ALLOWED.get((state, verb))


def test_no_cell_is_written_twice() -> None:
    cells = [(state, line.verb) for line in TRANSITIONS for state in line.sources]
    assert len(cells) == len(set(cells)) == len(ALLOWED)


def test_every_state_is_reached_and_only_the_last_ones_are_dead_ends() -> None:
    reached = {S.RECEIVED} | {line.target for line in TRANSITIONS}
    left = {state for line in TRANSITIONS for state in line.sources}
    assert reached == set(CaseState)
    assert set(CaseState) - left == FINAL


def test_every_waiting_state_has_somebody_who_can_act() -> None:
    """Nothing hides: where a citizen waits, one of our posts or the clock has a way on."""
    ours = [P.OPERATOR, P.HANDLER, P.HEAD, P.SUPERVISOR, P.CLOCK]
    assert {state for state in rules.OPEN if not verbs_for(state, ours)} == set()


def test_what_each_party_may_do() -> None:
    assert verbs_for(S.ASSIGNED, [P.HANDLER]) == [V.TAKE, V.RETURN]
    assert verbs_for(S.ASSIGNED, [P.SENDER, P.OPERATOR, P.SUPERVISOR, P.CLOCK]) == [V.MERGE]
    assert verbs_for(S.RETURNED, [P.OPERATOR]) == [V.ASSIGN, V.MERGE]
    assert verbs_for(S.ANSWERED, [P.SENDER]) == [V.RATE, V.REOPEN]
    assert verbs_for(S.CLOSED, list(Party)) == []


def refusal(state: CaseState, verb: CaseVerb, **facts: object) -> str:
    line = transition(state, verb)
    assert line is not None
    return line.refusal(Standing(now=NOW, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"return_until": NOW}, ""),
        ({"return_until": NOW - timedelta(seconds=1)}, "return_late"),
        ({"return_until": NOW, "returns": 1}, "returned_before"),
        ({"return_until": NOW, "is_designated": True}, "designated"),
        ({"return_until": NOW, "reason": " "}, "reason"),
        ({}, "return_late"),
    ],
)
def test_a_unit_returns_once_in_time_with_a_reason_and_not_after_a_ruling(
    facts: dict[str, object], expected: str
) -> None:
    assert refusal(S.ASSIGNED, V.RETURN, **{"reason": "不属我局职责", **facts}) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reopen_until": NOW}, ""),
        ({"reopen_until": NOW - timedelta(seconds=1)}, "reopen_late"),
        ({"reopen_until": NOW, "reopens": 1}, "reopened_before"),
        ({"reopen_until": NOW, "reopens": 1, "most_reopens": 2}, ""),
        ({"reopen_until": NOW, "reason": ""}, "reason"),
        ({}, "reopen_late"),
    ],
)
@pytest.mark.parametrize("state", [S.ANSWERED, S.RATED])
def test_a_case_is_reopened_once_while_the_answer_is_fresh(
    state: CaseState, facts: dict[str, object], expected: str
) -> None:
    assert refusal(state, V.REOPEN, **{"reason": "问题没有解决", **facts}) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"text": "请补充"}, ""),
        ({"text": "请补充", "asks": 3}, ""),
        ({"text": "请补充", "asks": 1, "most_asks": 1}, "asked_before"),
        ({"text": "请补充", "ask_until": NOW}, ""),
        ({"text": "请补充", "ask_until": NOW - timedelta(seconds=1)}, "ask_late"),
        ({"text": " "}, "text"),
    ],
)
def test_a_sender_is_asked_as_often_and_as_long_as_the_kind_allows(facts: dict[str, object], expected: str) -> None:
    assert refusal(S.HANDLING, V.ASK, **facts) == expected


def test_silence_ends_a_case_only_where_the_kind_says_so() -> None:
    assert (refusal(S.ASKED, V.LAPSE), refusal(S.ASKED, V.ABANDON)) == ("", "goes_on")
    assert (refusal(S.ASKED, V.LAPSE, gives_up=True), refusal(S.ASKED, V.ABANDON, gives_up=True)) == ("gives_up", "")


def test_a_third_party_is_asked_once_where_the_kind_knows_one() -> None:
    assert refusal(S.HANDLING, V.CONSULT, text="贵公司意见") == "no_third_party"
    assert refusal(S.HANDLING, V.CONSULT, text="贵公司意见", may_consult=True) == ""
    assert refusal(S.HANDLING, V.CONSULT, text="贵公司意见", may_consult=True, consults=1) == "consulted_before"


def test_nobody_signs_an_answer_of_their_own() -> None:
    assert refusal(S.DRAFTED, V.SIGN, text="答复", drafted_by=7, by=7) == "own_draft"
    assert refusal(S.DRAFTED, V.SIGN, text="答复", drafted_by=7, by=8) == ""
    assert refusal(S.DRAFTED, V.SIGN, text=" ", drafted_by=7, by=8) == "text"


@pytest.mark.parametrize(("rating", "expected"), [(None, "rating"), (0, "rating"), (1, ""), (5, ""), (6, "rating")])
def test_a_rating_has_five_levels(rating: int | None, expected: str) -> None:
    assert refusal(S.ANSWERED, V.RATE, rating=rating) == expected


@pytest.mark.parametrize(
    ("state", "verb", "missing"),
    [
        (S.RECEIVED, V.REFUSE, "reason"),
        (S.SCREENED, V.ASSIGN, "lead"),
        (S.RETURNED, V.DESIGNATE, "lead"),
        (S.HANDLING, V.ASK, "text"),
        (S.ASKED, V.SUPPLEMENT, "text"),
        (S.HANDLING, V.DRAFT, "text"),
        (S.DRAFTED, V.SEND_BACK, "reason"),
        (S.CONSULTED, V.HEAR, "text"),
        (S.SCREENED, V.MERGE, "master"),
        (S.MERGED, V.UNMERGE, "reason"),
    ],
)
def test_what_each_step_asks_for(state: CaseState, verb: CaseVerb, missing: str) -> None:
    given_all = {"reason": "原因", "text": "文字", "has_lead": True, "drafted_by": 1, "by": 2, "has_master": True}
    assert refusal(state, verb) == missing
    assert refusal(state, verb, **given_all) == ""


@given(st.lists(st.sampled_from(list(CaseVerb)), max_size=40))
def test_whatever_is_tried_the_clock_is_started_once_and_paused_only_while_running(tries: list[CaseVerb]) -> None:
    state, running = S.RECEIVED, None
    for verb in tries:
        line = transition(state, verb)
        if line is None:
            continue
        expected = {C.START: {None}, C.PAUSE: {True}, C.RESUME: {False}, C.STOP: {True, False}, C.RESTART: {False}}
        if line.clock in expected:
            assert running in expected[line.clock]
            running = line.clock in {C.START, C.RESUME, C.RESTART}
        state = line.target


def test_the_diagram_is_the_table() -> None:
    lines = rules.diagram().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> received" in lines
    assert {line.strip() for line in lines if ":" in line} == {
        f"{state} --> {target}: {verb}" for (state, verb), (target, _, _) in ALLOWED.items()
    }
    assert [line.strip() for line in lines if line.endswith("[*]")] == ["closed --> [*]", "refused --> [*]"]


def test_the_documentation_shows_the_diagram_of_the_table() -> None:
    page = Path(__file__).parents[2] / "docs/reference/case-transitions.md"
    _before, _fence, rest = page.read_text(encoding="utf-8").partition("```mermaid\n")
    assert rest.partition("\n```")[0] == rules.diagram()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_numbers_sort_by_day_and_place(day: date, sequence: int) -> None:
    number = rules.case_number("XF", day, sequence)
    assert number == f"XF{day:%Y%m%d}-{sequence:04d}"
    assert number < rules.case_number("XF", day + timedelta(days=1), 1)


def test_a_day_is_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from one"):
        rules.case_number("XF", date(2026, 1, 1), 0)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_has_fifty_bits_and_is_read_as_people_type_it(digest: bytes) -> None:
    code = rules.code_from(digest.hex())
    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    assert rules.typed_code(f" {rules.shown_code(code).lower()} ") == code
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code[:5])
    assert rules.typed_code(f"{wide}-{code[5:]}") == code


def test_every_bit_of_a_code_counts() -> None:
    assert len(set(ALPHABET)) == 32
    codes = {rules.code_from(f"{1 << bit:013x}") for bit in range(50)}
    assert len(codes) == 50


@given(st.text(max_size=60))
def test_any_typing_gives_some_number(text: str) -> None:
    assert len(rules.typed_number(text)) <= rules.NUMBER_LENGTH


def test_a_number_is_read_as_people_type_it() -> None:
    assert rules.typed_number(" yl20260603－0128 ") == "YL20260603-0128"
    assert rules.typed_number("ＹＬ20260603 – 0128") == "YL20260603-0128"


@given(st.text(max_size=60))
def test_any_typing_gives_a_plain_code_or_nothing(text: str) -> None:
    found = rules.typed_code(text)
    assert found == "" or found.isascii()
