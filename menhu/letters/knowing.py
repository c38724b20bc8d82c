"""What the knowledge base has to say on a matter: model answers by likeness and by words."""

from functools import lru_cache
from typing import Final

from django.db.models import Max

from menhu.cases.models import Case
from menhu.core.cursors import row_number
from menhu.letters.enums import CopyState
from menhu.letters.finding import matching
from menhu.letters.models import PublicCopy
from menhu.letters.querysets import PublicCopyQuerySet
from menhu.letters.rules import Pairs, most_alike, pairs_of

MOST: Final = 3
LOOKED_AT: Final = 1_000
"""The newest model answers that are compared and searched: hand-picked ones are far fewer."""


def model_answers(unit_id: int | None = None, kind_id: int | None = None) -> PublicCopyQuerySet:
    """Model answers that the public may read, of one unit and one kind where they are named."""
    asked = {"unit_id": unit_id, "kind_id": kind_id}
    return PublicCopy.objects.known().filter(**{name: value for name, value in asked.items() if value is not None})


def likest(case: Case, most: int = MOST) -> list[PublicCopy]:
    """The model answers to the letters most like this one: two queries, one more where letters changed."""
    keys = most_alike(pairs_of(f"{case.title}\n{case.text}"), _pairs(), most)
    found = PublicCopy.objects.known().select_related("unit").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def with_words(text: str, rows: PublicCopyQuerySet) -> PublicCopyQuerySet:
    """Those of the newest of the rows in which the words stand, as the search sees words."""
    keys = list(rows.newest_first().values_list("pk", flat=True)[:LOOKED_AT])
    return rows.filter(pk__in=matching(text, keys))


def beginning(case: Case, key: str) -> str:
    """The words of a model answer with which another answer may begin; empty where it is none (any more)."""
    return PublicCopy.objects.known().filter(pk=row_number(key) or 0).values_list("answer", flat=True).first() or ""


def _pairs() -> dict[int, Pairs]:
    """The pairs of each letter, kept until a mark, a publication or a withdrawal changes which there are."""
    rows = PublicCopy.objects.known()
    keys = rows.newest_first().values_list("pk", flat=True)[:LOOKED_AT]
    return _kept(tuple(keys), str(rows.aggregate(newest=Max("published_at"))["newest"]))


@lru_cache(maxsize=2)
def _kept(keys: tuple[int, ...], _stamp: str) -> dict[int, Pairs]:
    rows = PublicCopy.objects.filter(pk__in=keys, state=CopyState.PUBLISHED).values_list("pk", "title", "question")
    return {pk: pairs_of(f"{title}\n{question}") for pk, title, question in rows}
