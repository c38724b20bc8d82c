"""The answer: drafted by one, signed by another, sent to the sender and to everybody who wrote the same."""

from collections.abc import Callable, Collection
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions.attaching import follow_files, require_shown
from menhu.cases.actions.handling import tell_owner
from menhu.cases.actions.moving import move, person_of, recorded, refuse
from menhu.cases.actions.screening import link_of
from menhu.cases.enums import AnswerState, CaseVerb, LinkKind
from menhu.cases.models import Answer, Case, CaseLink
from menhu.cases.policies import By
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.policies import holders

Beginning = Callable[[Case, str], str]
"""Words with which an answer may begin, by a key of the family's own; "" where there are none."""

_beginnings: Final[dict[str, Beginning]] = {}


def give_beginnings(family: str, source: Beginning) -> None:
    """Register, in `AppConfig.ready`, who has words to begin answers of a family with."""
    _beginnings[family] = source


def begun(case: Case, key: str, typed: str) -> str | None:
    """What was typed with the words of the key before it, once; None where there are no such words."""
    source = _beginnings.get(case.kind.family)
    words = source(case, key).strip() if source else ""
    if not words:
        return None
    return typed if words in typed else f"{words}\n\n{typed}".strip()


@recorded("draft")
def draft(*, case: Case, by: By, text: str) -> Case:
    """Submit an answer for signature; what was sent back is written over, what was signed never."""
    moved = move(case, CaseVerb.DRAFT, by, text=text.strip(), public_text="", is_public=False)
    _keep_draft(moved, by, text.strip())
    heads = holders({Role.HEAD}, moved.lead) if moved.lead else ()
    title = _("答复待签发：%(case)s") % {"case": moved.number}
    notify(heads, title=title, body=moved.title, link=link_of(moved))
    return moved


@recorded("send_back")
def send_back(*, case: Case, by: By, reason: str) -> Case:
    """The head wants another text."""
    moved = move(case, CaseVerb.SEND_BACK, by, reason=reason, note=reason, public_text="", is_public=False)
    Answer.objects.filter(case=moved, round=moved.round).update(state=AnswerState.SENT_BACK)
    tell_owner(moved, _("答复退回修改：%(case)s") % {"case": moved.number})
    return moved


@recorded("sign")
def sign(*, case: Case, by: By, text: str = "", shown_files: Collection[int] | None = None) -> Case:
    """Sign the answer, as drafted or as mended here by the head; it goes to the sender and to all duplicates.

    `shown_files` are the attachments that the head saw; refused where they are others by now.
    """
    row = Answer.objects.filter(case=case, state=AnswerState.DRAFT).order_by("-round").first()
    words = text.strip() or (row.text if row else "")
    moved = move(
        case, CaseVerb.SIGN, by, text=words, public_text="", changes=lambda _case: {"answered_at": timezone.now()}
    )
    require_shown(moved, shown_files)
    _keep_signature(moved, by, words)
    _answer_duplicates(moved, by, words)
    return moved


def signed_answer(case: Case) -> Answer | None:
    """The newest answer that the sender has got."""
    return Answer.objects.filter(case=case, state=AnswerState.SIGNED).select_related("unit").order_by("-round").first()


def _keep_draft(case: Case, by: By, text: str) -> None:
    person = person_of(by)
    if person is None or case.lead is None:
        refuse("lead")
    Answer.objects.update_or_create(
        case=case,
        round=case.round,
        defaults={
            "state": AnswerState.DRAFT,
            "text": text,
            "unit": case.lead,
            "drafted_by_id": person.pk,
            "drafted_by_name": str(person)[:80],
            "drafted_at": timezone.now(),
        },
    )


def _keep_signature(case: Case, by: By, text: str) -> None:
    signed = {"state": AnswerState.SIGNED, "text": text, "signed_by_name": str(by)[:80], "signed_at": case.answered_at}
    if not Answer.objects.filter(case=case, round=case.round, state=AnswerState.DRAFT).update(**signed):
        refuse("moved")


def _answer_duplicates(master: Case, by: By, text: str) -> None:
    """Every sender of a duplicate gets the same answer on a case of their own."""
    links = CaseLink.objects.filter(master=master, kind=LinkKind.DUPLICATE, ended_at__isnull=True)
    for link in links.select_related("case").order_by("pk"):
        _follow(link.case, master, by, text)


def _follow(case: Case, master: Case, by: By, text: str) -> None:
    answered = {"answered_at": master.answered_at, "lead": master.lead, "handler": master.handler}
    moved = move(case, CaseVerb.FOLLOW, by, text=text, public_text="", through=master, changes=lambda _case: answered)
    follow_files(moved, master, person_of(by))
    source = Answer.objects.get(case=master, round=master.round)
    Answer.objects.create(
        case=moved,
        round=moved.round,
        state=AnswerState.SIGNED,
        text=text,
        unit=source.unit,
        drafted_by_id=source.drafted_by_id,
        drafted_by_name=source.drafted_by_name,
        drafted_at=source.drafted_at,
        signed_by_name=source.signed_by_name,
        signed_at=source.signed_at,
    )
