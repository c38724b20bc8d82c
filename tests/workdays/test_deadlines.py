from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.core.models import Confidence, Figure
from menhu.workdays import calendar, official, seeds
from menhu.workdays.calendar import Calendar, CalendarMissing
from menhu.workdays.deadlines import due_at
from menhu.workdays.models import Day

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def test_the_seed_holds_every_official_day_and_may_run_again() -> None:
    before = Day.objects.count()
    assert before == sum(1 for year in official.years() for _ in official.days_of(year))
    Day.objects.filter(date=date(2026, 5, 9)).update(is_working=False, note="本县另有安排")
    seeds.seed()
    assert Day.objects.count() == before
    assert Day.objects.get(date=date(2026, 5, 9)).note == "本县另有安排"


def test_the_seed_fills_a_gap() -> None:
    Day.objects.filter(date__year=2026).delete()
    seeds.seed()
    made_up = Day.objects.get(date=date(2026, 5, 9))
    assert (made_up.is_working, made_up.note) == (True, "劳动节调休上班")
    assert Day.objects.get(date=date(2026, 10, 1)).note == "国庆节"


def test_hours_run_over_the_spring_festival() -> None:
    start = datetime(2026, 2, 13, 16, 30, tzinfo=ZONE)
    assert due_at(start, working_hours=8) == datetime(2026, 2, 14, 17, 30, tzinfo=ZONE)
    assert due_at(start, working_hours=9) == datetime(2026, 2, 24, 9, 30, tzinfo=ZONE)


def test_days_end_at_closing_time_and_take_any_time_zone() -> None:
    start = datetime(2026, 4, 30, 1, 0, tzinfo=ZoneInfo("UTC"))
    assert due_at(start, working_days=2) == datetime(2026, 5, 7, 17, 30, tzinfo=ZONE)


def test_a_day_that_the_webmaster_changed_counts_as_changed() -> None:
    Day.objects.filter(date=date(2026, 4, 30)).update(is_working=False)
    start = datetime(2026, 4, 29, 9, 0, tzinfo=ZONE)
    assert due_at(start, working_days=1) == datetime(2026, 5, 6, 17, 30, tzinfo=ZONE)


def test_office_hours_are_figures() -> None:
    Figure.objects.update_or_create(
        key="workdays.morning_opens",
        defaults={"label": "上午上班", "value": 9, "source": "本县通知", "confidence": Confidence.HOUSE},
    )
    start = datetime(2026, 4, 29, 8, 0, tzinfo=ZONE)
    assert due_at(start, working_hours=1) == datetime(2026, 4, 29, 10, 0, tzinfo=ZONE)


def test_a_missing_year_is_named() -> None:
    with pytest.raises(CalendarMissing, match="工作日历缺少 2027 年") as missing:
        due_at(datetime(2026, 12, 31, 17, 0, tzinfo=ZONE), working_hours=2)
    assert missing.value.year == 2027


@pytest.mark.parametrize("term", [{}, {"working_hours": 1, "working_days": 1}])
def test_a_term_is_given_one_way(term: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="either"):
        due_at(datetime(2026, 4, 29, 8, 0, tzinfo=ZONE), **term)


def test_many_deadlines_read_the_calendar_once() -> None:
    shared = Calendar()
    start = datetime(2026, 4, 29, 8, 0, tzinfo=ZONE)
    due_at(start, working_days=3, calendar=shared)
    with CaptureQueriesContext(
        connection,
    ) as later:
        due_at(start, working_days=5, calendar=shared)
    assert len(later) == 1  # the office hours


def test_a_shared_calendar_knows_days_before_and_between_those_that_it_was_asked_first() -> None:
    off = date(2026, 5, 20)
    Day.objects.update_or_create(date=off, defaults={"is_working": False, "note": "全县放假一天"})
    shared = Calendar()
    asked = [shared.is_working(day) for day in (date(2026, 6, 3), date(2026, 12, 1), date(2026, 9, 9), off)]
    assert asked == [True, True, True, False]


def test_a_first_deadline_costs_two_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        due_at(datetime(2026, 4, 29, 8, 0, tzinfo=ZONE), working_days=10)
    assert len(queries) == 2


@pytest.mark.parametrize(("today", "year"), [("2026-10-15", None), ("2026-11-15", 2027), ("2027-03-01", 2027)])
def test_the_desk_is_warned_sixty_days_ahead(today: str, year: int | None) -> None:
    with time_machine.travel(f"{today}T09:00:00+08:00", tick=False):
        assert calendar.warning() == ("" if year is None else calendar.missing_text(year))
