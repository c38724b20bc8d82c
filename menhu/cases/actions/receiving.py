"""A case comes in: once for each submission, with a number drawn last and a code that only the sender knows."""

from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions.moving import write_event
from menhu.cases.deadlines import Reckoning
from menhu.cases.enums import Channel, EventKind, Party
from menhu.cases.listeners import Step, tell
from menhu.cases.models import Case, CaseKind, Sender
from menhu.cases.policies import By
from menhu.cases.rules import case_number, code_from, typed_code, typed_number
from menhu.core.sealing import fingerprint
from menhu.units.models import Unit

TITLE_LENGTH: Final = 120
TEXT_LENGTH: Final = 20_000

# One statement on both databases: whoever comes second waits for the row, for as short a time as can be.
_NEXT: Final = """
INSERT INTO cases_dailysequence AS kept (prefix, day, last) VALUES (%s, %s, 1)
ON CONFLICT (prefix, day) DO UPDATE SET last = kept.last + 1
RETURNING last
"""


@dataclass(frozen=True, slots=True)
class SenderData:
    """What a sender told of themselves; every value may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    identity_number: str = ""
    address: str = ""
    citizen_id: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What was brought: already checked words, plain text."""

    kind: CaseKind
    desk: Unit
    title: str
    text: str
    place: str = ""
    channel: Channel = Channel.WEB
    is_confidential: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The case and its query code; `is_new` is False where the same submission had already arrived."""

    case: Case
    code: str
    is_new: bool


def receive(
    *, matter: Matter, sender: SenderData, key: str, by: User | None = None, received_at: datetime | None = None
) -> Receipt:
    """Register a case. `key` names the submission: the same key again gives the same case, however often it is sent.

    `by` is the operator who enters it for a caller. Raises ValidationError for words that cannot be kept.
    """
    _require_words(matter)
    digest = fingerprint(key, "case-key")
    code = code_from(fingerprint(key, "case-code"))
    kept = Case.objects.filter(key_digest=digest).first()
    if kept is not None:
        return Receipt(kept, code, is_new=False)
    try:
        with transaction.atomic():
            case = _insert(matter, sender, digest, code, by or Party.SENDER, received_at or timezone.now())
    except IntegrityError:
        kept = Case.objects.filter(key_digest=digest).first()
        if kept is None:
            raise
        return Receipt(kept, code, is_new=False)
    return Receipt(case, code, is_new=True)


def is_known(key: str) -> bool:
    """Whether a submission of this key has already become a case."""
    return Case.objects.filter(key_digest=fingerprint(key, "case-key")).exists()


def _require_words(matter: Matter) -> None:
    if not matter.title.strip() or not matter.text.strip():
        raise ValidationError(_("请写明标题和内容。"))
    if len(matter.title) > TITLE_LENGTH or len(matter.text) > TEXT_LENGTH:
        raise ValidationError(
            _("标题最多 %(title)d 字，内容最多 %(text)d 字。") % {"title": TITLE_LENGTH, "text": TEXT_LENGTH}
        )
    if "\0" in matter.title + matter.text + matter.place:
        raise ValidationError(_("文字里有无法保存的控制字符，请重新输入。"))


def _insert(matter: Matter, sender: SenderData, digest: str, code: str, by: By, now: datetime) -> Case:
    case = Case(
        code_digest=fingerprint(code, "case-code-kept"),
        key_digest=digest,
        kind=matter.kind,
        channel=matter.channel,
        desk=matter.desk,
        title=matter.title.strip(),
        text=matter.text,
        place=matter.place,
        is_confidential=matter.is_confidential,
        received_at=now,
        step_at=now,
    )
    for name, value in Reckoning().dates(case, now).as_columns().items():
        setattr(case, name, value)
    row = _sender(sender)
    day = timezone.localdate(now)
    case.number = case_number(matter.kind.prefix, day, _draw(matter.kind.prefix, day))
    case.save(force_insert=True)
    row.case = case
    row.save(force_insert=True)
    event = write_event(case, EventKind.RECEIVE, by, now)
    tell(Step(case, None, event, now))
    return case


def _sender(data: SenderData) -> Sender:
    return Sender(
        citizen_id=data.citizen_id,
        name=data.name,
        phone=data.phone,
        email=data.email,
        identity_number=data.identity_number,
        address=data.address,
        phone_digest=fingerprint(data.phone, "phone") if data.phone else "",
    )


def _draw(prefix: str, day: date) -> int:
    """The next number of the day. The row stays locked until the transaction ends, so that a rollback leaves no gap."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (prefix, day.isoformat()))
        return int(cursor.fetchone()[0])


def find_by_code(number: str, code: str) -> Case | None:
    """The case of this number, if the code is its own; nothing tells a wrong number from a wrong code."""
    case = Case.objects.select_related("kind", "lead", "desk").filter(number=typed_number(number)).first()
    given = fingerprint(typed_code(code), "case-code-kept")
    kept = case.code_digest if case is not None else fingerprint("", "case-code-kept")
    is_right = compare_digest(given, kept)
    return case if case is not None and is_right else None
