"""What keeps floods and guessers off the pages that need no account."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions.receiving import is_known
from menhu.cases.rules import typed_number
from menhu.core.addresses import network_of
from menhu.core.figures import declare
from menhu.core.limits import Limit, declare_limit, peek, within
from menhu.core.models import Confidence
from menhu.core.proof import Outcome, Question, proven, question

DAY: Final = 24 * 3600
HOUR: Final = 3600
PER_ADDRESS: Final = Limit("letters.address", most=20, seconds=HOUR, figure="letters.per_address")
PER_PHONE: Final = Limit("letters.phone", most=6, seconds=DAY, figure="letters.per_phone")
PER_KIND: Final = Limit("letters.kind", most=3, seconds=DAY, figure="letters.per_kind")
LOOKS: Final = Limit("letters.looks", most=60, seconds=600, figure="letters.looks_per_address")
FAILURES: Final = Limit("letters.failures", most=30, seconds=HOUR, figure="letters.failures_per_number")


SAME_BROWSER: Final = Limit("letters.same_browser", most=1, seconds=DAY, figure="letters.same_per_browser")
SAME_ADDRESS: Final = Limit("letters.same_address", most=20, seconds=DAY, figure="letters.same_per_address")
SAME_HOURLY: Final = Limit("letters.same_hourly", most=60, seconds=HOUR, figure="letters.same_per_hour")


def declare_figures() -> None:
    """How many; a county sets its own."""
    declare_limit(PER_ADDRESS, "同一网络地址每小时可寄信件")
    declare_limit(PER_PHONE, "同一手机号每天可寄信件")
    declare_limit(PER_KIND, "同一手机号每天可寄同类信件")
    declare_limit(LOOKS, "同一网络地址十分钟内可查询")
    declare_limit(FAILURES, "同一编号每小时可查错")
    declare_limit(SAME_BROWSER, "同一浏览器对一封信每天可点“同样问题”")
    declare_limit(SAME_ADDRESS, "同一网络地址对一封信每天可点“同样问题”")
    declare_limit(SAME_HOURLY, "同一网络地址每小时可点“同样问题”")
    declare("letters.petition_soon_days", "信访包案临期提醒", 7, "天", "本平台默认", Confidence.HOUSE)


class Doubt:
    """Why a form is not taken as it is: `error` is told, `question` is asked where the proof is missing."""

    def __init__(self, error: str, asked: Question | None = None, status: int = 400) -> None:
        self.error, self.question, self.status = error, asked, status


def doubt(request: HttpRequest, *, key: str, phone: str, kind: str) -> Doubt | None:
    """None where the form may be taken. What has already arrived needs no second proof: it is only shown again."""
    if is_known(key):
        return None
    now = timezone.now()
    outcome = proven(request.POST.dict(), now=now)
    if outcome is not Outcome.OK:
        return Doubt(_asked(outcome), question(now))
    if not (_may_write(request, phone, kind, now)):
        told = _("这台设备或这个手机号今天寄得太多了，请过一段时间再寄。您写的内容都还在。急事请打 12345。")
        return Doubt(told, status=429)
    return None


def _asked(outcome: Outcome) -> str:
    if outcome is Outcome.MISSING:
        return _("请回答最后一道小题，再寄出。")
    return _("防刷验证没有通过，请回答最后一道小题，再寄出。")


def _may_write(request: HttpRequest, phone: str, kind: str, now: datetime) -> bool:
    """Counted in one short transaction of their own, always in this order, so that nobody waits for three commits."""
    uses = ((PER_ADDRESS, network_of(request)), (PER_PHONE, phone), (PER_KIND, f"{phone}:{kind}"))
    with transaction.atomic():
        return all(within(limit, name, now=now) for limit, name in uses)


def may_look(request: HttpRequest, number: str) -> bool:
    """Whether this address, and anybody at this number, may try once more."""
    now = timezone.now()
    return within(LOOKS, network_of(request), now=now) and peek(FAILURES, typed_number(number), now=now)


def note_failure(number: str) -> None:
    """A wrong code, or a number that is none: the same to whoever asks."""
    within(FAILURES, typed_number(number), now=timezone.now())


def may_say_same(request: HttpRequest, copy_id: int) -> bool:
    """Whether this browser at this address counts for the letter today; only keyed hashes are kept, for a day."""
    now, network = timezone.now(), network_of(request)
    browser = f"{network}:{request.headers.get('User-Agent', '')[:300]}:{copy_id}"
    uses = ((SAME_HOURLY, network), (SAME_ADDRESS, f"{network}:{copy_id}"), (SAME_BROWSER, browser))
    return all(within(limit, key, now=now) for limit, key in uses)
