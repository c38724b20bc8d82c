"""The law of the house: after any sequence of edits the tree equals a full rebuild, byte for byte."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from menhu.core.models import Figure
from menhu.delivery.models import Change, Directory, Lane, ManifestRoot, Page, PageTag, Rebuild, TagVersion
from menhu.delivery.publishing.claims import claim_changes, claim_pages, release_dead
from menhu.delivery.publishing.names import new_name
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.publishing.rendering import Outcome, render_page
from menhu.delivery.publishing.settling import settle
from menhu.delivery.publishing.turns import current
from menhu.delivery.rules import bundle_names, bundle_owner, file_path, page_path
from tests.delivery import village as v
from tests.delivery.village import Village

NUMBERS = st.integers(1, 6)
TITLES = st.text("甲乙丙丁 <&", min_size=1, max_size=6)
COLUMNS = st.sampled_from(v.COLUMNS)
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "15"))
LANES = st.sampled_from(list(Lane))


def dead_name() -> str:
    process = subprocess.Popen(["true"])
    process.wait()
    machine, _, rest = new_name().rpartition("-")[0].rpartition("-")
    return f"{machine}-{process.pid}-{rest}"


class Town(RuleBasedStateMachine):
    """Edits, two publishers whose steps interleave, renders that are slow, publishers that die."""

    village: Village
    dead: str

    @initialize()
    def begin(self) -> None:
        for model in (Figure, Change, PageTag, Page, TagVersion, Rebuild, Directory, ManifestRoot):
            model.objects.all().delete()
        shutil.rmtree(django_settings.PUBLIC_ROOT, ignore_errors=True)
        self.publishers = [Publisher(), Publisher()]
        self.slow: list[tuple[str, list[Outcome]]] = []
        self.taken_away: set[str] = set()
        v.set_footer("footer")

    @rule(number=NUMBERS, title=TITLES, column=COLUMNS, lane=LANES)
    def write(self, number: int, title: str, column: str, lane: Lane) -> None:
        v.write(number, title, column, lane=lane)

    @rule(number=NUMBERS)
    def retract(self, number: int) -> None:
        if Figure.objects.filter(key=f"article:{number}").exists():
            v.retract(number)

    @invariant()
    def what_was_taken_away_stays_away(self) -> None:
        gone = {v.path_of(key) for key in Figure.objects.filter(unit=v.GONE).values_list("key", flat=True)}
        self.taken_away = gone & (self.taken_away | set(Page.objects.filter(status=410).values_list("path", flat=True)))
        owners = {page_path(bundle_owner(name)) for name in v.actual()}
        assert not self.taken_away & owners

    @invariant()
    def what_is_not_due_is_right(self) -> None:
        if Change.objects.exists():
            return
        right, there = v.expected(), v.actual()
        for path in set(Page.objects.difference(Page.objects.due()).values_list("path", flat=True)):
            for name in bundle_names(file_path(path) or ""):
                assert there.get(name) == right.get(name), name

    @rule(number=NUMBERS)
    def forget(self, number: int) -> None:
        if Figure.objects.filter(key=f"article:{number}").exists():
            v.forget(number)

    @rule(text=TITLES)
    def set_footer(self, text: str) -> None:
        v.set_footer(text)

    @rule(which=st.integers(0, 1), steps=st.integers(1, 4))
    def publish_a_little(self, which: int, steps: int) -> None:
        for _ in range(steps):
            self.publishers[which].step()

    @rule(path=st.sampled_from(["/", "/alpha/", "/a/1/", "/a/2/"]))
    def fail_for_a_while(self, path: str) -> None:
        def fail() -> None:
            raise ValueError("for a while")

        self.village.before[path] = fail

    @rule()
    def recover(self) -> None:
        self.village.before.clear()
        Page.objects.update(due_at=timezone.now())

    @rule(lane=LANES, which=st.integers(0, 1))
    def begin_slow_renders(self, lane: Lane, which: int) -> None:
        name = self.publishers[which].name
        seen = current()
        self.slow.append((name, [render_page(page, seen) for page in claim_pages(lane, name, 5)]))

    @rule(number=NUMBERS, column=COLUMNS, title=TITLES, edit=st.sampled_from(["write", "retract", "forget"]))
    def edit_during_a_slow_render(self, number: int, column: str, title: str, edit: str) -> None:
        """One publisher has just begun to render when the next edit is made, taken in and carried out by the other."""
        slow, quick = self.publishers
        v.write(number, title, column)
        for lane in Lane:
            while slow._intake.take(lane):
                pass
        seen = current()
        outcomes = [render_page(page, seen) for lane in Lane for page in claim_pages(lane, slow.name, 10)]
        self.write(number, title + "!", column, Lane.APPROVAL) if edit == "write" else getattr(self, edit)(number)
        quick.drain()
        settle(outcomes, slow.name)

    @precondition(lambda self: self.slow)
    @rule()
    def finish_slow_renders(self) -> None:
        name, outcomes = self.slow.pop(0)
        settle(outcomes, name)

    @rule(lane=LANES)
    def die_with_claims(self, lane: Lane) -> None:
        claim_changes(lane, self.dead)
        claim_pages(lane, self.dead, 3)

    @rule()
    def rebuild(self) -> None:
        self.settle_all()
        FullRebuild(self.publishers[0]).run()
        assert v.actual() == v.expected()

    @rule()
    def compare(self) -> None:
        self.settle_all()

    def settle_all(self) -> None:
        self.recover()
        while self.slow:
            self.finish_slow_renders()
        release_dead()
        for publisher in self.publishers:
            publisher.drain()
        assert not Change.objects.exists()
        assert not Page.objects.due().exists()
        assert v.actual() == v.expected()

    def teardown(self) -> None:
        if hasattr(self, "publishers"):
            self.settle_all()
            before = v.actual()
            FullRebuild(self.publishers[1]).run()
            assert v.actual() == before


@pytest.mark.django_db
def test_the_incremental_tree_equals_a_full_rebuild(village: Village, tmp_path: Path) -> None:
    class OneTown(Town):
        pass

    OneTown.village, OneTown.dead = village, dead_name()
    run_state_machine_as_test(
        OneTown,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
