"""What is built: how much, from which seed, up to which day; kept beside the data so that a later run continues."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from menhu.demo.county.units import Unit, all_units

SEED: Final = 20261122
YEARS: Final = 2
FILE: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """A size of the demo. `sites` limits the unit sites (None: every unit has one)."""

    name: str
    articles: int
    in_progress: int
    attachments: int
    letters: int
    requests: int
    sites: tuple[str, ...] | None = None


SCALES: Final = {
    "small": Scale(
        "small",
        articles=100,
        in_progress=12,
        attachments=6,
        letters=60,
        requests=8,
        sites=("jyj", "slj", "mzj", "jtj", "xwxcb", "sqz", "qpx"),
    ),
    "county": Scale("county", articles=2_000, in_progress=40, attachments=60, letters=800, requests=40),
    "city": Scale("city", articles=100_000, in_progress=40, attachments=200, letters=800, requests=40),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One build. The day is kept, so that a build continued tomorrow writes the same texts."""

    scale: str
    seed: int
    end: str

    @property
    def size(self) -> Scale:
        return SCALES[self.scale]

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.end)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=365 * YEARS)

    def units_with_site(self) -> Iterator[Unit]:
        chosen = self.size.sites
        return (unit for unit in all_units() if chosen is None or unit.slug in chosen)


def kept_plan(home: Path) -> Plan | None:
    """The plan of the county in this data directory; None where none was begun."""
    path = home / FILE
    if not path.exists():
        return None
    return Plan(**json.loads(path.read_text(encoding="utf-8")))


def keep_plan(home: Path, plan: Plan) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(json.dumps(asdict(plan), ensure_ascii=False), encoding="utf-8")
