"""`menhu push`: settings, states, failures that stay with their target, and the watcher."""

import multiprocessing
import shutil
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.delivery.manifest.layout import FOLDER
from menhu.delivery.models import ManifestRoot, TargetState
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.standing import standing
from menhu.delivery.targets import folders, runs
from menhu.delivery.targets.folders import FolderPlace
from menhu.delivery.targets.places import place_of, targets
from menhu.delivery.targets.rsync import RsyncPlace
from menhu.delivery.targets.runs import TargetRun
from menhu.delivery.targets.storages import StoragePlace
from tests.conftest import SignedIn
from tests.delivery import village as v
from tests.delivery.conftest import ROOT, Start, is_quiet, until
from tests.delivery.manifest.looks import found
from tests.delivery.targets.places import is_proven, is_same
from tests.delivery.village import HOST
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tmp_path: Path, settings: object) -> tuple[Path, Path]:
    """Two folders, both targets."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    settings.PUBLISH_TARGETS = {name: f"file://{tmp_path / name}" for name in ("one", "two")}  # type: ignore[attr-defined]
    return tmp_path / "one", tmp_path / "two"


def push(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("push", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        code = int(str(end.code))
    return code, out.getvalue()


def test_every_target_is_pushed_and_its_state_kept(published: Publisher, two: tuple[Path, Path]) -> None:
    code, told = push()
    serial = ManifestRoot.objects.get().serial
    assert code == 0
    assert f"one：{HOST} 与第 {serial} 号清单一致（写入 {len(v.actual())}，删除 0）。" in told
    assert [is_same(folder / HOST) for folder in two] == [True, True]
    for state in TargetState.objects.order_by("target"):
        assert (state.serial, state.failures, state.error, state.claimed_by) == (serial, 0, "", "")
        assert (state.written, state.octets) == (len(v.actual()), sum(map(len, v.actual().values())))
        assert state.pushed_at is not None


def test_one_target_alone_can_be_chosen(published: Publisher, two: tuple[Path, Path]) -> None:
    assert push("--target", "two")[0] == 0
    assert (is_same(two[0] / HOST), is_same(two[1] / HOST)) == (False, True)
    with pytest.raises(CommandError, match="没有这个发布目标"):
        push("--target", "three")


def test_a_target_that_fails_holds_up_no_other(published: Publisher, two: tuple[Path, Path]) -> None:
    shutil.rmtree(two[0])
    for times in (1, 2):
        code, told = push()
        assert code == 1
        assert "one：" in told
        assert "目标目录不存在" in told
        state = TargetState.objects.get(target="one")
        assert (state.failures, state.pushed_at, state.claimed_by) == (times, None, "")
        assert "目标目录不存在" in state.error
    assert is_same(two[1] / HOST)
    two[0].mkdir()
    assert push()[0] == 0
    state = TargetState.objects.get(target="one")
    assert (state.failures, state.error) == (0, "")


def test_a_target_that_cannot_be_written_is_told_and_taken_up_again(
    published: Publisher, two: tuple[Path, Path]
) -> None:
    write = folders._write

    def refusing(final: Path, body: bytes) -> None:
        if two[0] in final.parents and final.name == "index.html.br":
            raise OSError(30, "Read-only file system")
        write(final, body)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folders, "_write", refusing)
        code, told = push()
    assert code == 1
    assert "Read-only file system" in told
    assert is_same(two[1] / HOST)
    assert push()[0] == 0
    assert is_same(two[0] / HOST)
    assert found(two[0] / HOST) == set()


def test_anew_is_passed_on(published: Publisher, two: tuple[Path, Path]) -> None:
    push()
    (two[0] / HOST / "planted.html").write_bytes(b"planted")
    push()
    assert (two[0] / HOST / "planted.html").exists()
    push("--anew")
    assert is_same(two[0] / HOST)


def test_two_pushers_do_not_meet_on_one_target(published: Publisher, two: tuple[Path, Path]) -> None:
    push()
    TargetState.objects.filter(target="one").update(claimed_by="another-1-x", claimed_at=timezone.now())
    code, told = push()
    assert code == 1
    assert f"one：{HOST} 正由另一个程序推送。" in told
    TargetState.objects.update(claimed_at=timezone.now() - 2 * runs.LEASE)
    assert push()[0] == 0


def test_a_lost_lease_ends_the_push(published: Publisher, two: tuple[Path, Path], monkeypatch: object) -> None:
    run = TargetRun("one", f"file://{two[0]}")
    assert run._claim(HOST)
    renew = run._renewer(HOST)
    renew()
    TargetState.objects.update(claimed_by="another-1-x")
    monkeypatch.setattr(runs, "RENEWED_EACH", 0.0)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="另一个程序接手了推送"):
        renew()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("file:///mnt/mirror", FolderPlace),
        ("rsync://web2.example.cn/menhu", RsyncPlace),
        ("rsync://menhu@web2.example.cn:8730/menhu/public", RsyncPlace),
        ("menhu@web2.example.cn:/var/lib/menhu/public", RsyncPlace),
        ("storage:default", StoragePlace),
    ],
)
def test_addresses_that_are_understood(address: str, kind: type) -> None:
    assert isinstance(place_of(address), kind)


@pytest.mark.parametrize(
    "address",
    [
        "/mnt/mirror",
        "file://relative",
        "file:///mnt/../etc",
        "rsync://web2/menhu/../etc",
        "rsync://web2",
        "rsync://-oProxyCommand=x/menhu",
        "menhu@web2:/srv/../etc",
        "menhu@web2:relative",
        "-e sh@web2:/srv",
        "menhu@web2:/srv;reboot",
        "menhu@web2:/srv\n",
        "storage:",
        "storage:nowhere",
        "ftp://web2/x",
        "",
    ],
)
def test_addresses_that_are_refused(address: str, published: Publisher, settings: object) -> None:
    with pytest.raises(ImproperlyConfigured):
        place_of(address)
    settings.PUBLISH_TARGETS = {"one": address}  # type: ignore[attr-defined]
    with pytest.raises(CommandError) as refusal:
        push()
    assert refusal.value.returncode == 2


def test_the_line_in_the_how_to_is_read_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs/how-to/push-to-targets.md").read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in text.splitlines() if line.startswith("PUBLISH_"))
    for name, value in lines.items():
        monkeypatch.setenv(name, value)
    named = environ.Env().dict("PUBLISH_TARGETS")
    assert list(named) == ["mirror", "www2", "edge", "bucket"]
    assert [type(place_of(named[name])) for name in ("mirror", "www2", "edge")] == [FolderPlace, RsyncPlace, RsyncPlace]
    assert environ.Env().json("PUBLISH_STORAGES")["bucket"]["OPTIONS"]["file_overwrite"] is True


@pytest.mark.parametrize("name", ["", "Upper", "a b", "../x", "-x", "a" * 41])
def test_names_that_are_refused(name: str, settings: object) -> None:
    settings.PUBLISH_TARGETS = {name: "file:///mnt"}  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured):
        targets()


@pytest.mark.parametrize("where", [".", "..", "inside", HOST, "../link"])
def test_a_target_is_never_the_public_tree_nor_around_or_in_it(
    published: Publisher, settings: object, where: str
) -> None:
    root: Path = settings.PUBLIC_ROOT  # type: ignore[attr-defined]
    (root / "inside").mkdir()
    (root.parent / "link").symlink_to(root)
    folder = {".": root, "..": root.parent, "../link": root.parent / "link"}.get(where, root / where)
    before = v.actual()
    settings.PUBLISH_TARGETS = {"one": f"file://{folder}"}  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="重叠"):
        push("--anew")
    assert v.actual() == before


def test_without_targets_it_says_so(settings: object) -> None:
    settings.PUBLISH_TARGETS = {}  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="没有设置发布目标"):
        push()


def test_a_watcher_waits_longer_after_each_failure_and_pushes_at_once_when_it_can(
    published: Publisher, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, tried, ends = 1000.0, list[float](), iter([False, False, False, False, True, True, True])

    def push_once(self: TargetRun, host: str) -> bool:
        tried.append(now)
        return next(ends)

    monkeypatch.setattr(TargetRun, "_push", push_once)
    monkeypatch.setattr(runs, "monotonic", lambda: now)
    monkeypatch.setattr(runs, "close_old_connections", lambda: None)
    run = TargetRun("one", f"file://{two[0]}")
    for _ in range(200):
        run._look(HOST)
        now += 0.1
    assert [round(at - 1000, 0) for at in tried] == [0, 1, 3, 7, 15]
    v.write(9, "sealed just now")
    published.drain()
    run._look(HOST)
    assert len(tried) == 6
    now += runs.RECHECK + 1
    run._look(HOST)
    assert len(tried) == 7


# The webmaster's page.


def test_the_status_page_tells_how_each_target_stands(
    world: World, published: Publisher, two: tuple[Path, Path]
) -> None:
    browser = SignedIn(world.people["webmaster"])
    assert "还没有推送过" in browser.get("/office/delivery/").content.decode()
    push("--target", "one")
    shutil.rmtree(two[1])
    push("--target", "two")
    text = browser.get("/office/delivery/").content.decode()
    assert "已是最新" in text
    assert "目标目录不存在" in text
    assert "（连续 1 次）" in text
    v.write(9, "newer")
    published.drain()
    assert "落后 1 次更新" in browser.get("/office/delivery/").content.decode()
    assert [(t.target, t.host, t.behind, t.is_pushed) for t in standing().targets] == [
        ("one", HOST, 1, True),
        ("two", HOST, ManifestRoot.objects.get().serial, False),
    ]


def test_the_page_costs_the_same_however_many_hosts(world: World, two: tuple[Path, Path]) -> None:
    counts = []
    for number in range(1, 40, 19):
        ManifestRoot.objects.bulk_create(
            [ManifestRoot(host=f"h{number}-{n}.example.cn", serial=2, digest="00") for n in range(number)]
        )
        with CaptureQueriesContext(connection) as queries:
            standing()
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_without_targets_the_page_does_not_speak_of_them(world: World, settings: object) -> None:
    settings.PUBLISH_TARGETS = {}  # type: ignore[attr-defined]
    assert "发布目标" not in SignedIn(world.people["webmaster"]).get("/office/delivery/").content.decode()


# Real processes.

Watch = Callable[[], object]


@pytest.fixture
def watch(shared_database: str, two: tuple[Path, Path]) -> Iterator[Watch]:
    """Start `menhu push --watch` in a process of its own; killed at the end."""
    running = []

    def begin() -> object:
        connection.close()
        process = multiprocessing.get_context("fork").Process(target=call_command, args=("push", "--watch"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.join()


@pytest.mark.django_db(transaction=True)
def test_a_retraction_reaches_a_watched_target_within_a_second_of_sealing(
    start: Start, watch: Watch, two: tuple[Path, Path]
) -> None:
    for number in range(1, 6):
        v.write(number, f"title {number}", v.COLUMNS[number % 3])
    start()
    until(is_quiet)
    shutil.rmtree(two[1])  # a target that fails all the while
    process = watch()
    until(lambda: is_same(two[0] / HOST) and is_proven(two[0] / HOST))
    root = v.tree_root() / FOLDER / "root.json"
    before = root.read_bytes()
    v.retract(3)
    until(lambda: root.read_bytes() != before)
    until(lambda: not (two[0] / HOST / "a/3/index.html").exists())
    until(lambda: is_same(two[0] / HOST))
    until(lambda: TargetState.objects.filter(target="two", failures__gte=1).exists())
    process.terminate()  # type: ignore[attr-defined]
    process.join(10)  # type: ignore[attr-defined]
    assert process.exitcode == 0  # type: ignore[attr-defined]
    assert set(TargetState.objects.values_list("claimed_by", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_a_watcher_killed_while_it_pushes_leaves_an_honest_target_to_the_next(
    start: Start, watch: Watch, two: tuple[Path, Path]
) -> None:
    for number in range(1, 30):
        v.write(number, f"title {number}", v.COLUMNS[number % 3])
    start()
    until(is_quiet)
    first = watch()
    until(lambda: (two[0] / HOST / FOLDER / "root.json").exists())
    for footer in (b"once", b"twice", b"three times"):
        v.set_footer(footer.decode())
        until(is_quiet)
        until(partial(_home_has, two[0], footer))
        first.kill()  # type: ignore[attr-defined]
        first.join()  # type: ignore[attr-defined]
        assert found(two[0] / HOST) == set()
        first = watch()
    until(lambda: is_same(two[0] / HOST) and is_same(two[1] / HOST))
    until(lambda: is_proven(two[0] / HOST))


def _home_has(folder: Path, text: bytes) -> bool:
    home = folder / HOST / "index.html"
    return home.exists() and text in home.read_bytes()


def test_lapsed_times_are_longer_than_renewals() -> None:
    assert timedelta(seconds=runs.RENEWED_EACH * 10) < runs.LEASE
