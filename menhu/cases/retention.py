"""What apps above keep of a case, and what holds a case back: they join the erasure of cases by registration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HIDDEN = _("内容已按保存期限隐去")
"""What stands where a text must not be empty."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some cases that are erased in one transaction: their ids and numbers, in the same order."""

    ids: tuple[int, ...]
    numbers: tuple[str, ...]
    now: datetime


Erase = Callable[[Portion], None]
"""Runs inside the portion's transaction, in a number of queries that does not grow with the portion."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a case is not erased though its time is over; `cases` gives the ids of all cases held back so (unevaluated).

    The code stays in reports: it is never given another meaning.
    """

    code: str
    words: str | Promise
    cases: Callable[[], QuerySet[Any, Any]]


@dataclass(frozen=True, slots=True)
class Provider:
    """An app's part: what leads to a person goes (`anonymise`, figures stay), or everything goes (`delete`).

    `delete` runs before the rows go by cascade: it is for what no cascade reaches.
    """

    name: str
    anonymise: Erase
    delete: Erase
    holds: tuple[Hold, ...] = ()


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Join, in `AppConfig.ready`; the same name again replaces it."""
    _providers[provider.name] = provider


def providers() -> tuple[Provider, ...]:
    return tuple(_providers.values())


def words_of(code: str) -> str:
    """A reason in words; the code itself where nobody gives it any more."""
    return next((str(hold.words) for hold in holds() if hold.code == code), code)


def holds() -> tuple[Hold, ...]:
    """All reasons to pass a case over; the first that is met is reported."""
    return tuple(hold for provider in _providers.values() for hold in provider.holds)
