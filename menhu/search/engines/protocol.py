"""What every engine can do. tests/search/test_engines.py is its contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from menhu.search.rules import Phrase, fold

if TYPE_CHECKING:
    from menhu.search.models import Document


class EngineAwayError(Exception):
    """The index cannot be reached now; what waits to be written is not lost."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as engines keep it: folded title and body, and the tokens of where it runs."""

    number: int
    title: str
    body: str
    scope: tuple[str, ...]

    @classmethod
    def of(cls, document: "Document") -> "Entry":
        at = document.published_at
        scope = (
            f"t{document.type}",
            *(f"s{site}" for site in document.sites),
            *(f"c{column}" for column in document.columns),
            *((f"y{at:%Y}", f"m{at:%Y%m}") if at else ()),
        )
        return cls(document.number, fold(document.title), fold(document.body), scope)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition: every group met by one of its phrases, in the title alone or anywhere."""

    groups: tuple[tuple[Phrase, ...], ...]
    in_title: bool = False


Scopes = tuple[tuple[str, ...], ...]
"""Groups of scope tokens, of each of which a document has at least one."""


class Engine(Protocol):
    """All within the caller's transaction.

    An engine apart from the database may hear later of what was put, but shows nothing that was removed; where it
    cannot be asked it raises `EngineAwayError`.
    """

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
