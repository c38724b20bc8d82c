import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.delivery.models import Page
from menhu.delivery.publishing.claims import release_dead
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.rules import is_host

STAGES = {"mark": gettext_lazy("登记页面"), "render": gettext_lazy("生成页面"), "sweep": gettext_lazy("清理多余文件")}
EACH = 1.0


class Command(BaseCommand):
    help = str(gettext_lazy("发布：不带参数时处理完待发布的变更；--all 重建全部页面，中断后再运行即继续。"))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help=_("重建全部页面，并删除不属于任何页面的文件"))
        parser.add_argument(
            "--workers",
            type=int,
            default=settings.PUBLISH_WORKERS,
            help=_("重建时同时工作的进程数（默认：处理器的核数，最多四个）"),
        )
        parser.add_argument("--host", default="", help=_("只重建这个主机（与 --all 同用）"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain the queue, or rebuild; a page that failed makes the exit code 1."""
        if options["host"] and not (options["all"] and is_host(options["host"])):
            raise CommandError(_("--host 要与 --all 同用，值是主机名，如 www.example.cn。"))
        publisher = Publisher()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: publisher.stop())
        self._started = self._told = time.monotonic()
        try:
            if options["all"]:
                self._rebuild(publisher, options["host"], options["workers"])
            else:
                self._drain(publisher)
        except OperationalError as error:
            raise CommandError(_("数据库忙或无法连接（%s）；稍后再次运行即从中断处继续。") % error) from error
        self._conclude(publisher)

    def _rebuild(self, publisher: Publisher, host: str, workers: int) -> None:
        run = FullRebuild(publisher, host, self._tell, workers=workers)
        if run.is_resumed:
            self.stdout.write(_("继续上次没有做完的重建。"))
        run.run()

    def _drain(self, publisher: Publisher) -> None:
        release_dead()
        settled = 0

        def count(more: int) -> None:
            nonlocal settled
            settled += more
            self._tell("render", settled, 0)

        publisher.drain(report=count)
        self.stdout.write(_("已发布 %(count)s 页。") % {"count": settled})

    def _tell(self, stage: str, done: int, of: int) -> None:
        """One line a second; the last of a stage is not worth waiting for."""
        if time.monotonic() - self._told < EACH:
            return
        self._told = time.monotonic()
        rate = done / max(self._told - self._started, 0.001)
        total = f"/{of}" if of else ""
        self.stdout.write(f"{STAGES[stage]} {done}{total}（{rate:.0f}/{_('秒')}）")
        self.stdout.flush()

    def _conclude(self, publisher: Publisher) -> None:
        if publisher.is_stopping:
            self.stderr.write(_("已中断；再次运行即从中断处继续。"))
            sys.exit(130)
        failed = Page.objects.failed()
        for page in failed[:5]:
            self.stderr.write(f"{page}  {page.error}")
        if count := failed.count():
            raise CommandError(_("有 %(count)s 页生成失败，原来的文件保持不变；稍后会自动重试。") % {"count": count})
        seconds = time.monotonic() - self._started
        figures = {"files": Page.objects.filter(status=200).count(), "seconds": seconds}
        self.stdout.write(_("完成：共 %(files)s 个文件，用时 %(seconds).1f 秒。") % figures)
