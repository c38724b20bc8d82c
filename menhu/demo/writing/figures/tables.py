"""Figures of a text that must agree with each other: shares that add up, tables with their sums."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from menhu.demo.writing.scene import Scene, number

Fact = Callable[[Scene], None]
FACTS: dict[str, Fact] = {}


def fact(name: str) -> Callable[[Fact], Fact]:
    """Register what draws the figures of a kind before its text is written."""

    def register(function: Fact) -> Fact:
        FACTS[name] = function
        return function

    return register


def split(scene: Scene, total: int, parts: int, least: int = 0) -> list[int]:
    """Cut a whole into parts of at least `least` that add up to it."""
    weights = [0.35 + scene.rng.random() for _ in range(parts)]
    free = total - least * parts
    whole = sum(weights)
    shares = [least + int(free * weight / whole) for weight in weights]
    shares[0] += total - sum(shares)
    return shares


Drawn = TypeVar("Drawn")


def sample(scene: Scene, items: Sequence[Drawn], count: int) -> list[Drawn]:
    """Draw different items."""
    return scene.rng.sample(items, count)


def cell(text: str) -> str:
    """A cell; figures stand to the right."""
    return f'<td class="ta-r">{text}</td>' if text[:1].isdigit() and "月" not in text else f"<td>{text}</td>"


def row_html(row: Sequence[str]) -> str:
    return f'<tr><th scope="row">{row[0]}</th>{"".join(map(cell, row[1:]))}</tr>'


def table(scene: Scene, name: str, caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Put a table into the scene under its name; its cells are kept for a spreadsheet beside the article."""
    body = [tuple(row) for row in rows]
    heads = "".join(f'<th scope="col">{text}</th>' for text in head)
    scene[name] = (
        f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(map(row_html, body))}</tbody></table>"
    )
    scene.rows = (tuple(head), *body)


def counted(values: Iterable[int]) -> list[str]:
    return [number(value) for value in values]
