import signal
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.delivery.targets.places import place_of, targets
from menhu.delivery.targets.runs import TargetRun

LOOK: Final = 0.1


class Command(BaseCommand):
    help = str(gettext_lazy("把公开文件推送到其他目标（PUBLISH_TARGETS）：只送清单里变了的，先撤后发。"))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--target", action="append", default=[], help=_("只推送这个目标（可多次给出）"))
        parser.add_argument("--watch", action="store_true", help=_("一直推送下去，按 Ctrl-C 停止"))
        parser.add_argument("--anew", action="store_true", help=_("不信目标上已有的，全部重新推送，清除多余文件"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Push once or for ever; exit code 1 where a target could not be brought up to date."""
        runs = [
            TargetRun(name, address, self.stdout.write, self.stderr.write)
            for name, address in self._chosen(options["target"]).items()
        ]
        well = [run.once(anew=options["anew"]) for run in runs if options["anew"] or not options["watch"]]
        if options["watch"]:
            self._watch(runs)
        elif not all(well):
            sys.exit(1)

    def _chosen(self, names: list[str]) -> dict[str, str]:
        try:
            known = targets()
            unknown = sorted(set(names) - known.keys())
            if unknown:
                raise CommandError(_("没有这个发布目标：%s") % "、".join(unknown), returncode=2)
            if not known:
                raise CommandError(_("没有设置发布目标（PUBLISH_TARGETS）。"), returncode=2)
            chosen = {name: address for name, address in known.items() if not names or name in names}
            for address in chosen.values():
                place_of(address)
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        return chosen

    def _watch(self, runs: list[TargetRun]) -> None:
        """A thread for each target, so that a slow one holds up no other."""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        threads = [threading.Thread(target=run.watch, args=(stopping.is_set,), name=run.name) for run in runs]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.stdout.flush()
            time.sleep(LOOK)
