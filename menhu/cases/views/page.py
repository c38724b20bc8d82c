"""The page of a case: what it says, how it stands, and what this person may do with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.cases.actions.attaching import answer_files
from menhu.cases.actions.moving import present
from menhu.cases.actions.offering import Offer, offer
from menhu.cases.enums import CaseVerb, Deed, EventKind, LinkKind
from menhu.cases.forms import LEVELS, DeedForm, form_for
from menhu.cases.lateness import clock_of
from menhu.cases.models import (
    Answer,
    Assignment,
    Case,
    CaseEvent,
    CaseFile,
    CaseLink,
    Directive,
    Extension,
    Rating,
    Sender,
)
from menhu.cases.panels import attachments_of, drawn
from menhu.cases.policies import READERS_IN_A_UNIT, READERS_OF_A_DESK, may_see_sender
from menhu.core.personal import masked_address, masked_email, masked_identity, masked_name, masked_phone
from menhu.files.rules import size_text
from menhu.units.policies import scope_of

MOST_EVENTS: Final = 300
MOST_LINKS: Final = 200
KINDS_OF_SENDER: Final = (EventKind.RECEIVE, CaseVerb.SUPPLEMENT, CaseVerb.RATE, CaseVerb.REOPEN)
"""What the sender did where nobody of the house is named; else it was the clock."""
PRIMARY: Final = frozenset(
    {
        Deed.ACCEPT,
        Deed.ASSIGN,
        Deed.DESIGNATE,
        Deed.TAKE,
        Deed.SIGN,
        Deed.DRAFT,
        Deed.HEAR,
        Deed.SUPPLEMENT,
        Deed.DECIDE_EXTENSION,
        Deed.PARTNER,
        Deed.REPORT_BACK,
        Deed.CLOSE,
    }
)
"""What a case waits for; the first of these that a person may do stands open."""


@dataclass(frozen=True, slots=True)
class DeedBox:
    """A deed as drawn: its form, whether it stands open, and whether it can still be sent."""

    deed: Deed
    form: DeedForm
    is_open: bool
    is_offered: bool = True

    @property
    def is_primary(self) -> bool:
        return self.is_open and self.deed in PRIMARY

    @property
    def template(self) -> str:
        own = {Deed.MERGE, Deed.SPLIT, Deed.DRAFT, Deed.SIGN}
        return f"cases/_{self.deed.value}.html" if self.deed in own else "cases/_fields.html"


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs to this one; `address` is empty where the person may not open it."""

    label: str
    case: Case
    address: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round of handling: its answer and what the sender thought of it."""

    number: int
    answer: Answer | None
    rating: Rating | None
    level: str
    files: tuple["AnswerFile", ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of an answer; `address` is empty while its bytes are held back, `note` says why or how large it is."""

    pk: int
    name: str
    note: str
    address: str


