"""What the clock does for letters."""

from datetime import datetime

from menhu.letters import suggesting
from menhu.letters.actions import counting, petitions, sharing
from menhu.workdays.clock import every


@every(600, "letters.figures")
def take_figures(now: datetime) -> None:
    counting.take_figures(now)


@every(60, "letters.petitions")
def remind_of_petitions(now: datetime) -> None:
    petitions.remind(now)


@every(600, "letters.same")
def show_counts(_now: datetime) -> None:
    sharing.show_counts()


@every(900, "letters.learn")
def learn(now: datetime) -> None:
    suggesting.learn_at_night(now)
