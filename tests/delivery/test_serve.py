"""`menhu serve`: started, watched, stopped as one."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from menhu.delivery.management.commands.serve import require_free
from menhu.delivery.models import Change, Lane, Page, PublishingState
from menhu.delivery.outbox import announce
from menhu.delivery.serving import preparation
from menhu.delivery.serving.preparation import current_release, prepare
from menhu.delivery.serving.supervisor import HOPELESS, Child
from tests.delivery.conftest import ROOT, until

Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def serve(shared_database: str, tmp_path: Path, port: int) -> Iterator[Serve]:
    """Start `menhu serve` on a database that is already up to date."""
    PublishingState.objects.update_or_create(pk=1, defaults={"release": current_release()})
    environment = {**os.environ, "DATABASE_URL": shared_database, "MENHU_HOME": str(tmp_path / "home"), "HTTPS": "off"}
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "config.cli", "serve", *(arguments or ("--port", str(port)))]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def status(port: int, path: str) -> int:
    """The status of an answer; 0 while nobody answers."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asking.request("GET", path)
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


def children(process: "subprocess.Popen[str]") -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_command_serves_publishes_and_stops(serve: Serve, port: int, tmp_path: Path) -> None:
    process = serve()
    until(lambda: status(port, "/office/login/") == 200, 120)
    assert status(port, "/nowhere/") == 404
    with transaction.atomic():
        announce(["assets"])
    until(lambda: not Change.objects.exists() and not Page.objects.due().exists())
    published = sorted((tmp_path / "home" / "public").rglob("*.css"))
    assert published != []
    path = "/" + published[0].relative_to(tmp_path / "home" / "public" / "127.0.0.1").as_posix()
    assert status(port, path) == 200
    group = children(process)
    assert len(group) >= 3
    process.terminate()
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert f"已就绪：http://127.0.0.1:{port}/" in output
    assert "Traceback" not in output
    assert not [pid for pid in group if is_alive(pid)]
    assert status(port, "/") == 0


def test_a_part_that_is_killed_comes_back(serve: Serve, port: int) -> None:
    process = serve()
    until(lambda: status(port, "/office/login/") == 200, 120)
    web, publisher, *_ = before = children(process)
    os.kill(publisher, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    until(lambda: len(children(process)) == len(before) and not {web, publisher} & set(children(process)), 60)
    until(lambda: status(port, "/office/login/") == 200, 60)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "发布意外停止（信号 9），0.5 秒后重新启动。" in output
    assert "网站意外停止（信号 9），0.5 秒后重新启动。" in output


def test_without_their_parent_the_parts_end(serve: Serve, port: int) -> None:
    process = serve()
    until(lambda: status(port, "/office/login/") == 200, 120)
    group = children(process)
    process.kill()
    process.wait()
    until(lambda: not [pid for pid in group if is_alive(pid)], 20)
    until(lambda: status(port, "/") == 0, 20)


def test_a_taken_port_is_told_in_one_line(serve: Serve, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen(1)
        output, _ = (process := serve()).communicate(timeout=60)
    assert process.returncode == 1
    assert output == f"错误：127.0.0.1 的端口 {port} 已被占用或不可用，请换一个：--port 端口号。\n"


@pytest.mark.parametrize(
    ("host", "port_", "line"),
    [
        ("127.0.0.1", 0, "错误：端口 0 不对，应在 1 至 65535 之间。"),
        ("127.0.0.1", 70000, "错误：端口 70000 不对，应在 1 至 65535 之间。"),
        ("999.1.2.3", 8000, "错误：监听地址 999.1.2.3 不对，应是本机的 IP 地址。"),
    ],
)
def test_a_wrong_address_is_told_in_one_line(host: str, port_: int, line: str) -> None:
    with pytest.raises(SystemExit) as end:
        require_free(host, port_)
    assert end.value.code == line


def test_failures_in_a_row_wait_longer_and_are_counted() -> None:
    child = Child("发布", lambda: None)
    lines = []
    for _ in range(HOPELESS):
        child.started_at = 1e12  # just now
        lines.append(child.note_end(1 << 8))
    assert child.failures == HOPELESS
    assert lines[0] == "发布意外停止（退出码 1），0.5 秒后重新启动。"
    assert lines[-1] == "发布启动后又停止（退出码 1），8.0 秒后重试。"


@pytest.mark.django_db
def test_a_release_is_prepared_once(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    called: list[str] = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))
    said: list[str] = []
    prepare(said.append)
    assert called == ["collectstatic", "migrate"]
    assert len(said) == 2
    assert [(c.tag, c.lane) for c in Change.objects.order_by("pk")] == [("assets", Lane.APPROVAL), ("*", Lane.BULK)]
    prepare(said.append)
    assert called == ["collectstatic", "migrate"]
    monkeypatch.setattr(preparation, "current_release", lambda: "another")
    prepare(said.append)
    assert called == ["collectstatic", "migrate"] * 2
    assert Change.objects.count() == 4
