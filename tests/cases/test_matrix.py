"""Every (state, verb, person) cell: what is allowed changes exactly what it says, what is refused changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from menhu.audit.models import Event
from menhu.cases import actions, models
from menhu.cases.actions.moving import move
from menhu.cases.enums import CaseState, CaseVerb, Party
from menhu.cases.models import Case
from menhu.cases.policies import By, CaseRefused
from tests.cases.desk import Desk
from tests.cases.test_rules import ALLOWED
from tests.factories import World

S, V, P = CaseState, CaseVerb, Party

# Who each person is to a case of the county's desk that the education bureau handles.
PEOPLE: dict[str, frozenset[Party]] = {
    "operator": frozenset({P.OPERATOR}),
    "supervisor": frozenset({P.SUPERVISOR}),
    "handler": frozenset({P.HANDLER}),
    "head": frozenset({P.HEAD}),
    "stranger_handler": frozenset(),
    "stranger_head": frozenset(),
    "leader": frozenset(),
    "editor": frozenset(),
    "webmaster": frozenset(),
    "auditor": frozenset(),
    "sender": frozenset({P.SENDER}),
    "clock": frozenset({P.CLOCK}),
}
OF_THE_UNIT = {P.HANDLER, P.HEAD}
# States in which no unit has the case: its people are strangers to it.
WITHOUT_UNIT = {S.RECEIVED, S.REFUSED, S.SCREENED, S.RETURNED, S.MERGED}
ALWAYS = {"state", "version", "step_at", "step_due_at", "next_alarm_at"}
# What each verb may change besides the state, the step and its dates.
CHANGES: dict[CaseVerb, set[str]] = {
    V.ACCEPT: {"accepted_at", "started_at", "due_at"},
    V.REFUSE: {"ended_at", "is_open"},
    V.ASSIGN: {"lead_id", "assigned_at"},
    V.DESIGNATE: {"lead_id", "assigned_at", "is_designated"},
    V.TAKE: {"handler_id"},
    V.RETURN: {"returns", "lead_id"},
    V.ASK: {"asks", "paused_at"},
    V.SUPPLEMENT: {"paused_at", "pauses", "due_at"},
    V.LAPSE: {"paused_at", "pauses", "due_at"},
    V.ABANDON: set(),
    V.CONSULT: {"consults", "paused_at"},
    V.HEAR: {"paused_at", "pauses", "due_at"},
    V.SILENCE: {"paused_at", "pauses", "due_at"},
    V.DRAFT: set(),
    V.SEND_BACK: set(),
    V.SIGN: {"answered_at", "is_open"},
    V.RATE: {"rating"},
    V.REOPEN: {"round", "rating", "answered_at", "is_open", "started_at", "due_at"},
    V.CLOSE: {"ended_at"},
    V.MERGE: {"lead_id", "handler_id"},
    V.UNMERGE: set(),
    V.FOLLOW: {"is_open"},
}


def acts(desk: Desk) -> dict[CaseVerb, Callable[[Case, By], Any]]:
    """Each verb by its action, with everything it asks for."""
    jyj, why = desk.world.units["jyj"], "理由充分。"
    other = desk.case(S.SCREENED, title="另一件")
    return {
        V.ACCEPT: lambda case, by: actions.accept(case=case, by=by),
        V.REFUSE: lambda case, by: actions.decline(case=case, by=by, reason=why, right_place="向法院反映。"),
        V.ASSIGN: lambda case, by: actions.assign(case=case, by=by, lead=jyj),
        V.DESIGNATE: lambda case, by: actions.designate(case=case, by=by, lead=jyj, reason=why),
        V.TAKE: lambda case, by: actions.take(case=case, by=by),
        V.RETURN: lambda case, by: actions.give_back(case=case, by=by, reason=why),
        V.ASK: lambda case, by: actions.ask(case=case, by=by, text=why),
        V.SUPPLEMENT: lambda case, by: actions.supplement(case=case, by=by, text=why),
        V.LAPSE: lambda case, by: actions.lapse(case=case, by=by),
        V.ABANDON: lambda case, by: _bare(case, V.ABANDON, by),
        V.CONSULT: lambda case, by: actions.consult(case=case, by=by, text=why),
        V.HEAR: lambda case, by: actions.hear(case=case, by=by, text=why),
        V.SILENCE: lambda case, by: actions.pass_over(case=case, by=by),
        V.DRAFT: lambda case, by: actions.draft(case=case, by=by, text=why),
        V.SEND_BACK: lambda case, by: actions.send_back(case=case, by=by, reason=why),
        V.SIGN: lambda case, by: actions.sign(case=case, by=by),
        V.RATE: lambda case, by: actions.rate(case=case, by=by, level=2),
        V.REOPEN: lambda case, by: actions.reopen(case=case, by=by, reason=why),
        V.CLOSE: lambda case, by: actions.close(case=case, by=by),
        V.MERGE: lambda case, by: actions.merge(case=case, by=by, master=other),
        V.UNMERGE: lambda case, by: actions.unmerge(case=case, by=by, reason=why),
        V.FOLLOW: lambda case, by: _bare(case, V.FOLLOW, by, text=why),
    }


def _bare(case: Case, verb: CaseVerb, by: By, **facts: Any) -> Case:
    """Verbs that no action offers by themselves; wrapped as actions are."""
    from menhu.cases.actions.moving import recorded

    act = recorded(verb.value)(lambda *, case, by: move(case, verb, by, **facts))
    moved: Case = act(case=case, by=by)
    return moved


TABLES = (
    *(models.Case, models.Sender, models.Assignment, models.Answer, models.CaseEvent),
    *(models.Rating, models.Extension, models.Directive, models.CaseLink),
)
Rows = list[list[dict[str, Any]]]


def everything() -> Rows:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def row(case: Case) -> dict[str, Any]:
    return Case.objects.filter(pk=case.pk).values().get()


def expected_target(state: CaseState, verb: CaseVerb, parties: frozenset[Party]) -> CaseState | None:
    """Where the cell leads; None where it is refused. An ordinary letter is never given up in silence."""
    cell = ALLOWED.get((state, verb))
    present = parties - OF_THE_UNIT if state in WITHOUT_UNIT else parties
    if cell is None or verb is V.ABANDON or not present & cell[2]:
        return None
    return cell[0]


@pytest.mark.parametrize("state", list(CaseState))
def test_every_cell(world: World, desk: Desk, state: CaseState) -> None:
    case, verbs = desk.case(state), acts(desk)
    before = everything()
    assert set(verbs) == set(CaseVerb) == set(CHANGES)
    wrong = [
        (verb, persona, found)
        for verb, act in verbs.items()
        for persona, parties in PEOPLE.items()
        if (found := cell_fails(world, case, verb, act, persona, before, expected_target(state, verb, parties)))
    ]
    assert wrong == []


def cell_fails(
    world: World,
    case: Case,
    verb: CaseVerb,
    act: Callable[[Case, By], Any],
    persona: str,
    before: Rows,
    target: CaseState | None,
) -> str:
    """What is wrong with one cell, "" where nothing is; leaves the database as it was."""
    by: By = P(persona) if persona in ("sender", "clock") else world.people[persona]
    point = transaction.savepoint()
    try:
        return _refused(case, act, by, before) if target is None else _taken(case, verb, act, by, target)
    finally:
        transaction.savepoint_rollback(point)


def _refused(case: Case, act: Callable[[Case, By], Any], by: By, before: Rows) -> str:
    refusals = Event.objects.filter(verb="cases.refused").count()
    try:
        act(case, by)
    except CaseRefused as refusal:
        if not refusal.message:
            return "no reason"
    else:
        return "was allowed"
    if everything() != before:
        return "changed something"
    return "" if Event.objects.filter(verb="cases.refused").count() == refusals + 1 else "not recorded"


def _taken(case: Case, verb: CaseVerb, act: Callable[[Case, By], Any], by: By, target: CaseState) -> str:
    before, events = row(case), models.CaseEvent.objects.filter(case=case).count()
    try:
        act(case, by)
    except CaseRefused as refusal:
        return f"was refused: {refusal.message}"
    after = row(case)
    changed = {name for name in before if before[name] != after[name]}
    if after["state"] != target:
        return f"went to {after['state']}"
    if changed - ALWAYS - CHANGES[verb]:
        return f"changed {sorted(changed - ALWAYS - CHANGES[verb])}"
    if {"state", "version"} - changed:
        return "did not count up"
    return "" if models.CaseEvent.objects.filter(case=case).count() == events + 1 else "no line in the timeline"
