"""What the clock does for messages."""

from datetime import datetime

from menhu.accounts import codes
from menhu.notices import messages
from menhu.workdays.clock import every


@every(1, "notices.send")
def send(now: datetime) -> None:
    messages.send_due(now)


@every(3600, "notices.wipe")
def wipe(now: datetime) -> None:
    messages.wipe_old(now)


@every(600, "notices.codes")
def forget_codes(now: datetime) -> None:
    """Accounts stand beside the clock and cannot register jobs themselves."""
    codes.forget_old(now)
