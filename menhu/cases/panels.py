"""What apps above add to the back-office page of a case: panels, reply templates, attachments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString

from menhu.accounts.models import User
from menhu.cases.models import Case


class Position(StrEnum):
    """Where on the page: below the letter, below the answers, beside them, or on the printed work sheet."""

    LETTER = "letter"
    ANSWER = "answer"
    SIDE = "side"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Panel:
    """`draw` gives safe HTML in the components of the back office (a `section.sheet`), or None where there is none."""

    name: str
    position: Position
    draw: Callable[[Case, User], SafeString | None]


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """Words to begin an answer with."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with the case: its name, where a person of the house gets it, its size in words."""

    name: str
    address: str
    size: str = ""


_panels: dict[str, Panel] = {}
_templates: list[Callable[[Case], Iterable[ReplyTemplate]]] = []
_attachments: list[Callable[[Case], Iterable[Attachment]]] = []


def register(panel: Panel) -> None:
    """Add a panel, in `AppConfig.ready`; the same name again replaces it."""
    _panels[panel.name] = panel


def give_templates(source: Callable[[Case], Iterable[ReplyTemplate]]) -> None:
    """Register, in `AppConfig.ready`, who has reply templates for cases."""
    _templates.append(source)


def give_attachments(source: Callable[[Case], Iterable[Attachment]]) -> None:
    """Register, in `AppConfig.ready`, who keeps files of cases."""
    _attachments.append(source)


def drawn(case: Case, user: User) -> dict[str, list[SafeString]]:
    """The panels that have something to show, by position, in the order in which they were registered."""
    found: dict[str, list[SafeString]] = {position.value: [] for position in Position}
    for panel in _panels.values():
        html = panel.draw(case, user)
        if html:
            found[panel.position.value].append(html)
    return found


def templates_for(case: Case) -> list[ReplyTemplate]:
    return [template for source in _templates for template in source(case)]


def attachments_of(case: Case) -> list[Attachment]:
    return [attachment for source in _attachments for attachment in source(case)]
