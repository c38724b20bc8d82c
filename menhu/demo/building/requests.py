"""The life of a request for information by the steps that people take."""

from typing import Final

from menhu.cases import actions
from menhu.cases.actions import SenderData
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Case
from menhu.demo.building.clerks import Clerks
from menhu.demo.building.lives import Life, at, ends_of, numbered
from menhu.demo.correspondence.texts import RequestText
from menhu.letters.openness import actions as openness
from menhu.letters.openness.actions import Applicant, Wanted
from menhu.units.models import Unit

FORMS: Final = {"纸质": "paper", "电子": "electronic", "光盘": "disc"}
WAYS: Final = {"邮寄": "post", "电子邮件": "email", "自行领取": "pickup", "网络": "web"}
FATES: Final = {
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


class RequestLife:
    """One request to a unit."""

    def __init__(self, text: RequestText, key: str, pk: int, clerks: Clerks) -> None:
        self.text, self.key, self.pk, self.clerks = text, key, pk, clerks

    def live(self) -> None:
        """All steps up to where the request stands at the end."""
        text, unit, clerks = self.text, self.clerks.units[self.text.unit], self.clerks
        life = Life(self.received(unit), text.at, ends_of(text.at, text.days), 20)
        fate, handler = FATES[text.fate], clerks.handler(unit)
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
            whom, words = text.third_party_name, "请于十五个工作日内书面提出意见。"
            life.take(openness.consult, by=handler, third_party=whom, text=words)
            if fate is CaseState.CONSULTED:
                return
            said = "同意公开。" if text.third_party_opinion == "agree" else "不同意公开。"
            life.take(actions.hear, by=handler, text=f"{said}{text.third_party_reason}")
        if fate is CaseState.HANDLING:
            return
        life.take(openness.decide, by=handler, outcome=self.outcome(), text=text.answer)
        life.take(actions.sign, by=clerks.head(unit))

    def received(self, unit: Unit) -> Case:
        text = self.text
        form, way = FORMS[text.form_wanted], WAYS[text.way_wanted]
        wanted = Wanted(text.information, text.document_number, "", text.purpose, form, way)
        is_firm = text.applicant_type == "legal"
        applicant = Applicant("business", text.applicant) if is_firm else Applicant()
        name = text.contact if is_firm else text.applicant
        sender = SenderData(name=name, phone=text.phone, email=text.email, address=text.address)
        with at(text.at), numbered(self.pk):
            receipt = openness.apply(unit=unit, wanted=wanted, applicant=applicant, sender=sender, key=self.key)
        return receipt.case

    def outcome(self) -> str:
        """The line of the yearly table; a refusal protects the third party where one was asked."""
        if self.text.answer_type == "refused":
            return "third_party" if self.text.third_party else "process"
        return OUTCOMES.get(self.text.answer_type, self.text.answer_type)
