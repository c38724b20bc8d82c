import http.client
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.delivery.serving.preparation import prepare
from menhu.delivery.serving.supervisor import Child, Supervisor, stamped
from menhu.delivery.serving.web import run_web


class Command(BaseCommand):
    help = str(gettext_lazy("运行全部服务：网站、发布、后台任务、时钟；按 Ctrl-C 或 SIGTERM 停止。"))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help=_("端口，默认 8000"))
        parser.add_argument("--host", default="127.0.0.1", help=_("监听地址，默认 127.0.0.1"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, watch; the exit code is not 0 where the service could not be started."""
        host, port = options["host"], options["port"]
        require_free(host, port)
        prepare(self._say)
        get_resolver().url_patterns  # noqa: B018 - loaded once here, not in each child
        greeting = _("已就绪：%(address)s（Ctrl-C 停止）") % {"address": f"http://{_shown(host)}:{port}/"}
        supervisor = Supervisor(
            _children(host, port), self._say, is_ready=partial(_answers, host, port), greeting=greeting
        )
        sys.exit(supervisor.run())

    def _say(self, line: str) -> None:
        self.stdout.write(stamped(line))
        self.stdout.flush()


def _children(host: str, port: int) -> list[Child]:
    children = [
        Child(_("网站"), partial(run_web, host, port), is_vital=True),
        Child(_("发布"), _command("publisher")),
        Child(_("后台任务"), _command("worker")),
    ]
    if "clock" in get_commands():
        children.append(Child(_("时钟"), _command("clock")))
    return children


def _command(name: str) -> Callable[[], None]:
    def run() -> None:
        call_command(name)

    return run


def require_free(host: str, port: int) -> None:
    """End with one clear line where the address cannot be listened on; Granian itself would share a taken port."""
    refusals = {
        PermissionError: _("错误：没有权限使用端口 %(port)s，请换 1024 以上的端口：--port 端口号。"),
        OverflowError: _("错误：端口 %(port)s 不对，应在 1 至 65535 之间。"),
        socket.gaierror: _("错误：监听地址 %(host)s 不对，应是本机的 IP 地址。"),
        OSError: _("错误：%(host)s 的端口 %(port)s 已被占用或不可用，请换一个：--port 端口号。"),
    }
    try:
        if not port:
            raise OverflowError
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            trial.listen(1)
    except (OSError, OverflowError) as error:
        text = next(text for kind, text in refusals.items() if isinstance(error, kind))
        sys.exit(text % {"host": host, "port": port})


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _answers(host: str, port: int) -> bool:
    """Whether the web server answers at all."""
    asking = http.client.HTTPConnection(_shown(host).strip("[]"), port, timeout=2)
    try:
        asking.request("HEAD", "/static/", headers={"Host": settings.PUBLIC_HOST})
        asking.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()
    return True
