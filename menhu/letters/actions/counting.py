"""What the public is told in numbers: how many letters came, how many were answered, how fast, how well."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from menhu.cases.enums import CaseState
from menhu.cases.models import Case, CaseKind
from menhu.cases.rules import BEST, WORST
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.kinds import FAMILY
from menhu.letters.models import Figures
from menhu.units.models import Unit

PORTAL: Final = "portal"
MONTHS: Final = 12
COUNTS: Final = ("received", "answered", "in_time", "late", "rated", "content", "timed")
GOOD: Final = 3
"""基本满意 and better."""

Cell = dict[str, Any]
"""Sums of one group, with the columns that it is grouped by."""


def take_figures(now: datetime) -> bool:
    """Count anew and keep it if something changed; True where it did. Pages that show the numbers follow."""
    numbers = counted(now)
    kept = Figures.objects.filter(key=PORTAL).values_list("numbers", flat=True).first()
    if kept == numbers:
        return False
    with transaction.atomic():
        Figures.objects.update_or_create(key=PORTAL, defaults={"numbers": numbers, "taken_at": now})
        announce([tags.figures()])
    return True


def counted(now: datetime) -> dict[str, Any]:
    """The last twelve months, the present one included: totals, by month, kind and unit. JSON values only."""
    since, kinds = _months_back(timezone.localdate(now), MONTHS - 1), _kinds()
    rows = _letters(kinds).filter(received_at__gte=midnight(since))
    cells = _cells(rows.annotate(month=TruncMonth("received_at")), "month", "kind_id", "lead_id")
    return {
        "since": since.isoformat(),
        **_total(cells),
        "median_days": _median_days(rows),
        "levels": _levels(rows),
        "months": _groups(cells, "month", lambda cell: f"{cell['month']:%Y-%m}"),
        "kinds": _groups(cells, "kind__name", lambda cell: kinds[cell["kind_id"]]),
        "units": _by_unit(cells),
    }


def counted_week(monday: date, now: datetime) -> dict[str, Any]:
    """One week of Monday to Sunday: what came in it and what was answered in it, by the measures of the public page.

    `overdue` is the only number of the present moment.
    """
    start, end, kinds = midnight(monday), midnight(monday + timedelta(days=7)), _kinds()
    came = _letters(kinds).filter(received_at__gte=start, received_at__lt=end)
    done = _letters(kinds).filter(answered_at__gte=start, answered_at__lt=end)
    of_came, of_done = _cells(came, "kind_id", "letter__mailbox__name"), _cells(done, "lead_id")
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "came": _total(of_came) | {"median_days": _median_days(came)},
        "done": _total(of_done) | {"median_days": _median_days(done)},
        "overdue": _letters(kinds).overdue(now).count(),
        "boxes": _groups(of_came, "letter__mailbox__name", lambda cell: cell["letter__mailbox__name"] or ""),
        "kinds": _groups(of_came, "kind__name", lambda cell: kinds[cell["kind_id"]]),
        "units": _by_unit(of_done),
    }


def _kinds() -> dict[int, str]:
    return dict(CaseKind.objects.filter(family=FAMILY).values_list("pk", "name"))


def _letters(kinds: dict[int, str]) -> Any:
    """Letters by the ids of their kinds: so an index finds a span of time among all that ever came."""
    return Case.objects.filter(kind_id__in=list(kinds))


def _cells(rows: Any, *by: str) -> list[Cell]:
    """Everything in one pass: sums by all of these at once, which the tables of a page add up."""
    return list(rows.values(*by).annotate(**_measures()).order_by())


def _groups(cells: list[Cell], name: str, named: Callable[[Cell], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(named(cell), []).append(cell)
    return [{name: key, **_total(groups[key])} for key in sorted(groups)]


def _by_unit(cells: list[Cell]) -> list[dict[str, Any]]:
    units = dict(Unit.objects.values_list("pk", "short_name"))
    led = [cell for cell in cells if cell["lead_id"]]
    return _groups(led, "lead__short_name", lambda cell: units[cell["lead_id"]])


def _measures() -> dict[str, Any]:
    answered = Q(answered_at__isnull=False)
    return {
        "received": Count("pk"),
        "answered": Count("pk", filter=answered | Q(state=CaseState.CLOSED)),
        "in_time": Count("pk", filter=answered & Q(answered_at__lte=F("due_at"))),
        "late": Count("pk", filter=answered & Q(answered_at__gt=F("due_at"))),
        "rated": Count("pk", filter=Q(rating__isnull=False)),
        "content": Count("pk", filter=Q(rating__gte=GOOD)),
        "timed": Count("pk", filter=answered),
        "spent": Sum(F("answered_at") - F("received_at"), filter=answered),
    }


def _total(cells: list[Cell]) -> dict[str, Any]:
    """The cells added up; days to the answer on average."""
    sums: dict[str, Any] = {name: sum(cell[name] for cell in cells) for name in COUNTS}
    spent = sum((cell["spent"] for cell in cells if cell["spent"]), timedelta())
    timed = sums.pop("timed")
    return {**sums, "days": round(spent / timed / timedelta(days=1), 1) if timed else None}


def _levels(rows: Any) -> list[list[int]]:
    """How many rated each of the five levels, the best first; pairs, since JSON knows no number as a key."""
    rated = rows.filter(rating__isnull=False).values_list("rating").annotate(Count("pk")).order_by()
    found: dict[int, int] = dict(rated)
    return [[level, found.get(level, 0)] for level in range(BEST, WORST - 1, -1)]


def _median_days(rows: Any) -> float | None:
    """Half of the answers came within so many days."""
    spans = rows.filter(answered_at__isnull=False).annotate(span=F("answered_at") - F("received_at")).order_by("span")
    count = spans.count()
    if not count:
        return None
    middle: timedelta = spans.values_list("span", flat=True)[count // 2]
    return round(middle / timedelta(days=1), 1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _months_back(day: date, count: int) -> date:
    month = day.year * 12 + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)
