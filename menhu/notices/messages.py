"""Messages to people outside the house: written with the change that they tell of, sent later, once, or given up."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.urls import reverse
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
from menhu.notices.policies import may_watch, webmasters
from menhu.notices.rules import may_disturb, morning_after, wait_before

__all__ = [
    "Channel",
    "digest_of",
    "drop_for",
    "send_due",
    "send_later",
    "try_again",
    "try_all_again",
    "wipe_for",
    "wipe_old",
]

BATCH: Final = 20
TURN_SECONDS: Final = 3.0
"""After this long nothing more is begun: the clock has other jobs. One message takes at most the gateway's time."""
REST: Final = timedelta(seconds=30)
"""A gateway that failed is left alone for this long, so that one that hangs holds the clock up once, not each time."""
TAKEN_FOR: Final = timedelta(minutes=5)
"""A sender that was killed leaves its message to others after this time."""
AT_ONCE: Final = 500

_rests: dict[Channel, datetime] = {}


def send_later(
    *,
    channel: Channel,
    to: str,
    text: str,
    subject: str = "",
    reference: str = "",
    useful_until: datetime | None = None,
) -> Message:
    """Write a message inside the caller's transaction; nothing is sent if that is undone. Empty addresses raise.

    With `useful_until` somebody waits for it: it goes first, at night too, and never after that time.
    """
    if not to.strip():
        raise ValueError("a message needs an address")
    return Message.objects.create(
        channel=channel,
        recipient=to.strip(),
        recipient_digest=digest_of(channel, to),
        subject=" ".join(subject.split())[:200],
        text=text,
        reference=reference[:60],
        next_attempt_at=timezone.now(),
        useful_until=useful_until,
    )


def digest_of(channel: Channel, to: str) -> str:
    """By which all messages to one address are found."""
    return fingerprint(to.strip(), f"message:{channel}")


def send_due(now: datetime) -> int:
    """Send what is due, a bounded number in bounded time; returns how many went out. Texts wait for the morning."""
    until, count = monotonic() + TURN_SECONDS, 0
    _take_over(now)
    for row in _due(now):
        if monotonic() >= until:
            break
        if now >= _rests.get(Channel(row.channel), now):
            count += _send(row, now)
    return count


def forget_rests() -> None:
    """Ask every gateway again at once: after its settings were changed, and between tests."""
    _rests.clear()


def _due(now: datetime) -> Iterator[Message]:
    """Those that somebody waits for come first, however many others are due."""
    ready = [channel for channel in Channel if now >= _rests.get(channel, now)]
    due = Message.objects.due(now).filter(channel__in=ready)
    return chain(list(due.awaited()[:BATCH]), due.unhurried()[:BATCH])


def _take_over(now: datetime) -> None:
    """What a killed sender had taken waits again; asked first, for a turn without such is to write nothing."""
    for rows in (Message.objects.abandoned(now).awaited(), Message.objects.abandoned(now).unhurried()):
        if rows.exists():
            rows.update(state=MessageState.WAITING)


def _send(row: Message, now: datetime) -> bool:
    """Claim by conditional update, then send outside any transaction."""
    claim = Message.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if row.useful_until is not None and now >= row.useful_until:
        claim.update(**_emptied(now), state=MessageState.GIVEN_UP)
        return False
    if _must_wait_for_morning(row, now):
        claim.update(state=MessageState.WAITING, next_attempt_at=morning_after(timezone.localtime(now)))
        return False
    taken = {"state": MessageState.SENDING, "attempts": F("attempts") + 1, "next_attempt_at": now + TAKEN_FOR}
    if not claim.update(**taken):
        return False
    row.attempts += 1
    try:
        gateway_of(Channel(row.channel)).send(row.recipient, row.subject, row.text)
    except GatewayError as error:
        _keep_failure(row, error, now)
        return False
    _keep_success(row)
    return True


def _must_wait_for_morning(row: Message, now: datetime) -> bool:
    return row.channel == Channel.SMS and row.useful_until is None and not may_disturb(timezone.localtime(now).time())


def _keep_success(row: Message) -> None:
    """What was of use for minutes only, a code, is not kept for weeks."""
    now = timezone.now()
    also = {} if row.useful_until is None else _emptied(now)
    Message.objects.filter(pk=row.pk).update(state=MessageState.SENT, sent_at=now, error="", **also)


def _keep_failure(row: Message, error: GatewayError, now: datetime) -> None:
    """Wait longer each time; in the end give up and say so to the webmaster."""
    if not error.is_final:
        _rests[Channel(row.channel)] = now + REST
    wait = None if error.is_final else _wait(row)
    if wait is not None:
        again = {"state": MessageState.WAITING, "next_attempt_at": now + wait, "error": error.reason[:200]}
        Message.objects.filter(pk=row.pk).update(**again)
        return
    Message.objects.filter(pk=row.pk).update(state=MessageState.GIVEN_UP, error=error.reason[:200])
    _tell_webmasters(row, error.reason)


def _wait(row: Message) -> timedelta | None:
    """Where somebody waits, the next try is soon; `useful_until` ends it."""
    return wait_before(row.attempts) if row.useful_until is None else REST


def _tell_webmasters(row: Message, reason: str) -> None:
    """One notice until it is read, however many messages fail: the page shows them all."""
    page = reverse("notices:messages")
    untold = webmasters().exclude(notices__link=page, notices__read_at__isnull=True)
    words = {"channel": row.get_channel_display(), "reference": row.reference or row.pk}
    notify(untold, title=_("%(channel)s发送失败：%(reference)s") % words, body=reason, link=page)


def try_again(*, message: Message, by: User) -> bool:
    """Send one that was given up once more; False where it was not, or is wiped."""
    _demand_webmaster(by)
    done = _revive([message.pk]) == 1
    if done:
        record("notices.try_again", message, by=by)
    return done


def try_all_again(*, by: User) -> int:
    """Send the latest few hundred that were given up once more; returns how many."""
    _demand_webmaster(by)
    keys = list(Message.objects.given_up().unwiped().order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])
    count = _revive(keys)
    record("notices.try_again", None, by=by, data={"count": count})
    return count


def _revive(keys: list[int]) -> int:
    forget_rests()
    fresh = {"state": MessageState.WAITING, "attempts": 0, "next_attempt_at": timezone.now()}
    return Message.objects.given_up().unwiped().filter(pk__in=keys).update(**fresh)


def _demand_webmaster(by: User) -> None:
    if not may_watch(by):
        raise PermissionDenied(_("只有网站管理员可以重新发送消息。"))


def wipe_old(now: datetime) -> int:
    """Texts and addresses of old messages go; that they were sent stays. Returns how many."""
    before = now - timedelta(days=int(figure("notices.message_days")))
    return Message.objects.ended().unwiped().filter(created_at__lt=before).update(**_emptied(now))


def wipe_for(references: Iterable[str], now: datetime) -> int:
    """Forget to whom and what was written about these references; what still waited is not sent any more."""
    rows = Message.objects.filter(reference__in=list(references))
    rows.filter(state__in=(MessageState.WAITING, MessageState.SENDING)).update(state=MessageState.GIVEN_UP)
    return rows.update(**_emptied(now), recipient_digest="", error="")


def drop_for(references: Iterable[str]) -> int:
    """Remove all messages about these references, those that wait included."""
    return Message.objects.filter(reference__in=list(references)).delete()[0]


def _emptied(now: datetime) -> dict[str, Any]:
    return {"recipient": "", "subject": "", "text": "", "wiped_at": now}
