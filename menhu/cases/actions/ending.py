"""After the answer: the sender rates it, asks once for more, or the case is closed."""

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions.handling import tell_owner
from menhu.cases.actions.moving import move, recorded
from menhu.cases.actions.screening import link_of
from menhu.cases.enums import CaseVerb, Party
from menhu.cases.models import Case, Rating
from menhu.cases.policies import By
from menhu.cases.rules import WORST
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.policies import holders

BAD = WORST + 1
"""不满意 and 非常不满意 are bad ratings (国办发〔2019〕51号)."""


@recorded("rate")
def rate(*, case: Case, by: By, level: int | None, text: str = "") -> Case:
    """Five levels, once for each answer; a bad one is told to those who supervise."""
    moved = move(
        case, CaseVerb.RATE, by, rating=level, public_text=text.strip(), changes=lambda _case: {"rating": level}
    )
    Rating.objects.create(case=moved, round=moved.round, level=level or 0, text=text.strip(), rated_at=timezone.now())
    if level is not None and level <= BAD:
        title = _("差评待核实：%(case)s") % {"case": moved.number}
        people = holders({Role.SUPERVISOR}, moved.desk)
        notify(people, title=title, body=text.strip() or moved.title, link=link_of(moved))
    return moved


@recorded("reopen")
def reopen(*, case: Case, by: By, reason: str) -> Case:
    """The matter is not settled: the unit handles it once more, with a term of its own."""
    moved = move(
        case,
        CaseVerb.REOPEN,
        by,
        reason=reason.strip(),
        changes=lambda fresh: {"round": fresh.round + 1, "rating": None, "answered_at": None},
    )
    tell_owner(moved, _("来信人要求再次办理：%(case)s") % {"case": moved.number})
    return moved


@recorded("close")
def close(*, case: Case, by: By = Party.CLOCK) -> Case:
    """Nothing more is to come: by the clock after the sender's time, or by the supervisor."""
    return move(case, CaseVerb.CLOSE, by, changes=lambda _case: {"ended_at": timezone.now()})
