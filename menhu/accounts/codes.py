"""One-time codes: six digits by which somebody shows that they read what is sent to an address.

Nothing here knows whether the address has an account, so no answer can tell.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from menhu.accounts.contacts import Contact
from menhu.accounts.models import SignInCode
from menhu.core.sealing import fingerprint

LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5
DIGITS: Final = 6

Deliver = Callable[[Contact, str, datetime], None]
"""Sends a code, good until the time; called inside the transaction that writes it."""
_deliver: list[Deliver] = []


def deliver_by(function: Deliver) -> None:
    """Say how codes reach people; the app that sends messages calls this in `AppConfig.ready`."""
    _deliver[:] = [function]


@transaction.atomic
def ask(*, contact: Contact, now: datetime) -> SignInCode:
    """Send a new code, good for ten minutes and five tries; an earlier one of the address is good no more."""
    if not _deliver:
        raise ImproperlyConfigured("no app delivers codes")
    code, until = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", now + LIFETIME
    kept = {
        "kind": contact.kind,
        "address": contact.value,
        "code_digest": _code_digest(contact, code),
        "expires_at": until,
        "tries": 0,
    }
    row, _is_new = SignInCode.objects.update_or_create(digest=contact.digest, defaults=kept)
    _deliver[0](contact, code, until)
    return row


def redeem(*, key: int, typed: str, now: datetime) -> Contact | None:
    """The address whose live code (by its row) was typed; the code is then used up. None for anything else.

    Each call is counted before the code is looked at, so that many at once get no more tries than one after another.
    Not to be called inside a transaction that may be undone.
    """
    row = SignInCode.objects.filter(pk=key, expires_at__gt=now).first()
    if row is None:
        return None
    same = SignInCode.objects.filter(pk=key, code_digest=row.code_digest)
    if not same.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return None
    if not constant_time_compare(row.code_digest, _code_digest(row.contact, typed)):
        return None
    deleted, _by_model = same.delete()
    return row.contact if deleted else None


def forget_old(now: datetime) -> int:
    """Delete the codes whose time is over; returns how many."""
    deleted, _by_model = SignInCode.objects.filter(expires_at__lte=now).delete()
    return deleted


def _code_digest(contact: Contact, code: str) -> str:
    """Keyed, since six digits are soon guessed from a plain hash; bound to the address."""
    return fingerprint(f"{contact.digest}:{code}", "sign-in-code")
