"""The life of a case as a table, its number and its code: plain arithmetic without a database."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from menhu.cases.enums import CaseState, CaseVerb, ClockEffect, Party

WORST, BEST = 1, 5
"""Ratings: 5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意 (国办发〔2019〕51号)."""

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody confuses when they are read out on the telephone."""
CODE_LENGTH: Final = 10
NUMBER_LENGTH: Final = 24
_BLANKS: Final = re.compile(r"\s+")
_DASHES: Final = re.compile("[‐‑‒–—―－_]")
_GROUPS: Final = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Standing:
    """What guards look at: times, counts and texts of one case, as the caller read them."""

    now: datetime
    return_until: datetime | None = None
    returns: int = 0
    is_designated: bool = False
    reopens: int = 0
    most_reopens: int = 1
    reopen_until: datetime | None = None
    drafted_by: int | None = None
    by: int | None = None
    reason: str = ""
    text: str = ""
    rating: int | None = None
    has_lead: bool = False
    asks: int = 0
    most_asks: int | None = None
    ask_until: datetime | None = None
    gives_up: bool = False
    may_consult: bool = False
    consults: int = 0
    has_master: bool = False


Guard = Callable[[Standing], str]
"""Why the step is not allowed, by the name of a message; "" where it is."""


def has_reason(standing: Standing) -> str:
    return "" if standing.reason.strip() else "reason"


def has_text(standing: Standing) -> str:
    return "" if standing.text.strip() else "text"


def has_lead(standing: Standing) -> str:
    return "" if standing.has_lead else "lead"


def may_be_returned(standing: Standing) -> str:
    """Once, in time, and never after a ruling."""
    if standing.is_designated:
        return "designated"
    if standing.returns:
        return "returned_before"
    late = standing.return_until is None or standing.now > standing.return_until
    return "return_late" if late else has_reason(standing)


def may_be_asked(standing: Standing) -> str:
    """As often as the kind allows, and where a law says until when, no later (信息公开条例 §30)."""
    if standing.most_asks is not None and standing.asks >= standing.most_asks:
        return "asked_before"
    late = standing.ask_until is not None and standing.now > standing.ask_until
    return "ask_late" if late else has_text(standing)


def goes_on_in_silence(standing: Standing) -> str:
    return "gives_up" if standing.gives_up else ""


def is_given_up_in_silence(standing: Standing) -> str:
    return "" if standing.gives_up else "goes_on"


def may_be_consulted(standing: Standing) -> str:
    """Once, and only where somebody else's interest is at stake by law (信息公开条例 §32)."""
    if not standing.may_consult:
        return "no_third_party"
    return "consulted_before" if standing.consults else has_text(standing)


def has_master(standing: Standing) -> str:
    return "" if standing.has_master else "master"


def is_another_hand(standing: Standing) -> str:
    """Nobody signs an answer of their own writing."""
    return "own_draft" if standing.by is not None and standing.by == standing.drafted_by else ""


def is_rating(standing: Standing) -> str:
    return "" if standing.rating is not None and WORST <= standing.rating <= BEST else "rating"


