"""What the clock does for uploads."""

from datetime import datetime

from menhu.files import actions
from menhu.workdays.clock import every

FOLDER_SECONDS = 300


@every(15, "files.scan")
def scan(now: datetime) -> None:
    actions.scan_waiting(now=now)
    actions.alarm_overdue(now=now)


@every(FOLDER_SECONDS, "files.orphans")
def forget_orphans(now: datetime) -> None:
    """One of the 256 folders at a time, so that a large store does not hold up the clock; round in about a day."""
    actions.forget_orphans(now=now, prefix=f"{int(now.timestamp()) // FOLDER_SECONDS % 256:02x}")
