"""Which unit a letter may belong to: learned at night from the install's own routed letters; a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from menhu.cases.models import Case
from menhu.letters import routing
from menhu.letters.kinds import FAMILY
from menhu.units.models import Unit

MOST: Final = 200_000
LEARNING_HOUR: Final = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit, and in how many of a hundred such guesses it was the right one."""

    unit: Unit
    percent: int


def model_path() -> Path:
    return Path(settings.HOME) / "routing" / "model.npz"


def learn() -> routing.Report | None:
    """Train on the newest routed letters and keep the model; None without scikit-learn or with too few letters."""
    if not routing.is_available():
        return None
    model = routing.train(_samples())
    if model is None:
        return None
    routing.save(model, model_path())
    return model.report


def learn_at_night(now: datetime) -> None:
    """Once a day, in the hour when nobody waits."""
    path = model_path()
    local = timezone.localtime(now)
    is_old = not path.exists() or now.timestamp() - path.stat().st_mtime > 20 * 3600
    if local.hour == LEARNING_HOUR and is_old:
        learn()


def suggestions(case: Case) -> list[Suggestion]:
    """The three best guesses; none where nothing was learned."""
    model = _model()
    if model is None:
        return []
    guesses = model.guess(f"{case.title}\n{case.text}")
    units = Unit.objects.active().in_bulk([guess.unit_id for guess in guesses])
    return [Suggestion(units[g.unit_id], round(g.share * 100)) for g in guesses if g.unit_id in units]


def _samples() -> Iterator[tuple[str, int]]:
    rows = Case.objects.filter(kind__family=FAMILY, lead__isnull=False, answered_at__isnull=False).order_by("-pk")
    for title, text, lead in rows.values_list("title", "text", "lead_id")[:MOST].iterator(chunk_size=1_000):
        yield f"{title}\n{text}", lead


def _model() -> routing.Model | None:
    path = model_path()
    if not routing.is_available() or not path.exists():
        return None
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _loaded(path: Path, _stamp: int) -> routing.Model | None:
    try:
        return routing.load(path)
    except routing.ModelBroken:
        return None
