"""`menhu publish`: draining, rebuilding, resuming, removing what nobody owns; static assets as files of every host."""

import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from menhu.delivery import sources, tree
from menhu.delivery.assets import ASSETS, AssetSource, asset_names, known_hosts
from menhu.delivery.models import Change, Lane, Page, Rebuild
from menhu.delivery.publishing import claims
from menhu.delivery.publishing import rebuild as rebuild_module
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.rules import bundle_owner
from menhu.delivery.sources import Address, Rendered
from tests.delivery import village as v
from tests.delivery.village import HOST, Village

pytestmark = pytest.mark.django_db


def publish(*arguments: str) -> str:
    out = StringIO()
    call_command("publish", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def fill(count: int = 5) -> None:
    v.set_footer("footer")
    for number in range(count):
        v.write(number, f"title {number}")


def test_without_all_it_drains_the_queue_once(village: Village) -> None:
    fill()
    output = publish()
    assert v.actual() == v.expected()
    assert "已发布 14 页。" in output  # five articles by approval, then the footer: all nine
    assert re.search(r"完成：共 9 个文件，用时 \d+\.\d 秒。", output)


def test_a_rebuild_of_nothing_makes_everything(village: Village) -> None:
    fill()
    Change.objects.all().delete()
    publish("--all")
    assert v.actual() == v.expected()
    assert not Page.objects.due().exists()
    assert Rebuild.objects.get().finished_at is not None


def test_a_rebuild_renders_each_page_once_and_changes_nothing(village: Village) -> None:
    fill()
    publish()
    before = {path: (v.tree_root() / path[1:] / "index.html").stat().st_mtime_ns for path in v.pages()}
    village.rendered.clear()
    publish("--all")
    assert sorted(village.rendered) == sorted(v.expected_pages())
    assert {path: (v.tree_root() / path[1:] / "index.html").stat().st_mtime_ns for path in v.pages()} == before


def test_a_rebuild_mends_what_was_tampered_with(village: Village) -> None:
    fill()
    publish()
    (v.tree_root() / "index.html").write_bytes(b"flipped")
    (v.tree_root() / "a" / "2" / "index.html").unlink()
    publish("--all")
    assert v.actual() == v.expected()


def test_a_rebuild_removes_what_nobody_owns(village: Village) -> None:
    fill()
    publish()
    planted = ["planted.html", "a/planted/index.html", ".hidden", "a/1/.index.html.nobody.tmp", "b/index.html/x"]
    for name in planted:
        file = v.tree_root() / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("planted")
        os.utime(file, (time.time() - 3600,) * 2)
    foreign = tree.root() / "old.example" / "index.html"
    foreign.parent.mkdir()
    foreign.write_text("another host")
    publish("--all")
    assert v.actual() == v.expected()
    assert not foreign.exists()
    assert not (v.tree_root() / "a" / "planted").exists()


def test_a_file_just_being_written_is_left_alone(village: Village, publisher: Publisher) -> None:
    fill()
    publish()
    busy = v.tree_root() / "a" / "1" / f".index.html.{publisher.name}.tmp"
    busy.write_text("half a page")
    publish("--all")
    assert busy.read_text() == "half a page"


def test_a_rebuild_forgets_pages_that_no_source_names(village: Village) -> None:
    fill()
    publish()
    v.forget(3)
    Change.objects.all().delete()  # as if the change had been lost
    publish("--all")
    assert v.actual() == v.expected()
    assert "/a/3/" not in v.pages()
    assert not Page.objects.filter(path="/a/3/").exists()


def test_a_rebuild_may_be_of_one_host(village: Village) -> None:
    fill()
    publish()
    other = tree.root() / "other.example" / "index.html"
    other.parent.mkdir()
    other.write_text("stays")
    Page.objects.create(host="other.example", path="/", status=200, rendered_at=timezone.now())
    (v.tree_root() / "planted.html").write_text("goes")
    village.rendered.clear()
    publish("--all", "--host", HOST)
    assert other.read_text() == "stays"
    assert v.actual() == v.expected()
    assert Rebuild.objects.get().host == HOST


@pytest.mark.parametrize("arguments", [("--host", HOST), ("--all", "--host", "../etc"), ("--all", "--host", "a b")])
def test_a_wrong_host_is_told(village: Village, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="主机名"):
        publish(*arguments)


def test_an_interrupted_rebuild_goes_on_where_it_stood(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(30)
    publish()
    village.rendered.clear()
    publisher = Publisher()
    village.before["/a/20/"] = publisher.stop
    FullRebuild(publisher).run()
    stood = len(village.rendered)
    assert 0 < stood < 34
    assert Rebuild.objects.get().finished_at is None
    village.before.clear()
    assert "继续上次没有做完的重建。" in publish("--all")
    assert sorted(village.rendered) == sorted(v.expected_pages())
    assert Rebuild.objects.get().finished_at is not None


def test_a_failed_page_is_named_and_the_exit_code_tells(village: Village) -> None:
    fill()
    publish()

    def fail() -> None:
        raise ValueError("spoilt")

    village.before["/a/1/"] = fail
    with pytest.raises(CommandError, match="有 1 页生成失败"):
        publish("--all")
    village.before.clear()
    publish("--all")
    assert not Page.objects.exclude(error="").exists()


def test_portions_are_small(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild_module, "PORTION", 3)
    fill(10)
    Change.objects.all().delete()
    publish("--all")
    assert v.actual() == v.expected()
    for number in range(0, 10, 2):
        v.forget(number)
    Change.objects.all().delete()
    publish("--all")
    assert v.actual() == v.expected()


@pytest.fixture
def assets(village: Village) -> AssetSource:
    source = AssetSource()
    sources.register(source)
    return source


def test_public_assets_are_files_of_every_host(assets: AssetSource, village: Village) -> None:
    Page.objects.create(host="own.example", path="/", status=200, rendered_at=timezone.now())
    publish("--all")
    names = asset_names()
    assert names != []
    assert all(name.startswith(("core/", "letters/")) for name in names)
    for host in (HOST, "own.example"):
        for name in names:
            found = finders.find(name)
            assert found is not None
            assert (tree.root() / host / "static" / name).read_bytes() == Path(found).read_bytes()


def test_the_portal_gets_its_assets_with_its_first_page(assets: AssetSource, village: Village) -> None:
    v.write(1, "one")
    publish()
    names = {path.name for path in (v.tree_root() / "static").rglob("*") if path.is_file()}
    assert {name for name in names if bundle_owner(name) == name} == {n.rpartition("/")[2] for n in asset_names()}
    assert {"components.css.gz", "components.css.br"} <= names


def test_a_new_host_gets_its_assets_with_its_first_page(
    assets: AssetSource, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    monkeypatch.setattr(village, "addresses_for", lambda tags: [Address("own.example", "/")] if "own" in tags else [])
    monkeypatch.setattr(village, "render", lambda address: Rendered(b"own") if address.path == "/" else None)
    Change.objects.create(tag="own")
    publish()
    assert (tree.root() / "own.example" / "index.html").read_bytes() == b"own"
    assert (tree.root() / "own.example" / "static" / asset_names()[0]).is_file()
    assert known_hosts() == [HOST, "own.example"]


def test_only_public_assets_are_rendered(assets: AssetSource, settings: Any) -> None:
    name = asset_names()[0]
    assert assets.render(Address(HOST, f"/static/{name}")) is not None
    for path in ("/static/wagtailadmin/css/core.css", f"/{name}", "/static/core/nowhere.css", "/static/core/../x"):
        assert assets.render(Address(HOST, path)) is None
    assert list(assets.addresses_for(frozenset(["site:1"]))) == []
    assert Address(HOST, f"/static/{name}") in set(assets.addresses_for(frozenset([ASSETS])))


def test_lanes_have_names() -> None:
    assert [lane.label for lane in Lane] == ["撤稿", "签发", "批量"]


def keep_writing(stop: threading.Event) -> int:
    written = 0
    try:
        while not stop.is_set():
            v.write(1_000 + written % 5, f"written meanwhile {written}", "beta")
            written += 1
            stop.wait(0.05)
    finally:
        connection.close()
    return written


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_goes_on_while_others_write(
    village: Village, shared_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses to write where the same connection still reads an older snapshot."""
    monkeypatch.setattr(rebuild_module, "PORTION", 15)
    fill(100)
    Change.objects.all().delete()
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(keep_writing, stop)
        try:
            publish("--all")
        finally:
            stop.set()
        assert other.result() > 0
    publish()
    assert v.actual() == v.expected()


@pytest.mark.django_db(transaction=True)
def test_helpers_take_their_share(village: Village, shared_database: str) -> None:
    fill(150)
    Change.objects.all().delete()
    village.before = {path: lambda: time.sleep(0.01) for path in v.expected_pages()}
    publish("--all", "--workers", "3")
    assert v.actual() == v.expected()
    assert 0 < len(village.rendered) < len(v.expected_pages())  # of what others rendered nothing is known here
    assert not Page.objects.exclude(claimed_by="").exists()


@pytest.mark.django_db(transaction=True)
def test_a_helper_that_is_killed_costs_nothing(
    village: Village, shared_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(40)
    Change.objects.all().delete()
    parent = os.getpid()

    def die() -> None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=0.5))
    village.before = {path: lambda: time.sleep(0.01) for path in v.expected_pages()} | {"/a/7/": die, "/a/20/": die}
    publish("--all", "--workers", "2")
    assert v.actual() == v.expected()
