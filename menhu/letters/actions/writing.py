"""A letter arrives: by the public page, or entered by an operator for somebody who called or came."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions import Matter, Receipt, SenderData, receive
from menhu.cases.enums import Channel
from menhu.cases.models import Case, CaseKind
from menhu.letters.models import Letter, Mailbox
from menhu.units.enums import Role
from menhu.units.policies import may

CONFIDENTIAL = frozenset({"report"})
"""Kinds in which the unit that handles never learns who wrote."""
AT_THE_COUNTER = frozenset({"petition"})
"""Kinds that are registered in person, by an operator."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What the sender wrote; plain text, already checked by a form."""

    kind: CaseKind
    title: str
    text: str
    place: str = ""
    wants_publication: bool = False
    is_confidential: bool = False
    page_url: str = ""


def write(
    *,
    mailbox: Mailbox,
    words: LetterWords,
    sender: SenderData,
    key: str,
    by: User | None = None,
    channel: Channel = Channel.WEB,
    received_at: datetime | None = None,
) -> Receipt:
    """Put a letter into a box, once for each key; `by` is the operator who enters it on somebody's behalf.

    Raises ValidationError for a closed box or a kind that the box does not take, PermissionDenied for a stranger.
    """
    if by is not None and not may(by, {Role.OPERATOR}, mailbox.desk):
        raise PermissionDenied(_("您不是这个信箱的受理员。"))
    _require_open(mailbox, words.kind, by)
    matter = Matter(
        kind=words.kind,
        desk=mailbox.desk,
        title=words.title,
        text=words.text,
        place=words.place,
        channel=channel,
        is_confidential=words.is_confidential or words.kind.code in CONFIDENTIAL,
    )
    with transaction.atomic():
        receipt = receive(matter=matter, sender=sender, key=key, by=by, received_at=received_at)
        if receipt.is_new:
            _keep_letter(receipt.case, mailbox, words)
    return receipt


def _require_open(mailbox: Mailbox, kind: CaseKind, by: User | None) -> None:
    if not mailbox.is_open or not kind.is_open:
        raise ValidationError(_("这个信箱现在不收信，请换一个信箱，或拨打 12345。"))
    if by is None and kind.code in AT_THE_COUNTER:
        raise ValidationError(_("信访事项请到信访接待室当面登记。"))
    if not mailbox.case_kinds.filter(pk=kind.pk).exists():
        raise ValidationError(_("这个信箱不收“%(kind)s”，请换一个信箱。") % {"kind": kind.name})


def _keep_letter(case: Case, mailbox: Mailbox, words: LetterWords) -> Letter:
    wants = words.wants_publication and not case.is_confidential
    return Letter.objects.create(case=case, mailbox=mailbox, wants_publication=wants, page_url=words.page_url[:500])
