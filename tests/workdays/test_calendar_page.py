from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.audit.models import Event
from menhu.workdays import deadlines
from menhu.workdays.actions import lay_out_year, set_day
from menhu.workdays.deadlines import due_at
from menhu.workdays.models import Day
from tests.conftest import SignedIn
from tests.factories import World

OTHERS = ["editor", "head", "government_reviewer", "duty_officer", "leader", "auditor"]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[date]]:
    told: list[frozenset[date]] = []
    monkeypatch.setattr(deadlines, "_listeners", [told.append])
    return told


def test_a_changed_day_is_recorded_and_told(world: World, heard: list[frozenset[date]]) -> None:
    day = date(2026, 6, 15)
    set_day(day=day, is_working=False, note="防汛值守调休", by=world.people["webmaster"])
    row = Day.objects.get(date=day)
    assert (row.is_working, row.note, row.source) == (False, "防汛值守调休", "本单位修改")
    assert heard == [frozenset({day})]
    event = Event.objects.get(verb="workdays.set_day")
    assert event.data == {"before": True, "after": False, "note": "防汛值守调休"}
    set_day(day=day, is_working=False, note="云防指〔2026〕8 号", by=world.people["webmaster"])
    assert heard == [frozenset({day})]


def test_a_year_nobody_announced_is_laid_out_by_weekends(world: World, heard: list[frozenset[date]]) -> None:
    webmaster = world.people["webmaster"]
    Day.objects.create(date=date(2027, 1, 1), is_working=False, note="元旦")
    assert lay_out_year(year=2027, by=webmaster) == 364
    assert lay_out_year(year=2027, by=webmaster) == 0
    assert Day.objects.filter(date__year=2027).count() == 365
    assert Day.objects.get(date=date(2027, 1, 1)).note == "元旦"
    saturday = Day.objects.get(date=date(2027, 1, 2))
    assert (saturday.is_working, saturday.source) == (False, "按周末推定，待国务院办公厅通知")
    assert [len(days) for days in heard] == [364]
    start = datetime(2026, 12, 31, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert due_at(start, working_hours=1) == datetime(2027, 1, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("year", [2003, 2101])
def test_years_far_away_are_refused(world: World, year: int) -> None:
    with pytest.raises(ValidationError, match="年份应在"):
        lay_out_year(year=year, by=world.people["webmaster"])


@pytest.mark.parametrize("persona", OTHERS)
def test_only_the_webmaster_keeps_the_calendar(world: World, persona: str) -> None:
    person = world.people[persona]
    with pytest.raises(PermissionDenied):
        set_day(day=date(2026, 6, 15), is_working=False, note="x", by=person)
    with pytest.raises(PermissionDenied):
        lay_out_year(year=2027, by=person)
    assert SignedIn(person).get("/office/workdays/2026/").status_code == 403
    assert SignedIn(person).post("/office/workdays/day/", {}).status_code == 403
    assert SignedIn(person).post("/office/workdays/2027/lay-out/").status_code == 403
    assert Day.objects.get(date=date(2026, 6, 15)).is_working
    assert not Day.objects.filter(date__year=2027).exists()


def test_a_year_as_months(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    page = browser.get("/office/workdays/2026/").content.decode()
    assert 'aria-label="2026-05-09，上班，劳动节调休上班"' in page
    assert 'aria-label="2026-10-01，休息，国庆节"' in page
    assert page.count('<table class="month">') == 12
    assert "缺少" not in page
    empty = browser.get("/office/workdays/2027/").content.decode()
    assert "工作日历缺少 2027 年" in empty
    assert 'aria-label="2027-01-01，未录入"' in empty


def test_a_day_is_chosen_and_changed(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    page = browser.get("/office/workdays/2026/?day=2026-05-09").content.decode()
    assert 'value="2026-05-09"' in page
    assert 'value="劳动节调休上班"' in page
    data = {"day": "2026-05-09", "is_working": "0", "note": "本县另有安排"}
    response = browser.post("/office/workdays/day/", data)
    assert (response.status_code, response.url) == (302, "/office/workdays/2026/")
    assert not Day.objects.get(date=date(2026, 5, 9)).is_working


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"day": "2026-05-09", "is_working": "0", "note": " "}, "必需字段"),
        ({"day": "2026-05-09", "note": "x"}, "必需字段"),
        ({"day": "五月九日", "is_working": "0", "note": "x"}, "有效的日期"),
    ],
)
def test_bad_input_is_named_and_kept(world: World, data: dict[str, str], error: str) -> None:
    page = SignedIn(world.people["webmaster"]).post("/office/workdays/day/", data).content.decode()
    assert error in page
    assert Day.objects.get(date=date(2026, 5, 9)).is_working


def test_laying_out_from_the_page(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    page = browser.post("/office/workdays/2027/lay-out/", follow=True).content.decode()
    assert "已补充 2027 年 365 天。" in page
    assert "年份应在" in browser.post("/office/workdays/9999/lay-out/", follow=True).content.decode()


def test_a_year_costs_the_same_full_or_empty(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    browser.get("/office/workdays/2026/")
    with CaptureQueriesContext(connection) as full:
        browser.get("/office/workdays/2025/")
    with CaptureQueriesContext(connection) as empty:
        browser.get("/office/workdays/2030/")
    assert len(empty) == len(full) + 1  # whether the missing year was entered by hand
