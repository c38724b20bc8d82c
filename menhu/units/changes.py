"""Who above wants to know that a unit's public words changed: apps listen, units know none of them."""

from collections.abc import Callable
from enum import StrEnum


class Words(StrEnum):
    """Which of a unit's words changed."""

    UNIT = "unit"  # name, address, phone, office hours, duties
    LEADERS = "leaders"  # its leaders and what they answer for


Listener = Callable[[int, Words], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register in `AppConfig.ready`; called with the unit's id inside the transaction that changes it."""
    _listeners.append(listener)


def changed(unit_id: int, words: Words) -> None:
    for listener in _listeners:
        listener(unit_id, words)
