"""Limits: what comes at once, what comes back with time, what many threads may do together."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menhu.core import figures, limits
from menhu.core.addresses import network_of
from menhu.core.limits import Limit, declare_limit, forget_old, peek, within
from menhu.core.models import Allowance, Figure
from menhu.workdays import clock, jobs

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
HOURLY = Limit("test.hourly", most=3, seconds=3600)
needs_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def uses(limit: Limit, key: str, count: int, now: datetime = NOW) -> list[bool]:
    return [within(limit, key, now=now) for _ in range(count)]


def test_as_many_as_allowed_come_at_once_and_no_more(db: None) -> None:
    assert uses(HOURLY, "13800001111", 5) == [True, True, True, False, False]


def test_keys_and_limits_do_not_share(db: None) -> None:
    uses(HOURLY, "13800001111", 3)
    assert within(HOURLY, "13800002222", now=NOW)
    assert within(Limit("test.other", most=3, seconds=3600), "13800001111", now=NOW)
    assert not within(HOURLY, "13800001111", now=NOW)


def test_time_gives_uses_back_one_by_one(db: None) -> None:
    uses(HOURLY, "x", 3)
    assert uses(HOURLY, "x", 2, after(1199)) == [False, False]
    assert uses(HOURLY, "x", 2, after(1200)) == [True, False]
    assert uses(HOURLY, "x", 4, after(1200 + 3600)) == [True, True, True, False]


def test_the_border_of_an_hour_lets_no_second_lot_through(db: None) -> None:
    assert uses(HOURLY, "x", 3, after(3599)) == [True, True, True]
    assert uses(HOURLY, "x", 3, after(3601)) == [False, False, False]


def test_uses_beyond_the_limit_prolong_nothing(db: None) -> None:
    uses(HOURLY, "x", 3)
    kept = Allowance.objects.get().busy_until
    for second in range(0, 1200, 60):
        assert not within(HOURLY, "x", now=after(second))
    assert Allowance.objects.get().busy_until == kept
    assert within(HOURLY, "x", now=after(1200))


def test_peek_says_what_a_use_would_and_counts_nothing(db: None) -> None:
    assert peek(HOURLY, "x", now=NOW)
    assert Allowance.objects.count() == 0
    uses(HOURLY, "x", 2)
    assert [peek(HOURLY, "x", now=NOW) for _ in range(3)] == [True, True, True]
    uses(HOURLY, "x", 1)
    assert not peek(HOURLY, "x", now=NOW)
    assert peek(HOURLY, "x", now=after(1200))


@pytest.mark.parametrize("most", [0, -1])
def test_a_closed_limit_lets_nothing_through_and_writes_nothing(db: None, most: int) -> None:
    closed = Limit("test.closed", most=most, seconds=60)
    assert not within(closed, "x", now=NOW)
    assert not peek(closed, "x", now=NOW)
    assert Allowance.objects.count() == 0


def test_nothing_of_the_key_can_be_read(db: None) -> None:
    within(HOURLY, "13800001111", now=NOW)
    row = Allowance.objects.get()
    assert isinstance(row.key, UUID)
    assert str(row) == str(row.key)
    assert "13800001111" not in f"{row.key.hex}{row.key.int}"


def test_a_use_and_a_refusal_are_one_statement_each(db: None, django_assert_num_queries: Callable[..., object]) -> None:
    for _ in range(4):
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            within(HOURLY, "x", now=NOW)


def test_a_rollback_takes_its_own_use_back_and_no_refusal(db: None) -> None:
    """What was counted before the work stays; a refusal inside it left nothing that could be rolled back."""
    uses(HOURLY, "x", 2)
    with transaction.atomic():
        assert uses(HOURLY, "x", 2) == [True, False]
        transaction.set_rollback(True)
    assert uses(HOURLY, "x", 2) == [True, False]
    with transaction.atomic():
        assert not within(HOURLY, "x", now=NOW)
        transaction.set_rollback(True)
    assert not within(HOURLY, "x", now=NOW)


def test_only_rows_that_say_nothing_are_forgotten(db: None) -> None:
    uses(HOURLY, "old", 1, after(-3600))
    uses(HOURLY, "new", 3)
    assert forget_old(NOW) == 1
    assert forget_old(NOW) == 0
    assert Allowance.objects.count() == 1
    assert not within(HOURLY, "new", now=NOW)


def test_many_are_forgotten_in_portions(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.core.limits._PORTION", 2)
    for number in range(5):
        within(HOURLY, str(number), now=after(-3600))
    assert forget_old(NOW) == 5
    assert Allowance.objects.count() == 0


def test_the_clock_forgets(db: None) -> None:
    within(HOURLY, "old", now=after(-3600))
    assert "core.limits" in [job.name for job in clock.jobs()]
    jobs.forget_old_uses(NOW)
    assert Allowance.objects.count() == 0


def test_a_figure_says_how_many(db: None, django_assert_num_queries: Callable[..., object]) -> None:
    limit = Limit("test.figured", most=2, seconds=3600, figure="test.figured")
    declare_limit(limit, "试用限次")
    assert uses(limit, "x", 3) == [True, True, False]
    Figure.objects.update_or_create(
        key="test.figured", defaults={"label": "试用限次", "value": 4, "source": "试", "confidence": "house"}
    )
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert limit.in_force == 2
    figures.forget_recent()
    assert limit.in_force == 4
    assert uses(limit, "y", 5) == [True, True, True, True, False]
    del figures._declared["test.figured"]


moves = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(most=st.integers(1, 7), seconds=st.integers(1, 100), moves=moves)
def test_no_stretch_of_time_holds_more_than_its_share(
    db: None, most: int, seconds: int, moves: list[tuple[int, int]]
) -> None:
    """In any stretch at most what may come at once and what time gives back; after a whole pause all comes at once."""
    Allowance.objects.all().delete()
    limit, passed, taken = Limit("test.any", most, seconds), 0, []
    for pause, tries in moves:
        passed += pause
        foreseen = peek(limit, "x", now=after(passed))
        answers = uses(limit, "x", tries, after(passed))
        assert answers == sorted(answers, reverse=True)
        assert answers[0] is foreseen
        if pause >= seconds or not taken:
            assert sum(answers) == min(tries, most)
        taken += [passed] * sum(answers)
    for first, start in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= most + (taken[last] - start) * most // seconds


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix:", ""),
        ("::", ""),
    ],
)
def test_an_ipv6_subscriber_is_one_network(remote: str, network: str) -> None:
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=remote)) == network


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; returns their answers in their order."""
    gate, found = Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found[number] = act()  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found)


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_threads_together_are_let_through_exactly_as_often_as_allowed() -> None:
    found = together(*[lambda: within(Limit("test.race", most=5, seconds=3600), "x", now=NOW)] * 12)
    assert sorted(found) == [False] * 7 + [True] * 5  # type: ignore[type-var]
    assert Allowance.objects.count() == 1


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_forgetting_meets_a_use_and_loses_nothing() -> None:
    """The idle row is taken up again while the clock deletes: whichever comes first, the use is counted."""
    once = Limit("test.race", most=1, seconds=60)
    for round_number in range(20):
        start = after(round_number * 1000)
        within(once, "x", now=start)
        later = start + timedelta(seconds=60)
        used, forgotten = together(partial(within, once, "x", now=later), partial(forget_old, later))
        assert used is True
        assert forgotten in (0, 1)
        assert not within(once, "x", now=later)
        assert Allowance.objects.count() == 1


def test_sqlite_processes_share_a_limit(tmp_path: Path) -> None:
    """A file and connections of its own, as of several processes: the statement alone keeps them to the limit."""
    path = tmp_path / "limits.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE core_allowance (key char(32) PRIMARY KEY, busy_until bigint NOT NULL)")
    made.close()
    statement, step = limits._USE.replace("%s", "?"), 1_000

    def use() -> bool:
        with sqlite3.connect(path, timeout=20, isolation_level=None) as own:
            rows = own.execute(statement, ("k", 5_000 + step, step, step, 5_000 + 4 * step)).fetchall()
        own.close()
        return bool(rows)

    assert sorted(together(*[use] * 12)) == [False] * 7 + [True] * 5  # type: ignore[type-var]
