"""A citizen's session: an entry of its own, beside and apart from a sign-in to the back office in the same browser."""

import time
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from menhu.accounts.models import Citizen

CITIZEN: Final = "citizen"
SEEN_EVERY: Final = timedelta(hours=1)
_KEPT: Final = "_menhu_citizen"


def enter(request: HttpRequest, citizen: Citizen) -> None:
    """Sign the citizen in: the session gets a new id, so that one known before is worth nothing."""
    request.session.cycle_key()
    request.session[CITIZEN] = _entry(citizen.pk)
    rotate_token(request)
    setattr(request, _KEPT, citizen)


def leave(request: HttpRequest) -> None:
    """Sign the citizen out; somebody of the staff who is signed in in this browser stays so."""
    request.session.pop(CITIZEN, None)
    if SESSION_KEY in request.session:
        request.session.cycle_key()
    else:
        request.session.flush()
    setattr(request, _KEPT, None)


def citizen_of(request: HttpRequest) -> Citizen | None:
    """The citizen who is signed in: one query a request, asked anew each time, so that an erased account is out."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _find(request))
    kept: Citizen | None = getattr(request, _KEPT)
    return kept


def _find(request: HttpRequest) -> Citizen | None:
    entry: dict[str, Any] | None = request.session.get(CITIZEN)
    if entry is None:
        return None
    is_idle = time.time() - entry["seen_at"] > settings.SESSION_COOKIE_AGE
    standing = Citizen.objects.filter(pk=entry["pk"], is_active=True, erased_at__isnull=True)
    citizen = None if is_idle else standing.first()
    if citizen is None:
        del request.session[CITIZEN]
        return None
    request.session[CITIZEN] = _entry(citizen.pk)
    _note_visit(citizen)
    return citizen


def _entry(pk: int) -> dict[str, int]:
    return {"pk": pk, "seen_at": int(time.time())}


def _note_visit(citizen: Citizen) -> None:
    """Once an hour is exact enough."""
    now = timezone.now()
    if now - citizen.last_seen_at > SEEN_EVERY:
        Citizen.objects.filter(pk=citizen.pk).update(last_seen_at=now)
