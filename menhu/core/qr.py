"""QR codes as one SVG path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square of `modules` units; `path` is the `d` of one SVG path that fills the dark modules."""

    modules: int
    path: str


def qr_code(text: str) -> QrCode:
    """The smallest QR code of medium error correction that holds the text.

    The mask is fixed: every reader undoes any of the eight, and weighing them all costs ten times the rest.
    """
    matrix = segno.make(text, error="m", boost_error=False, micro=False, mask=2).matrix
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(matrix) for x, width in _runs(row))
    return QrCode(modules=len(matrix), path=path)


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    start = None
    place = -1
    for place, dark in enumerate(row):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
    if start is not None:
        yield start, place + 1 - start
