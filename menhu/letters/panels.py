"""What letters and requests add to the back-office page of a case."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from menhu.accounts.models import User
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Case
from menhu.cases.panels import Panel, Position, ReplyTemplate
from menhu.cases.policies import parties_of
from menhu.letters.kinds import FAMILY as LETTERS
from menhu.letters.knowing import likest
from menhu.letters.models import InformationRequest, Letter, PetitionCase, PublicCopy
from menhu.letters.models import ReplyTemplate as Template
from menhu.letters.openness.outcomes import BY_CODE
from menhu.letters.openness.terms import FAMILY as INFORMATION
from menhu.letters.policies import may_take_charge
from menhu.letters.public.addresses import portal
from menhu.letters.similar import similar_copies
from menhu.letters.suggesting import suggestions
from menhu.letters.todos import end_day

WORKED_ON = (CaseState.SCREENED, CaseState.ASSIGNED, CaseState.HANDLING)


def letter(case: Case, user: User) -> SafeString | None:
    """The box it lay in, what its sender wished, and how far the public copy is."""
    row = Letter.objects.filter(case=case).select_related("mailbox").first()
    if row is None:
        return None
    copy = PublicCopy.objects.filter(letter=row).select_related("same_matter").first()
    same = getattr(copy, "same_matter", None)
    context = {
        "letter": row,
        "copy": copy,
        "same": same.count if same else 0,
        "case": case,
        "may_copy": _may_copy(case, row, user),
    }
    return _drawn("letters/panel_letter.html", context)


def petition(case: Case, user: User) -> SafeString | None:
    """Which leader answers for the letter and until when; a way to say so for the desk."""
    row = PetitionCase.objects.filter(case=case).select_related("leader").first()
    may_take = may_take_charge(user, case) and (row is None or row.ended_on is None)
    if case.kind.family != LETTERS or (row is None and not may_take):
        return None
    day = end_day(row, timezone.localdate()) if row is not None else None
    context = {"petition": row, "day": day, "case": case, "may_take": may_take}
    return _drawn("letters/panel_petition.html", context)


def request(case: Case, user: User) -> SafeString | None:
    """What is asked for; the third party and the outcome for those who handle it."""
    if case.kind.family != INFORMATION:
        return None
    row = InformationRequest.objects.filter(case=case).first()
    outcome = BY_CODE.get(row.outcome) if row else None
    return _drawn("letters/panel_request.html", {"row": row, "case": case, "outcome": outcome})


def similar(case: Case, user: User) -> SafeString | None:
    """Model answers to letters like this one, then what else the public can read, for whoever works on it."""
    site, state = portal(), CaseState(case.state)
    if site is None or state not in WORKED_ON:
        return None
    known = likest(case) if case.kind.family == LETTERS else []
    others = [copy for copy in similar_copies(case.title, site) if copy not in known]
    may_begin = state is CaseState.HANDLING and bool(parties_of(user, case) & {Party.HANDLER, Party.HEAD})
    context = {"models": known, "copies": others, "may_begin": may_begin}
    return _drawn("letters/panel_similar.html", context) if known or others else None


def guesses(case: Case, user: User) -> SafeString | None:
    """For whoever gives the case to a unit."""
    gives = parties_of(user, case) & {Party.OPERATOR, Party.SUPERVISOR}
    if not gives or CaseState(case.state) not in (CaseState.RECEIVED, CaseState.SCREENED, CaseState.RETURNED):
        return None
    found = suggestions(case)
    return _drawn("letters/panel_suggestions.html", {"suggestions": found}) if found else None


def templates(case: Case) -> Iterator[ReplyTemplate]:
    """Templates for all and those of the unit in charge."""
    rows = Template.objects.filter(
        Q(unit__isnull=True) | Q(unit_id=case.lead_id), Q(kind__isnull=True) | Q(kind_id=case.kind_id), is_active=True
    )
    for row in rows.order_by("-unit_id", "position", "pk")[:50]:
        yield ReplyTemplate(row.title, row.text)


def _may_copy(case: Case, row: Letter, user: User) -> bool:
    wanted = row.wants_publication and not case.is_confidential and not case.is_open
    return wanted and bool(parties_of(user, case) - {Party.SENDER})


def _drawn(template: str, context: dict[str, Any]) -> SafeString:
    return SafeString(render_to_string(template, context))


PANELS = (
    Panel("letter", Position.SIDE, letter),
    Panel("petition", Position.SIDE, petition),
    Panel("request", Position.LETTER, request),
    Panel("guesses", Position.SIDE, guesses),
    Panel("similar", Position.ANSWER, similar),
)
