"""Typed contexts of the pages on which letters are written, followed and read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from menhu.core.frames import Entry, Fact, Frame, Head, Link

Choice = tuple[str, str, str]
"""Value, label and a note below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page of letters has."""

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersPage(Page):
    """A page of letters: the newest public ones, with what the numbers say."""

    template: ClassVar[str] = "letters/letters.html"
    write_url: str
    check_url: str
    questions_url: str
    figures: tuple["FigureShown", ...]
    entries: tuple[Entry, ...]
    months: tuple["MonthShown", ...]
    levels: tuple["LevelShown", ...]
    units: tuple["UnitShown", ...]
    kinds: tuple[tuple[str, ...], ...]
    archive: tuple[Link, ...]
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureShown:
    """One number with its unit, as the macro `figures` takes it."""

    label: str
    value: str
    unit: str
    note: str = ""
    is_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersBlock:
    """The block of a home page."""

    title: str
    more: Link
    figures: tuple[FigureShown, ...]
    entries: tuple[Entry, ...]
    write_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShown:
    """A month of the chart: heights are parts of a hundred, numbers stand in the table below."""

    month: str
    received: int
    answered: int
    content: str
    received_height: float
    answered_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShown:
    """One of the five ratings: how many, which share, and where its part of the bar begins (parts of a hundred)."""

    level: int
    label: str
    count: int
    share: str
    start: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitShown:
    """How a unit does: counts, rates in words, and the rate of answers in time as a part of a hundred (None: none)."""

    name: str
    received: int
    answered: int
    in_time: str
    in_time_width: float | None
    days: str
    rated: int
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage(Page):
    """The public letters of a month."""

    template: ClassVar[str] = "letters/month.html"
    entries: tuple[Entry, ...]
    newer: Link | None
    older: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """Model answers by kind: all kinds with their newest, or all of one."""

    template: ClassVar[str] = "letters/questions.html"
    index: tuple[Link, ...]
    groups: tuple["QuestionGroup", ...]
    write_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """The questions of one kind; `more` leads to all of them where some are left out."""

    name: str
    anchor: str
    entries: tuple[Entry, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage(Page):
    """One public letter with its answer."""

    template: ClassVar[str] = "letters/letter.html"
    kind: str
    title: str
    written_on: date
    question: tuple[str, ...]
    answer: tuple[str, ...]
    unit: str
    answered_at: datetime
    facts: tuple[Fact, ...]
    write_url: str
    same_url: str
    same: int
    letter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePage(Page):
    """Asks whether a visitor has the same matter, or says that it was counted; `action` is empty where not asked."""

    template: ClassVar[str] = "letters/same.html"
    title: str
    letter_url: str
    write_url: str
    count: int
    notice: str
    is_counted: bool
    action: str
    csrf_token: str
    letter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage(Page):
    """The form of a letter; whatever was typed comes back."""

    template: ClassVar[str] = "letters/write.html"
    action: str
    csrf_token: str
    key: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    error_list: tuple[tuple[str, str], ...]
    boxes: tuple[Choice, ...]
    unit_boxes: tuple[tuple[str, str], ...]
    kinds: tuple[Choice, ...]
    places: tuple[str, ...]
    is_error_report: bool
    steps: tuple[tuple[str, str], ...]
    similar_url: str
    files_hint: str
    question: object = None
    notice: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    most_text: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage(Page):
    """The form of a request for information."""

    template: ClassVar[str] = "letters/request.html"
    action: str
    csrf_token: str
    key: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    error_list: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    applicants: tuple[Choice, ...]
    forms: tuple[Choice, ...]
    ways: tuple[Choice, ...]
    steps: tuple[tuple[str, str], ...]
    unit_choice: str
    notice: str = ""
    question: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyLettersPage(Page):
    """What lies in a citizen's account."""

    template: ClassVar[str] = "letters/mine.html"
    entries: tuple[Entry, ...]
    newest: Link | None
    older: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage(Page):
    """Number and code, to be noted, printed or photographed."""

    template: ClassVar[str] = "letters/sent.html"
    number: str
    code: str
    qr: object
    check_url: str
    by: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarPiece:
    """A piece of a page: letters that may already have the answer."""

    template: ClassVar[str] = "letters/similar.html"
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    """Asks for number and code."""

    template: ClassVar[str] = "letters/check.html"
    action: str
    csrf_token: str
    number: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One line of what has happened: state is done, now or todo."""

    heading: str
    state: str = "done"
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    unit: str
    at: datetime
    text: tuple[str, ...]
    heading: str
    files: tuple["FileShown", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page):
    """What the sender sees of their case, and what they may do now."""

    template: ClassVar[str] = "letters/case.html"
    action: str
    csrf_token: str
    number: str
    code: str
    kind: str
    title: str
    tags: tuple[str, ...]
    text: tuple[str, ...]
    timeline: tuple[TimelineItem, ...]
    answers: tuple[AnswerShown, ...]
    facts: tuple[Fact, ...]
    due_on: date | None
    light: str
    light_text: str
    explained: tuple[str, ...]
    parts: tuple["CasePart", ...]
    has_document: bool
    files: tuple["FileShown", ...]
    may_rate: bool
    may_reopen: bool
    may_supplement: bool
    may_claim: bool
    asked: str
    until: date | None
    ratings: tuple[Choice, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    notice: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A file of the case; `token` is what the form posts to get it, empty while it is held back."""

    name: str
    note: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePart:
    """A matter that was cut out of the letter and is handled on its own."""

    number: str
    title: str
    state: str
    answer: tuple[str, ...]
    files: tuple[FileShown, ...] = ()
