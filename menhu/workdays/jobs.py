"""What the clock does for apps below it."""

from datetime import datetime

from menhu.core import limits
from menhu.workdays.clock import every


@every(600, "core.limits")
def forget_old_uses(now: datetime) -> None:
    limits.forget_old(now)
