"""Sources: apps register what public addresses exist and how each is rendered; what a render reads is recorded."""

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A public address: host without port, path starting with "/" (a page ends with "/", a file with its name)."""

    host: str
    path: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What an address answers. Only status 200 becomes a file; 301 carries `location`, 410 is answered by the app.

    A large file (an attachment) is named by `file` and copied from there, instead of passing through memory as `body`.
    """

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    file: Path | None = None


class Source(Protocol):
    """One family of public pages."""

    name: str

    def addresses(self) -> Iterator[Address]:
        """Every address of this source, streamed in a stable order (for a full rebuild)."""

    def addresses_for(self, tags: frozenset[str]) -> Iterable[Address]:
        """Addresses that a change of these tags may have brought into being (known pages come by their tags)."""

    def render(self, address: Address) -> Rendered | None:
        """Render the address, calling `reads(tag)` for all it depends on; None where it is not this source's."""


T = TypeVar("T")
F = TypeVar("F", covariant=True)


@runtime_checkable
class Foreseeing(Protocol[F]):
    """A source that reads what many of its pages need in as many queries as one of them would take."""

    name: str

    def foresee(self, addresses: Sequence[Address]) -> Mapping[Address, F]:
        """What `render` needs of each of the addresses, which it gets by `foreseen`; reads no tags."""


Memory = dict[Hashable, tuple[Any, frozenset[str]]]

_sources: dict[str, Source] = {}
_reading: ContextVar[set[str] | None] = ContextVar("reading", default=None)
_foreseen: ContextVar[Mapping[tuple[str, Address], Any]] = ContextVar("foreseen", default={})  # noqa: B039 - never written
_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


def register(source: Source) -> None:
    """Called in `AppConfig.ready`; the order of registration is the order of asking."""
    _sources[source.name] = source


def sources() -> tuple[Source, ...]:
    return tuple(_sources.values())


def reads(*tags: str) -> None:
    """Note that the page being rendered depends on these tags; silent outside a render."""
    recorded = _reading.get()
    if recorded is not None:
        recorded.update(tags)


@contextmanager
def recording() -> Iterator[set[str]]:
    """Collect the tags that are read inside the block."""
    recorded: set[str] = set()
    token = _reading.set(recorded)
    try:
        yield recorded
    finally:
        _reading.reset(token)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Let `remembered` keep what it makes in `memory`, which the publisher drops at each intake of changes.

    A change that is not yet taken in will mark the pages that read its tags once more, so nothing stale outlives it.
    """
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What many pages share (a site's frame, a column), made once; each page notes the tags that it read."""
    memory = _memory.get()
    if memory is None:
        return make()
    if key not in memory:
        with recording() as tags:
            made = make()
        memory[key] = (made, frozenset(tags))
    value, tags_read = memory[key]
    reads(*tags_read)
    kept: T = value
    return kept


@contextmanager
def foreseeing(addresses: Sequence[Address]) -> Iterator[None]:
    """Let every source read at once what these pages need. Where one fails, each page reads and fails for itself."""
    found: dict[tuple[str, Address], Any] = {}
    for source in _sources.values():
        if isinstance(source, Foreseeing):
            found |= {(source.name, address): value for address, value in _of(source, addresses).items()}
    token = _foreseen.set(found)
    try:
        yield
    finally:
        _foreseen.reset(token)


def _of(source: Foreseeing[F], addresses: Sequence[Address]) -> Mapping[Address, F]:
    try:
        return source.foresee(addresses)
    except Exception:
        logger.exception("source %s could not foresee %s pages", source.name, len(addresses))
        return {}


def foreseen(source: Foreseeing[F], address: Address) -> F:
    """What the source reads of this address: read before with others, or read now."""
    found = _foreseen.get()
    if (source.name, address) not in found:
        return source.foresee([address])[address]
    value: F = found[source.name, address]
    return value


def render(address: Address) -> tuple[str, Rendered, frozenset[str]] | None:
    """Ask each source in turn: (source name, rendered, tags read), or None where nobody knows the address."""
    for source in _sources.values():
        with recording() as tags:
            rendered = source.render(address)
        if rendered is not None:
            return source.name, rendered, frozenset(tags)
    return None
