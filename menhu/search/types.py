"""What kinds of things can be found: apps above say what types they bring and give their documents for a new index."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A public thing as it is to be found: `text` is plain, `url` as links want it, `note` stands beside the date."""

    kind: str
    key: str
    type: str
    site_id: int
    site_ids: tuple[int, ...]
    column_ids: tuple[int, ...]
    title: str
    text: str
    url: str
    source: str
    published_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of documents: its types with their labels, and all of them, streamed."""

    name: str
    types: Mapping[str, "StrPromise"]
    everything: Callable[[], Iterator[Found]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called in `AppConfig.ready`."""
    _kinds[kind.name] = kind


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def labels() -> dict[str, str]:
    """All types in the order of registration."""
    return {code: str(label) for kind in _kinds.values() for code, label in kind.types.items()}
