"""What messages have to do with the accounts of citizens: codes go out as messages, and messages are their data."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from menhu.accounts.contacts import Contact
from menhu.accounts.enums import ContactKind
from menhu.accounts.models import Citizen
from menhu.notices.enums import Channel
from menhu.notices.messages import digest_of, send_later
from menhu.notices.models import Message

MOST: Final = 1_000


def send_code(contact: Contact, code: str, until: datetime) -> None:
    """The message with a code; it waits for no morning and is wiped as soon as it is sent."""
    text = _("您的登录验证码是 %(code)s，10 分钟内有效。不要告诉任何人。不是您本人操作的，不用理会。") % {"code": code}
    subject = _("登录验证码")
    send_later(channel=_channel(contact), to=contact.value, subject=subject, text=text, useful_until=until)


def export_messages(citizen: Citizen) -> list[dict[str, object]]:
    """The newest thousand messages that went to the citizen's addresses; texts as long as they are kept."""
    return [
        {
            "channel": row.channel,
            "reference": row.reference,
            "subject": row.subject,
            "text": row.text,
            "written_at": row.created_at,
            "sent_at": row.sent_at,
        }
        for row in _messages_of(citizen).order_by("-pk")[:MOST]
    ]


def erase_messages(citizen: Citizen) -> None:
    """All of them, those that wait included."""
    _messages_of(citizen).delete()


def _messages_of(citizen: Citizen) -> QuerySet[Message]:
    digests = [digest_of(_channel(contact), contact.value) for contact in citizen.contacts]
    return Message.objects.filter(recipient_digest__in=digests)


def _channel(contact: Contact) -> Channel:
    return Channel.SMS if contact.kind is ContactKind.PHONE else Channel.EMAIL
