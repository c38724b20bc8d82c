"""What the public is told in numbers: how many letters came, how many were answered, how fast, how well."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Avg, Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from menhu.cases.enums import CaseState
from menhu.cases.models import Case
from menhu.cases.rules import BEST, WORST
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.kinds import FAMILY
from menhu.letters.models import Figures

PORTAL: Final = "portal"
MONTHS: Final = 12
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
    rows = Case.objects.filter(kind__family=FAMILY, received_at__date__gte=since)
    return {
        "since": since.isoformat(),
        **_totals(rows),
        "levels": _levels(rows),
        "months": [
            {**row, "month": f"{row['month']:%Y-%m}"}
            for row in _groups(rows.annotate(month=TruncMonth("received_at")), "month")
        ],
        "kinds": _groups(rows, "kind__name"),
        "units": _groups(rows.filter(lead__isnull=False), "lead__short_name"),
    }


def counted_week(monday: date, now: datetime) -> dict[str, Any]:
    """One week of Monday to Sunday: what came in it and what was answered in it, by the measures of the public page.

    `overdue` is the only number of the present moment.
    """
    start = timezone.make_aware(datetime.combine(monday, time.min))
    end = timezone.make_aware(datetime.combine(monday + timedelta(days=7), time.min))
    letters = Case.objects.filter(kind__family=FAMILY)
    came = letters.filter(received_at__gte=start, received_at__lt=end)
    done = letters.filter(answered_at__gte=start, answered_at__lt=end)
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "came": _totals(came),
        "done": _totals(done),
        "overdue": letters.overdue(now).count(),
        "boxes": _groups(came, "letter__mailbox__name"),
        "kinds": _groups(came, "kind__name"),
        "units": _groups(done.filter(lead__isnull=False), "lead__short_name"),
    }


def _levels(rows: Any) -> list[list[int]]:
    """How many rated each of the five levels, the best first; pairs, since JSON knows no number as a key."""
    rated = rows.filter(rating__isnull=False).values_list("rating").annotate(Count("pk")).order_by()
    found: dict[int, int] = dict(rated)
    return [[level, found.get(level, 0)] for level in range(BEST, WORST - 1, -1)]


def _totals(rows: Any) -> dict[str, Any]:
    found = rows.aggregate(**_measures())
    return {name: _plain(value) for name, value in found.items()} | {"median_days": _median_days(rows)}


def _groups(rows: Any, by: str) -> list[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = rows.values(by).annotate(**_measures()).order_by(by)
    return [{name: value if name == by else _plain(value) for name, value in row.items()} for row in found]


def _measures() -> dict[str, Any]:
    answered = Q(answered_at__isnull=False)
    return {
        "received": Count("pk"),
        "answered": Count("pk", filter=answered | Q(state=CaseState.CLOSED)),
        "late": Count("pk", filter=answered & Q(answered_at__gt=F("due_at"))),
        "in_time": Count("pk", filter=answered & Q(answered_at__lte=F("due_at"))),
        "rated": Count("pk", filter=Q(rating__isnull=False)),
        "content": Count("pk", filter=Q(rating__gte=GOOD)),
        "days": Avg(F("answered_at") - F("received_at"), filter=answered),
    }


def _median_days(rows: Any) -> float | None:
    """Half of the answers came within so many days: two indexed reads, whatever the number."""
    spans = rows.filter(answered_at__isnull=False).annotate(span=F("answered_at") - F("received_at")).order_by("span")
    count = spans.count()
    if not count:
        return None
    middle: timedelta = spans.values_list("span", flat=True)[count // 2]
    return round(middle / timedelta(days=1), 1)


def _plain(value: Any) -> Any:
    """Durations become days with one decimal."""
    return round(value / timedelta(days=1), 1) if isinstance(value, timedelta) else value


def _months_back(day: date, count: int) -> date:
    month = day.year * 12 + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)
