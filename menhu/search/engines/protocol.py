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


Scopes = tuple[tuple[str, ...], ...]
"""Groups of scope tokens, of each of which a document has at least one."""


class Engine(Protocol):
    """All within the caller's transaction."""

    def put(self, entries: Sequence[Entry]) -> None:
        """Add documents that are not there."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; unknown numbers are passed over."""

    def clear(self) -> None:
        """Forget all."""

    def strays(self) -> list[int]:
        """Numbers that are kept though no document has them."""

    def newest(self, wanted: Wanted, scopes: Scopes, limit: int) -> list[int]:
        """Numbers of documents that meet the condition where it is looked for, highest first."""

    def among(self, wanted: Wanted, numbers: Sequence[int]) -> set[int]:
        """Those of a few thousand documents that meet the condition."""
