"""Jobs of the clock for the trail, which lies below the clock and cannot register them itself."""

from datetime import datetime

from menhu.audit.retention import purge
from menhu.audit.sealing import seal
from menhu.workdays.clock import every


@every(1, "audit.seal")
def seal_trail(now: datetime) -> None:
    seal(now)


@every(24 * 60 * 60, "audit.purge")
def purge_trail(now: datetime) -> None:
    purge(now)