def case_page(
    request: StaffRequest,
    case: Case,
    *,
    form: DeedForm | None = None,
    sender: Sender | None = None,
    is_revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Draw the page. `form` is one that was sent and not done: it stands open with all that was typed."""
    now, fresh, user = timezone.now(), present(case.pk), request.user
    offered, record = offer(fresh, user), record_of(fresh)
    context = {
        "title": fresh.title,
        "crumbs": [(_("办件"), reverse("cases:list"))],
        "case": fresh,
        "clock": clock_of(fresh, now),
        "boxes": list(boxes(fresh, user, offered, form)),
        "withheld": offered.withheld,
        "panels": drawn(fresh, user),
        "attachments": attachments_of(fresh),
        "may_see_sender": may_see_sender(user, fresh),
        "sender": sender_lines(sender) if is_revealed else masked_sender(fresh, user),
        "is_revealed": is_revealed,
        **record,
        "answer_files": next((row.files for row in record["rounds"] if row.number == fresh.round), ()),
        "links": list(links_of(fresh, user)),
        "now": now,
    }
    return render(request, "cases/case.html", context, status=status)


def record_of(case: Case) -> dict[str, Any]:
    """What is on file about the case; a constant number of queries."""
    events = CaseEvent.objects.filter(case=case).select_related("unit").order_by("-pk")[:MOST_EVENTS]
    return {
        "events": events,
        "kinds_of_sender": KINDS_OF_SENDER,
        "assignments": Assignment.objects.filter(case=case).select_related("unit").order_by("pk"),
        "rounds": list(rounds_of(case)),
        "directives": Directive.objects.filter(case=case).order_by("pk"),
        "extensions": Extension.objects.filter(case=case).order_by("pk"),
    }


def boxes(case: Case, user: User, offered: Offer, sent: DeedForm | None) -> Iterator[DeedBox]:
    """The deeds offered; the one that was sent keeps its words, even where it can no longer be done."""
    if sent is not None and sent.deed not in offered.deeds:
        yield DeedBox(sent.deed, sent, is_open=True, is_offered=False)
    first = next((deed for deed in offered.deeds if deed in PRIMARY), None)
    for deed in offered.deeds:
        is_sent = sent is not None and sent.deed is deed
        form = sent if is_sent and sent is not None else form_for(deed, case, user)
        yield DeedBox(deed, form, is_open=is_sent or (sent is None and deed is first))


def rounds_of(case: Case) -> Iterator[Round]:
    """The answers by round with their files, newest first; files of an answer not yet submitted make a round too."""
    files: dict[int, list[AnswerFile]] = {}
    for row in answer_files(case):
        files.setdefault(row.round, []).append(shown_file(row))
    answers = {row.round: row for row in Answer.objects.filter(case=case).select_related("unit")}
    ratings = {row.round: row for row in Rating.objects.filter(case=case)}
    levels = {level: str(label) for level, label in LEVELS}
    for number in sorted({*answers, *ratings, *files}, reverse=True):
        rating = ratings.get(number)
        level = levels[rating.level] if rating else ""
        yield Round(number, answers.get(number), rating, level, tuple(files.get(number, ())))


def shown_file(row: CaseFile) -> AnswerFile:
    """A file as people of the house see it: a link where its bytes may be had, else why not."""
    file = row.file
    if not file.is_shown:
        return AnswerFile(row.pk, file.name, str(file.get_scan_state_display()), "")
    return AnswerFile(row.pk, file.name, size_text(file.size), reverse("cases:file", args=[row.case_id, row.pk]))


def links_of(case: Case, user: User) -> Iterator[Linked]:
    """Master or whole, then duplicates and parts; a link only where the person may open it."""
    desk, unit = scope_of(user, READERS_OF_A_DESK), scope_of(user, READERS_IN_A_UNIT)

    def linked(label: str, other: Case) -> Linked:
        may_open = desk.covers(other.desk_id) or (other.lead_id is not None and unit.covers(other.lead_id))
        return Linked(label, other, reverse("cases:show", args=[other.pk]) if may_open else "")

    rows = CaseLink.objects.filter(ended_at__isnull=True).order_by("pk")
    for link in rows.filter(case=case).select_related("master"):
        yield linked(_("主件") if link.kind == LinkKind.DUPLICATE else _("拆自"), link.master)
    for link in rows.filter(master=case).select_related("case")[:MOST_LINKS]:
        yield linked(_("并入本件") if link.kind == LinkKind.DUPLICATE else _("拆出"), link.case)


def sender_lines(sender: Sender | None, *, is_masked: bool = False) -> list[tuple[str, str]]:
    """Who wrote, as far as they told: in the clear, or with just enough to tell one sender from another."""
    if sender is None:
        return []
    values = (
        (_("姓名"), sender.name, masked_name),
        (_("手机号"), sender.phone, masked_phone),
        (_("电子邮箱"), sender.email, masked_email),
        (_("证件号码"), sender.identity_number, masked_identity),
        (_("联系地址"), sender.address, masked_address),
    )
    return [(label, mask(value) if is_masked else value) for label, value, mask in values if value]


def masked_sender(case: Case, user: User) -> list[tuple[str, str]]:
    """The sender behind masks, for whoever may look at them; nobody else sees even that."""
    if not may_see_sender(user, case):
        return []
    return sender_lines(Sender.objects.filter(case=case, erased_at__isnull=True).first(), is_masked=True)
