"""Letting go of old events: only sealed ones, oldest first, and the purge is itself an event of the chain."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from menhu.audit.models import Event, Seal
from menhu.audit.rules import MINIMUM_RETENTION_DAYS
from menhu.audit.sealing import PURGE_VERB
from menhu.audit.trail import record

BATCH = 500


def purge(now: datetime) -> int:
    """Remove what is older than the retention period (0 keeps all); returns how many. Called by the clock each day."""
    if not settings.AUDIT_RETENTION_DAYS:
        return 0
    days = max(settings.AUDIT_RETENTION_DAYS, MINIMUM_RETENTION_DAYS)
    removed = 0
    while gone := _purge_batch(now - timedelta(days=days)):
        removed += gone
    return removed


@transaction.atomic
def _purge_batch(before: datetime) -> int:
    oldest = list(Seal.objects.select_related("event").order_by("position")[:BATCH])
    expired = []
    for seal in oldest:
        if seal.event.at >= before:
            break
        expired.append(seal)
    if not expired:
        return 0
    last = expired[-1]
    record(PURGE_VERB, None, by=None, data={"position": last.position, "digest": last.digest, "events": len(expired)})
    ids = [seal.event_id for seal in expired]
    Seal.objects.filter(pk__in=ids).delete()
    models.QuerySet(Event).filter(pk__in=ids).delete()  # the one place that may; the model's own queryset refuses
    return len(expired)
