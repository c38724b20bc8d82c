"""The inbox with thousands waiting: by index, in order, with the same number of queries as with one."""

import re
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.review import todos
from menhu.review.models import ReviewTaskState
from menhu.review.policies import waiting
from menhu.review.views.inbox import PAGE
from tests.conftest import SignedIn
from tests.factories import World
from tests.review.conftest import Told
from tests.review.crowd import decided_before, many_waiting
from tests.review.test_inbox import INBOX, opened, titles

SCAN = re.compile(r"Seq Scan|\bSCAN (?!CONSTANT)")


def plan_of(rows: QuerySet[ReviewTaskState]) -> str:
    """How the database reads what the list shows."""
    return rows.values_list(*todos.COLUMNS).explain()


def test_the_number_of_queries_does_not_grow_with_what_waits(world: World, told: Told) -> None:
    many_waiting(1)
    browser = SignedIn(world.people["government_reviewer"])
    browser.get(INBOX)
    with CaptureQueriesContext(connection) as one:
        assert len(titles(browser.get(INBOX).content.decode())) == 1
    many_waiting(PAGE + 10)
    with CaptureQueriesContext(connection) as full:
        assert len(titles(browser.get(INBOX).content.decode())) == PAGE
    assert len(full) == len(one)


def test_five_thousand_waiting_are_listed_by_index(world: World, told: Told) -> None:
    many_waiting(5_000)
    user = world.people["government_reviewer"]
    now = timezone.now()
    plans = {
        "page": waiting(user).in_turn()[: PAGE + 1],
        "next page": waiting(user).after(now + timedelta(hours=40), 3_000).in_turn()[: PAGE + 1],
        "of a unit": waiting(user).filter(unit_id=world.units["slj"].pk).in_turn()[: PAGE + 1],
        "late": waiting(user).overdue(now + timedelta(minutes=5)).in_turn()[: PAGE + 1],
        "a head's": waiting(world.people["head"]).in_turn()[: PAGE + 1],
    }
    for name, rows in plans.items():
        plan = plan_of(rows)
        assert not SCAN.search(plan), (name, plan)
        assert "wagtailcore_taskstate" not in plan, (name, plan)
    assert todos.count_waiting(user) == 5_000
    assert len(titles(opened(world, "government_reviewer"))) == PAGE


def test_a_page_of_five_thousand_is_read_in_order_from_the_index_not_sorted(world: World, told: Told) -> None:
    decided_before(3_000)
    many_waiting(200)
    plan = plan_of(waiting(world.people["government_reviewer"]).in_turn()[: PAGE + 1])
    assert re.search("review_state_(inbox|due)", plan), plan
    assert not re.search("TEMP B-TREE|Sort", plan), plan
    assert not SCAN.search(plan), plan