def may_be_reopened(standing: Standing) -> str:
    """As often as the kind allows, while the answer is fresh, by who says why."""
    if standing.reopens >= standing.most_reopens:
        return "reopened_before"
    late = standing.reopen_until is None or standing.now > standing.reopen_until
    return "reopen_late" if late else has_reason(standing)


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: from these states, by this verb, to that state."""

    sources: frozenset[CaseState]
    verb: CaseVerb
    target: CaseState
    parties: frozenset[Party]
    clock: ClockEffect = ClockEffect.NONE
    guards: tuple[Guard, ...] = field(default=())

    def refusal(self, standing: Standing) -> str:
        """The first guard that does not let the case pass; "" where all do."""
        return next((found for guard in self.guards if (found := guard(standing))), "")


def _line(
    sources: Iterable[CaseState],
    verb: CaseVerb,
    target: CaseState,
    parties: Iterable[Party],
    clock: ClockEffect = ClockEffect.NONE,
    *guards: Guard,
) -> Transition:
    return Transition(frozenset(sources), verb, target, frozenset(parties), clock, guards)


_S, _V, _P, _C = CaseState, CaseVerb, Party, ClockEffect
DESK: Final = (_P.OPERATOR, _P.SUPERVISOR)
UNIT: Final = (_P.HANDLER, _P.HEAD)
MERGEABLE: Final = (_S.SCREENED, _S.ASSIGNED, _S.RETURNED, _S.HANDLING)
"""A duplicate is joined to its master after acceptance and before an answer is drafted."""

# The citizen's term runs from acceptance to the signed answer. What is not in the table is refused.
TRANSITIONS: Final = (
    _line([_S.RECEIVED], _V.ACCEPT, _S.SCREENED, DESK, _C.START),
    _line([_S.RECEIVED], _V.REFUSE, _S.REFUSED, DESK, _C.NONE, has_reason),
    _line([_S.SCREENED, _S.RETURNED], _V.ASSIGN, _S.ASSIGNED, DESK, _C.NONE, has_lead),
    _line([_S.RETURNED], _V.DESIGNATE, _S.ASSIGNED, [_P.SUPERVISOR], _C.NONE, has_lead, has_reason),
    _line([_S.ASSIGNED], _V.TAKE, _S.HANDLING, UNIT),
    _line([_S.ASSIGNED], _V.RETURN, _S.RETURNED, UNIT, _C.NONE, may_be_returned),
    _line([_S.HANDLING], _V.ASK, _S.ASKED, UNIT, _C.PAUSE, may_be_asked),
    _line([_S.ASKED], _V.SUPPLEMENT, _S.HANDLING, [_P.SENDER, _P.OPERATOR], _C.RESUME, has_text),
    _line([_S.ASKED], _V.LAPSE, _S.HANDLING, [_P.CLOCK], _C.RESUME, goes_on_in_silence),
    _line([_S.ASKED], _V.ABANDON, _S.CLOSED, [_P.CLOCK], _C.STOP, is_given_up_in_silence),
    _line([_S.HANDLING], _V.CONSULT, _S.CONSULTED, UNIT, _C.PAUSE, may_be_consulted),
    _line([_S.CONSULTED], _V.HEAR, _S.HANDLING, UNIT, _C.RESUME, has_text),
    _line([_S.CONSULTED], _V.SILENCE, _S.HANDLING, [_P.CLOCK], _C.RESUME),
    _line([_S.HANDLING], _V.DRAFT, _S.DRAFTED, UNIT, _C.NONE, has_text),
    _line([_S.DRAFTED], _V.SEND_BACK, _S.HANDLING, [_P.HEAD], _C.NONE, has_reason),
    _line([_S.DRAFTED], _V.SIGN, _S.ANSWERED, [_P.HEAD], _C.STOP, has_text, is_another_hand),
    _line([_S.ANSWERED], _V.RATE, _S.RATED, [_P.SENDER, _P.OPERATOR], _C.NONE, is_rating),
    _line([_S.ANSWERED, _S.RATED], _V.REOPEN, _S.HANDLING, [_P.SENDER, _P.OPERATOR], _C.RESTART, may_be_reopened),
    _line([_S.ANSWERED, _S.RATED], _V.CLOSE, _S.CLOSED, [_P.CLOCK, _P.SUPERVISOR]),
    _line(MERGEABLE, _V.MERGE, _S.MERGED, DESK, _C.NONE, has_master),
    _line([_S.MERGED], _V.UNMERGE, _S.SCREENED, DESK, _C.NONE, has_reason),
    _line([_S.MERGED], _V.FOLLOW, _S.ANSWERED, [_P.HEAD], _C.STOP, has_text),
)
FINAL: Final = frozenset({_S.CLOSED, _S.REFUSED})
OPEN: Final = frozenset(_S) - FINAL - {_S.ANSWERED, _S.RATED}
"""States in which the citizen has no answer yet."""
PAUSED: Final = frozenset({_S.ASKED, _S.CONSULTED})
"""States in which the clock stands still, because somebody outside must act."""

_BY_CELL: Final = {(source, line.verb): line for line in TRANSITIONS for source in line.sources}


def transition(state: CaseState, verb: CaseVerb) -> Transition | None:
    """The line of the table for this state and verb; None where there is none."""
    return _BY_CELL.get((state, verb))


def verbs_for(state: CaseState, parties: Iterable[Party]) -> list[CaseVerb]:
    """What these parties may do with a case in this state, guards apart, in the order of the table."""
    present = set(parties)
    return [line.verb for line in TRANSITIONS if state in line.sources and line.parties & present]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What decides whether rules of keeping fit together; no kinds stand for all that no other rule names."""

    key: int
    deletes: bool
    days: int
    kinds: frozenset[int]
    is_active: bool = True


