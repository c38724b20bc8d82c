"""Much, in bites of bounded size."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def portions(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size` items, in order; read from the source only as they are asked for."""
    source = iter(items)
    while portion := list(islice(source, size)):
        yield portion
