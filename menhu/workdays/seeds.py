"""Rows of the calendar for every year that is officially known."""

from typing import Any

from django.db import connection
from django.db.models import Count

from menhu.workdays import official
from menhu.workdays.models import Day


def seed(**_kwargs: Any) -> None:
    """Make the days that are missing; never touch a row that somebody may have edited. Idempotent."""
    if Day._meta.db_table not in connection.introspection.table_names():
        return  # another app was migrated first
    kept = dict(Day.objects.values_list("date__year").annotate(days=Count("pk")).order_by())
    source = official.source()
    rows = [
        Day(date=day.date, is_working=day.is_working, note=day.note, source=source)
        for year in official.years()
        if kept.get(year, 0) < 365
        for day in official.days_of(year)
    ]
    Day.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
