"""Ask for information, consult a third party, decide: the steps that a request has besides those of every case."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases import actions as cases
from menhu.cases.actions import Matter, Receipt, SenderData
from menhu.cases.actions.moving import recorded
from menhu.cases.enums import CaseVerb, Channel, Party
from menhu.cases.listeners import Step
from menhu.cases.models import Case, CaseKind
from menhu.cases.policies import CaseRefused, parties_of
from menhu.letters.models import InformationRequest
from menhu.letters.openness.outcomes import BY_CODE, BY_HAND
from menhu.letters.openness.terms import CODE
from menhu.units.models import Unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for and how it is to be had (§29)."""

    information: str
    document_number: str = ""
    description: str = ""
    purpose: str = ""
    form: str = "electronic"
    way: str = "web"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks, for the columns of the yearly report; a natural person has no organisation."""

    kind: str = "natural"
    organisation: str = ""
    credit_code: str = ""


def apply(
    *,
    unit: Unit,
    wanted: Wanted,
    applicant: Applicant,
    sender: SenderData,
    key: str,
    by: User | None = None,
    channel: Channel = Channel.WEB,
    received_at: datetime | None = None,
) -> Receipt:
    """Register a request to a unit, once for each key. Raises ValidationError while no requests are taken."""
    kind = CaseKind.objects.filter(code=CODE, is_open=True).first()
    if kind is None:
        raise ValidationError(_("现在不能在网上申请，请按信息公开指南写明的地址邮寄或当面提出。"))
    matter = Matter(
        kind=kind,
        desk=unit,
        title=wanted.information,
        text=_text(wanted),
        channel=channel,
    )
    with transaction.atomic():
        receipt = cases.receive(matter=matter, sender=sender, key=key, by=by, received_at=received_at)
        if receipt.is_new:
            _keep(receipt.case, wanted, applicant)
    return receipt


@recorded("consult")
def consult(*, case: Case, by: User, third_party: str, text: str) -> Case:
    """Ask whoever would be harmed, in writing; their fifteen working days do not count (§32)."""
    if not third_party.strip():
        raise CaseRefused(_("请写明第三方的名称。"))
    moved = cases.consult(case=case, by=by, text=text)
    row = _of(moved)
    row.third_party = third_party.strip()
    row.save(update_fields=["third_party"])
    return moved


@recorded("draft")
def decide(*, case: Case, by: User, outcome: str, text: str) -> Case:
    """Draft the decision: its kind by the yearly report and the words of the answer, for the head to sign."""
    if outcome not in {one.code for one in BY_HAND}:
        raise CaseRefused(_("请选择处理结果。"))
    moved = cases.draft(case=case, by=by, text=text)
    InformationRequest.objects.filter(case=moved).update(outcome=outcome)
    record("letters.decide", moved, by=by, data={"outcome": outcome})
    return moved


def step_taken(step: Step) -> None:
    """Listener on cases: who never supplements has given up, and is counted so."""
    if step.event.kind == CaseVerb.ABANDON:
        InformationRequest.objects.filter(case=step.case).update(outcome="abandoned")


def opening_of(outcome: str) -> str:
    """The words with which an answer of this kind begins, for the form."""
    return str(BY_CODE[outcome].opening)


def may_decide(by: User, case: Case) -> bool:
    return bool(parties_of(by, case) & {Party.HANDLER, Party.HEAD})


def _of(case: Case) -> InformationRequest:
    return InformationRequest.objects.get(case=case)


def _keep(case: Case, wanted: Wanted, applicant: Applicant) -> None:
    InformationRequest.objects.create(
        case=case,
        applicant=applicant.kind,
        organisation=applicant.organisation,
        credit_code=applicant.credit_code,
        information=wanted.information,
        document_number=wanted.document_number,
        description=wanted.description,
        purpose=wanted.purpose,
        form=wanted.form,
        way=wanted.way,
    )


def _text(wanted: Wanted) -> str:
    """The request as one text, for whoever handles it."""
    named = (
        (_("信息名称"), wanted.information),
        (_("文号"), wanted.document_number),
        (_("特征描述"), wanted.description),
        (_("用途"), wanted.purpose),
    )
    return "\n".join(f"{name}：{value}" for name, value in named if value)
