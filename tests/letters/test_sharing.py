"""我也有同样问题: counted once a day for a browser, without a trace of it, shown by pages when the clock says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from menhu.audit.models import Event
from menhu.core.models import Allowance
from menhu.delivery.models import Change, Lane
from menhu.letters.actions import copying
from menhu.letters.actions.sharing import count_same, show_counts
from menhu.letters.models import PublicCopy, SameMatter
from menhu.letters.public.addresses import copy_path
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.letters.post import Citizen, hidden
from tests.letters.test_knowledge import public
from tests.letters.test_public import page


@pytest.fixture
def copy(desk: Desk) -> PublicCopy:
    return public(desk)


def say(browser: Client, copy: PublicCopy, **headers: str) -> Any:
    sent = {"Origin": f"http://{settings.PUBLIC_HOST}", "User-Agent": "Phone", **headers}
    return browser.post("/letters/same/", {"letter": copy.pk}, headers=sent)


def counted() -> int:
    return SameMatter.objects.values_list("count", flat=True).first() or 0


def test_once_a_day_for_a_browser(copy: PublicCopy, clock: Any) -> None:
    browser = Citizen()
    said = say(browser, copy)
    assert said.status_code == 200
    assert "已记下" in said.content.decode()
    assert say(browser, copy).status_code == 429
    assert counted() == 1
    clock.shift(timedelta(days=1))
    assert say(browser, copy).status_code == 200
    assert counted() == 2


def test_others_behind_the_same_address_count_too_but_not_without_end(copy: PublicCopy) -> None:
    statuses = [say(Citizen(), copy, **{"User-Agent": f"Phone {n}"}).status_code for n in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert counted() == 20
    other = Citizen(REMOTE_ADDR="10.9.8.7")
    assert say(other, copy).status_code == 200


def test_nothing_is_kept_of_who_it_was(copy: PublicCopy) -> None:
    before = Event.objects.count()
    say(Citizen(REMOTE_ADDR="10.9.8.7"), copy)
    assert Event.objects.count() == before
    assert [field.name for field in SameMatter._meta.get_fields()] == ["copy", "count", "shown"]
    assert all("10.9.8.7" not in str(row) for row in Allowance.objects.values())


def test_from_elsewhere_it_is_asked_first_and_counts_with_the_pages_own_token(copy: PublicCopy) -> None:
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Origin": ""}):
        asked = say(Citizen(), copy, **headers)
        assert asked.status_code == 200
        assert "是的，我也有同样问题" in asked.content.decode()
    assert counted() == 0
    browser = Citizen(enforce_csrf_checks=True)
    form = hidden(browser.get(f"/letters/same/?letter={copy.pk}").content.decode())
    assert browser.post("/letters/same/confirm/", {"letter": copy.pk}).status_code == 403
    assert browser.post("/letters/same/confirm/", form).status_code == 200
    assert counted() == 1


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "１"])
def test_what_is_no_public_letter_is_not_there(copy: PublicCopy, key: str) -> None:
    for answer in (
        Citizen().get("/letters/same/", {"letter": key}),
        Citizen().post("/letters/same/confirm/", {"letter": key}),
    ):
        assert answer.status_code == 404
    assert SameMatter.objects.count() == 0


def test_a_withdrawn_letter_is_not_counted(desk: Desk, copy: PublicCopy) -> None:
    copying.withdraw(copy=copy, by=desk.supervisor, reason="来信人要求")
    assert say(Citizen(), copy).status_code == 404
    assert SameMatter.objects.count() == 0


def test_pages_follow_when_the_clock_says_so(desk: Desk, copy: PublicCopy) -> None:
    first = str(page(desk, copy_path(copy)))
    assert "我也有同样问题" in first
    assert "人次说有" not in first
    Change.objects.all().delete()
    for _each in range(3):
        count_same(copy=copy)
    assert Change.objects.count() == 0
    assert page(desk, copy_path(copy)) == first
    assert show_counts() == 1
    assert list(Change.objects.values_list("tag", "lane")) == [(f"letter:{copy.pk}", Lane.BULK)]
    assert "3 人次说有同样问题" in str(page(desk, copy_path(copy)))
    assert show_counts() == 0
    assert timezone.now()


def test_those_who_handle_it_see_the_number_at_once(desk: Desk, copy: PublicCopy) -> None:
    count_same(copy=copy)
    shown = SignedIn(desk.handler).get(f"/office/cases/{copy.letter_id}/").content.decode()
    assert "1 人次" in shown
