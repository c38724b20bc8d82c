"""The webmaster's page about publishing."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.audit.models import Event
from menhu.delivery.models import Change, Lane, Page, PublishingState
from menhu.delivery.publishing.turns import count_settled
from menhu.delivery.standing import standing
from tests.conftest import SignedIn
from tests.factories import World


class Usage(NamedTuple):
    total: int
    free: int


def failed(number: int) -> Page:
    return Page(
        host="127.0.0.1", path=f"/{number}/", generation=1, error="ValueError: 坏了", attempts=3, due_at=timezone.now()
    )


def test_the_queue_and_the_failures_are_shown(world: World) -> None:
    Change.objects.all().delete()
    Change.objects.bulk_create([Change(tag=f"site:{n}", lane=Lane.BULK) for n in range(1_001)])
    Page.objects.create(host="127.0.0.1", path="/waits/", generation=1, lane=Lane.RETRACTION)
    failed(1).save()
    lanes = {lane.label: (lane.changes, lane.pages) for lane in standing().lanes}
    assert lanes == {"撤稿": ("0", "1"), "签发": ("0", "0"), "批量": ("1,000+", "0")}
    answer = SignedIn(world.people["webmaster"]).get("/office/delivery/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "ValueError: 坏了" in text
    assert "127.0.0.1/1/" in text
    assert "1,000+" in text


def test_it_says_when_all_is_published(world: World) -> None:
    Change.objects.all().delete()
    browser = SignedIn(world.people["webmaster"])
    assert "全部已发布" in browser.get("/office/delivery/").content.decode()
    failed(1).save()
    assert "除失败的页面外都已发布" in browser.get("/office/delivery/").content.decode()


def test_speed_and_disk_are_told(world: World, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = SignedIn(world.people["webmaster"])
    assert "还没有公开文件" in browser.get("/office/delivery/").content.decode()
    settings.PUBLIC_ROOT.mkdir()  # type: ignore[attr-defined]
    state = PublishingState.objects.create(counted_from=timezone.now() - timedelta(seconds=4), counted=700)
    for seconds, pages in ((4, 100), (10, 200), (7, 40)):
        monkeypatch.setattr(timezone, "now", lambda at=state.counted_from + timedelta(seconds=seconds): at)
        count_settled(state, pages)
    assert (state.rate, state.counted) == (100, 0)  # a thousand pages in ten seconds, and then a few that say nothing
    monkeypatch.setattr(timezone, "now", lambda at=state.counted_from + timedelta(hours=1): at)
    count_settled(state, 5)
    assert (state.rate, state.counted) == (100, 5)  # a rest is no slowness
    monkeypatch.undo()
    monkeypatch.setattr("menhu.delivery.standing.disk_usage", lambda _: Usage(total=100 << 30, free=5 << 30))
    text = " ".join(browser.get("/office/delivery/").content.decode().split())
    assert "每秒 100.0 页" in text
    assert "已用 95%，剩余 5.0" in text
    assert "磁盘空间不足" in text


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    browser.get("/office/delivery/")
    counts = []
    for number in range(2):
        Page.objects.bulk_create([failed(number * 100 + n) for n in range(number * 60 + 1)])
        with CaptureQueriesContext(connection) as queries:
            browser.get("/office/delivery/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_failed_pages_are_tried_again_on_request(world: World) -> None:
    failed(1).save()
    Page.objects.update(due_at=timezone.now() + timedelta(hours=1))
    answer = SignedIn(world.people["webmaster"]).post("/office/delivery/retry/")
    assert (answer.status_code, answer["Location"]) == (302, "/office/delivery/")
    page = Page.objects.get()
    assert page.due_at <= timezone.now()
    assert page.attempts == 0
    assert Event.objects.filter(verb="delivery.retry").count() == 1


@pytest.mark.parametrize("persona", ["editor", "head", "duty_officer", "leader"])
def test_nobody_else_sees_or_touches_it(world: World, persona: str) -> None:
    failed(1).save()
    browser = SignedIn(world.people[persona])
    assert browser.get("/office/delivery/").status_code == 403
    assert browser.post("/office/delivery/retry/").status_code == 403
    assert Page.objects.get().attempts == 3
    assert not Event.objects.filter(verb="delivery.retry").exists()
