import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.search.actions import rebuild
from menhu.search.engines import EngineAwayError

EACH = 1.0


class Command(BaseCommand):
    help = str(gettext_lazy("重建搜索索引：逐批重新收入全部公开内容，其间照常检索。平时不需要，索引随发布和撤稿更新。"))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--afresh", action="store_true", help=str(gettext_lazy("先清空索引（索引损坏时用；其间检索不全）"))
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._rebuild(is_afresh=options["afresh"])
        except EngineAwayError as error:
            raise CommandError(_("搜索服务暂时不可用，恢复后请再运行一次：%(error)s") % {"error": error}) from error

    def _rebuild(self, *, is_afresh: bool) -> None:
        """One line a second."""
        started = told = time.monotonic()
        done = 0
        for done in rebuild(is_afresh=is_afresh):
            if time.monotonic() - told > EACH:
                told = time.monotonic()
                self.stdout.write(
                    _("已收入 %(done)s 条（%(rate).0f/秒）") % {"done": done, "rate": done / (told - started)}
                )
                self.stdout.flush()
        seconds = time.monotonic() - started
        self.stdout.write(_("完成：共 %(done)s 条，用时 %(seconds).1f 秒。") % {"done": done, "seconds": seconds})
