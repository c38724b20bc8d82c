"""How often something may be done: limits per network address, telephone or kind, shared by all processes.

Each key of a limit has one row, which says until when it is busy: a use adds `seconds / most` to it, and a use that
would fill more than `seconds` is refused (the generic cell rate algorithm). So `most` uses may come at once, then one
each `seconds / most`; no border of a window lets twice as many through. A refusal writes nothing: it prolongs no ban,
and a flood costs no writes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from menhu.core.figures import declare, recent_figure
from menhu.core.models import Allowance, Confidence
from menhu.core.sealing import fingerprint

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PORTION: Final = 2_000

# One statement on both databases: whoever comes second waits for the row and is measured by what the first left in it.
_USE: Final = """
INSERT INTO core_allowance AS kept (key, busy_until) VALUES (%s, %s)
ON CONFLICT (key) DO UPDATE
SET busy_until = CASE WHEN kept.busy_until + %s > excluded.busy_until
                      THEN kept.busy_until + %s ELSE excluded.busy_until END
WHERE kept.busy_until <= %s
RETURNING busy_until
"""
# The first condition is asked again of a row that was used meanwhile; the second only bounds the portion.
_FORGET: Final = """
DELETE FROM core_allowance WHERE busy_until <= %s
AND key IN (SELECT key FROM core_allowance WHERE busy_until <= %s LIMIT %s)
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many uses in so many seconds; 0 closes. A figure, where one is named, says how many instead."""

    name: str
    most: int
    seconds: int
    figure: str = ""

    @property
    def in_force(self) -> int:
        """How many may come at once; a changed figure is seen within ten seconds."""
        return int(recent_figure(self.figure)) if self.figure else self.most


def declare_limit(limit: Limit, label: str) -> None:
    """Register the figure that a limit names, its `most` as default; in `AppConfig.ready`."""
    declare(limit.figure, label, limit.most, "次", "本平台默认；可按本地情况调整", Confidence.HOUSE)


def within(limit: Limit, key: str, *, now: datetime) -> bool:
    """Count one use of the key; False, and nothing counted, where that is more than the limit allows.

    Ask before the transaction of the work, in the view: a use that was let through then stays counted even if the work
    is rolled back. Inside a transaction it works too, but shares its fate, and keeps others of the same key waiting.
    """
    step, ceiling = _measures(limit, now)
    if not step:
        return False
    row = Allowance._meta.pk.get_db_prep_value(_row_key(limit, key), connection)
    with connection.cursor() as cursor:
        cursor.execute(_USE, (row, _microseconds(now) + step, step, step, ceiling))
        return bool(cursor.fetchall())


def peek(limit: Limit, key: str, *, now: datetime) -> bool:
    """Whether a use would now be within the limit; counts nothing."""
    step, ceiling = _measures(limit, now)
    return bool(step) and not Allowance.objects.filter(pk=_row_key(limit, key), busy_until__gt=ceiling).exists()


def forget_old(now: datetime) -> int:
    """Delete the rows that say nothing any more, in short transactions; returns how many they were."""
    forgotten = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_FORGET, (_microseconds(now), _microseconds(now), _PORTION))
            if cursor.rowcount < 1:
                return forgotten
            forgotten += cursor.rowcount


def _measures(limit: Limit, now: datetime) -> tuple[int, int]:
    """How long one use keeps the key busy, and until when it may be busy before a use; 0 for a closed limit."""
    most = limit.in_force
    if most < 1:
        return 0, 0
    step = -(-limit.seconds * 1_000_000 // most)
    return step, _microseconds(now) + (most - 1) * step


def _row_key(limit: Limit, key: str) -> UUID:
    return UUID(fingerprint(f"{limit.name}:{key}", "limit")[:32])


def _microseconds(now: datetime) -> int:
    return (now - _EPOCH) // timedelta(microseconds=1)
