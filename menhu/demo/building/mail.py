"""Two years of letters and requests, brought by the steps that people take.

Each step is taken with the clock set to the moment at which it was taken, so that numbers, terms and timelines are
those that the platform itself would have written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any, Final
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone

from menhu.accounts.models import User
from menhu.cases import actions
from menhu.cases.actions import SenderData
from menhu.cases.enums import CaseState, Channel, DirectiveKind, Party
from menhu.cases.models import Case, CaseKind
from menhu.demo.building.plan import Plan
from menhu.demo.correspondence.letters import letters
from menhu.demo.correspondence.requests import requests
from menhu.demo.correspondence.texts import LetterText, RequestText
from menhu.letters.actions import copying, counting
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.models import Letter, Mailbox
from menhu.letters.openness import actions as openness
from menhu.letters.openness.actions import Applicant, Wanted
from menhu.units.models import Unit

FORMS: Final = {"纸质": "paper", "电子": "electronic", "光盘": "disc"}
WAYS: Final = {"邮寄": "post", "电子邮件": "email", "自行领取": "pickup", "网络": "web"}
REQUEST_FATES: Final = {
    "received": CaseState.RECEIVED,
    "supplement_asked": CaseState.ASKED,
    "handling": CaseState.HANDLING,
    "third_party_asked": CaseState.CONSULTED,
    "answered": CaseState.ANSWERED,
}
OUTCOMES: Final = {
    "already_public": "public",
    "other_law": "registry",
    "published_material": "publication",
    "needs_processing": "to_be_made",
}
OPENS, LUNCH, AGAIN, CLOSES = time(8, 40), time(11, 50), time(14, 10), time(17, 20)


def build_letters(plan: Plan) -> Iterator[int]:
    """All letters, then all requests, oldest first; yields how many so far."""
    clerks = Clerks()
    known: list[Case] = []
    for number, text in enumerate(letters(plan.seed, plan.size.letters, plan.first_day, plan.last_day), 1):
        with transaction.atomic():
            known.append(_letter(text, clerks, known, number))
        yield number
    for number, request in enumerate(requests(plan.seed, plan.size.requests, plan.first_day, plan.last_day), 1):
        with transaction.atomic():
            _request(request, clerks, number)
        yield plan.size.letters + number
    counting.take_figures(timezone.now())


class Clerks:
    """Who acts, found once."""

    def __init__(self) -> None:
        self.people = {user.username: user for user in User.objects.all()}
        self.units = {unit.slug: unit for unit in Unit.objects.all()}
        self.kinds = {kind.code: kind for kind in CaseKind.objects.all()}
        self.boxes = {box.slug: box for box in Mailbox.objects.select_related("unit", "desk")}
        self.operator, self.supervisor = self.people["operator"], self.people["supervisor"]

    def box(self, text: LetterText) -> Mailbox:
        own = {"mayor": "xzxx", "hotline": "12345", "leader": "xzxx", "unit": text.unit}
        special = {"error": "zhaocuo", "investment": "tzsx"}
        return self.boxes[special.get(text.kind, own[text.mailbox])]

    def handler(self, unit: Unit) -> User:
        return self.people[f"{unit.slug}-handler"]

    def head(self, unit: Unit) -> User:
        return self.people[f"{unit.slug}-head"]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Take steps as of this moment."""
    with patch("django.utils.timezone.now", lambda: moment.astimezone(timezone.get_default_timezone())):
        yield


class Life:
    """One case and the moments of its steps: each some office hours after the one before, none in the future."""

    def __init__(self, case: Case, begins: datetime, ends: datetime, steps: int) -> None:
        self.case, self.now = case, begins
        self.step = max((ends - begins) / max(steps, 1), timedelta(minutes=20))
        self.latest = ends

    def take(self, act: Callable[..., Any], **given: Any) -> None:
        self.now = min(in_the_office(self.now + self.step), self.latest)
        with at(self.now):
            act(case=self.case, **given)
        self.case = Case.objects.select_related("kind", "lead", "desk", "handler").get(pk=self.case.pk)


