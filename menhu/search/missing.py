"""Words that visitors ask for and no document holds, so that the webmaster can say what they mean.

Kept are words and how often, never who asked, from where, or the whole question; nothing with digits or letters, hence
no number of a person or a phone. At most MOST of them, each for so many days after it was last asked. What nobody
asked three times is not shown: it may be somebody's name.
"""

import logging
from collections import Counter
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Case, F, PositiveIntegerField, When
from django.utils.timezone import localdate

from menhu.search.asking import meant, synonyms
from menhu.search.engines import Wanted, engine
from menhu.search.models import MissedWord
from menhu.search.rules import Phrase, Question, is_han, question

MOST: Final = 1_000
MOST_SHOWN: Final = 30
LEAST_TIMES: Final = 3
LONGEST: Final = 12
DAYS: Final = 90
EACH: Final = 60.0
"""Seconds between two writes of a process: no visitor's question is to wait for a write but one a minute."""

logger = logging.getLogger(__name__)


class Waiting:
    """What one process has counted and not written yet."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        self._written = monotonic()

    def add(self, words: set[str]) -> None:
        with self._lock:
            self._counts.update(word for word in words if word in self._counts or len(self._counts) < MOST)

    def take(self, *, is_due: bool = False) -> dict[str, int]:
        """Hand over what there is, if it is time."""
        with self._lock:
            if not is_due and monotonic() - self._written < EACH:
                return {}
            self._written = monotonic()
            counts, self._counts = self._counts, Counter()
            return counts


waiting: Final = Waiting()


def note(asked: Question) -> None:
    """Count the words of a question that found nothing, if nothing holds them even by themselves."""
    words = {group[0].text for group in asked.groups if _may_be_kept(group[0].text) and _is_missing(group)}
    waiting.add(words)
    if counts := waiting.take():
        try:
            keep(counts)
        except DatabaseError:
            logger.warning("counts of missed words are lost", exc_info=True)


@transaction.atomic
def keep(counts: dict[str, int]) -> None:
    """Add counts of today, and forget what is old or too much."""
    today, words = localdate(), sorted(counts)
    MissedWord.objects.bulk_create([MissedWord(word=word, last_on=today) for word in words], ignore_conflicts=True)
    more = Case(*(When(word=word, then=counts[word]) for word in words), output_field=PositiveIntegerField())
    MissedWord.objects.filter(word__in=words).update(times=F("times") + more, last_on=today)
    MissedWord.objects.filter(last_on__lt=today - timedelta(days=DAYS)).delete()
    surplus = MissedWord.objects.order_by("-times", "-last_on", "-pk").values_list("pk", flat=True)[MOST:]
    MissedWord.objects.filter(pk__in=list(surplus)).delete()


def missed_words() -> list[MissedWord]:
    """What was asked several times and still leads nowhere, by no synonym or correction, the most asked first."""
    known = synonyms()
    rows = MissedWord.objects.filter(times__gte=LEAST_TIMES).order_by("-times", "-last_on", "-pk")[:MOST_SHOWN]
    return [row for row in rows if not meant(row.word) and all(map(_is_missing, question(row.word, known).groups))]


def _may_be_kept(word: str) -> bool:
    return 2 <= len(word) <= LONGEST and all(map(is_han, word))


def _is_missing(group: tuple[Phrase, ...]) -> bool:
    return not engine().newest(Wanted((group,)), (), 1)
