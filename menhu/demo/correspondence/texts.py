"""What a generated letter and a generated request for information say: plain data, no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Mailbox = Literal["mayor", "hotline", "unit", "leader"]
Kind = Literal["consultation", "advice", "complaint", "help", "report", "investment", "petition", "error"]
Channel = Literal["web", "phone", "visit", "post", "app"]
LetterFate = Literal[
    "received",
    "screened",
    "assigned",
    "returned",
    "handling",
    "asked",
    "drafted",
    "answered",
    "rated",
    "closed",
    "refused",
    "merged",
]
Extension = Literal["", "granted", "denied", "open"]
Copy = Literal["published", "draft", "withdrawn", "model"]
AnswerType = Literal[
    "already_public",
    "granted",
    "partly",
    "refused",
    "not_held",
    "not_ours",
    "repeated",
    "other_law",
    "petition",
    "published_material",
    "needs_processing",
]
RequestFate = Literal["received", "supplement_asked", "handling", "third_party_asked", "answered"]
ApplicantType = Literal["natural", "legal"]
Opinion = Literal["", "agree", "disagree"]


@dataclass(frozen=True, slots=True)
class SenderText:
    """Who writes: a fictional person; what is unknown is empty."""

    name: str
    phone: str
    email: str
    address: str
    id_number: str


@dataclass(frozen=True, slots=True)
class Course:
    """What else happens to a letter on its way; a text is empty where its step is not taken."""

    extension: Extension = ""
    extension_reason: str = ""
    extension_decision: str = ""
    complex_reason: str = ""
    second_title: str = ""
    second_text: str = ""
    second_unit: str = ""
    part_answer: str = ""
    progress: str = ""
    opinion: str = ""
    sent_back: str = ""
    supervision: str = ""
    report: str = ""
    measures: str = ""
    outcome: str = ""
    copy: Copy = "published"
    withdrawal: str = ""
    has_account: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterText:
    """One letter with everything that happens to it; `at` is in Asia/Shanghai, `days_taken` counts working days."""

    at: datetime
    mailbox: Mailbox
    kind: Kind
    channel: Channel
    unit: str
    wrong_unit: str
    partners: tuple[str, ...]
    place: str
    title: str
    text: str
    sender: SenderText
    wants_publication: bool
    answer: str
    public_question: str
    supplement_question: str
    supplement: str
    return_reason: str
    refuse_reason: str
    right_place: str
    rating: int | None
    comment: str
    reopen_reason: str
    second_answer: str
    instruction: str
    urge: bool
    duplicate_of: int | None
    fate: LetterFate
    days_taken: int
    course: Course


@dataclass(frozen=True, slots=True)
class RequestText:
    """One request for government information (依申请公开); `days` counts working days to the answer."""

    at: datetime
    unit: str
    applicant_type: ApplicantType
    applicant: str
    contact: str
    phone: str
    email: str
    address: str
    information: str
    document_number: str
    purpose: str
    form_wanted: str
    way_wanted: str
    needs_supplement: bool
    supplement_notice: str
    supplement: str
    third_party: bool
    third_party_name: str
    third_party_opinion: Opinion
    third_party_reason: str
    answer_type: AnswerType
    answer: str
    fate: RequestFate
    days: int
