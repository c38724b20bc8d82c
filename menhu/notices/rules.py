"""When people outside may be disturbed, and how long a failed message waits."""

from datetime import datetime, time, timedelta
from typing import Final

DAY_BEGINS: Final = time(8)
DAY_ENDS: Final = time(22)
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))


def may_disturb(at: time) -> bool:
    """Text messages are sent by day only."""
    return DAY_BEGINS <= at < DAY_ENDS


def morning_after(at: datetime) -> datetime:
    """The next moment of local time at which the day begins; `at` is local."""
    begins = at.replace(hour=DAY_BEGINS.hour, minute=0, second=0, microsecond=0)
    return begins if at < begins else begins + timedelta(days=1)


def wait_before(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