def coverage(rule: Keeping, rules: Iterable[Keeping], kinds: Iterable[int]) -> frozenset[int]:
    """For which of the kinds the rule holds, or would if it were in force beside the others."""
    if rule.kinds:
        return rule.kinds
    named = (other.kinds for other in rules if other.is_active and other.deletes == rule.deletes)
    return frozenset(kinds).difference(*named)


def faults(rules: Iterable[Keeping], kinds: Iterable[int]) -> list[tuple[str, int]]:
    """What does not fit: "twice" (another rule in force does the same to one of its kinds) or "order" (it deletes
    what is not anonymised before), each with the key of the rule."""
    active, every = [rule for rule in rules if rule.is_active], frozenset(kinds)
    covered = {rule.key: coverage(rule, active, every) for rule in active}
    return [*_twice(active, covered), *_out_of_order(active, covered)]


def _twice(active: list[Keeping], covered: dict[int, frozenset[int]]) -> Iterator[tuple[str, int]]:
    for rule in active:
        others = [other for other in active if other.deletes == rule.deletes and other.key != rule.key]
        is_second_general = not rule.kinds and any(not other.kinds for other in others)
        if is_second_general or any(covered[rule.key] & covered[other.key] for other in others):
            yield "twice", rule.key


def _out_of_order(active: list[Keeping], covered: dict[int, frozenset[int]]) -> Iterator[tuple[str, int]]:
    days = {kind: rule.days for rule in active if not rule.deletes for kind in covered[rule.key]}
    for rule in active:
        if rule.deletes and any(days.get(kind, rule.days) >= rule.days for kind in covered[rule.key]):
            yield "order", rule.key


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    return "\n".join(["stateDiagram-v2", f"    [*] --> {_S.RECEIVED.value}", *_arrows(), *_ends()])


def _arrows() -> Iterator[str]:
    for line in TRANSITIONS:
        for source in (state for state in CaseState if state in line.sources):
            yield f"    {source.value} --> {line.target.value}: {line.verb.value}"


def _ends() -> Iterator[str]:
    return (f"    {state.value} --> [*]" for state in CaseState if state in FINAL)


def case_number(prefix: str, day: date, sequence: int) -> str:
    """The number that a citizen is told: kind, day and place in the day, e.g. "XF20261126-0042"."""
    if sequence < 1:
        raise ValueError("a day's cases are counted from one")
    return f"{prefix}{day:%Y%m%d}-{sequence:04d}"


def code_from(digest: str) -> str:
    """A query code of fifty bits out of a keyed hash (hex): without it a number opens nothing."""
    bits = int(digest[:13], 16)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """In two groups, as people read it out: "7KQ4M-2XHPR"."""
    return f"{code[:5]}-{code[5:]}"


def typed_number(text: str) -> str:
    """What a person meant by a number: small letters raised, full width folded, blanks dropped, dashes made plain."""
    half = unicodedata.normalize("NFKC", text).upper()
    return _BLANKS.sub("", _DASHES.sub("-", half))[:NUMBER_LENGTH]


def typed_code(text: str) -> str:
    """What a person meant by what they typed: blanks and dashes dropped, small letters raised, full width folded."""
    half = unicodedata.normalize("NFKC", text)
    return _GROUPS.sub("", half).upper() if half.isascii() else ""
