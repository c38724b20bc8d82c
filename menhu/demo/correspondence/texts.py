"""What the generator of letters gives: plain values, everybody and everything in them made up."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SenderText:
    name: str
    phone: str
    email: str = ""
    address: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class RatingText:
    level: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter with all that becomes of it up to `fate`, a state of cases."""

    at: datetime
    mailbox: str
    kind: str
    channel: str
    unit: str
    place: str
    title: str
    text: str
    sender: SenderText
    wants_publication: bool
    answer: str
    fate: str
    days_taken: int
    wrong_unit: str = ""
    partners: tuple[str, ...] = ()
    supplement_question: str = ""
    supplement: str = ""
    return_reason: str = ""
    refuse_reason: str = ""
    right_place: str = ""
    rating: RatingText | None = None
    reopen_reason: str = ""
    second_answer: str = ""
    instruction: str = ""
    urge: bool = False
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class RequestText:
    """A request for information with all that becomes of it; `outcome` is a code of letters.openness.outcomes."""

    at: datetime
    unit: str
    information: str
    document_number: str
    description: str
    purpose: str
    form: str
    way: str
    applicant: str
    organisation: str
    sender: SenderText
    fate: str
    days_taken: int
    outcome: str
    answer: str
    supplement_notice: str = ""
    supplement: str = ""
    third_party: str = ""
    third_party_opinion: str = ""
