"""What the clock does for messages."""

from datetime import datetime

from menhu.notices import messages
from menhu.workdays.clock import every


@every(5, "notices.send")
def send(now: datetime) -> None:
    messages.send_due(now)


@every(3600, "notices.wipe")
def wipe(now: datetime) -> None:
    messages.wipe_old(now)
