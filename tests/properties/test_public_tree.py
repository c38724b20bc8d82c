"""The law of the house through the real actions: whatever people do, the tree equals a full render, byte for byte.

Each step is one verb of articles, sites, columns, home pages or units, done as the persona who may do it; verbs that
are refused change nothing. `make soak` runs it for an hour (SOAK_SECONDS).
"""

import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from menhu.articles import actions
from menhu.articles.enums import Genre, PlacementState
from menhu.articles.models import Article, Placement
from menhu.delivery.bundles import bundle
from menhu.delivery.manifest.keys import signer_in
from menhu.delivery.manifest.layout import FOLDER
from menhu.delivery.manifest.reading import Manifest
from menhu.delivery.manifest.verifying import Hashes, Verification
from menhu.delivery.models import Change, Page
from menhu.delivery.outbox import EVERYTHING, announce
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.sources import render, sources
from menhu.review.policies import Refused
from menhu.search.models import Document
from menhu.sites import actions as of_sites
from menhu.sites.models import Banner, Column, HomeBlock, Site
from menhu.units import actions as of_units
from menhu.units.models import Unit
from tests.articles.conftest import approve, fresh, pass_reviews, write
from tests.factories import World, build_world

STEPS = 50
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "4"))
SOAK_SECONDS = float(os.environ.get("SOAK_SECONDS", "0"))
REFUSALS = (Refused, ValidationError, PermissionDenied)
TITLES = st.text("云岭县教育招生供水头发干部<&", min_size=2, max_size=8)
PICK = st.integers(0, 10_000)
COLUMNS = st.sampled_from(["jyj/gzdt", "jyj/tzgg", "slj/gzdt", "xcb/gzdt"])


def wanted() -> dict[str, bytes]:
    """What a full render of every source would put into the tree."""
    addresses = [address for source in sources() for address in source.addresses()]
    found = ((address, render(address)) for address in addresses)
    return {
        f"{address.host}/{part.name}": b"".join(part.pieces())
        for address, answer in found
        if answer is not None and answer[1].status == 200
        for part in bundle(address, answer[1])
    }


