"""From what a visitor typed to a page of results: ranked, paged by keys, never a scan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection

from menhu.core.cursors import row_number
from menhu.search.engines import Wanted, engine
from menhu.search.models import Document, HotWord, Synonym, WrongWord
from menhu.search.rules import Excerpt, Question, excerpt, fold, question
from menhu.search.types import labels

PAGE: Final = 10
MOST_COUNTED: Final = 1_000
WORST: Final = 9
"""Rank of what meets the question, but not as a whole and not in its title."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; empty fields stand for everywhere. `month` is "2026-06" or "2026"."""

    type: str = ""
    site_id: int | None = None
    column_id: int | None = None
    month: str = ""

    def tokens(self) -> tuple[tuple[str, ...], ...]:
        found = [
            f"t{self.type}" if self.type else "",
            f"s{self.site_id}" if self.site_id is not None else "",
            f"c{self.column_id}" if self.column_id is not None else "",
            f"{'m' if len(self.month) > 4 else 'y'}{self.month.replace('-', '')}" if self.month else "",
        ]
        return tuple((token,) for token in found if token)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this document of this rank."""

    rank: int = 0
    before: int | None = None

    def __str__(self) -> str:
        return f"{self.rank}.{self.before}"

    @classmethod
    def of(cls, text: str) -> "Cursor":
        """The inverse of `str`; the beginning for anything else."""
        rank, before = map(row_number, (text.partition(".")[::2]))
        return cls() if rank is None or before is None or rank > 9 else cls(rank, before)


START: Final = Cursor()


@dataclass(frozen=True, slots=True)
class Hit:
    """One result, with the words marked where they are written."""

    document: Document
    title: Excerpt
    text: Excerpt


@dataclass(frozen=True, slots=True)
class Count:
    """How many, exactly or "1,000+"; `is_least` where counting ended elsewhere."""

    number: int
    is_least: bool = False

    def __str__(self) -> str:
        if self.number > MOST_COUNTED:
            return f"{MOST_COUNTED:,}+"
        return f"{self.number:,}{'+' if self.is_least and self.number else ''}"


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results; `following` begins the next page, None at the end."""

    asked: Question
    hits: tuple[Hit, ...]
    count: Count
    following: Cursor | None
    types: tuple[tuple[str, Count], ...] = ()
    meant: str = ""


def search(text: str, scope: Scope, *, is_by_date: bool = False, cursor: Cursor = START, size: int = PAGE) -> Results:
    """A page of results: the newest thousand that meet the question are ranked, older ones are counted as "+"."""
    asked = question(text, synonyms())
    if not asked:
        return Results(asked, (), Count(0), None, meant=meant(text))
    newest = _newest(asked, scope)
    ranks = {} if is_by_date else _ranks(asked, newest)
    order = sorted((ranks.get(number, WORST), -number) for number in newest[:MOST_COUNTED])
    rest = [place for place in order if cursor.before is None or place > (cursor.rank, -cursor.before)]
    following = Cursor(rest[size - 1][0], -rest[size - 1][1]) if len(rest) > size else None
    free = replace(scope, type="")
    types = _types(asked, free, _newest(asked, free) if scope.type else newest)
    hits = _hits([-number for _, number in rest[:size]], asked)
    return Results(asked, hits, Count(len(newest)), following, types, "" if newest else meant(text))


def _newest(asked: Question, scope: Scope, types: Sequence[str] = ()) -> list[int]:
    among = (tuple(f"t{code}" for code in types),) if types else ()
    return engine().newest(Wanted(asked.groups), (*scope.tokens(), *among), MOST_COUNTED + 1)


def _ranks(asked: Question, numbers: Sequence[int]) -> dict[int, int]:
    """0 for the whole phrase in the title, then all words in the title, the whole phrase anywhere."""
    better = [Wanted(asked.groups, in_title=True)]
    if asked.exact is not None and len(asked.groups) > 1:
        exact = ((asked.exact,),)
        better = [Wanted(exact, in_title=True), better[0], Wanted(exact)]
    ranks: dict[int, int] = {}
    for rank, wanted in enumerate(better):
        for number in engine().among(wanted, numbers):
            ranks.setdefault(number, rank)
    return ranks


def suggestions(text: str, scope: Scope, limit: int = 8) -> list[str]:
    """Titles that hold what was typed so far, newest first."""
    asked = question(text)
    if not asked:
        return []
    found = engine().newest(Wanted(asked.groups, in_title=True), scope.tokens(), limit)
    rows = Document.objects.in_bulk(found)
    return list(dict.fromkeys(rows[number].title for number in sorted(rows, reverse=True)))


def hot_words(limit: int = 6) -> list[str]:
    """What the webmaster offers."""
    return list(HotWord.objects.values_list("word", flat=True)[:limit])


def synonyms() -> dict[str, tuple[str, ...]]:
    """Each folded word with the others of its group."""
    found: dict[str, tuple[str, ...]] = {}
    for words in Synonym.objects.values_list("words", flat=True):
        group = fold(words).split()
        found.update({word: (*found.get(word, ()), *(w for w in group if w != word)) for word in group})
    return found


def meant(text: str) -> str:
    """The question with mistyped words put right; empty where there are none."""
    folded = fold(text)
    right = folded
    for wrong in WrongWord.objects.all():
        right = right.replace(fold(wrong.wrong), wrong.right)
    return right if right != folded else ""


def _hits(numbers: Sequence[int], asked: Question) -> tuple[Hit, ...]:
    rows = Document.objects.in_bulk(numbers)
    found = [rows[number] for number in numbers if number in rows]
    words = (*asked.words, asked.exact.text.strip()) if asked.exact else asked.words
    return tuple(Hit(row, excerpt(row.title, words, length=len(row.title)), excerpt(row.body, words)) for row in found)


def _types(asked: Question, scope: Scope, newest: Sequence[int]) -> tuple[tuple[str, Count], ...]:
    """How many of each type there are. Where counting was cut short, each may be more; types that the newest have
    none of are asked by themselves, so that a site is not lost behind a thousand articles that name it."""
    counts = _by_type(newest)
    is_cut = len(newest) > MOST_COUNTED
    rare = [code for code in labels() if is_cut and code not in counts]
    behind = _by_type(_newest(asked, scope, rare)) if rare else {}
    return tuple(
        (code, Count(counts[code], is_least=is_cut) if code in counts else Count(behind.get(code, 0)))
        for code in labels()
    )


def _by_type(numbers: Sequence[int]) -> dict[str, int]:
    """By hand, since Django takes longer to write a thousand parameters than the database to count."""
    if not numbers:
        return {}
    among = ",".join(str(int(number)) for number in numbers)
    with connection.cursor() as cursor:
        table = Document._meta.db_table
        cursor.execute(f"SELECT type, COUNT(*) FROM {table} WHERE number IN ({among}) GROUP BY type")  # noqa: S608
        return dict(cursor.fetchall())
