"""Figures of law and of the house: declared by apps with a default and a source, kept as editable rows."""

from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Final

from menhu.core.models import Confidence, Figure


@dataclass(frozen=True, slots=True)
class Declaration:
    """A figure as an app ships it; the row in the database wins once it exists."""

    key: str
    label: str
    value: Decimal
    unit: str
    source: str
    confidence: Confidence


_declared: dict[str, Declaration] = {}
_RECENT_SECONDS: Final = 10
_recent: dict[str, tuple[float, Decimal]] = {}


def declare(key: str, label: str, value: int | str, unit: str, source: str, confidence: Confidence) -> None:
    """Register a figure in `AppConfig.ready`; rows are made by `seed` after migrations."""
    _declared[key] = Declaration(key, label, Decimal(value), unit, source, confidence)


def figure(key: str) -> Decimal:
    """The figure in force. Raises KeyError for a key that no app declared."""
    declared = _declared[key]
    stored = Figure.objects.filter(key=key).values_list("value", flat=True).first()
    return declared.value if stored is None else stored


def recent_figure(key: str) -> Decimal:
    """The figure as it stood at most ten seconds ago: for what is asked many times a second. Raises KeyError."""
    until, value = _recent.get(key, (0.0, Decimal()))
    if monotonic() >= until:
        value = figure(key)
        _recent[key] = (monotonic() + _RECENT_SECONDS, value)
    return value


def forget_recent() -> None:
    """Read every figure anew: for whoever has just changed one, and between tests."""
    _recent.clear()


def seed() -> None:
    """Make the rows that are missing; never touch a row that somebody may have edited."""
    Figure.objects.bulk_create(
        [
            Figure(key=d.key, label=d.label, value=d.value, unit=d.unit, source=d.source, confidence=d.confidence)
            for d in _declared.values()
        ],
        ignore_conflicts=True,
    )
