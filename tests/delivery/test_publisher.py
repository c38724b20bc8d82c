"""What is rendered when, in which order, and how often."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from menhu.delivery.models import Change, Lane, Page, PageTag, TagVersion
from menhu.delivery.outbox import EVERYTHING, announce
from menhu.delivery.publishing import intake
from menhu.delivery.publishing import publisher as publisher_module
from menhu.delivery.publishing.publisher import Publisher
from tests.delivery import village as v
from tests.delivery.village import HOST, Village

pytestmark = pytest.mark.django_db


def open_village(publisher: Publisher, village: Village) -> None:
    """Two articles in alpha, one in beta, everything published."""
    v.set_footer("first footer")
    v.write(1, "one")
    v.write(2, "two")
    v.write(3, "three", "beta")
    publisher.drain()
    village.rendered.clear()


def test_first_publication_writes_every_page(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    assert set(v.pages()) == {"/", "/alpha/", "/beta/", "/gamma/", "/a/1/", "/a/2/", "/a/3/"}
    assert v.actual() == v.expected()
    assert not Change.objects.exists()


def test_announce_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        announce(["article:1"])
    assert not Change.objects.exists()


def test_a_changed_tag_renders_exactly_the_pages_that_read_it(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    with transaction.atomic():
        announce(["list:beta"])
    publisher.drain()
    assert sorted(village.rendered) == ["/", "/beta/"]


def test_a_tag_that_no_page_reads_renders_nothing(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    with transaction.atomic():
        announce(["nobody:9"])
    publisher.drain()
    assert village.rendered == []
    assert not Change.objects.exists()


def test_an_article_that_leaves_a_column_is_no_longer_read_by_it(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    v.write(2, "two", "gamma")
    publisher.drain()
    village.rendered.clear()
    with transaction.atomic():
        announce(["article:2"])
    publisher.drain()
    assert sorted(village.rendered) == ["/", "/a/2/", "/gamma/"]
    assert v.actual() == v.expected()


def test_the_tags_of_a_page_are_those_of_its_last_render(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    tags = PageTag.objects.filter(page__host=HOST, page__path="/alpha/").values_list("tag", flat=True)
    assert set(tags) == {"site", "list:alpha", "article:1", "article:2"}
    v.forget(2)
    publisher.drain()
    assert set(tags.all()) == {"site", "list:alpha", "article:1"}


def test_many_approvals_at_once_render_each_page_once(publisher: Publisher, village: Village) -> None:
    """More than one bite of changes, and a home page and a list that all of them concern."""
    count = 300
    for number in range(count):
        v.write(number, f"title {number}")
    publisher.drain()
    assert sorted(village.rendered) == sorted(v.path_of(f"article:{number}") for number in range(count))
    v.set_footer("footer")
    publisher.drain()
    village.rendered.clear()
    for number in range(count):
        v.write(number, f"new title {number}")
    publisher.drain()
    assert village.rendered.count("/") == village.rendered.count("/alpha/") == 1
    assert len(village.rendered) == count + 2
    assert v.actual() == v.expected()


def test_lanes_go_in_order_of_safety(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    v.set_footer("second footer")
    v.write(3, "three again", "beta")
    v.retract(1)
    publisher.drain()
    order = village.rendered
    assert order[0] == "/a/1/"
    assert order.index("/alpha/") < order.index("/a/3/") < order.index("/a/2/")
    assert v.actual() == v.expected()


def test_bulk_yields_to_what_is_safer_after_one_slice(
    publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publisher_module.PAGES_AT_ONCE, Lane.BULK, 4)
    for number in range(100, 140):
        v.write(number, f"title {number}")
    publisher.drain()
    assert len(village.rendered) == 40
    v.set_footer("new footer")
    assert publisher.step()  # takes the footer in
    assert publisher.step()  # and renders a first slice
    assert len(village.rendered) == 40 + 4
    village.rendered.clear()
    v.retract(120)
    assert publisher.step()  # takes the retraction in
    assert publisher.step()  # and carries it out
    assert village.rendered[0] == "/a/120/"
    assert not (v.pages().keys() & {"/a/120/"})
    assert Page.objects.due().filter(lane=Lane.BULK).count() == (40 + 4) - 4 - 1
    publisher.drain()
    assert v.actual() == v.expected()


def test_files_go_before_any_list_is_written(
    publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_village(publisher, village)
    lists_at_removal: list[bytes] = []
    remove = publisher_module.settle

    def settle(outcomes, by):  # type: ignore[no-untyped-def]
        settled = remove(outcomes, by)
        if any(outcome.is_gone for outcome in outcomes):
            lists_at_removal.append(v.pages()["/alpha/"])
            assert "/a/1/" not in v.pages()
        return settled

    monkeypatch.setattr(publisher_module, "settle", settle)
    v.retract(1)
    publisher.drain()
    assert len(lists_at_removal) == 1
    assert b"one" in lists_at_removal[0]
    assert v.actual() == v.expected()
    assert Page.objects.get(path="/a/1/").status == 410


def test_a_page_that_no_source_knows_leaves_neither_file_nor_row(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    v.forget(1)
    publisher.drain()
    assert v.actual() == v.expected()
    assert not Page.objects.filter(path="/a/1/").exists()
    assert not (v.tree_root() / "a" / "1").exists()


def test_a_retracted_page_may_come_back(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    v.retract(1)
    publisher.drain()
    v.write(1, "one, corrected")
    publisher.drain()
    assert b"one, corrected" in v.pages()["/a/1/"]
    assert v.actual() == v.expected()


def test_a_large_change_goes_in_slices_and_reaches_every_page(
    publisher: Publisher, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SLICE", 7)
    v.set_footer("old")
    for number in range(30):
        v.write(number, f"title {number}")
    publisher.drain()
    assert v.actual() == v.expected()
    village.rendered.clear()
    v.set_footer("new")
    publisher.drain()
    assert sorted(village.rendered) == sorted(v.expected_pages())
    assert v.actual() == v.expected()
    assert not Change.objects.exists()


def test_everything_reaches_every_page(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    with transaction.atomic():
        announce([EVERYTHING], lane=Lane.BULK)
    publisher.drain()
    assert sorted(village.rendered) == sorted(v.expected_pages())


def test_an_unchanged_page_keeps_its_date(publisher: Publisher, village: Village) -> None:
    open_village(publisher, village)
    file = v.tree_root() / "beta" / "index.html"
    before = file.stat().st_mtime_ns, file.stat().st_ino
    with transaction.atomic():
        announce(["list:beta"])
    publisher.drain()
    assert "/beta/" in village.rendered
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_the_queue_is_read_by_index(village: Village) -> None:
    now = timezone.now()
    plans = [
        Page.objects.claimable(Lane.BULK, now)[:16].explain(),
        Page.objects.exclude(error="").order_by("-pk")[:5].explain(),
        Page.objects.exclude(claimed_by="").filter(claimed_at__lt=now).explain(),
        PageTag.objects.filter(tag="site", page_id__gt=5).order_by("page_id").explain(),
        TagVersion.objects.filter(tag__in=["a", "b"], intake__gt=3).explain(),
    ]
    if connection.vendor == "sqlite":
        assert [("SCAN delivery" in plan and "INDEX" not in plan, "TEMP B-TREE" in plan) for plan in plans] == [
            (False, False)
        ] * len(plans)
