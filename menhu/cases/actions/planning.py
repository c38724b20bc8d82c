"""Which cases a rule of keeping would meet now: counted, with a few numbers, before anything is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from menhu.cases.enums import RetentionDeed
from menhu.cases.models import Case, CaseKind, RetentionRule
from menhu.cases.retention import holds, words_of
from menhu.cases.rules import Keeping, coverage

SHOWN: Final = 20
"""So many numbers of each rule are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class Term:
    """A rule as it meets cases: of these kinds, ended before this moment."""

    rule: RetentionRule
    kinds: frozenset[int]
    before: datetime

    @property
    def condition(self) -> Q:
        return Q(kind_id__in=self.kinds, ended_at__lt=self.before)


@dataclass(slots=True)
class Plan:
    """What one rule would do: how many cases, some of their numbers, and which are passed over for what reason."""

    rule: RetentionRule
    kinds: tuple[CaseKind, ...]
    before: datetime
    planned: int = 0
    numbers: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    held: list[tuple[str, str]] = field(default_factory=list)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons in words with their counts."""
        return in_words(self.skipped)


def plan(now: datetime, *, rule: RetentionRule | None = None) -> list[Plan]:
    """What the rules in force would do, or this one as if it were in force: the same few queries for any number."""
    rows = list(RetentionRule.objects.in_order().prefetch_related("kinds"))
    wanted = [row for row in rows if (row.is_active if rule is None else row.pk == rule.pk)]
    kinds = {kind.pk: kind for kind in CaseKind.objects.order_by("family", "position", "pk")}
    terms = terms_of(wanted, rows, kinds, now)
    plans = {
        term.rule.pk: Plan(term.rule, tuple(kinds[pk] for pk in kinds if pk in term.kinds), term.before)
        for term in terms
    }
    for deed in RetentionDeed:
        _fill(plans, deed, [term for term in terms if term.rule.deed == deed])
    return list(plans.values())


def terms_of(
    wanted: Iterable[RetentionRule], rules: Sequence[RetentionRule], kinds: Iterable[int], now: datetime
) -> list[Term]:
    """The rules wanted, each with the kinds that are its own beside the other rules in force."""
    shapes, every = [shape_of(rule) for rule in rules], frozenset(kinds)
    return [Term(rule, coverage(shape_of(rule), shapes, every), ended_before(rule.days, now)) for rule in wanted]


def shape_of(rule: RetentionRule) -> Keeping:
    named = frozenset(kind.pk for kind in rule.kinds.all())
    return Keeping(rule.pk, rule.deed == RetentionDeed.DELETE, rule.days, named, rule.is_active)


def ended_before(days: int, now: datetime) -> datetime:
    """What ended before this moment has been kept for so many whole days of the calendar after the day of its end."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


def due(deed: str, terms: Sequence[Term]) -> QuerySet[Any]:
    """The cases that the rules of one deed meet, with `rule` (its key) and `why` they are passed over ("" if not)."""
    rows = Case.objects.ended().filter(reduce(or_, (term.condition for term in terms), Q(pk__in=[])))
    if deed == RetentionDeed.ANONYMISE:
        rows = rows.filter(anonymised_at__isnull=True)
    whens = [When(term.condition, then=Value(term.rule.pk)) for term in terms]
    return rows.annotate(rule=Choice(*whens, output_field=IntegerField()), why=_why())


def in_words(skipped: dict[str, int]) -> list[tuple[str, int]]:
    return [(words_of(code), count) for code, count in skipped.items()]


def _why() -> Choice:
    reasons = (When(pk__in=hold.cases(), then=Value(hold.code)) for hold in holds())
    return Choice(*reasons, default=Value(""))


def _fill(plans: dict[int, Plan], deed: str, terms: Sequence[Term]) -> None:
    if not terms:
        return
    rows = due(deed, terms)
    for key, why, count in rows.order_by("rule", "why").values_list("rule", "why").annotate(count=Count("pk")):
        if why:
            plans[key].skipped[why] = count
        else:
            plans[key].planned = count
    for number, key, why in _first(rows):
        if why:
            plans[key].held.append((number, words_of(why)))
        else:
            plans[key].numbers.append(number)


def _first(rows: QuerySet[Any]) -> Iterable[tuple[str, int, str]]:
    """The first few of each rule and reason."""
    rank = Window(RowNumber(), partition_by=[F("rule"), F("why")], order_by="pk")
    first = rows.annotate(rank=rank).filter(rank__lte=SHOWN).order_by("pk")
    found: Iterable[tuple[str, int, str]] = first.values_list("number", "rule", "why")
    return found
