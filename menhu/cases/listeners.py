"""Apps above are told of every step of a case, inside its transaction, and write what sender and public see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from menhu.cases.enums import CaseState
from menhu.cases.models import Case, CaseEvent


@dataclass(frozen=True, slots=True)
class Step:
    """What happened: the case as it is now, the state it came from (None for a new one), the line of its timeline."""

    case: Case
    before: CaseState | None
    event: CaseEvent
    now: datetime


Listener = Callable[[Step], None]

_listeners: dict[str, list[Listener]] = {}


def on_step(family: str, listener: Listener) -> None:
    """Register, in `AppConfig.ready`, who is told of the cases of a family."""
    _listeners.setdefault(family, []).append(listener)


def tell(step: Step) -> None:
    for listener in _listeners.get(step.case.kind.family, ()):
        listener(step)
