"""Letters and requests for information, written and moved by the very steps that people take.

Each step is taken with the clock set to the moment at which it was taken, so that numbers, terms and timelines are
those that the platform itself would have written. A letter with those that follow it is one transaction; a build that
was cut off goes on with what is missing. The newest are built first, so that the first visitor need not wait.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from menhu.cases.actions.receiving import is_known
from menhu.cases.models import Case
from menhu.demo.building.clerks import Clerks
from menhu.demo.building.letters import LetterLife
from menhu.demo.building.lives import remembering
from menhu.demo.building.plan import Plan
from menhu.demo.building.requests import RequestLife
from menhu.demo.correspondence.letters import letters
from menhu.demo.correspondence.requests import requests
from menhu.demo.correspondence.texts import LetterText, RequestText
from menhu.letters.actions import counting

LATEST_DAYS: Final = 60
IDS_EACH: Final = 2
"""A letter and another matter that may be cut out of it."""


class Part(StrEnum):
    """What of the two years is built at a time."""

    LATEST = "latest"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Piece:
    """A letter or request with its place among all in order of time, and the letters that repeat it."""

    key: str
    place: int
    text: LetterText | RequestText
    followers: tuple["Piece", ...] = ()

    @property
    def pk(self) -> int:
        return self.place * IDS_EACH + 1


def build_letters(plan: Plan, part: Part | None = None) -> Iterator[int]:
    """Letters and requests of a part (None: all), oldest first; yields how many so far."""
    clerks, done = Clerks(), 0
    with remembering():
        for piece in pieces(plan, part):
            with transaction.atomic():
                if not is_known(piece.key):
                    life_of(piece, clerks).live()
            done += 1 + len(piece.followers)
            yield done
    count_on()
    counting.take_figures(timezone.now())


def pieces(plan: Plan, part: Part | None = None) -> list[Piece]:
    """What is to be built, followers inside what they follow."""
    written = list(letters(plan.seed, plan.size.letters, plan.first_day, plan.last_day))
    asked = list(requests(plan.seed, plan.size.requests, plan.first_day, plan.last_day))
    texts: list[LetterText | RequestText] = [*written, *asked]
    place = {id(text): place for place, text in enumerate(sorted(texts, key=lambda text: text.at))}
    own = {number: Piece(f"demo-letter-{number + 1}", place[id(text)], text) for number, text in enumerate(written)}
    followers: dict[int, list[Piece]] = {}
    for number, text in enumerate(written):
        if text.duplicate_of is not None:
            followers.setdefault(text.duplicate_of, []).append(own.pop(number))
    found = [Piece(p.key, p.place, p.text, tuple(followers.get(number, ()))) for number, p in own.items()]
    found += [Piece(f"demo-request-{number}", place[id(text)], text) for number, text in enumerate(asked, 1)]
    since = plan.last_day - timedelta(days=LATEST_DAYS)
    return sorted((piece for piece in found if is_of(piece, part, since)), key=lambda piece: piece.place)


def is_of(piece: Piece, part: Part | None, since: date) -> bool:
    return part is None or (piece.text.at.date() >= since) == (part is Part.LATEST)


def how_many(found: Sequence[Piece]) -> int:
    return sum(1 + len(piece.followers) for piece in found)


def life_of(piece: Piece, clerks: Clerks) -> LetterLife | RequestLife:
    if isinstance(piece.text, RequestText):
        return RequestLife(piece.text, piece.key, piece.pk, clerks)
    life = LetterLife(piece.text, piece.key, piece.pk, clerks)
    for follower in piece.followers:
        if isinstance(follower.text, LetterText):
            life.followers.append(LetterLife(follower.text, follower.key, follower.pk, clerks))
    return life


def count_on() -> None:
    """Ids that were given here are not given again (PostgreSQL)."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Case]):
            cursor.execute(sql)
