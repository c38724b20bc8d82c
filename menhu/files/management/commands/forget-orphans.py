# ruff: noqa: N999 - the command is called "forget-orphans", and Django takes its name from the file
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.files.actions import forget_orphans


class Command(BaseCommand):
    help = _("删除没有记录的上传文件内容（超过一天的）；时钟也会每天逐步清理。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=_("只列出，不删除"))

    def handle(self, *args: Any, **options: Any) -> None:
        names = forget_orphans(now=timezone.now(), dry_run=options["dry_run"])
        for name in names:
            self.stdout.write(name)
        done = _("将删除 %(count)d 个文件。") if options["dry_run"] else _("已删除 %(count)d 个文件。")
        self.stdout.write(done % {"count": len(names)})