def in_the_office(moment: datetime) -> datetime:
    """The moment itself by day, else the next morning; week-ends are moved to Monday."""
    local = timezone.localtime(moment)
    if local.time() > CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, local.tzinfo)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, local.tzinfo)
    elif LUNCH < local.time() < AGAIN:
        local = datetime.combine(local.date(), AGAIN, local.tzinfo)
    return local + timedelta(days=max(0, 8 - local.isoweekday()) if local.isoweekday() > 5 else 0)


def _letter(text: LetterText, clerks: Clerks, known: list[Case], number: int) -> Case:
    box, sender = clerks.box(text), text.sender
    words = LetterWords(
        kind=clerks.kinds[text.kind],
        title=text.title,
        text=text.text,
        place=text.place,
        wants_publication=text.wants_publication,
    )
    data = SenderData(sender.name, sender.phone, sender.email, sender.id_number, sender.address)
    by = clerks.operator if text.kind == "petition" else None
    with at(text.at):
        case = write(
            mailbox=box, words=words, sender=data, key=f"demo-letter-{number}", by=by, channel=Channel(text.channel)
        ).case
    master = known[text.duplicate_of] if text.duplicate_of is not None and text.duplicate_of < len(known) else None
    _live(text, clerks, Life(case, text.at, _ends(text.at, text.days_taken), 7), master)
    return case


def _ends(begins: datetime, days: int) -> datetime:
    return min(begins + timedelta(days=max(1, days * 7 / 5)), timezone.now() - timedelta(minutes=1))


def _live(text: LetterText, clerks: Clerks, life: Life, master: Case | None) -> None:
    """The steps up to where the letter stands at the end."""
    fate = CaseState(text.fate)
    if fate is CaseState.RECEIVED:
        return
    if fate is CaseState.REFUSED:
        life.take(actions.decline, by=clerks.operator, reason=text.refuse_reason, right_place=text.right_place)
        return
    life.take(actions.accept, by=clerks.operator)
    if fate is CaseState.SCREENED:
        return
    if master is not None and _joined(life, clerks, master):
        return
    _assigned(text, clerks, life, fate)
    if fate in (CaseState.ASSIGNED, CaseState.RETURNED):
        return
    _handled(text, clerks, life, fate)
    if fate in (CaseState.ANSWERED, CaseState.RATED, CaseState.CLOSED):
        _answered(text, clerks, life, fate)


def _joined(life: Life, clerks: Clerks, master: Case) -> bool:
    """Follow a case about the same matter, if it still stands open."""
    fresh = Case.objects.get(pk=master.pk)
    if fresh.desk_id != life.case.desk_id or CaseState(fresh.state) not in (CaseState.SCREENED, CaseState.HANDLING):
        return False
    life.take(actions.merge, by=clerks.operator, master=fresh)
    return True


def _assigned(text: LetterText, clerks: Clerks, life: Life, fate: CaseState) -> None:
    unit = clerks.units[text.unit]
    partners = [clerks.units[slug] for slug in text.partners if slug in clerks.units]
    wrong = clerks.units.get(text.wrong_unit) if text.wrong_unit else None
    if wrong is not None or fate is CaseState.RETURNED:
        first = wrong or unit
        life.take(actions.assign, by=clerks.operator, lead=first)
        life.step, kept = timedelta(hours=2), life.step
        life.take(actions.give_back, by=clerks.handler(first), reason=text.return_reason or "不属本单位职责。")
        life.step = kept
        if fate is CaseState.RETURNED:
            return
        life.take(actions.designate, by=clerks.supervisor, lead=unit, partners=partners, reason="按职责分工确定。")
        return
    life.take(actions.assign, by=clerks.operator, lead=unit, partners=partners)


def _handled(text: LetterText, clerks: Clerks, life: Life, fate: CaseState) -> None:
    unit = clerks.units[text.unit]
    handler = clerks.handler(unit)
    life.take(actions.take, by=handler)
    if text.instruction:
        leader = clerks.people["leader"]
        life.take(actions.press, by=leader, kind=DirectiveKind.INSTRUCT, text=text.instruction)
    if text.urge:
        life.take(actions.press, by=clerks.operator, kind=DirectiveKind.URGE, text="请按期办结，并反馈进展。")
    if fate is CaseState.ASKED or text.supplement:
        life.take(actions.ask, by=handler, text=text.supplement_question or "请补充具体时间和地点。")
    if fate is CaseState.ASKED:
        return
    if text.supplement:
        life.take(actions.supplement, by=Party.SENDER, text=text.supplement)
    if fate in (CaseState.DRAFTED, CaseState.ANSWERED, CaseState.RATED, CaseState.CLOSED):
        life.take(actions.draft, by=handler, text=text.answer)


