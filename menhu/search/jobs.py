"""What the clock does for the search."""

from datetime import datetime

from menhu.search import actions
from menhu.search.engines import fed_engine
from menhu.workdays.clock import every

FEED_SECONDS = 10.0


@every(1, "search.renewals")
def go_on_renewing(now: datetime) -> None:
    """One portion a tick, so that no tick holds the clock for long."""
    actions.go_on_renewing()


@every(1, "search.feeding")
def go_on_feeding(now: datetime) -> None:
    """What was not sent when it was committed; long texts get more time here than where somebody waits."""
    if apart := fed_engine():
        apart.feed(seconds=FEED_SECONDS)
