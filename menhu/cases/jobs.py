"""What the clock does for cases."""

from datetime import datetime

from menhu.cases.actions import retaining, ticking
from menhu.workdays.clock import every

PORTIONS_A_TICK = 10


@every(20, "cases.end_waiting")
def end_waiting(now: datetime) -> None:
    ticking.end_waiting(now)


@every(20, "cases.remind")
def remind(now: datetime) -> None:
    ticking.remind(now)


@every(1, "cases.reckon")
def reckon(now: datetime) -> None:
    for _portion in range(PORTIONS_A_TICK):
        if not ticking.reckon(now):
            return


@every(5, "cases.retain")
def retain(now: datetime) -> None:
    """Goes on with what somebody has begun."""
    retaining.take_turn(now)


@every(3600, "cases.retain_automatic")
def retain_automatic(now: datetime) -> None:
    """Begins only what a rule says may begin by itself; as shipped none does."""
    retaining.start_automatic(now)
