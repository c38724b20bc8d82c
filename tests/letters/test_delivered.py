"""What delivery writes of letters step by step equals what it would write from nothing, byte for byte."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from menhu.delivery import sources
from menhu.delivery.models import Page
from menhu.letters.actions import copying, counting
from menhu.letters.actions.knowledge import mark_model
from menhu.letters.actions.sharing import count_same, show_counts
from menhu.letters.models import PublicCopy
from tests.cases.desk import Desk
from tests.letters.test_knowledge import STOP, WATER, public


@pytest.fixture
def tree(settings: Any, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Path:
    """The tree of the portal's host, in which only letters are published."""
    only = {name: source for name, source in sources._sources.items() if name == "letters"}
    monkeypatch.setattr(sources, "_sources", only)
    settings.PUBLIC_FSYNC = False
    publish()
    return Path(settings.PUBLIC_ROOT) / settings.PUBLIC_HOST


def publish(*arguments: str) -> None:
    call_command("publish", *arguments, stdout=StringIO(), stderr=StringIO())


def files(tree: Path) -> dict[str, bytes]:
    found = {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if name.endswith("index.html")}


def case_of(title: str) -> Any:
    return PublicCopy.objects.get(title=title).letter.case


STEPS: tuple[Callable[[Desk], object], ...] = (
    lambda desk: public(desk, STOP),
    lambda desk: mark_model(case=case_of(STOP.title), is_model=True, by=desk.operator),
    lambda desk: public(desk, WATER),
    lambda desk: mark_model(case=case_of(WATER.title), is_model=True, by=desk.supervisor),
    lambda desk: count_same(copy=PublicCopy.objects.get(title=STOP.title)),
    lambda desk: show_counts(),
    lambda desk: counting.take_figures(timezone.now()),
    lambda desk: mark_model(case=case_of(STOP.title), is_model=False, by=desk.operator),
    lambda desk: copying.withdraw(copy=PublicCopy.objects.get(title=WATER.title), by=desk.supervisor, reason="要求"),
)


@pytest.mark.parametrize("page_size", [1, 100])
def test_step_by_step_equals_a_full_rebuild(
    desk: Desk, tree: Path, monkeypatch: pytest.MonkeyPatch, page_size: int
) -> None:
    monkeypatch.setattr(copying, "BUCKET_SIZE", page_size)
    seen = set()
    for step in STEPS:
        step(desk)
        publish()
        here = files(tree)
        publish("--all")
        assert files(tree) == here
        seen |= set(here)
    assert "letters/questions/advice/index.html" in seen
    assert ("letters/2026-06-2/index.html" in seen) is (page_size == 1)
    assert "letters/2026-06-2/index.html" not in files(tree)
    assert "letters/questions/advice/index.html" not in files(tree)
    assert "没有常见问题" in files(tree)["letters/questions/index.html"].decode()
    assert not Page.objects.due().exists()
