"""Killed by SIGKILL before every single step that lasts: whatever stands is whole, and a restart ends the work."""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from django.db import transaction

from menhu.delivery import assets, sources
from menhu.delivery.assets import ASSETS, AssetSource
from menhu.delivery.outbox import announce
from tests.delivery import village as v
from tests.delivery.faults import worlds
from tests.delivery.faults.fuses import fork, was_killed

pytestmark = pytest.mark.usefixtures("hamlet", "shared_database")
LEAST_STEPS, MOST_STEPS = 25, 300


@pytest.fixture
def hamlet(monkeypatch: pytest.MonkeyPatch, quick_disk: None) -> None:
    """A village of one column, since each step costs two publications."""
    monkeypatch.setattr(v, "COLUMNS", ("alpha",))


def kill_at_every_step(change: Callable[[int], None]) -> None:
    """Make a change, kill the publisher at the next step of its work, let another finish; until one is not killed."""
    for step in count(1):
        assert step < MOST_STEPS
        history = worlds.History()
        history.around(partial(change, step))
        killed = was_killed(fork(worlds.drain, dies_before=step))
        history.check()
        if worlds.has_root():
            assert worlds.findings() == []
        worlds.recover(history)
        worlds.check_arrived(history.now)
        if not killed:
            break
    assert step > LEAST_STEPS


def open_hamlet() -> None:
    v.set_footer("footer")
    v.write(1, "one")
    v.write(2, "two")
    worlds.drain()


def test_first_publication() -> None:
    def publish(step: int) -> None:
        worlds.empty()
        v.set_footer(f"footer {step}")
        v.write(1, "one")

    kill_at_every_step(publish)


def test_edit() -> None:
    """Compressed forms come and go with the size of the page."""
    open_hamlet()
    kill_at_every_step(lambda step: v.write(2, f"long title {step}" if step % 2 else "two"))


def test_retraction() -> None:
    """Once gone it never comes back, not even for a moment."""
    open_hamlet()

    def retract(step: int) -> None:
        v.write(1, f"one {step}")
        worlds.drain()
        assert (v.tree_root() / "a/1/index.html").exists()
        v.retract(1)

    kill_at_every_step(retract)


def test_footer_of_all_pages() -> None:
    open_hamlet()
    kill_at_every_step(lambda step: v.set_footer(f"footer {step}"))


def test_static_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is copied, and the stylesheet that all hosts get, change with a release."""
    asset = tmp_path / "style.css"
    asset.write_text("")
    monkeypatch.setattr(assets, "asset_names", lambda: ["core/style.css"])
    monkeypatch.setattr(assets, "_file_of", lambda name: asset)
    monkeypatch.setitem(sources._sources, "assets", AssetSource())
    open_hamlet()

    def release(step: int) -> None:
        asset.write_text(f"/* {step} */" * (1 + 50 * (step % 2)))
        with transaction.atomic():
            announce([ASSETS])

    kill_at_every_step(release)
