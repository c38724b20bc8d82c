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
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.kinds import FAMILY
from menhu.letters.models import Figures
from menhu.units.models import Unit

PORTAL: Final = "portal"
MONTHS: Final = 12
COUNTS: Final = ("received", "answered", "in_time", "rated", "content", "timed")
GOOD: Final = 3
"""基本满意 and better."""


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
    since = _months_back(timezone.localdate(now), MONTHS - 1)
    # A moment and kinds by their ids: so an index finds the year among all that ever came.
    kinds = dict(CaseKind.objects.filter(family=FAMILY).values_list("pk", "name"))
    rows = Case.objects.filter(kind_id__in=list(kinds), received_at__gte=_midnight(since))
    cells = _cells(rows)
    units = dict(Unit.objects.values_list("pk", "short_name"))
    return {
        "since": since.isoformat(),
        **_shown(_summed(cells)),
        "median_days": _median_days(rows),
        "months": _groups(cells, "month", lambda cell: f"{cell['month']:%Y-%m}"),
        "kinds": _groups(cells, "kind__name", lambda cell: kinds[cell["kind_id"]]),
        "units": _groups(
            [cell for cell in cells if cell["lead_id"]], "lead__short_name", lambda c: units[c["lead_id"]]
        ),
    }


def _cells(rows: Any) -> list[dict[str, Any]]:
    """Everything in one pass: sums by month, kind and unit, which the tables of the page add up."""
    months = rows.annotate(month=TruncMonth("received_at"))
    return list(months.values("month", "kind_id", "lead_id").annotate(**_measures()).order_by())


def _groups(cells: list[dict[str, Any]], name: str, named: Callable[[dict[str, Any]], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(named(cell), []).append(cell)
    return [{name: key, **_shown(_summed(groups[key]))} for key in sorted(groups)]


def _measures() -> dict[str, Any]:
    answered = Q(answered_at__isnull=False)
    return {
        "received": Count("pk"),
        "answered": Count("pk", filter=answered | Q(state=CaseState.CLOSED)),
        "in_time": Count("pk", filter=answered & Q(answered_at__lte=F("due_at"))),
        "rated": Count("pk", filter=Q(rating__isnull=False)),
        "content": Count("pk", filter=Q(rating__gte=GOOD)),
        "timed": Count("pk", filter=answered),
        "spent": Sum(F("answered_at") - F("received_at"), filter=answered),
    }


def _summed(cells: list[dict[str, Any]]) -> dict[str, Any]:
    sums = {name: sum(cell[name] for cell in cells) for name in COUNTS}
    return {**sums, "spent": sum((cell["spent"] for cell in cells if cell["spent"]), timedelta())}


def _shown(sums: dict[str, Any]) -> dict[str, Any]:
    """Days to the answer, on average, instead of what they add up to."""
    timed, spent = sums.pop("timed"), sums.pop("spent")
    return {**sums, "days": round(spent / timed / timedelta(days=1), 1) if timed else None}


def _median_days(rows: Any) -> float | None:
    """Half of the answers came within so many days: two indexed reads, whatever the number."""
    spans = rows.filter(answered_at__isnull=False).annotate(span=F("answered_at") - F("received_at")).order_by("span")
    count = spans.count()
    if not count:
        return None
    middle: timedelta = spans.values_list("span", flat=True)[count // 2]
    return round(middle / timedelta(days=1), 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _months_back(day: date, count: int) -> date:
    month = day.year * 12 + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)
