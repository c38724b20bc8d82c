"""What the clock does for sites."""

from datetime import datetime

from menhu.sites import actions
from menhu.workdays.clock import every


@every(15, "sites.banners")
def end_banners(now: datetime) -> None:
    actions.end_banners(now)
