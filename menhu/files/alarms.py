"""Who above is told when an upload needs a person: apps listen, files know none of them."""

from collections.abc import Callable

Listener = Callable[[str, str], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register in `AppConfig.ready`; called with a title and a text inside the transaction of what happened."""
    _listeners.append(listener)


def sound(title: str, text: str) -> None:
    for listener in _listeners:
        listener(title, text)
