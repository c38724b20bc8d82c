"""Where Wagtail's own calls cross into our policies and actions.

Wagtail asks and tells models; models may not import policies or actions. `ReviewConfig.ready` fills the bridge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Bridge:
    """The calls by name; each takes what Wagtail gives."""

    begin: Callable[..., Any]
    approve: Callable[..., object]
    reject: Callable[..., object]
    cancelled: Callable[..., object]
    refuse: Callable[..., object]
    may_decide: Callable[[Any, Any], bool]
    waiting: Callable[[Any], Any]


_bridges: list[Bridge] = []


def build(bridge: Bridge) -> None:
    _bridges[:] = [bridge]


def bridge() -> Bridge:
    """Raises IndexError before `ReviewConfig.ready` has run."""
    return _bridges[0]
