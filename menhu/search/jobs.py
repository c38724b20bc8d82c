"""What the clock does for the search."""

from datetime import datetime

from menhu.search import actions
from menhu.workdays.clock import every


@every(1, "search.renewals")
def go_on_renewing(now: datetime) -> None:
    """One portion a tick, so that no tick holds the clock for long."""
    actions.go_on_renewing()
