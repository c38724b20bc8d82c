"""Deadlines in words, as lists and desks show them."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

HOUR = 3600
DAY = 24


def urgency(due_at: datetime, now: datetime) -> str:
    """ "late", "today" or "ok": what the `.when--…` styles are called."""
    if due_at < now:
        return "late"
    return "today" if timezone.localdate(due_at) == timezone.localdate(now) else "ok"


def due_label(due_at: datetime, now: datetime) -> str:
    """超时 2 天 · 超时 3 小时 · 今天 17:30 · 06-22 · 2027-01-04."""
    due = timezone.localtime(due_at)
    if due_at < now:
        return _late_label(due_at, now)
    if timezone.localdate(due_at) == timezone.localdate(now):
        return _("今天 %(time)s") % {"time": f"{due:%H:%M}"}
    return f"{due:%m-%d}" if due.year == timezone.localtime(now).year else f"{due:%Y-%m-%d}"


def _late_label(due_at: datetime, now: datetime) -> str:
    hours = int((now - due_at).total_seconds() // HOUR)
    if hours >= DAY:
        return _("超时 %(n)d 天") % {"n": (timezone.localdate(now) - timezone.localdate(due_at)).days}
    return _("超时 %(n)d 小时") % {"n": hours} if hours else _("刚超时")
