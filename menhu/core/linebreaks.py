"""Where Chinese text may break into lines: no closing mark begins one, no opening mark ends one (GB/T 15834)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

# Never first on a line, and never last.
CLOSING: Final = frozenset("，。、；：？！）》〉」』】〕〗”’…—·～％‰℃°,.;:?!)]}%>")
OPENING: Final = frozenset("（《〈「『【〔〖“‘([{<￥$#№")
# Inside numbers, dates and addresses: 3.14, 10:30, 1,000, 2026-06-17, a@b.cn.
_JOINING: Final = frozenset(".,:/@&+=_-%#?")

Measure = Callable[[str], float]


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two neighbouring characters."""
    if after.isspace() or after in CLOSING or before in OPENING:
        return False
    return before.isspace() or not (_is_of_word(before) and _is_of_word(after))


def atoms(text: str) -> Iterator[str]:
    """The parts that no line should divide, blanks at their ends; joined they are the text."""
    start = 0
    for position, (before, after) in enumerate(pairwise(text), 1):
        if may_break(before, after):
            yield text[start:position]
            start = position
    if start < len(text):
        yield text[start:]


def lines(
    text: str, width: float, measure: Measure, *, indent: float = 0, parts: Callable[[str], Iterable[str]] = atoms
) -> list[str]:
    """The text in lines no wider than `width`, the first by `indent` less, in the unit of `measure`; none for no text.

    Blanks where a line ends are dropped. Only one of the `parts` that is wider than a line is divided, anywhere.
    """
    found, line, room = [], "", width - indent
    for part in parts(text.strip()):
        if line and measure((line + part).rstrip()) > room:
            found.append(line.rstrip())
            line, room = "", width
        line += part
        while measure(line.rstrip()) > room and len(line) > 1:
            cut = _fitting(line, room, measure)
            found.append(line[:cut].rstrip())
            line, room = line[cut:].lstrip(), width
    return [*found, line.rstrip()] if line else found


def _fitting(line: str, room: float, measure: Measure) -> int:
    """How many characters fit, at least one."""
    cut = 1
    while cut < len(line) and measure(line[: cut + 1]) <= room:
        cut += 1
    return cut


def _is_of_word(character: str) -> bool:
    return character in _JOINING or (character.isalnum() and ord(character) < 0x2E80)
