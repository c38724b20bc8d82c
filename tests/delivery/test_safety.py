"""What must hold when something goes wrong: races, kills, errors, full disks, two publishers at once."""

import errno
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from menhu.delivery import tree
from menhu.delivery.models import Change, Lane, Page
from menhu.delivery.publishing import claims, waking
from menhu.delivery.publishing import publisher as publisher_module
from menhu.delivery.publishing.claims import LEASE, claim_changes, claim_pages, release_dead, release_lapsed
from menhu.delivery.publishing.names import MACHINE, is_dead, new_name
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rendering import render_page
from menhu.delivery.publishing.settling import settle
from menhu.delivery.publishing.turns import current
from menhu.delivery.rules import page_path
from tests.delivery import village as v
from tests.delivery.conftest import Start, is_quiet, until
from tests.delivery.village import Village


def open_village(publisher: Publisher, village: Village, count: int = 3) -> None:
    v.set_footer("footer")
    for number in range(count):
        v.write(number, f"title {number}")
    publisher.drain()
    village.rendered.clear()


@pytest.mark.django_db
def test_a_slow_render_never_resurrects_a_retracted_page(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    v.write(1, "slow title")
    slow, quick = publisher, Publisher()
    while slow._intake.take(Lane.APPROVAL):
        pass
    pages = claim_pages(Lane.APPROVAL, slow.name, 20)
    outcomes = [render_page(page, current()) for page in pages]
    v.retract(1)
    quick.drain()
    assert settle(outcomes, slow.name) == 0
    assert "/a/1/" not in v.pages()
    assert v.actual() == v.expected()


@pytest.mark.django_db
def test_a_first_render_begun_before_a_retraction_is_void(publisher: Publisher, village: Village) -> None:
    """Nobody knew yet that the new list would read the article, so no generation could be raised."""
    open_village(publisher, village)
    slow, quick = publisher, Publisher()
    page = Page.objects.create(host=v.HOST, path="/again/", generation=1, claimed_by=slow.name)
    village_body = village._body
    village._body = lambda path: v.titles("alpha") if path == "/again/" else village_body(path)  # type: ignore[method-assign]
    outcome = render_page(page, current())
    v.retract(1)
    quick.drain()
    assert settle([outcome], slow.name) == 0
    assert "/again/" not in v.pages()
    quick.drain()
    assert b"title 1" not in v.pages()["/again/"]
    assert b"title 2" in v.pages()["/again/"]


@pytest.mark.django_db
def test_a_failing_render_keeps_the_file_and_blocks_nobody(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    before = v.pages()["/alpha/"]

    def fail() -> None:
        raise ZeroDivisionError("no such number")

    village.before["/alpha/"] = fail
    v.write(1, "new title")
    publisher.drain()
    page = Page.objects.get(path="/alpha/")
    assert (page.error, page.attempts) == ("ZeroDivisionError: no such number", 1)
    assert timedelta(0) < page.due_at - timezone.now() <= timedelta(seconds=1)
    assert v.pages()["/alpha/"] == before
    assert b"new title" in v.pages()["/a/1/"]
    assert b"new title" in v.pages()["/"]
    assert not Change.objects.exists()
    Page.objects.update(due_at=timezone.now())
    publisher.drain()
    page.refresh_from_db()
    assert page.attempts == 2
    village.before.clear()
    Page.objects.update(due_at=timezone.now())
    publisher.drain()
    page.refresh_from_db()
    assert (page.error, page.attempts) == ("", 0)
    assert v.actual() == v.expected()


@pytest.mark.django_db
def test_a_source_that_cannot_name_addresses_holds_up_only_its_tag(
    publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses_for = village.addresses_for

    def moody(tags: frozenset[str]):  # type: ignore[no-untyped-def]
        if "article:13" in tags:
            raise LookupError("thirteen")
        return addresses_for(tags)

    monkeypatch.setattr(village, "addresses_for", moody)
    for number in (12, 13, 14):
        v.write(number, f"title {number}")
    publisher.drain()
    assert {"/a/12/", "/a/14/"} <= v.pages().keys()
    assert [change.tag for change in Change.objects.all()] == ["article:13"]
    monkeypatch.setattr(village, "addresses_for", addresses_for)
    Change.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    release_lapsed()
    publisher.drain()
    assert "/a/13/" in v.pages()
    assert not Change.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("step", ["write", "rename"])
def test_a_full_or_closed_disk_loses_nothing(
    publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch, code: int, step: str
) -> None:
    open_village(publisher, village)
    before = v.actual()

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as broken:
        broken.setattr(tree, "_open_anew" if step == "write" else "put", fail)
        v.write(1, "written to a broken disk")
        publisher.drain()
    assert v.actual() == before
    assert os.strerror(code) in Page.objects.get(path="/a/1/").error
    Page.objects.update(due_at=timezone.now())
    publisher.drain()
    assert v.actual() == v.expected()
    assert not Page.objects.exclude(error="").exists()


@pytest.mark.django_db
def test_a_read_only_directory_loses_nothing(publisher: Publisher, village: Village) -> None:
    """A file stands where a directory is wanted: also root is refused."""
    open_village(publisher, village)
    v.tree_root().joinpath("a", "7").write_text("in the way")
    v.write(7, "seven")
    publisher.drain()
    assert "Error" in Page.objects.get(path="/a/7/").error
    v.tree_root().joinpath("a", "7").unlink()
    Page.objects.update(due_at=timezone.now())
    publisher.drain()
    assert v.actual() == v.expected()


@pytest.mark.django_db
def test_a_busy_database_is_waited_for(publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked() -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(publisher, "step", locked)
    monkeypatch.setattr(publisher_module, "IDLE", 0.0)
    monkeypatch.setattr(publisher_module.connection, "close", lambda: None)
    publisher._round(lambda seconds: pytest.fail("must not sleep until something is committed"))


@pytest.mark.django_db
def test_two_claims_never_overlap(publisher: Publisher, village: Village) -> None:
    for number in range(40):
        v.write(number, f"title {number}")
    taken = [claim_changes(Lane.APPROVAL, "a"), claim_changes(Lane.APPROVAL, "b")]
    assert [len(changes) for changes in taken] == [80, 0]
    claims.release_changes(taken[0])
    while publisher._intake.take(Lane.APPROVAL):
        pass
    first, second = (claim_pages(Lane.APPROVAL, name, 25) for name in ("a", "b"))
    assert (len(first), len(second)) == (25, 15)
    assert {page.pk for page in first}.isdisjoint(page.pk for page in second)


@pytest.mark.django_db
def test_claims_of_a_killed_publisher_are_free_at_once_and_its_leftovers_gone(
    publisher: Publisher, village: Village
) -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    dead = new_name().replace(str(os.getpid()), str(process.pid))
    open_village(publisher, village)
    v.write(1, "left behind")
    v.write(2, "left behind")
    while publisher._intake.take(Lane.APPROVAL):
        pass
    held = claim_pages(Lane.APPROVAL, dead, 3)
    leftover = tree.locate(v.address(held[0].path))
    assert leftover is not None
    leftover.with_name(f".{leftover.name}.{dead}.tmp").write_text("half a pa")
    v.write(3, "three")
    assert len(claim_changes(Lane.APPROVAL, dead)) == 2
    publisher.drain()
    assert v.actual() != v.expected()
    release_dead()
    publisher.drain()
    assert v.actual() == v.expected()


@pytest.mark.django_db
def test_claims_of_the_living_and_of_other_machines_are_left_alone() -> None:
    assert not is_dead(new_name())
    assert not is_dead("another-machine-999999999-00ff00ff")
    assert not is_dead("nonsense")
    assert is_dead(f"{MACHINE}-{os.getpid()}-00ff00ff0")  # who had our process number before us


@pytest.mark.django_db
def test_lapsed_claims_are_taken_over(publisher: Publisher, village: Village) -> None:
    v.write(1, "one")
    claim_changes(Lane.APPROVAL, "away")
    publisher.drain()
    assert v.actual() == {}
    Change.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    release_lapsed()
    publisher.drain()
    assert "/a/1/" in v.pages()


def whole(bodies: dict[str, bytes]) -> bool:
    return all(body.endswith(v.END.encode()) for path, body in bodies.items() if path.endswith("/"))


def visible() -> dict[str, bytes]:
    """Only what a web server would serve: no hidden files, whose writers may be at work."""
    top = v.tree_root()
    served = (path for path in top.rglob("index.html") if "hant" not in path.parts)
    return {page_path(path.relative_to(top).as_posix()): path.read_bytes() for path in served}


def test_killed_at_any_moment_it_converges(village: Village, start: Start) -> None:
    v.set_footer("footer")
    for number in range(120):
        v.write(number, f"title {number}")
    for round_, enough in enumerate((10, 50, 90)):
        process = start(pause=0.003)
        until(lambda enough=enough: len(visible()) >= enough)  # type: ignore[misc]
        v.write(round_, f"changed in round {round_}")
        v.retract(60 + round_)
        process.kill()
        process.join()
        assert whole(visible())
        assert not is_quiet()
    process = start()
    until(is_quiet)
    process.terminate()
    process.join(20)
    assert process.exitcode == 0
    assert v.actual() == v.expected()
    assert len(v.pages()) == 117 + 4


def test_two_publishers_at_once_are_one(village: Village, start: Start) -> None:
    both = [start(pause=0.002), start(pause=0.002)]
    v.set_footer("footer")
    for number in range(60):
        v.write(number % 25, f"title {number}", v.COLUMNS[number % 3])
        if number % 7 == 0:
            v.retract(number % 25)
        if number % 20 == 19:
            v.set_footer(f"footer {number}")
    until(is_quiet)
    for process in both:
        process.terminate()
        process.join(20)
    assert [process.exitcode for process in both] == [0, 0]
    assert v.actual() == v.expected()
    assert not Page.objects.exclude(error="").exists()


def test_a_commit_of_another_process_ends_the_wait(village: Village, shared_database: str) -> None:
    with waking.alarm() as wait:
        wait(0.1)
        wait(0.1)
        publisher = Publisher()
        with ThreadPoolExecutor(1) as pool:
            began = time.monotonic()
            other = pool.submit(announce_later)
            wait(60)
            assert time.monotonic() - began < 30
            other.result()
    publisher.drain()
    assert "/a/1/" in v.pages()


def announce_later() -> None:
    time.sleep(0.2)
    try:
        v.write(1, "one")
    finally:
        connection.close()


def test_terminated_it_stops_between_two_pages(village: Village, start: Start) -> None:
    for number in range(200):
        v.write(number, f"title {number}")
    process = start(pause=0.05)
    until(lambda: Page.objects.filter(status=200).exists())
    process.terminate()
    process.join(20)
    assert process.exitcode == 0
    assert not Page.objects.exclude(claimed_by="").exists()
    assert not Change.objects.exclude(claimed_by="").exists()
    assert Page.objects.due().exists()


def test_the_tree_is_where_the_settings_say(village: Village, settings: object) -> None:
    assert tree.root() == Path(settings.PUBLIC_ROOT)  # type: ignore[attr-defined]
