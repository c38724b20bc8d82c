"""From what a visitor typed to a page of results: ranked in tiers, paged by keys, never a scan."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from menhu.search.engines import Tier, Wanted, engine
from menhu.search.models import Document, HotWord, Synonym, WrongWord
from menhu.search.rules import Excerpt, Question, excerpt, fold, question
from menhu.search.types import labels

PAGE: Final = 10
MOST_COUNTED: Final = 1_000


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
    """Where a page begins: after this document of this tier."""

    tier: int = 0
    before: int | None = None

    def __str__(self) -> str:
        return f"{self.tier}.{self.before}"

    @classmethod
    def of(cls, text: str) -> "Cursor":
        """The inverse of `str`; the beginning for anything else."""
        tier, _, before = text.partition(".")
        if not (tier.isdecimal() and before.isdecimal() and len(tier) == 1 and len(before) < 19):
            return cls()
        return cls(int(tier), int(before))


START: Final = Cursor()


@dataclass(frozen=True, slots=True)
class Hit:
    """One result, with the words marked where they are written."""

    document: Document
    title: Excerpt
    text: Excerpt


@dataclass(frozen=True, slots=True)
class Count:
    """How many, exactly or "1,000+"."""

    number: int

    def __str__(self) -> str:
        return f"{MOST_COUNTED:,}+" if self.number > MOST_COUNTED else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results; `following` begins the next page, None at the end."""

    asked: Question
    hits: tuple[Hit, ...]
    count: Count
    following: Cursor | None
    types: tuple[tuple[str, Count], ...] = ()
    meant: str = ""


@dataclass(slots=True)
class _Page:
    numbers: list[int] = field(default_factory=list)
    following: Cursor | None = None


def search(
    text: str, scope: Scope, *, is_by_date: bool = False, cursor: Cursor | None = None, size: int = PAGE
) -> Results:
    """A page of results. What was mistyped is searched as meant where nothing is found as written."""
    asked = question(text, synonyms())
    if not asked:
        return Results(asked, (), Count(0), None, meant=meant(text))
    tiers = _tiers(asked, scope, is_by_date=is_by_date)
    page = _page(tiers, cursor or START, size)
    count = Count(engine().count(_whole(asked, scope), most=MOST_COUNTED + 1))
    return Results(
        asked,
        _hits(page.numbers, asked),
        count,
        page.following,
        _types(asked, scope),
        "" if count.number else meant(text),
    )


def suggestions(text: str, scope: Scope, limit: int = 8) -> list[str]:
    """Titles that hold what was typed so far, newest first."""
    asked = question(text)
    if not asked:
        return []
    tier = Tier(Wanted(asked.groups, in_title=True), scope=scope.tokens())
    rows = Document.objects.in_bulk(engine().newest(tier, before=None, limit=limit))
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


def _tiers(asked: Question, scope: Scope, *, is_by_date: bool) -> list[Tier]:
    """Whole phrase in the title, all words in the title, whole phrase anywhere, all words anywhere."""
    if is_by_date:
        return [_whole(asked, scope)]
    ranks = [Wanted(asked.groups, in_title=True), Wanted(asked.groups)]
    if asked.exact is not None and len(asked.groups) > 1:
        exact = ((asked.exact,),)
        ranks = [Wanted(exact, in_title=True), ranks[0], Wanted(exact), ranks[1]]
    return [Tier(rank, tuple(ranks[:at]), scope.tokens()) for at, rank in enumerate(ranks)]


def _whole(asked: Question, scope: Scope) -> Tier:
    return Tier(Wanted(asked.groups), scope=scope.tokens())


def _page(tiers: Sequence[Tier], cursor: Cursor, size: int) -> _Page:
    """Fill the page from its tier on; one more is asked for, to know whether another page follows."""
    page, before = _Page(), cursor.before
    for at in range(cursor.tier, len(tiers)):
        found = engine().newest(tiers[at], before=before, limit=size + 1 - len(page.numbers))
        before = None
        for number in found:
            if len(page.numbers) == size:
                return page
            page.numbers.append(number)
            page.following = Cursor(at, number)
    page.following = None
    return page


def _hits(numbers: Sequence[int], asked: Question) -> tuple[Hit, ...]:
    rows = Document.objects.in_bulk(numbers)
    found = [rows[number] for number in numbers if number in rows]
    words = asked.words
    return tuple(Hit(row, excerpt(row.title, words, length=len(row.title)), excerpt(row.body, words)) for row in found)


def _types(asked: Question, scope: Scope) -> tuple[tuple[str, Count], ...]:
    """How many there are of each type, whichever is chosen now."""
    found = ((code, _whole(asked, replace(scope, type=code))) for code in labels())
    return tuple((code, Count(engine().count(tier, most=MOST_COUNTED + 1))) for code, tier in found)
