"""The database busy, away, or gone at the very moment of a commit: the publisher waits and goes on, nothing is lost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from menhu.delivery import assets, sources
from menhu.delivery.assets import AssetSource
from menhu.delivery.models import Page
from menhu.delivery.publishing import publisher as publisher_module
from menhu.delivery.publishing import settling
from menhu.delivery.publishing.publisher import Publisher
from tests.delivery import village as v
from tests.delivery.faults import worlds
from tests.delivery.village import Village

pytestmark = pytest.mark.usefixtures("quick_disk", "shared_database")
MOST = 200
Commit = Callable[[BaseDatabaseWrapper], None]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher_module, "IDLE", 0.0)
    monkeypatch.setattr(v, "COLUMNS", ("alpha",))


def go_on(publisher: Publisher) -> None:
    """The loop of a publisher process, until it would sleep with nothing left to do."""
    for _ in range(MOST):
        waited: list[float] = []
        publisher._round(waited.append)
        if waited:
            return
    raise AssertionError("no end of work")


def open_hamlet() -> Publisher:
    v.set_footer("footer")
    v.write(1, "one")
    v.write(2, "two")
    publisher = Publisher()
    publisher.drain()
    return publisher


class Commits:
    """Refuses the n-th commit of this process, or loses the answer to it."""

    def __init__(self, at: int, *, is_done: bool) -> None:
        self.at, self.is_done, self.count = at, is_done, 0
        self.commit: Commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    def __call__(self, database: BaseDatabaseWrapper) -> None:
        self.count += 1
        if self.count != self.at:
            self.commit(database)
            return
        if self.is_done:
            self.commit(database)
        raise OperationalError("the connection went away")


CHANGES: dict[str, Callable[[int], None]] = {
    "edit": lambda step: v.write(2, f"long title {step}"),
    "birth": lambda step: v.write(100 + step, f"long title {step}"),
    "footer": lambda step: v.set_footer(f"footer {step}"),
    "retraction": lambda step: (v.write(1, f"one {step}"), worlds.drain(), v.retract(1))[-1],  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("is_done", [False, True], ids=["refused", "answer lost"])
def test_no_commit_may_fail_unnoticed(
    change: Callable[[int], None], is_done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publisher lives on and ends its work at once, without waiting for its own claims to lapse."""
    publisher = open_hamlet()
    for step in count(1):
        history = worlds.History()
        history.around(lambda step=step: change(step))  # type: ignore[misc]
        commits = Commits(step, is_done=is_done)
        with monkeypatch.context() as broken:
            broken.setattr(BaseDatabaseWrapper, "_commit", lambda database, commits=commits: commits(database))
            go_on(publisher)
        assert worlds.findings() == []
        worlds.check_arrived(history.now)
        if commits.count < step:
            break
        assert step < MOST
    assert step > 4


