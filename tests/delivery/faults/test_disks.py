"""Disks that are full, read-only, broken, or hold something else in the place of a file."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from menhu.delivery.manifest import sealing
from menhu.delivery.models import Page
from menhu.delivery.publishing import publisher as publisher_module
from tests.delivery import village as v
from tests.delivery.faults import worlds
from tests.delivery.faults.fuses import fork, was_killed

pytestmark = pytest.mark.usefixtures("village", "shared_database")
SIZE = 1 << 20
STAGING = 14
"""A step at which a publisher has files beside their places and rows in its name."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rests are over as soon as the test says so."""
    monkeypatch.setattr(publisher_module, "IDLE", 0.0)
    monkeypatch.setattr(sealing, "REST", 0.0)


class Disk:
    """A file system of its own for the public tree."""

    def __init__(self, at: Path) -> None:
        self.at = at

    def fill(self) -> None:
        """Until not one more octet goes in."""
        ballast = self.at / ".ballast"
        with ballast.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(b"x" * size):
                        pass
                except OSError as error:
                    assert error.errno == errno.ENOSPC  # noqa: PT017 - the loop ends here, by design

    def relieve(self) -> None:
        (self.at / ".ballast").unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", self.at], check=True)


@pytest.fixture
def disk(tmp_path: Path, settings: object) -> Iterator[Disk]:
    """A real file system in memory of a megabyte."""
    at = tmp_path / "disk"
    at.mkdir()
    if os.geteuid() or shutil.which("mount") is None or _mounted(at) != 0:
        pytest.skip("a file system of one's own needs root and the right to mount")
    settings.PUBLIC_ROOT = at / "public"  # type: ignore[attr-defined]
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def _mounted(at: Path) -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "menhu-faults", at]
    return subprocess.run(command, check=False, capture_output=True).returncode


def open_village() -> None:
    v.set_footer("footer")
    for number in range(4):
        v.write(number, f"long title {number}")
    worlds.drain()
    worlds.check_arrived()


def try_again() -> None:
    """The rest after a failure is over."""
    Page.objects.due().update(due_at=timezone.now())
    worlds.recover()


def failed() -> dict[str, str]:
    return dict(Page.objects.failed().values_list("path", "error"))


def test_full_disk(disk: Disk) -> None:
    """New texts wait with their error, the old stand; a retraction is carried out; room once more, all is mended."""
    open_village()
    before = v.actual()
    disk.fill()
    v.write(1, "long new title")
    v.write(2, "long new title" * 8)
    worlds.drain()
    assert failed().keys() == {"/a/1/", "/a/2/", "/alpha/", "/"}
    assert all(os.strerror(errno.ENOSPC) in error for error in failed().values())
    assert v.actual() == before
    v.retract(3)
    worlds.drain()
    assert "/a/3/" not in v.pages()
    try_again()
    # What cannot be announced for want of room is done all the same: until then the manifest knows it not.
    assert {finding.name.removeprefix("hant/")[:4] for finding in worlds.findings()} <= {"a/3/"}
    assert list(v.tree_root().rglob("*.tmp")) == []
    disk.relieve()
    try_again()
    worlds.check_arrived()


def test_disk_full_to_the_last_name(disk: Disk) -> None:
    """Not even an intent can be announced: what is retracted goes all the same."""
    open_village()
    disk.fill()
    usage = os.statvfs(disk.at)
    disk.remount(f"nr_inodes={usage.f_files - usage.f_ffree}")
    v.retract(3)
    worlds.drain()
    assert "/a/3/" not in v.pages()
    disk.remount(f"nr_inodes={usage.f_files}")
    disk.relieve()
    try_again()
    worlds.check_arrived()


def test_read_only_disk(disk: Disk) -> None:
    """Not even a retraction can be done: it is known as failed, and done as soon as the disk can be written again."""
    open_village()
    before = v.actual()
    disk.remount("ro")
    v.write(1, "long new title")
    v.retract(3)
    worlds.drain()
    assert v.actual() == before
    assert failed().keys() == {"/a/1/", "/a/3/", "/alpha/", "/"}
    assert all(os.strerror(errno.EROFS) in error for error in failed().values())
    try_again()
    disk.remount("rw")
    try_again()
    worlds.check_arrived()


def test_read_only_in_the_middle_and_killed(disk: Disk) -> None:
    """A publisher that died left claims and half-written files; another starts though it cannot remove them."""
    open_village()
    v.write(1, "long new title")
    assert was_killed(fork(worlds.drain, dies_before=STAGING))
    disk.remount("ro")
    worlds.recover()
    disk.remount("rw")
    try_again()
    v.write(1, "long newer title")
    worlds.recover()
    assert worlds.served() == v.expected()


