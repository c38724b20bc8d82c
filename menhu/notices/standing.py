"""How messages go out, as the webmaster's page shows it: bounded, whatever has piled up."""

from dataclasses import dataclass
from typing import Final

from menhu.notices.enums import MessageState
from menhu.notices.models import Message

COUNTED: Final = 5_000
SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages in one state; `is_more` where they are not counted to the end."""

    state: MessageState
    count: int

    @property
    def is_more(self) -> bool:
        return self.count >= COUNTED


@dataclass(frozen=True, slots=True)
class Standing:
    """One tally a state, and the latest that were given up or are tried again."""

    tallies: tuple[Tally, ...]
    given_up: tuple[Message, ...]
    delayed: tuple[Message, ...]


def standing() -> Standing:
    """Six queries, each on an index."""
    failed = Message.objects.given_up().order_by("-pk")
    return Standing(
        tallies=tuple(Tally(state, _count(state)) for state in MessageState),
        given_up=tuple(failed[:SHOWN]),
        delayed=tuple(Message.objects.delayed()[:SHOWN]),
    )


def _count(state: MessageState) -> int:
    return Message.objects.filter(state=state).order_by()[:COUNTED].count()
