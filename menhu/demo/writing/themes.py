"""The business of every unit as themes: what it aims at, what is hard, what is done, what is counted."""

from dataclasses import dataclass
from functools import cache

from menhu.demo.county.reading import read_lines

PACKAGE = "menhu.demo.writing"
THEME_FILES = ("party.txt", "bureaus_1.txt", "bureaus_2.txt", "bureaus_3.txt", "institutions.txt", "towns.txt")
EVERY_TOWN = "*"
ALL_YEAR = frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class Metric:
    """Something counted: 清淤渠道, 公里, between low and high; `decimals` as the bounds are written."""

    name: str
    measure: str
    low: float
    high: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of a unit's work."""

    name: str
    months: frozenset[int]
    aim: str
    hard: str
    audience: str
    measures: tuple[str, ...]
    metrics: tuple[Metric, ...]
    document: str


def parse_months(text: str) -> frozenset[int]:
    """Parse 3-5,9-11; 10-2 runs over the new year; nothing means the whole year."""
    months: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.strip().partition("-")
        start, end = int(first), int(last or first)
        months.update(range(start, end + 1) if start <= end else {*range(start, 13), *range(1, end + 1)})
    return frozenset(months) or ALL_YEAR


def parse_metric(text: str) -> Metric:
    name, measure, low, high = (part.strip() for part in text.split("|"))
    decimals = 1 if "." in low + high else 0
    return Metric(name, measure, float(low), float(high), decimals)


def build_theme(block: list[str]) -> Theme:
    """Make a theme of its lines; the first line is its name and months."""
    name, _, months = block[0].partition("|")
    marked: dict[str, list[str]] = {}
    for line in block[1:]:
        mark, _, text = line.partition(" ")
        marked.setdefault(mark, []).append(text.strip())
    return Theme(
        name=name.strip(),
        months=parse_months(months),
        aim=marked["aim"][0],
        hard=marked["hard"][0],
        audience=marked["for"][0],
        measures=tuple(marked["+"]),
        metrics=tuple(parse_metric(text) for text in marked["#"]),
        document=marked.get("~", [""])[0],
    )


def blocks_of(file_name: str) -> dict[str, list[list[str]]]:
    """Cut a themes file into the line blocks of each unit."""
    units: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for line in read_lines(PACKAGE, f"themes/{file_name}"):
        if line.startswith("["):
            current = units.setdefault(line.strip("[]"), [])
        elif line.startswith("@"):
            current.append([line[1:]])
        else:
            current[-1].append(line)
    return units


@cache
def themes_by_unit() -> dict[str, tuple[Theme, ...]]:
    """The themes under each unit's slug; those of every town stand under EVERY_TOWN."""
    return {
        slug: tuple(build_theme(block) for block in blocks)
        for file_name in THEME_FILES
        for slug, blocks in blocks_of(file_name).items()
    }


@cache
def themes_of(slug: str) -> tuple[Theme, ...]:
    """The themes a unit writes about: its own, or those of every town."""
    table = themes_by_unit()
    return table.get(slug) or table[EVERY_TOWN]
