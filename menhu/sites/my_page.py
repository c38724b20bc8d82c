"""What a citizen finds on "我的": sections that higher apps register, e.g. the letters they wrote."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from menhu.accounts.models import Citizen
from menhu.core.frames import Entry, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest rows of a section, a bounded number; `more` leads to all of them, `empty_text` stands for none."""

    entries: tuple[Entry, ...] = ()
    empty_text: str = ""
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page: a key that is unique, its heading, and what it shows (a fixed number of queries)."""

    key: str
    label: str | Promise
    show: Callable[[Citizen], Shown]
    position: int = 100


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Put a section on the page, in `AppConfig.ready`; one of the same key is replaced."""
    _sections[section.key] = section


def sections() -> tuple[Section, ...]:
    """In the order of the page."""
    return tuple(sorted(_sections.values(), key=lambda section: (section.position, section.key)))
