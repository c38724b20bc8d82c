"""What a person is offered on the page of a case: what the table allows them, minus what would be refused at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from menhu.accounts.models import User
from menhu.cases import rules
from menhu.cases.actions.moving import MESSAGES, standing_of
from menhu.cases.actions.pressing import EXTENDABLE
from menhu.cases.enums import CaseState, CaseVerb, Deed, Party
from menhu.cases.models import Case, Directive, Extension
from menhu.cases.policies import (
    READERS_IN_A_UNIT,
    current_partners,
    may_decide_extension,
    may_instruct,
    may_press,
    parties_of,
)
from menhu.units.policies import scope_of

FILLED_IN: Final[dict[str, Any]] = {"reason": "…", "text": "…", "lead": object(), "rating": 5, "master": object()}
"""As if the person had filled in everything: what is still refused is refused whatever they write."""
TOLD: Final = (Deed.SIGN, Deed.RETURN)
"""Steps whose refusal is worth a word to the person who would take them."""
AT_DESK: Final = frozenset({Party.OPERATOR, Party.SUPERVISOR})
IN_UNIT: Final = frozenset({Party.HANDLER, Party.HEAD})


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done, in the order of the page; and what not, with the reason."""

    deeds: tuple[Deed, ...]
    withheld: tuple[tuple[Deed, str], ...]


@dataclass(frozen=True, slots=True)
class Situation:
    case: Case
    by: User
    parties: frozenset[Party]
    now: datetime


def offer(case: Case, by: User) -> Offer:
    """What the person may do with this case now. The case is as `moving.present` reads it."""
    situation = Situation(case, by, parties_of(by, case), timezone.now())
    whys = _steps(situation)
    steps = {deed for deed, why in whys.items() if not why}
    others = {deed for deed, is_open in OTHERS.items() if is_open(situation)}
    deeds = tuple(deed for deed in Deed if deed in steps | others)
    return Offer(deeds, tuple((deed, str(MESSAGES[whys[deed]])) for deed in TOLD if whys.get(deed)))


def _steps(situation: Situation) -> dict[Deed, str]:
    """The steps of the table open to the person's parties, each with the guard that refuses it; "" for none."""
    case = situation.case
    verbs = rules.verbs_for(CaseState(case.state), situation.parties)
    if not verbs:
        return {}
    standing = standing_of(case, situation.by, situation.now, FILLED_IN)
    return {Deed(verb.value): _why(case, verb, standing) for verb in verbs if verb.value in Deed.values}


def _why(case: Case, verb: CaseVerb, standing: rules.Standing) -> str:
    line = rules.transition(CaseState(case.state), verb)
    return "" if line is None else line.refusal(standing)


def _may_split(now: Situation) -> bool:
    return bool(now.parties & AT_DESK) and now.case.state == CaseState.SCREENED


def _may_note(now: Situation) -> bool:
    return bool(now.parties) and CaseState(now.case.state) not in rules.FINAL


def _may_give_opinion(now: Situation) -> bool:
    units = scope_of(now.by, READERS_IN_A_UNIT)
    if not units or not now.case.is_open:
        return False
    own = current_partners(now.case).filter(units.condition("unit_id"), opinion_at__isnull=True)
    return own.exists()


def _may_extend(now: Situation) -> bool:
    case = now.case
    in_time = case.due_at is not None and case.due_at >= now.now
    is_possible = CaseState(case.state) in EXTENDABLE and in_time and not case.extra_days and case.kind.extension_days
    if not is_possible or not now.parties & IN_UNIT:
        return False
    return not Extension.objects.filter(case=case, is_granted__isnull=True).exists()


def _may_decide(now: Situation) -> bool:
    if not may_decide_extension(now.by, now.case):
        return False
    asked = Extension.objects.filter(case=now.case, is_granted__isnull=True)
    return asked.exclude(asked_by_id=now.by.pk).exists()


def _may_make_complex(now: Situation) -> bool:
    case = now.case
    is_possible = case.is_open and not case.is_complex and case.answered_at is None and case.accepted_at is not None
    return is_possible and bool(now.parties & AT_DESK)


def _may_report_back(now: Situation) -> bool:
    return bool(now.parties & IN_UNIT) and Directive.objects.filter(case=now.case, reported_at__isnull=True).exists()


OTHERS: Final[dict[Deed, Callable[[Situation], bool]]] = {
    Deed.SPLIT: _may_split,
    Deed.PROGRESS: _may_note,
    Deed.PARTNER: _may_give_opinion,
    Deed.EXTEND: _may_extend,
    Deed.DECIDE_EXTENSION: _may_decide,
    Deed.COMPLEX: _may_make_complex,
    Deed.REPORT_BACK: _may_report_back,
    Deed.INSTRUCT: lambda now: now.case.is_open and may_instruct(now.by, now.case),
    Deed.URGE: lambda now: now.case.is_open and may_press(now.by, now.case),
    Deed.SUPERVISE: lambda now: now.case.is_open and may_decide_extension(now.by, now.case),
}
"""What moves nothing: who may do it, as the actions themselves ask."""
