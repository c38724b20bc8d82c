"""What every engine can do. tests/search/test_engines.py is its contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from menhu.search.rules import Phrase


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as engines keep it: folded title and body, and the tokens of where it runs."""

    number: int
    title: str
    body: str
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition: every group met by one of its phrases, in the title alone or anywhere."""

    groups: tuple[tuple[Phrase, ...], ...]
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """Documents of one rank: what they meet, what they do not (it would rank them higher), and where they run.

    `scope` holds groups of tokens, of each of which a document has at least one.
    """

    wanted: Wanted
    above: tuple[Wanted, ...] = ()
    scope: tuple[tuple[str, ...], ...] = ()


class Engine(Protocol):
    """All within the caller's transaction."""

    def put(self, entries: Sequence[Entry]) -> None:
        """Add documents that are not there."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; unknown numbers are passed over."""

    def clear(self) -> None:
        """Forget all."""

    def newest(self, tier: Tier, *, before: int | None, limit: int) -> list[int]:
        """Numbers of documents of the tier, highest first, below `before`."""

    def count(self, tier: Tier, *, most: int) -> int:
        """How many documents there are; counting ends at `most`."""