class Breakage:
    """An operation of the system that fails for some files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def of(self, name: str, code: int, concerns: Callable[[str], bool]) -> None:
        original = getattr(os, name)

        def broken(path: object, *args: object, **kwargs: object) -> object:
            if concerns(str(path)):
                raise OSError(code, os.strerror(code))
            return original(path, *args, **kwargs)

        self._patch.setattr(os, name, broken)


OPERATIONS = ["open", "replace", "unlink", "mkdir"]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_bad_directory(operation: str, code: int) -> None:
    """Whatever the system refuses in the directory of one page, the other pages go on."""
    open_village()
    broken = pytest.MonkeyPatch()
    try:
        Breakage(broken).of(operation, code, lambda path: "/a/1/" in path or "/a/7" in path)
        v.write(1, "1")
        v.write(7, "a new long title")
        v.write(2, "long new title")
        v.retract(3)
        worlds.drain()
        assert failed().keys() <= {"/a/1/", "/a/7/"}
        assert all(os.strerror(code) in error for error in failed().values())
        others = {name: body for name, body in v.expected_pages().items() if name not in ("/a/1/", "/a/7/")}
        assert {name: body for name, body in v.pages().items() if name not in ("/a/1/", "/a/7/")} == others
    finally:
        broken.undo()
    assert worlds.findings() == []
    try_again()
    worlds.check_arrived()


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_sync_fails(code: int, monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """Every sync fails: nothing is taken for written that the disk did not take."""
    open_village()
    before = v.actual()
    settings.PUBLIC_FSYNC = True  # type: ignore[attr-defined]
    with monkeypatch.context() as broken:
        Breakage(broken).of("fsync", code, lambda _: True)
        v.write(1, "long new title")
        v.retract(3)
        worlds.drain()
        gone = {name: body for name, body in before.items() if "a/3/" not in name}
        assert v.actual() == gone
        assert failed().keys() == {"/a/1/", "/alpha/", "/"}
    try_again()
    worlds.check_arrived()


@pytest.mark.parametrize("in_the_way", ["a/1/index.html", "a/1/index.html.gz", "hant/a/1/index.html"])
def test_directory_where_a_file_should_be(in_the_way: str) -> None:
    open_village()
    path = v.tree_root() / in_the_way
    path.unlink()
    path.mkdir()
    (path / "something").write_text("else")
    v.write(1, "long new title")
    v.write(2, "long new title")
    worlds.drain()
    assert "Is a directory" in failed()["/a/1/"]
    assert failed().keys() == {"/a/1/"}
    assert v.pages()["/a/2/"] == v.expected_pages()["/a/2/"]
    shutil.rmtree(path)
    try_again()
    worlds.check_arrived()


def test_file_where_the_directory_of_a_dead_publishers_page_should_be() -> None:
    """What it left half-written cannot be there: no reason not to start."""
    open_village()
    v.write(7, "long title")
    assert was_killed(fork(worlds.drain, dies_before=STAGING))
    shutil.rmtree(v.tree_root() / "a/7", ignore_errors=True)
    (v.tree_root() / "a/7").write_text("in the way")
    worlds.recover()
    assert failed().keys() == {"/a/7/"}
    (v.tree_root() / "a/7").unlink()
    try_again()
    worlds.check_arrived()


@pytest.mark.parametrize("file", ["root.json", "keys.json", "objects"])
def test_the_manifest_cannot_be_written(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages go on, the publisher lives, the announced changes cover the time until the manifest is written again."""
    open_village()
    with monkeypatch.context() as broken:
        Breakage(broken).of("replace", errno.ENOSPC, lambda path: f".menhu/.{file}" in path or f"/{file}/" in path)
        v.write(1, "long new title")
        v.retract(3)
        worlds.drain()
        assert v.pages() == v.expected_pages()
        assert worlds.findings() == []
    worlds.recover()
    worlds.check_arrived()


def test_announcements_cannot_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """An intent that keeps its name only stays valid longer than it had to."""
    open_village()
    with monkeypatch.context() as broken:
        Breakage(broken).of("replace", errno.EIO, lambda path: "/intents/" in path and not path.endswith(".tmp"))
        v.write(1, "long new title")
        v.retract(3)
        worlds.drain()
    worlds.check_arrived()
