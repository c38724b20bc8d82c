import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError

from menhu.audit.models import Event
from menhu.workdays import clock
from menhu.workdays.clock import LEASE, LEASE_TERM, Clock, every
from menhu.workdays.models import Lease

NOW = datetime(2026, 4, 29, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_jobs", {})


@pytest.mark.django_db
def test_jobs_run_when_due() -> None:
    seen: list[tuple[str, datetime]] = []
    every(60, "minute")(lambda now: seen.append(("minute", now)))
    every(1, "second")(lambda now: seen.append(("second", now)))
    ticking = Clock("a")
    assert ticking.tick(NOW) == ("minute", "second")
    assert ticking.tick(NOW + timedelta(seconds=1)) == ("second",)
    assert ticking.tick(NOW + timedelta(seconds=1.5)) == ()
    assert ticking.tick(NOW + timedelta(seconds=60)) == ("minute", "second")
    assert seen[0] == ("minute", NOW)


@pytest.mark.django_db
def test_one_of_two_nodes_ticks() -> None:
    every(1, "second")(lambda now: None)
    first, second = Clock("a"), Clock("b")
    assert first.tick(NOW) == ("second",)
    assert second.tick(NOW) == ()
    assert second.tick(NOW + timedelta(seconds=20)) == ()
    assert first.tick(NOW + timedelta(seconds=20)) == ("second",)
    assert second.tick(NOW + timedelta(seconds=40)) == ()
    assert Lease.objects.get(name=LEASE).holder == "a"


@pytest.mark.django_db
def test_a_lapsed_lease_is_taken_over_and_not_taken_back() -> None:
    every(1, "second")(lambda now: None)
    first, second = Clock("a"), Clock("b")
    first.tick(NOW)
    late = NOW + LEASE_TERM + timedelta(seconds=1)
    assert second.tick(late) == ("second",)
    assert first.tick(late) == ()
    assert Lease.objects.get(name=LEASE).holder == "b"


@pytest.mark.django_db
def test_a_released_lease_is_free_at_once() -> None:
    every(1, "second")(lambda now: None)
    first, second = Clock("a"), Clock("b")
    first.tick(NOW)
    first.release()
    assert second.tick(NOW) == ("second",)


@pytest.mark.django_db
def test_a_failing_job_is_recorded_once_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[datetime] = []

    def fail(now: datetime) -> None:
        raise RuntimeError("坏了")

    every(1, "bad")(fail)
    every(1, "good")(seen.append)
    ticking = Clock("a")
    ticking.tick(NOW)
    ticking.tick(NOW + timedelta(seconds=1))
    assert seen == [NOW, NOW + timedelta(seconds=1)]
    failures = Event.objects.filter(verb="workdays.job_failed")
    assert [event.data for event in failures] == [{"job": "bad", "error": "RuntimeError: 坏了"}]
    assert caplog.text.count("clock job bad failed") == 2


@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, calls = threading.Event(), []

    def tick(self: Clock, now: datetime) -> tuple[str, ...]:
        calls.append(now)
        if len(calls) == 1:
            raise DatabaseError("away")
        stop.set()
        return ()

    monkeypatch.setattr(clock, "TICK_SECONDS", 0)
    monkeypatch.setattr(Clock, "tick", tick)
    clock.run(stop)
    assert len(calls) == 2
    assert not Lease.objects.exists()


@pytest.fixture
def running(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """The command on a database that has no tables yet: it must wait for them, not die."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/menhu.sqlite3"}
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "clock", "--home", str(tmp_path), "--skip-checks"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_command_waits_for_its_database_and_ends_cleanly_on_sigterm(running: "subprocess.Popen[str]") -> None:
    assert running.stdout is not None
    assert running.stdout.readline().startswith("时钟已启动")
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.strip() == "时钟已停止。"
