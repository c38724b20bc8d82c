"""Who writes what on which day: weights of units and kinds, the calendar of reports, and fresh texts at the end."""

import heapq
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, islice

from menhu.demo.county.columns import portal_columns
from menhu.demo.county.units import Unit, all_units, units_by_slug
from menhu.demo.writing.days import each_day, holidays, is_workday
from menhu.demo.writing.grammar import Kind, all_kinds, applies
from menhu.demo.writing.themes import Theme, themes_of

KIND_OF_UNIT_WEIGHT = {
    "office": 1.0,
    "department": 1.5,
    "vertical": 1.1,
    "institution": 0.8,
    "mass": 0.8,
    "town": 1.5,
    "township": 1.4,
}
UNIT_WEIGHT = {
    "xzfb": 8.0,
    "xwb": 2.6,
    "rmtzx": 3.6,
    "jyj": 2.4,
    "slj": 2.2,
    "qxj": 2.4,
    "xzspj": 2.0,
    "jtj": 2.0,
    "nyncj": 2.2,
    "ggzyzx": 2.4,
    "scjgj": 2.2,
    "sthjj": 2.0,
    "jyfwzx": 1.8,
    "sjj": 1.6,
    "tzcjzx": 1.4,
    "wlj": 2.0,
    "jkzx": 1.3,
    "rsj": 2.0,
    "xbmj": 0.6,
    "gdb": 0.6,
}
# Units whose news column goes stale, so that an inspection has something to find.
STALE = frozenset({"gdb", "jgswzx", "bwg"})
# Largest share of all texts that each group of the calendar may take.
REPORT_SHARE = 0.1
HOLIDAY_SHARE = 0.02
SERIES_SHARE = 0.12
FRESH_SHARE = 0.12
PORTAL_SHARE = 0.4
# What comes out regularly: unit, kind, days between.
SERIES = (
    ("tjj", "statistics", 30),
    ("sthjj", "air", 30),
    ("xzspj", "hotline", 30),
    ("rmtzx", "interview", 30),
    ("sjj", "audit_result", 45),
    ("fgj", "prices", 14),
    ("hkglzx", "water_level", 10),
    ("qxj", "weather", 7),
    ("xzfb", "county_meeting", 12),
    ("rmtzx", "county_story", 21),
    ("xzfb", "supervision", 60),
)
OPEN_ON_HOLIDAYS = ("xzspj", "rsj", "ybj", "xrmyy", "tsg", "fjqglzx", "sbzx", "gjjglb")
FRESH_DAYS = 11


@dataclass(slots=True)
class Job:
    """One text to write: by whom, of what kind; `voice` is the unit whose business it is about."""

    unit: Unit
    kind: Kind
    voice: Unit | None = None
    theme: Theme | None = None
    words: dict[str, object] = field(default_factory=dict)
    interprets: str | None = None


@cache
def kinds_of(slug: str, month: int) -> tuple[tuple[Kind, ...], tuple[int, ...]]:
    """The kinds a unit writes in a month, with their running weights."""
    unit = units_by_slug()[slug]
    kinds = tuple(
        kind
        for kind in all_kinds().values()
        if kind.weight and month in kind.months and applies(kind.where, unit) and has_matter(kind, unit)
    )
    return kinds, tuple(accumulate(kind.weight for kind in kinds))


def has_matter(kind: Kind, unit: Unit) -> bool:
    """Whether a unit has a theme that the kind can be about."""
    if kind.topic is None or unit.slug == "xzfb":
        return True
    return any(kind.topic.search(theme.name) for theme in themes_of(unit.slug))


@cache
def unit_wheel() -> tuple[tuple[Unit, ...], tuple[float, ...]]:
    """All units with their running weights."""
    units = all_units()
    weights = (UNIT_WEIGHT.get(unit.slug, KIND_OF_UNIT_WEIGHT[unit.kind]) for unit in units)
    return units, tuple(accumulate(weights))


def any_unit(rng: random.Random) -> Unit:
    units, reached = unit_wheel()
    return units[bisect(reached, rng.random() * reached[-1])]


def any_kind(rng: random.Random, unit: Unit, month: int) -> Kind:
    kinds, reached = kinds_of(unit.slug, month)
    return kinds[bisect(reached, rng.random() * reached[-1])]


@cache
def fitting_themes(slug: str, month: int, kind_name: str) -> tuple[Theme, ...]:
    """A unit's themes for a kind in a month: on the kind's topic and in season, as far as there are any."""
    themes = themes_of(slug)
    topic = all_kinds()[kind_name].topic
    if topic:
        themes = tuple(theme for theme in themes if topic.search(theme.name)) or themes
    return tuple(theme for theme in themes if month in theme.months) or themes


def any_theme(rng: random.Random, unit: Unit, month: int, kind: Kind) -> Theme:
    themes = fitting_themes(unit.slug, month, kind.name)
    return themes[int(rng.random() * len(themes))]


def workday_between(rng: random.Random, first: date, last: date) -> date:
    days = [day for day in each_day(first, last) if is_workday(day)] or [last]
    return days[int(rng.random() * len(days))]


@cache
def writers_for(column: str, month: int) -> tuple[tuple[Unit, Kind], ...]:
    """Who writes what that the portal takes into a column first of all."""
    pairs = ((unit, kind) for unit in all_units() for kind in kinds_of(unit.slug, month)[0])
    return tuple((unit, kind) for unit, kind in pairs if kind.portals[:1] and kind.portals[0][0] == column)