def there() -> dict[str, bytes]:
    """What lies in the tree, the manifest left out."""
    root = Path(django_settings.PUBLIC_ROOT)
    files = (path for path in root.rglob("*") if FOLDER not in path.parts and path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


class County(RuleBasedStateMachine):
    """Everything happens in one transaction that is rolled back, so that each run begins with the same county."""

    @initialize()
    def begin(self) -> None:
        shutil.rmtree(django_settings.PUBLIC_ROOT, ignore_errors=True)
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world: World = build_world()
        self.publisher = Publisher()
        announce([EVERYTHING])
        FullRebuild(self.publisher).run()
        self.done = 0

    def attempt(self, deed: Callable[[], object]) -> None:
        """Do it if it may be done; a refusal undoes what it began."""
        try:
            with transaction.atomic():
                deed()
            self.done += 1
        except REFUSALS:
            pass

    def article(self, pick: int) -> Article | None:
        rows = Article.objects.order_by("pk")
        return rows[pick % rows.count()] if rows.exists() else None

    def placement(self, pick: int) -> Placement | None:
        rows = Placement.objects.order_by("pk")
        return rows[pick % rows.count()] if rows.exists() else None

    @rule(title=TITLES, column=COLUMNS, genre=st.sampled_from([Genre.NEWS, Genre.NOTICE, Genre.NORMATIVE]))
    def publish(self, title: str, column: str, genre: str) -> None:
        def deed() -> None:
            own, other = self.world.columns["jyj/gzdt"], self.world.columns[column]
            pass_reviews(self.world, write(self.world, title=title, columns=list({own, other}), genre=genre))

        self.attempt(deed)

    @rule(pick=PICK, title=TITLES)
    def correct(self, pick: int, title: str) -> None:
        def deed() -> None:
            article = self.article(pick)
            if article is not None:
                actions.revise(article=article, by=self.world.people["editor"], title=title, body=f"<p>{title}</p>")
                pass_reviews(self.world, fresh(article))

        self.attempt(deed)

    @rule(pick=PICK, verb=st.sampled_from(["withdraw", "retract", "restore", "expire"]))
    def take_away_or_bring_back(self, pick: int, verb: str) -> None:
        def deed() -> None:
            article, people = self.article(pick), self.world.people
            if article is None:
                return
            if verb == "expire":
                Article.objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
                actions.expire(article=fresh(article))
            elif verb == "restore":
                actions.restore(article=article, by=people["editor"])
                approve(self.world, fresh(article), "head", "government_reviewer", "secrecy_reviewer")
            elif verb == "withdraw":
                actions.withdraw(article=article, by=people["head"], reason="更新中")
            else:
                actions.retract(article=article, by=people["duty_officer"], reason="有误")

        self.attempt(deed)

    @rule(pick=PICK, verb=st.sampled_from(["pin", "unpin", "remove", "adopt", "decline"]))
    def decide_on_a_placement(self, pick: int, verb: str) -> None:
        def deed() -> None:
            placement = self.placement(pick)
            if placement is None:
                return
            by = self.world.people["editor" if placement.column.site == self.world.sites["jyj"] else "webmaster"]
            if placement.state == PlacementState.PROPOSED or verb in {"adopt", "decline"}:
                by = self.world.people["stranger"]
            extra: dict[str, Any] = {"reason": "不合适"} if verb in {"remove", "decline"} else {}
            getattr(actions, verb)(placement=placement, by=by, **extra)

        self.attempt(deed)

    @rule(pick=PICK, column=COLUMNS)
    def place(self, pick: int, column: str) -> None:
        def deed() -> None:
            article = self.article(pick)
            if article is not None:
                actions.place(article=article, column=self.world.columns[column], by=self.world.people["editor"])

        self.attempt(deed)

    @rule(name=TITLES, pick=PICK, palette=st.sampled_from(["red", "blue"]))
    def change_a_site(self, name: str, pick: int, palette: str) -> None:
        sites = list(Site.objects.order_by("pk"))
        site = sites[pick % len(sites)]
        self.attempt(lambda: of_sites.change_site(site=site, by=None, name=f"{name}网", palette=palette))

    @rule(text=TITLES, pick=PICK, is_mourning=st.booleans())
    def announce_an_emergency(self, text: str, pick: int, is_mourning: bool) -> None:
        webmaster = self.world.people["webmaster"]
        banners = list(Banner.objects.order_by("pk"))
        if banners and pick % 2:
            banner = banners[pick % len(banners)]
            self.attempt(lambda: of_sites.switch_banner(banner=banner, by=None, is_shown=not banner.is_shown))
        elif pick % 3:
            self.attempt(lambda: of_sites.show_banner(text=text, by=webmaster))
        else:
            self.attempt(lambda: of_sites.set_mourning(by=webmaster, is_mourning=is_mourning))

    @rule(pick=PICK, name=TITLES, verb=st.sampled_from(["name", "up", "remove", "add"]))
    def change_a_column(self, pick: int, name: str, verb: str) -> None:
        columns = list(Column.objects.standing().order_by("pk"))
        column = columns[pick % len(columns)]
        deeds: dict[str, Callable[[], object]] = {
            "name": lambda: of_sites.change_column(column=column, by=None, name=name),
            "up": lambda: of_sites.move_column(column=column, by=None, up=bool(pick % 2)),
            "remove": lambda: of_sites.remove_column(column=column, by=None),
            "add": lambda: of_sites.add_column(
                site=column.site, by=None, name=name, slug=f"c{pick}", kind=column.kind, parent=None
            ),
        }
        self.attempt(deeds[verb])

    @rule(pick=PICK, up=st.booleans(), remove=st.booleans())
    def arrange_a_home_page(self, pick: int, up: bool, remove: bool) -> None:
        blocks = list(HomeBlock.objects.order_by("pk"))
        if blocks:
            block = blocks[pick % len(blocks)]
            deed = of_sites.remove_block if remove and pick % 4 == 0 else of_sites.move_block
            extra: dict[str, Any] = {} if deed is of_sites.remove_block else {"up": up}
            self.attempt(lambda: deed(block=block, by=None, **extra))

    @rule(pick=PICK, name=TITLES)
    def rename_a_unit(self, pick: int, name: str) -> None:
        units = list(Unit.objects.order_by("pk"))
        self.attempt(lambda: of_units.change_unit(unit=units[pick % len(units)], by=None, name=f"县{name}局"))

    @rule(steps=st.integers(1, 5))
    def publish_a_little(self, steps: int) -> None:
        for _ in range(steps):
            self.publisher.step()

    def teardown(self) -> None:
        if not hasattr(self, "publisher"):
            return
        try:
            self.publisher.drain()
            self.compare()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def compare(self) -> None:
        assert not Change.objects.exists()
        assert not Page.objects.due().exists()
        right, found = wanted(), there()
        assert sorted(found) == sorted(right)
        for name, body in right.items():
            assert found[name] == body, name
        key = signer_in(django_settings.KEYS_ROOT).chain[0].key
        for top in sorted(Path(django_settings.PUBLIC_ROOT).iterdir()):
            look = Verification(Manifest(top, key), Hashes(), pause=lambda seconds: None)
            assert list(look.findings()) == []
        live = Article.objects.live().filter(withdrawn_at__isnull=True)
        assert set(Document.objects.filter(kind="article").values_list("key", flat=True)) == {
            str(pk) for pk in live.values_list("pk", flat=True)
        }


@pytest.mark.django_db
def test_whatever_people_do_the_tree_equals_a_full_render(settings: Any) -> None:
    settings.PUBLIC_FSYNC = False
    run(EXAMPLES)


@pytest.mark.skipif(not SOAK_SECONDS, reason="make soak")
@pytest.mark.django_db
def test_soak(settings: Any) -> None:
    settings.PUBLIC_FSYNC = False
    until = time.monotonic() + SOAK_SECONDS
    while time.monotonic() < until:
        run(2)


def run(examples: int) -> None:
    run_state_machine_as_test(
        County,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[Phase.generate, Phase.target] if SOAK_SECONDS else [Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
