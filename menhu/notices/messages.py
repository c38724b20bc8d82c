"""Messages to people outside the house: written with the change that they tell of, sent later, once, or given up."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.core.figures import figure
from menhu.core.sealing import fingerprint
from menhu.notices.actions import notify
from menhu.notices.enums import Channel, MessageState
from menhu.notices.gateways import GatewayError, gateway_of
from menhu.notices.models import Message
from menhu.notices.rules import may_disturb, morning_after, wait_before

__all__ = ["Channel", "send_due", "send_later", "try_again", "wipe_old"]

BATCH: Final = 20
TAKEN_FOR: Final = timedelta(minutes=5)
"""A sender that was killed leaves its message to others after this time."""


def send_later(*, channel: Channel, to: str, text: str, subject: str = "", reference: str = "") -> Message:
    """Write a message inside the caller's transaction; nothing is sent if that is undone. Empty addresses raise."""
    if not to.strip():
        raise ValueError("a message needs an address")
    return Message.objects.create(
        channel=channel,
        recipient=to.strip(),
        recipient_digest=fingerprint(to.strip(), f"message:{channel}"),
        subject=subject[:200],
        text=text,
        reference=reference[:60],
        next_attempt_at=timezone.now(),
    )


def send_due(now: datetime) -> int:
    """Send what is due, a bounded number; returns how many went out. Text messages wait for the morning."""
    due = Q(state=MessageState.WAITING, next_attempt_at__lte=now)
    abandoned = Q(state=MessageState.SENDING, next_attempt_at__lte=now)
    rows = list(Message.objects.filter(due | abandoned).order_by("next_attempt_at", "pk")[:BATCH])
    return sum(_send(row, now) for row in rows)


def _send(row: Message, now: datetime) -> bool:
    """Claim by conditional update, then send outside any transaction."""
    if row.channel == Channel.SMS and not may_disturb(timezone.localtime(now).time()):
        held = Message.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
        held.update(state=MessageState.WAITING, next_attempt_at=morning_after(timezone.localtime(now)))
        return False
    claim = Message.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    taken = {"state": MessageState.SENDING, "attempts": F("attempts") + 1, "next_attempt_at": now + TAKEN_FOR}
    if not claim.update(**taken):
        return False
    row.attempts += 1
    try:
        gateway_of(Channel(row.channel)).send(row.recipient, row.subject, row.text)
    except GatewayError as error:
        _keep_failure(row, error, now)
        return False
    Message.objects.filter(pk=row.pk).update(state=MessageState.SENT, sent_at=timezone.now(), error="")
    return True


def _keep_failure(row: Message, error: GatewayError, now: datetime) -> None:
    """Wait longer each time; in the end give up and say so to the webmaster."""
    wait = None if error.is_final else wait_before(row.attempts)
    if wait is not None:
        again = {"state": MessageState.WAITING, "next_attempt_at": now + wait, "error": error.reason[:200]}
        Message.objects.filter(pk=row.pk).update(**again)
        return
    Message.objects.filter(pk=row.pk).update(state=MessageState.GIVEN_UP, error=error.reason[:200])
    webmasters = User.objects.filter(posts__role="webmaster", is_active=True).distinct()
    words = {"channel": row.get_channel_display(), "reference": row.reference or row.pk}
    notify(webmasters, title=_("%(channel)s发送失败：%(reference)s") % words, body=error.reason)


def try_again(*, message: Message, by: User) -> bool:
    """Send one that was given up once more."""
    fresh = {"state": MessageState.WAITING, "attempts": 0, "next_attempt_at": timezone.now()}
    done = bool(Message.objects.filter(pk=message.pk, state=MessageState.GIVEN_UP).update(**fresh))
    if done:
        record("notices.try_again", message, by=by)
    return done


def wipe_old(now: datetime) -> int:
    """Texts and addresses of old messages go; that they were sent stays. Returns how many."""
    before = now - timedelta(days=int(figure("notices.message_days")))
    ended = Message.objects.filter(state__in=(MessageState.SENT, MessageState.GIVEN_UP), created_at__lt=before)
    return ended.filter(wiped_at__isnull=True).update(recipient="", subject="", text="", wiped_at=now)