def special_job(column: str) -> Job | None:
    """A text for a column that no kind is made for."""
    units, kinds = units_by_slug(), all_kinds()
    if column == "hmxc":
        theme = next(theme for theme in themes_of("nyncj") if theme.name == "和美乡村建设")
        return Job(units["nyncj"], kinds["progress"], theme=theme)
    if column == "zfhy":
        return Job(units["xzfb"], kinds["county_meeting"], words={"label": "exec"})
    if column == "ghjh":
        return Job(units["fgj"], kinds["work_summary"])
    return None


class Calendar:
    """Texts that have their day: yearly reports, holiday notices, interpretations, and a fresh end of every site."""

    def __init__(self, rng: random.Random, count: int, start: date, end: date) -> None:
        self.rng = rng
        self.start = start
        self.end = end
        self._heap: list[tuple[date, int, Job]] = []
        self._serial = 0
        groups = (
            (self._landmarks(), 1.0),
            (self._reports(), REPORT_SHARE),
            (self._holidays(), HOLIDAY_SHARE),
            (self._series(), SERIES_SHARE),
            (self._fresh_units(), FRESH_SHARE),
        )
        for entries, share in groups:
            for day, job in self._chosen(list(entries), round(count * share)):
                self.add(day, job)
        for day, job in islice(self._fresh_portal(), round(count * PORTAL_SHARE)):
            self.add(day, job)

    def add(self, day: date, job: Job) -> None:
        """Put a text on its day; one whose day is past the end is never written."""
        self._serial += 1
        heapq.heappush(self._heap, (day, self._serial, job))

    def due(self, day: date, limit: int) -> list[Job]:
        """Take up to `limit` texts whose day has come, oldest first."""
        jobs: list[Job] = []
        while self._heap and len(jobs) < limit and self._heap[0][0] <= day:
            jobs.append(heapq.heappop(self._heap)[2])
        return jobs

    def _chosen(self, entries: list[tuple[date, Job]], limit: int) -> list[tuple[date, Job]]:
        return entries if len(entries) <= limit else self.rng.sample(entries, limit)

    def _reports(self) -> Iterator[tuple[date, Job]]:
        kinds = all_kinds()
        for year in range(self.start.year, self.end.year + 1):
            seasons = (
                ("work_summary", date(year, 1, 4), date(year, 2, 4)),
                ("work_summary", date(year, 7, 3), date(year, 7, 28)),
                ("annual_report", date(year, 1, 8), date(year, 1, 30)),
                ("budget", date(year, 2, 6), date(year, 3, 5)),
                ("accounts", date(year, 8, 20), date(year, 9, 28)),
            )
            for unit in all_units():
                for name, first, last in seasons:
                    if name == "annual_report" and unit.side == "party":
                        continue
                    if self.start <= first and last <= self.end:
                        yield workday_between(self.rng, first, last), Job(unit, kinds[name])

    def _holidays(self) -> Iterator[tuple[date, Job]]:
        kind = all_kinds()["holiday"]
        for holiday in holidays(self.start + timedelta(days=8), self.end):
            for slug in OPEN_ON_HOLIDAYS:
                day = workday_between(self.rng, holiday.first - timedelta(days=7), holiday.first - timedelta(days=2))
                yield day, Job(units_by_slug()[slug], kind, words={"holiday_span": holiday})

    def _landmarks(self) -> Iterator[tuple[date, Job]]:
        """The county's report and the table of its tasks, once a year."""
        government = units_by_slug()["xzfb"]
        for year in range(self.start.year, self.end.year + 1):
            for name, day in (("gov_report", date(year, 1, 18)), ("task_list", date(year, 2, 12))):
                if self.start <= day <= self.end:
                    yield day, Job(government, all_kinds()[name])

    def _series(self) -> Iterator[tuple[date, Job]]:
        for slug, name, step in SERIES:
            for day in each_day(self.start + timedelta(days=step // 2), self.end):
                if (self.end - day).days % step == 2 % step:
                    yield day, Job(units_by_slug()[slug], all_kinds()[name])

    def _fresh_units(self) -> Iterator[tuple[date, Job]]:
        """News of the last days and a document of the last months for every unit that keeps its site in order."""
        for unit in all_units():
            if unit.slug in STALE:
                continue
            day = workday_between(self.rng, self.end - timedelta(days=FRESH_DAYS), self.end)
            yield day, Job(unit, self._kind_in(unit, "gzdt", day))
            day = workday_between(self.rng, self.end - timedelta(days=150), self.end)
            yield day, Job(unit, self._kind_in(unit, "zcwj", day))

    def _fresh_portal(self) -> Iterator[tuple[date, Job]]:
        """Something new in every column of the portal within its last days, and once more within half its window."""
        for longest in (FRESH_DAYS, 60):
            for column in portal_columns():
                if column.form != "list" or column.update_days is None:
                    continue
                span = timedelta(days=min(column.update_days // 2, longest))
                day = workday_between(self.rng, max(self.start, self.end - span), self.end)
                job = special_job(column.slug) or self._portal_job(column.slug, day)
                if job:
                    yield day, replace(job, words={**job.words, "portal_column": column.slug})

    def _portal_job(self, column: str, day: date) -> Job | None:
        writers = writers_for(column, day.month)
        if not writers:
            return None
        unit, kind = writers[int(self.rng.random() * len(writers))]
        return Job(unit, kind)

    def _kind_in(self, unit: Unit, column: str, day: date) -> Kind:
        kinds, _ = kinds_of(unit.slug, day.month)
        fitting = [kind for kind in kinds if kind.column == column]
        return fitting[int(self.rng.random() * len(fitting))]