def refuse_placing(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> None:
    """The files take their places, then the commit that would tell so fails."""
    real = settling._store

    def fail(outcomes: object) -> None:
        raise OperationalError("the connection went away")

    with monkeypatch.context() as broken:
        broken.setattr(settling, "_store", fail)
        with pytest.raises(OperationalError):
            publisher.drain()
    assert settling._store is real


def test_file_new_row_old_and_back_to_the_old_text(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = open_hamlet()
    before = v.actual()
    v.write(2, "another title")
    refuse_placing(monkeypatch, publisher)
    assert v.actual() != before
    assert worlds.findings() == []
    v.write(2, "two")
    go_on(publisher)
    assert v.actual() == before
    worlds.check_arrived()


@pytest.mark.parametrize("end", [v.retract, v.forget], ids=["retracted", "forgotten"])
@pytest.mark.parametrize("number", [2, 3], ids=["known before", "new"])
def test_file_new_row_old_and_gone_meanwhile(
    number: int, end: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = open_hamlet()
    v.write(number, "another title")
    refuse_placing(monkeypatch, publisher)
    assert (v.tree_root() / f"a/{number}/index.html").exists()
    end(number)
    go_on(publisher)
    assert not (v.tree_root() / f"a/{number}").exists()
    worlds.check_arrived()


def test_file_gone_row_old_and_published_again(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = open_hamlet()
    before = v.actual()
    v.retract(2)
    refuse_placing(monkeypatch, publisher)
    assert not (v.tree_root() / "a/2").exists()
    assert worlds.findings() == []
    v.write(2, "two")
    go_on(publisher)
    assert v.actual() == before
    worlds.check_arrived()


def test_a_row_that_the_database_refuses_at_first_is_sealed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are settled together, then one by one; the manifest learns of each change in either case."""
    publisher = open_hamlet()
    store, refused = settling._store_tags, []

    def refuse_once(outcomes: list[settling.Outcome]) -> None:
        if not refused:
            refused.append(outcomes)
            raise IntegrityError("a tag that another had noted")
        store(outcomes)

    monkeypatch.setattr(settling, "_store_tags", refuse_once)
    v.write(2, "another title")
    publisher.drain()
    assert refused
    worlds.check_arrived()


def test_a_new_host_gets_its_static_files_though_its_first_commit_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assets, "asset_names", lambda: ["core/style.css"])
    monkeypatch.setattr(assets, "_file_of", lambda name: Path(__file__))
    monkeypatch.setitem(sources._sources, "assets", AssetSource())
    v.write(1, "one")
    publisher = Publisher()
    commits = Commits(1, is_done=False)
    with monkeypatch.context() as broken:
        broken.setattr(BaseDatabaseWrapper, "_commit", lambda database: commits(database))
        go_on(publisher)
    assert (v.tree_root() / "static/core/style.css").exists()


@pytest.fixture
def holder(shared_database: str) -> Iterator[Callable[[], Callable[[], None]]]:
    """Holds the one lock that every turn needs, as a busy or stuck neighbour would; gives back how to let go."""
    open_ones = []

    def hold() -> Callable[[], None]:
        if connection.vendor == "sqlite":
            other = sqlite3.connect(shared_database.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
        else:
            other = psycopg.connect(shared_database)  # type: ignore[assignment]
            other.execute("SELECT * FROM delivery_publishingstate FOR UPDATE")
        open_ones.append(other)
        return other.rollback

    yield hold
    for other in open_ones:
        other.close()


def test_busy_for_longer_than_the_timeout(holder: Callable[[], Callable[[], None]], hold_short: None) -> None:
    publisher = open_hamlet()
    before = v.actual()
    v.retract(1)
    v.write(2, "another title")
    let_go = holder()
    for _ in range(3):
        publisher._round(lambda seconds: pytest.fail("there is work"))
    assert v.actual() == before
    let_go()
    go_on(publisher)
    worlds.check_arrived()


@pytest.fixture
def hold_short(shared_database: str) -> Iterator[None]:
    """Wait a moment for a lock, not twenty seconds (SQLite) or for ever (PostgreSQL)."""
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    if connection.vendor == "sqlite":
        options["timeout"] = 0.05
    else:
        options["options"] = "-c lock_timeout=50ms"
    connection.close()
    yield
    connection.close()
    connection.settings_dict["OPTIONS"] = before


def test_away_in_the_middle_of_the_work(village: Village, shared_database: str) -> None:
    """Each page's render cuts the connection once (PostgreSQL: its backend is terminated)."""
    publisher = open_hamlet()
    cut: set[str] = set()

    def away(path: str) -> None:
        if path in cut:
            return
        cut.add(path)
        if connection.vendor == "postgresql":
            with psycopg.connect(shared_database, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        else:
            raise OperationalError("disk I/O error")

    for path in ("/", "/alpha/", "/a/1/", "/a/2/"):
        village.before[path] = lambda path=path: away(path)  # type: ignore[misc]
    v.set_footer("another footer")
    v.retract(1)
    go_on(publisher)
    for _ in range(5):
        Page.objects.due().update(due_at=timezone.now())
        go_on(publisher)
    assert len(cut) == 4
    worlds.check_arrived()


def test_away_when_the_publisher_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    v.set_footer("footer")
    v.write(1, "one")
    publisher, connect = Publisher(), BaseDatabaseWrapper.connect
    refused: list[str] = []

    def refuse_twice(database: BaseDatabaseWrapper) -> None:
        if len(refused) < 2:
            refused.append("connection refused")
            raise OperationalError("connection refused")
        connect(database)

    def stop_when_done(**given: object) -> bool:
        is_busy = Publisher.step(publisher)
        publisher.is_stopping = not is_busy
        return is_busy

    monkeypatch.setattr(BaseDatabaseWrapper, "connect", refuse_twice)
    monkeypatch.setattr(publisher, "step", stop_when_done)
    monkeypatch.setattr(publisher_module, "alarm", lambda: nullcontext(lambda seconds: None))
    connection.close()
    publisher.run()
    assert len(refused) == 2
    worlds.check_arrived()
