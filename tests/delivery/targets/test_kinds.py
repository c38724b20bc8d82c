"""The same promises for every kind of target: storages of Django, and rsync through a daemon on this machine."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.management import call_command

from menhu.delivery.manifest.keys import public_pem, signer_in
from menhu.delivery.manifest.layout import FOLDER, INTENTS, OBJECTS
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.targets import rsync
from menhu.delivery.targets.folders import FolderPlace
from menhu.delivery.targets.places import Place
from menhu.delivery.targets.rsync import RsyncPlace
from menhu.delivery.targets.storages import StoragePlace
from tests.delivery import village as v
from tests.delivery.targets.places import Killed, Watched, push
from tests.delivery.village import HOST

pytestmark = pytest.mark.django_db
Fetch = Callable[[Path], None]
"""Brings what the target holds into a folder, to look at."""


def copied(source: Path) -> Fetch:
    return lambda folder: shutil.copytree(source, folder, dirs_exist_ok=True) and None


def poured(storage: InMemoryStorage) -> Fetch:
    def pour(folder: Path) -> None:
        for name in StoragePlace(storage).names(HOST):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with storage.open(name) as file:
                (folder / name).write_bytes(file.read())

    return pour


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An rsync daemon on the loopback: address and folder of its one module."""
    if shutil.which("rsync") is None:
        pytest.skip("rsync is missing: .ci/run installs it")
    folder = tmp_path / "module"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "rsyncd.conf"
    owner = f"uid = {os.getuid()}\ngid = {os.getgid()}\n"
    modules = f"[www]\npath = {folder}\nread only = no\n[readonly]\npath = {folder}\nread only = yes\n"
    config.write_text(f"use chroot = no\n{owner}{modules}", encoding="utf-8")
    command = ["rsync", "--daemon", "--no-detach", f"--config={config}", "--address=127.0.0.1", f"--port={port}"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        wait_for(port)
        yield f"rsync://127.0.0.1:{port}/www", folder
        process.terminate()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the daemon does not answer")


@pytest.fixture(params=["folder", "in memory", "files", "files overwritten", "rsync"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Place, Fetch]:
    folder = tmp_path / "target"
    folder.mkdir()
    if request.param == "rsync":
        address, module = request.getfixturevalue("daemon")
        return RsyncPlace(address), copied(module)
    if request.param == "folder":
        return FolderPlace(folder), copied(folder)
    if request.param == "in memory":
        storage = InMemoryStorage()
        return StoragePlace(storage), poured(storage)
    return StoragePlace(FileSystemStorage(folder, allow_overwrite="over" in request.param)), copied(folder)


def verified(fetch: Fetch, tmp_path: Path, name: str) -> dict[str, bytes]:
    """`menhu verify` with the public key alone finds nothing; returns the files."""
    look, key = tmp_path / name, tmp_path / "menhu.pem"
    fetch(look)
    key.write_bytes(public_pem(signer_in(tmp_path / "keys")))
    out = StringIO()
    call_command("verify", "--tree", str(look), "--public-key", str(key), "--host", HOST, stdout=out, stderr=out)
    assert out.getvalue() == ""
    files = (path for path in (look / HOST).rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {path.relative_to(look / HOST).as_posix(): path.read_bytes() for path in files}


def test_a_target_follows_the_tree_and_proves_itself(
    published: Publisher, kind: tuple[Place, Fetch], tmp_path: Path
) -> None:
    place, fetch = kind
    push(place)
    assert verified(fetch, tmp_path, "first") == v.actual()
    v.retract(3)
    v.write(2, "a longer title")
    v.write(9, "a new page")
    published.drain()
    done = push(place)
    assert (done.removed > 0, done.written > 0) == (True, True)
    assert verified(fetch, tmp_path, "second") == v.actual()
    assert not list((tmp_path / "second" / HOST / FOLDER / INTENTS).glob("*"))
    objects = {path.name for path in (tmp_path / "second" / HOST / FOLDER / OBJECTS).rglob("*.json")}
    assert objects == {path.name for path in (v.tree_root() / FOLDER / OBJECTS).rglob("*.json")}
    assert push(place).written == 0


@pytest.mark.parametrize("at", [0, 1, 4, 9, 20, 30])
def test_a_target_is_taken_up_where_a_push_died(
    published: Publisher, kind: tuple[Place, Fetch], tmp_path: Path, at: int
) -> None:
    place, fetch = kind
    push(place)
    v.retract(3)
    v.write(2, "a longer title")
    published.drain()
    dying = Watched(place)

    def die(number: int) -> None:
        if number == at:
            raise Killed

    dying.after = die
    with pytest.raises(Killed):
        push(dying)
    verified(fetch, tmp_path, "midway")
    push(place)
    assert verified(fetch, tmp_path, "after") == v.actual()


def test_a_retraction_goes_before_the_pages(published: Publisher, kind: tuple[Place, Fetch]) -> None:
    place = Watched(kind[0])
    push(place)
    v.write(2, "a longer title")
    v.retract(3)
    published.drain()
    first = len(place.steps)
    push(place)
    pages = [step for step in place.steps[first:] if FOLDER not in step[1]]
    removed = [at for at, (how, name) in enumerate(pages) if how == "remove" and "a/3/" in name]
    assert removed == list(range(len(removed)))
    assert removed


def test_anew_clears_what_does_not_belong_there(
    published: Publisher, kind: tuple[Place, Fetch], tmp_path: Path
) -> None:
    place, fetch = kind
    push(place)
    place.put({f"{HOST}/a/1/index.html": b"defaced", f"{HOST}/planted/x 1.html": b"planted"})
    place.remove([f"{HOST}/a/2/index.html"])
    place.put({"other.example.cn/index.html": b"another host"})
    push(place, anew=True)
    assert place.read(["other.example.cn/index.html"]) == {"other.example.cn/index.html": b"another host"}
    assert sorted(place.names(HOST)) == sorted(
        path.relative_to(v.tree_root().parent).as_posix() for path in v.tree_root().rglob("*") if path.is_file()
    )
    place.remove(["other.example.cn/index.html"])
    assert verified(fetch, tmp_path, "anew") == v.actual()


def test_what_a_place_promises(kind: tuple[Place, Fetch]) -> None:
    place, _ = kind
    assert (place.read([]), place.read([f"{HOST}/x"]), place.read_all(f"{HOST}/.menhu/intents")) == ({}, {}, {})
    assert list(place.names(HOST)) == []
    files = {f"{HOST}/a/1.html": b"one", f"{HOST}/长名/页.html": "页".encode(), f"{HOST}/empty": b""}
    place.put(files)
    assert place.read([*files, f"{HOST}/nowhere/x"]) == files
    assert sorted(place.names(HOST)) == sorted(files)
    assert place.read_all(f"{HOST}/a") == {f"{HOST}/a/1.html": b"one"}
    place.put({f"{HOST}/a/1.html": b"two"})
    assert place.read([f"{HOST}/a/1.html"]) == {f"{HOST}/a/1.html": b"two"}
    place.remove([f"{HOST}/a/1.html", f"{HOST}/长名/页.html", f"{HOST}/nowhere/x", f"{HOST}/a/nothing"])
    assert list(place.names(HOST)) == [f"{HOST}/empty"]


def test_a_storage_that_gives_other_names_is_refused() -> None:
    class Renaming(InMemoryStorage):
        def get_available_name(self, name: str, max_length: int | None = None) -> str:
            return f"{name}.1"

    with pytest.raises(OSError, match="改名"):
        StoragePlace(Renaming()).put({f"{HOST}/x": b"x"})


def test_odd_names_are_listed_by_rsync_as_they_are(daemon: tuple[str, Path]) -> None:
    address, module = daemon
    names = [b"\xff odd", b"new\nline", b"back\\#slash", b"a -> b", "中文.html".encode()]
    (module / HOST).mkdir()
    for name in names:
        Path(os.fsdecode(bytes(module / HOST) + b"/" + name)).write_bytes(b"x")
    (module / HOST / "link").symlink_to("/etc")
    listed = sorted(RsyncPlace(address).names(HOST))
    assert listed == sorted([*(f"{HOST}/{os.fsdecode(name)}" for name in names), f"{HOST}/link"])
    RsyncPlace(address).remove(listed)
    assert list((module / HOST).iterdir()) == []


def test_rsync_never_follows_links_of_the_target(daemon: tuple[str, Path], tmp_path: Path) -> None:
    address, module = daemon
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_bytes(b"kept")
    (module / HOST).mkdir()
    for name in ("a", "b"):
        (module / HOST / name).symlink_to(outside)
    RsyncPlace(address).put({f"{HOST}/a/index.html": b"new"})
    RsyncPlace(address).remove([f"{HOST}/b/index.html"])
    assert (outside / "index.html").read_bytes() == b"kept"
    assert (module / HOST / "a/index.html").read_bytes() == b"new"


def test_what_goes_wrong_with_rsync_is_one_line(
    daemon: tuple[str, Path], published: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, module = daemon
    with pytest.raises(OSError, match="rsync 退出码"):
        push(RsyncPlace(address.replace("/www", "/nowhere")))
    with pytest.raises(OSError, match="read only"):
        push(RsyncPlace(address.replace("/www", "/readonly")))
    with pytest.raises(OSError, match="rsync 退出码"):
        push(RsyncPlace("rsync://127.0.0.1:1/www"))
    monkeypatch.setattr(rsync, "PROGRAM", "no-such-program")
    with pytest.raises(OSError, match="没有安装 rsync"):
        push(RsyncPlace(address))
    assert list(module.iterdir()) == []