def _answered(text: LetterText, clerks: Clerks, life: Life, fate: CaseState) -> None:
    unit = clerks.units[text.unit]
    life.take(actions.sign, by=clerks.head(unit))
    life.latest = timezone.now() - timedelta(seconds=30)
    life.step = timedelta(days=1)
    if text.reopen_reason and fate is not CaseState.ANSWERED:
        life.take(actions.reopen, by=Party.SENDER, reason=text.reopen_reason)
        life.take(actions.draft, by=clerks.handler(unit), text=text.second_answer or text.answer)
        life.take(actions.sign, by=clerks.head(unit))
    if text.rating is not None and fate is not CaseState.ANSWERED:
        life.take(actions.rate, by=Party.SENDER, level=text.rating, text=text.comment)
    _published(text, clerks, life)
    life.step = timedelta(days=16)
    if fate is CaseState.CLOSED or life.now + life.step < life.latest:
        life.take(actions.close, by=Party.CLOCK)


def _published(text: LetterText, clerks: Clerks, life: Life) -> None:
    letter = Letter.objects.select_related("case__kind", "case__lead", "case__desk").get(case=life.case)
    if not letter.wants_publication:
        return
    own = copying.proposal(letter).words
    edited = copying.Words(own.title, text.public_question or own.question, text.public_answer or own.answer)
    masked = copying.proposal(letter, edited).words
    life.now = min(in_the_office(life.now + timedelta(hours=3)), life.latest)
    with at(life.now):
        copy = copying.prepare(letter=letter, words=masked, by=clerks.operator)
        left = [finding.text for finding in copying.remaining(letter, masked)]
        copying.publish(copy=copy, by=clerks.supervisor, accepted=left)


def _request(text: RequestText, clerks: Clerks, number: int) -> None:
    unit = clerks.units[text.unit]
    form, way = FORMS[text.form_wanted], WAYS[text.way_wanted]
    wanted = Wanted(text.information, text.document_number, "", text.purpose, form, way)
    is_firm = text.applicant_type == "legal"
    applicant = Applicant("business", text.applicant) if is_firm else Applicant()
    name = text.contact if is_firm else text.applicant
    sender = SenderData(name=name, phone=text.phone, email=text.email, address=text.address)
    with at(text.at):
        case = openness.apply(
            unit=unit, wanted=wanted, applicant=applicant, sender=sender, key=f"demo-request-{number}"
        ).case
    _decide(text, clerks, Life(case, text.at, _ends(text.at, text.days), 20), unit)


def _decide(text: RequestText, clerks: Clerks, life: Life, unit: Unit) -> None:
    fate, handler = REQUEST_FATES[text.fate], clerks.handler(unit)
    if fate is CaseState.RECEIVED:
        return
    life.take(actions.accept, by=clerks.operator)
    life.take(actions.assign, by=clerks.operator, lead=unit)
    life.take(actions.take, by=handler)
    if text.needs_supplement:
        life.take(actions.ask, by=handler, text=text.supplement_notice)
        if fate is CaseState.ASKED:
            return
        life.take(actions.supplement, by=Party.SENDER, text=text.supplement)
    if text.third_party:
        life.take(
            openness.consult, by=handler, third_party=text.third_party_name, text="请于十五个工作日内书面提出意见。"
        )
        if fate is CaseState.CONSULTED:
            return
        said = "同意公开。" if text.third_party_opinion == "agree" else "不同意公开。"
        life.take(actions.hear, by=handler, text=f"{said}{text.third_party_reason}")
    if fate is CaseState.HANDLING:
        return
    life.take(openness.decide, by=handler, outcome=_outcome(text), text=text.answer)
    if fate is CaseState.DRAFTED:
        return
    life.take(actions.sign, by=clerks.head(unit))


def _outcome(text: RequestText) -> str:
    """The line of the yearly table; a refusal protects the third party where one was asked."""
    if text.answer_type == "refused":
        return "third_party" if text.third_party else "process"
    return OUTCOMES.get(text.answer_type, text.answer_type)
