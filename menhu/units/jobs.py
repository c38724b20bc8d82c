"""Jobs of the clock for the trail and for sessions, which lie below or beside the clock and cannot register them."""

from datetime import datetime

from django.contrib.sessions.models import Session

from menhu.audit.retention import purge
from menhu.audit.sealing import seal
from menhu.workdays.clock import every


@every(1, "audit.seal")
def seal_trail(now: datetime) -> None:
    seal(now)


@every(24 * 60 * 60, "audit.purge")
def purge_trail(now: datetime) -> None:
    purge(now)


@every(24 * 60 * 60, "accounts.sessions")
def clear_sessions(now: datetime) -> None:
    """Sessions that ended by themselves are still rows."""
    Session.objects.filter(expire_date__lt=now).delete()
