"""The life of a letter by the steps that people take, from the box to the public copy."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from menhu.accounts.citizens.keeping import rename, sign_in
from menhu.accounts.contacts import contact_of
from menhu.cases import actions
from menhu.cases.actions import SenderData
from menhu.cases.enums import CaseState, Channel, DirectiveKind, Party
from menhu.cases.models import Case
from menhu.demo.building.clerks import Clerks
from menhu.demo.building.lives import Life, at, ends_of, numbered
from menhu.demo.correspondence.texts import LetterText
from menhu.letters.actions import copying, petitions
from menhu.letters.actions.knowledge import mark_model
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.models import Letter
from menhu.units.models import Unit

AT_THE_DESK: Final = frozenset({"phone", "visit", "post"})
WRITTEN: Final = frozenset({CaseState.ANSWERED, CaseState.RATED, CaseState.CLOSED})
DRAFTED: Final = WRITTEN | {CaseState.DRAFTED}
SHORT, SOON = timedelta(minutes=1), timedelta(hours=2)
DAY, HALF_A_MONTH = timedelta(days=1), timedelta(days=16)
CHARGE_DAYS: Final = 60
ASKED_FOR: Final = 5
"""Working days of an extension."""


class LetterLife:
    """One letter; those about the same matter are joined to it on the way."""

    def __init__(self, text: LetterText, key: str, pk: int, clerks: Clerks) -> None:
        self.text, self.course, self.clerks, self.pk = text, text.course, clerks, pk
        self.fate = CaseState(text.fate)
        self.unit = clerks.units[text.unit]
        self.followers: list[LetterLife] = []
        self.key = key
        self.signed = ""

    def live(self) -> None:
        """All steps up to where the letter stands at the end."""
        self.life = Life(self.written(), self.text.at, ends_of(self.text.at, self.text.days_taken), self.steps())
        if self.fate is CaseState.RECEIVED:
            return
        if self.fate is CaseState.REFUSED:
            reason, place = self.text.refuse_reason, self.text.right_place
            self.life.take(actions.decline, by=self.clerks.operator, reason=reason, right_place=place)
            return
        self.life.take(actions.accept, by=self.clerks.operator)
        if self.fate is CaseState.SCREENED:
            return
        parts = self.split()
        self.look_over()
        self.assign()
        if self.fate in (CaseState.ASSIGNED, CaseState.RETURNED):
            return
        self.handle()
        if self.fate in WRITTEN:
            self.answer()
        for part in parts:
            self.live_part(part)

    def steps(self) -> int:
        """About how many steps lie between the letter and its answer."""
        course, text = self.course, self.text
        more = [course.second_title, course.complex_reason, course.measures, course.progress, course.opinion]
        more += [text.instruction, course.supervision, course.report, course.sent_back, course.sent_back]
        return 6 + text.urge + sum(map(bool, more)) + 2 * bool(text.supplement_question) + 2 * bool(course.extension)

    def written(self) -> Case:
        """The letter in its box: sent by a citizen, or entered by the operator for whoever called or came."""
        text, sender = self.text, self.text.sender
        words = LetterWords(
            kind=self.clerks.kinds[text.kind],
            title=text.title,
            text=text.text,
            place=self.clerks.units[text.place].name if text.place else "",
            wants_publication=text.wants_publication,
        )
        by = self.clerks.operator if text.channel in AT_THE_DESK else None
        with at(text.at), numbered(self.pk):
            citizen = self.citizen() if self.course.has_account else None
            data = SenderData(sender.name, sender.phone, sender.email, sender.id_number, sender.address, citizen)
            return write(
                mailbox=self.clerks.box(text),
                words=words,
                sender=data,
                key=self.key,
                by=by,
                channel=Channel(text.channel),
                uploads=self.clerks.uploads(self.course.files),
            ).case

    def citizen(self) -> int | None:
        """The account of the sender, made at the first letter."""
        contact = contact_of(self.text.sender.phone)
        if contact is None:
            return None
        citizen = sign_in(contact=contact, now=timezone.now())
        if not citizen.name:
            rename(citizen=citizen, name=self.text.sender.name)
        return citizen.pk

    def split(self) -> list[Case]:
        """Cut another matter out of the letter."""
        if not self.course.second_title:
            return []
        with numbered(self.pk + 1):
            parts = [(self.course.second_title, self.course.second_text)]
            made: list[Case] = self.life.take(actions.split, by=self.clerks.operator, parts=parts)
        return made

    def look_over(self) -> None:
        """Complex matters get the longer term, hard petitions a leader."""
        operator, course = self.clerks.operator, self.course
        if course.complex_reason:
            self.life.take(actions.mark_complex, by=operator, reason=course.complex_reason)
        if course.measures:
            ends_on = (self.life.now + timedelta(days=CHARGE_DAYS)).date()
            given: dict[str, Any] = {"leader": self.clerks.leader(self.pk), "ends_on": ends_on}
            self.life.take(petitions.take_charge, by=operator, measures=course.measures, **given)

    def assign(self) -> None:
        """Give the letter to its unit; now and then to a wrong one first, which sends it back."""
        clerks, text, life = self.clerks, self.text, self.life
        partners = [clerks.units[slug] for slug in text.partners]
        wrong = clerks.units[text.wrong_unit] if text.wrong_unit else None
        if wrong is None:
            life.take(actions.assign, by=clerks.operator, lead=self.unit, partners=partners)
            return
        life.take(actions.assign, by=clerks.operator, lead=wrong)
        life.take(actions.give_back, after=SOON, by=clerks.handler(wrong), reason=text.return_reason)
        if self.fate is not CaseState.RETURNED:
            ruling: dict[str, Any] = {"lead": self.unit, "partners": partners, "reason": "按职责分工确定。"}
            life.take(actions.designate, by=clerks.supervisor, **ruling)

    def handle(self) -> None:
        """From the signature for the letter to the draft of the answer."""
        handler, course, life = self.clerks.handler(self.unit), self.course, self.life
        life.take(actions.take, by=handler)
        if course.progress:
            life.take(actions.note_progress, by=handler, text=course.progress, is_public=self.pk % 3 > 0)
        self.press()
        self.join()
        if self.fate is CaseState.ASKED or self.text.supplement:
            life.take(actions.ask, by=handler, text=self.text.supplement_question)
            if self.fate is CaseState.ASKED:
                return
            life.take(actions.supplement, by=Party.SENDER, text=self.text.supplement)
        if self.text.partners and course.opinion:
            partner = self.clerks.handler(self.clerks.units[self.text.partners[0]])
            life.take(actions.give_opinion, by=partner, text=course.opinion)
        self.extend()
        if self.fate in DRAFTED:
            self.draft()

    def press(self) -> None:
        """A leader's instruction, an urge, a supervision; each with the unit's report."""
        clerks, course, text = self.clerks, self.course, self.text
        urge = "请按期办结，并反馈进展。" if text.urge else ""
        pressing = (
            (clerks.people["leader"], DirectiveKind.INSTRUCT, text.instruction),
            (clerks.operator, DirectiveKind.URGE, urge),
            (clerks.supervisor, DirectiveKind.SUPERVISE, course.supervision),
        )
        for by, kind, words in pressing:
            if words:
                directive = self.life.take(actions.press, by=by, kind=kind, text=words)
                if course.report:
                    handler = self.clerks.handler(self.unit)
                    self.life.take(actions.report_back, directive=directive, by=handler, text=course.report)

    def join(self) -> None:
        """Letters about the same matter that have come meanwhile get this one's answer."""
        for other in self.followers:
            other.follow(self)

    def follow(self, master: "LetterLife") -> None:
        self.life = Life(self.written(), self.text.at, ends_of(self.text.at, self.text.days_taken), self.steps())
        self.life.take(actions.accept, by=self.clerks.operator)
        self.life.now = max(self.life.now, master.life.now)
        self.life.latest = max(self.life.latest, self.life.now)
        self.life.take(actions.merge, after=SOON, by=self.clerks.operator, master=master.life.case)
        master.life.latest = min(max(master.life.latest, self.life.now + DAY), timezone.now() - SHORT)
        master.life.now = self.life.now

    def extend(self) -> None:
        """Ask for more time while there is some left; the supervisor grants it or not, or has not yet."""
        course, handler = self.course, self.clerks.handler(self.unit)
        due_at = Case.objects.values_list("due_at", flat=True).get(pk=self.life.case.pk) if course.extension else None
        if due_at is None or due_at <= self.life.now + self.life.step + DAY:
            return
        self.life.take(actions.ask_extension, by=handler, days=ASKED_FOR, reason=course.extension_reason)
        if course.extension != "open":
            given: dict[str, Any] = {"is_granted": course.extension == "granted", "decision": course.extension_decision}
            self.life.take(actions.decide_extension, after=SOON, by=self.clerks.supervisor, **given)

    def draft(self) -> None:
        """The answer for signature; now and then the head wants another text."""
        handler, head, life = self.clerks.handler(self.unit), self.clerks.head(self.unit), self.life
        life.take(actions.draft, by=handler, text=self.text.answer)
        if self.course.sent_back and self.fate in WRITTEN:
            life.take(actions.send_back, after=SOON, by=head, reason=self.course.sent_back)
            life.take(actions.draft, after=SOON, by=handler, text=self.text.answer)

    def answer(self) -> None:
        """Signed and sent; then the sender's part, the public copy and the end."""
        text, life, head = self.text, self.life, self.clerks.head(self.unit)
        self.signed = text.answer
        life.take(actions.sign, by=head)
        if self.course.outcome:
            life.take(petitions.settle, after=DAY, outcome=self.course.outcome, by=self.clerks.supervisor)
        life.go_on(step=DAY)
        if text.reopen_reason and self.fate is not CaseState.ANSWERED and life.case.kind.most_reopens:
            life.take(actions.reopen, by=Party.SENDER, reason=text.reopen_reason)
            self.signed = text.second_answer
            life.take(actions.draft, by=self.clerks.handler(self.unit), text=self.signed)
            life.take(actions.sign, by=head)
        for other in self.followers:
            other.end(self)
        self.end(self)

    def end(self, answered: "LetterLife") -> None:
        """Rated by whoever wants to, shown to the public where the sender agreed, closed by the clock."""
        life = self.life
        life.now = max(life.now, answered.life.now)
        life.go_on(step=DAY)
        if self.text.rating is not None and self.fate is not CaseState.ANSWERED:
            life.take(actions.rate, by=Party.SENDER, level=self.text.rating, text=self.text.comment)
        if self is answered:
            self.publish()
        if self.fate is CaseState.CLOSED or life.now + HALF_A_MONTH < life.latest:
            life.take(actions.close, after=HALF_A_MONTH, by=Party.CLOCK)

    def publish(self) -> None:
        """The operator masks, the supervisor publishes; the newest answers wait for it."""
        letter = Letter.objects.select_related("case__kind", "case__lead", "case__desk").get(case=self.life.case)
        if not letter.wants_publication:
            return
        own = copying.proposal(letter).words
        edited = copying.Words(own.title, self.text.public_question or own.question, self.signed)
        words = copying.proposal(letter, edited).words
        copy = self.life.do(copying.prepare, after=SOON, letter=letter, words=words, by=self.clerks.operator)
        if self.fate is CaseState.ANSWERED:
            return
        left = [finding.text for finding in copying.remaining(letter, words)]
        self.life.do(copying.publish, after=SOON, copy=copy, by=self.clerks.supervisor, accepted=left)
        if self.course.copy == "model":
            self.life.take(mark_model, after=DAY, is_model=True, by=self.clerks.operator)
        if self.course.copy == "withdrawn":
            given: dict[str, Any] = {"copy": copy, "reason": self.course.withdrawal}
            self.life.do(copying.withdraw, after=DAY, by=self.clerks.supervisor, **given)

    def live_part(self, part: Case) -> None:
        """The other matter is answered by its own unit."""
        unit: Unit = self.clerks.units[self.course.second_unit]
        life = Life(part, self.text.at + DAY, ends_of(self.text.at, self.text.days_taken), 5)
        life.now = max(life.now, self.life.now - HALF_A_MONTH)
        life.latest = max(life.latest, life.now)
        life.take(actions.assign, by=self.clerks.operator, lead=unit)
        life.take(actions.take, by=self.clerks.handler(unit))
        life.take(actions.draft, by=self.clerks.handler(unit), text=self.course.part_answer)
        life.take(actions.sign, by=self.clerks.head(unit))
        life.go_on(step=HALF_A_MONTH)
        if life.now + HALF_A_MONTH < life.latest:
            life.take(actions.close, by=Party.CLOCK)
