"""How many published articles a column holds: apps above say it, sites know none of them."""

from collections.abc import Callable

from menhu.sites.models import Column

Counter = Callable[[Column], int]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Register in `AppConfig.ready` who counts what is publicly listed in a column."""
    _counters.append(counter)


def articles_in(column: Column) -> int:
    """How many publicly listed articles stand in the column."""
    return sum(counter(column) for counter in _counters)
