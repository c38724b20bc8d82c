"""Table 3 of the yearly report: requests received and handled, with the check that it adds up."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.enums import CaseState
from menhu.letters.models import InformationRequest
from menhu.letters.openness.outcomes import APPLICANTS, GROUPS, OUTCOMES, Group, Outcome
from menhu.units.models import Unit

COLUMNS: Final = (*APPLICANTS, "total")
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: numbers by column in the order of COLUMNS."""

    label: str
    numbers: tuple[int, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table; `is_sound` says that new and carried requests equal handled and still open ones, by column."""

    year: int
    rows: tuple[Row, ...]
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What the table needs of one request; `ended_on` and `outcome` are empty while it is open."""

    applicant: str
    received_on: date
    ended_on: date | None
    outcome: str


def table_of(unit: Unit, year: int) -> Table:
    """The table of a unit with everything below it."""
    return tabulated(_requests(unit, year), year)


def tabulated(requests: Iterable[Request], year: int) -> Table:
    """Count each request received by the end of the year and not ended before it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    kept = [r for r in requests if r.received_on <= last and (r.ended_on is None or r.ended_on >= first)]
    new = _counted(r.applicant for r in kept if r.received_on >= first)
    carried = _counted(r.applicant for r in kept if r.received_on < first)
    ended = [r for r in kept if r.ended_on is not None and r.ended_on <= last]
    left = _counted(r.applicant for r in kept if r.ended_on is None or r.ended_on > last)
    handled = _counted(r.applicant for r in ended)
    rows = (
        _row(_("一、本年新收政府信息公开申请数量"), new),
        _row(_("二、上年结转政府信息公开申请数量"), carried),
        *_handled(ended),
        _row(_("（七）总计"), handled, 1),
        _row(_("四、结转下年度继续办理"), left),
    )
    is_sound = all(new[c] + carried[c] == handled[c] + left[c] for c in COLUMNS) and _sum_of(rows) == handled["total"]
    return Table(year, rows, is_sound)


def _handled(ended: list[Request]) -> Iterator[Row]:
    for group in GROUPS:
        of_group = [outcome for outcome in OUTCOMES if outcome.group == group.code]
        yield from _group(group, of_group, ended)


def _group(group: Group, outcomes: list[Outcome], ended: list[Request]) -> Iterator[Row]:
    """A heading with its lines; the first two groups are one line each."""
    codes = {outcome.code for outcome in outcomes}
    if group.code in ("granted", "partly"):
        yield _row(str(group.label), _counted(r.applicant for r in ended if r.outcome in codes), 1)
        return
    yield Row(str(group.label), (), 1)
    for label in dict.fromkeys(str(outcome.label).partition("（")[0] for outcome in outcomes):
        same = {o.code for o in outcomes if str(o.label).partition("（")[0] == label}
        yield _row(label, _counted(r.applicant for r in ended if r.outcome in same), 2)


def _counted(applicants: Iterable[str]) -> Counts:
    found = Counter(applicants)
    return {**{column: found[column] for column in APPLICANTS}, "total": found.total()}


def _row(label: str, counts: Counts, level: int = 0) -> Row:
    return Row(label, tuple(counts[column] for column in COLUMNS), level)


def _sum_of(rows: tuple[Row, ...]) -> int:
    """What the single lines of row three add up to, the total itself left out."""
    lines = [row for row in rows if row.level and row.numbers]
    return sum(row.numbers[-1] for row in lines[:-1])


def _requests(unit: Unit, year: int) -> Iterator[Request]:
    """One query; a request belongs to the unit that answers, else to the one that was asked."""
    rows = InformationRequest.objects.filter(case__desk__path__startswith=unit.path, case__received_at__lt=_end(year))
    fields = ("applicant", "outcome", "case__received_at", "case__answered_at", "case__ended_at", "case__state")
    for applicant, outcome, received_at, answered_at, ended_at, state in rows.values_list(*fields).iterator():
        ended = answered_at or (ended_at if state in (CaseState.CLOSED, CaseState.REFUSED) else None)
        ended_on = timezone.localdate(ended) if ended else None
        yield Request(applicant, timezone.localdate(received_at), ended_on, (outcome or "other") if ended else "")


def _end(year: int) -> datetime:
    return datetime(year + 1, 1, 1, tzinfo=timezone.get_current_timezone())
