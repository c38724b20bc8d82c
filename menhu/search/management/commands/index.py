import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.search.actions import rebuild

EACH = 1.0


class Command(BaseCommand):
    help = str(gettext_lazy("重建搜索索引：清空后收入全部公开内容。平时不需要，发布和撤稿时索引随即更新。"))

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a second."""
        started = told = time.monotonic()
        done = 0
        for done in rebuild():
            if time.monotonic() - told > EACH:
                told = time.monotonic()
                self.stdout.write(
                    _("已收入 %(done)s 条（%(rate).0f/秒）") % {"done": done, "rate": done / (told - started)}
                )
                self.stdout.flush()
        seconds = time.monotonic() - started
        self.stdout.write(_("完成：共 %(done)s 条，用时 %(seconds).1f 秒。") % {"done": done, "seconds": seconds})
