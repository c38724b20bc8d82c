"""Which unit a letter may belong to: learned at night from the install's own routed letters; a person decides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from menhu.cases.models import Case, Sender
from menhu.core.personal import find, propose
from menhu.letters import routing
from menhu.letters.kinds import FAMILY
from menhu.units.models import Unit

MOST: Final = 200_000
LEARNING_HOUR: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s\-—－·.]?\d){6,}")
"""Seven digits and more, also with blanks or dashes between them: orders, meters, cards that no rule knows."""


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
    name = Sender.objects.filter(case=case).values_list("name", flat=True).first() or ""
    guesses = model.guess(masked(f"{case.title}\n{case.text}", name))
    units = Unit.objects.active().in_bulk([guess.unit_id for guess in guesses])
    return [Suggestion(units[g.unit_id], round(g.share * 100)) for g in guesses if g.unit_id in units]


def _samples() -> Iterator[tuple[str, int]]:
    answered = Case.objects.filter(kind__family=FAMILY, lead__isnull=False, answered_at__isnull=False)
    rows = answered.filter(anonymised_at__isnull=True).order_by("-pk")
    columns = rows.values_list("title", "text", "lead_id", "sender__name")[:MOST]
    for title, text, lead, name in columns.iterator(chunk_size=1_000):
        yield masked(f"{title}\n{text}", name or ""), lead


def masked(text: str, name: str) -> str:
    """The text without its sender's name, and without what leads to a person; no long number stays whatever it is."""
    names = (name.strip(),) if name.strip() else ()
    return _LONG_NUMBER.sub("某号", propose(text, find(text, names=names)))


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
