"""The sender hears of every step that concerns them, by the ways they left: text message, e-mail, query page."""

from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions import Receipt, lead_unit
from menhu.cases.enums import CaseVerb, EventKind
from menhu.cases.listeners import Step
from menhu.cases.models import Case, CaseEvent, Sender
from menhu.cases.rules import shown_code
from menhu.notices.messages import Channel, send_later


def tell_receipt(receipt: Receipt) -> None:
    """Number and code, once, to the sender alone."""
    text = _("您的来信已收到，编号 %(number)s，查询码 %(code)s。请妥善保存，凭这两项查看办理进展。")
    _send(receipt.case, text % {"number": receipt.case.number, "code": shown_code(receipt.code)})


def step_taken(step: Step) -> None:
    """Listener on cases: words for the steps that a sender waits for; the others are on the query page."""
    words = WORDS.get(step.event.kind)
    if words is not None and step.event.is_public:
        _send(step.case, words(step.case, step.event))


def _send(case: Case, text: str) -> None:
    sender = Sender.objects.filter(case=case, erased_at__isnull=True).first()
    if sender is None:
        return
    if sender.phone:
        send_later(channel=Channel.SMS, to=sender.phone, subject="", text=text, reference=case.number)
    if sender.email:
        subject = _("来信 %(number)s 的进展") % {"number": case.number}
        send_later(channel=Channel.EMAIL, to=sender.email, subject=subject, text=_mail(text), reference=case.number)


def _mail(text: str) -> str:
    where = _("查看全文：%(url)s") % {"url": f"{settings.PUBLIC_BASE_URL}/letters/check/"}
    return f"{text}\n\n{where}\n"


def _day(case: Case) -> str:
    return f"{timezone.localtime(case.due_at):%Y-%m-%d}" if case.due_at else ""


def _assigned(case: Case, _event: CaseEvent) -> str:
    unit = lead_unit(case)
    values = {"number": case.number, "unit": unit.name if unit else "", "day": _day(case)}
    return _("您的来信 %(number)s 已转%(unit)s办理，%(day)s 前答复。") % values


def _refused(case: Case, event: CaseEvent) -> str:
    return _("您的来信 %(number)s 不予受理：%(why)s") % {"number": case.number, "why": event.text}


def _asked(case: Case, _event: CaseEvent) -> str:
    until = f"{timezone.localtime(case.step_due_at):%Y-%m-%d}" if case.step_due_at else ""
    return _("您的来信 %(number)s 需要补充情况，请在 %(day)s 前凭编号和查询码填写。") % {
        "number": case.number,
        "day": until,
    }


def _answered(case: Case, _event: CaseEvent) -> str:
    return _("您的来信 %(number)s 已答复，请凭编号和查询码查看并评价。") % {"number": case.number}


def _merged(case: Case, event: CaseEvent) -> str:
    return _("您的来信 %(number)s：%(text)s") % {"number": case.number, "text": event.text}


def _extended(case: Case, event: CaseEvent) -> str:
    values = {"number": case.number, "day": _day(case), "why": event.text}
    return _("您的来信 %(number)s 经批准延长至 %(day)s 答复，原因：%(why)s") % values


def _abandoned(case: Case, _event: CaseEvent) -> str:
    return _("%(number)s 逾期未补正，视为放弃，不再办理；如仍需要可以重新提出。") % {"number": case.number}


WORDS: Final[Mapping[str, Callable[[Case, CaseEvent], str]]] = {
    CaseVerb.ASSIGN: _assigned,
    CaseVerb.DESIGNATE: _assigned,
    CaseVerb.REFUSE: _refused,
    CaseVerb.ASK: _asked,
    CaseVerb.SIGN: _answered,
    CaseVerb.FOLLOW: _answered,
    CaseVerb.MERGE: _merged,
    CaseVerb.UNMERGE: _merged,
    CaseVerb.ABANDON: _abandoned,
    EventKind.GRANT: _extended,
}
