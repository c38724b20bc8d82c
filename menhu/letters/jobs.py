"""What the clock does for letters."""

from datetime import datetime

from menhu.letters.actions import counting
from menhu.workdays.clock import every


@every(600, "letters.figures")
def take_figures(now: datetime) -> None:
    counting.take_figures(now)
