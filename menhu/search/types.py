"""What kinds of things can be found: apps above say what types they bring and give their documents when asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from menhu.search.enums import Place

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A public thing as it is to be found: `text` is plain, `url` as links want it, `note` stands beside the date.

    `key` is its primary key. What has no date stands behind everything that has.
    """

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
    published_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Below:
    """Everything that lies below a site, a column or a unit."""

    place: Place
    pk: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of documents: its types with their labels, and where they come from.

    `keys(below, after, limit)`: the next primary keys of what may be found, in order, from below a place or all.
    `given(keys)`: those of them that may be found as they are now, held until the caller's transaction ends.
    """

    name: str
    types: Mapping[str, "StrPromise"]
    keys: Callable[[Below | None, int, int], list[int]]
    given: Callable[[Sequence[int]], list[Found]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called in `AppConfig.ready`."""
    _kinds[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """All by name, in the order of registration."""
    return _kinds


def labels() -> dict[str, str]:
    """All types in the order of registration."""
    return {code: str(label) for kind in _kinds.values() for code, label in kind.types.items()}
