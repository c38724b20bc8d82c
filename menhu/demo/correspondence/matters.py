"""The matters people write about, read from data/matters/, and the common phrases around them.

A matter is a block: [slug] unit=slj kinds=complaint,help place=town …, then lines by their first word: topic, title,
what, more, ask, found, done; refused ones have reason and right. A label at the end (#a) ties lines to each other.
Texts are filled by a Scene (see writing/scene.py).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from menhu.demo.county.reading import Entry, read_entries, read_headless
from menhu.demo.writing.grammar import Alternative, parse_alternative
from menhu.demo.writing.themes import ALL_YEAR, parse_months

PACKAGE = "menhu.demo.correspondence"
REFUSED_FILE = "refused.txt"
PHRASES = ("voices.txt", "answers.txt", "courses.txt")
VOICES = ("polite", "angry", "rambling", "old", "shop")


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that residents write about; `place` is city, village, town or nothing."""

    slug: str
    unit: str
    kinds: tuple[str, ...]
    place: str
    partners: tuple[str, ...]
    wrong: tuple[str, ...]
    months: frozenset[int]
    voices: tuple[str, ...]
    lines: dict[str, tuple[Alternative, ...]]

    @property
    def topic(self) -> str:
        return self.lines["topic"][0].text

    def fitting(self, key: str, label: str) -> list[str]:
        """The lines of a kind that go with a label: those that bear it and those that bear none."""
        return [one.text for one in self.lines[key] if not one.label or label in one.label.split()]


def listed(settings: dict[str, str], key: str) -> tuple[str, ...]:
    text = settings.get(key, "")
    return tuple(text.split(",")) if text else ()


def parse_matter(entry: Entry) -> Matter:
    """Make a matter of its block."""
    settings = dict(part.split("=", 1) for part in entry.head[0].split())
    return Matter(
        slug=entry.slug,
        unit=settings["unit"],
        kinds=listed(settings, "kinds"),
        place=settings.get("place", ""),
        partners=listed(settings, "partners"),
        wrong=listed(settings, "wrong"),
        months=parse_months(settings["months"]) if "months" in settings else ALL_YEAR,
        voices=listed(settings, "voices") or VOICES,
        lines={key: tuple(map(parse_alternative, lines)) for key, lines in entry.lines.items()},
    )


@cache
def matters() -> tuple[Matter, ...]:
    """Every matter that is answered, in the order of the files' names."""
    names = sorted(file.name for file in (files(PACKAGE) / "data" / "matters").iterdir())
    return tuple(parse_matter(entry) for name in names for entry in read_entries(PACKAGE, f"matters/{name}"))


@cache
def refused_matters() -> tuple[Matter, ...]:
    """What the letters office does not take on, each with the place that does."""
    return tuple(parse_matter(entry) for entry in read_entries(PACKAGE, REFUSED_FILE))


@cache
def pools() -> dict[str, list[str]]:
    """The common phrases by name: openings and closings by voice, answers' heads and tails, comments by stars."""
    return {key: lines for file in PHRASES for key, lines in read_headless(PACKAGE, file).lines.items()}
