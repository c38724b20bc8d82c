import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.delivery.serving.preparation import prepare
from menhu.demo.building.archive import build_archive
from menhu.demo.building.mail import Part, build_letters, how_many, pieces
from menhu.demo.building.mailboxes import build_mailboxes
from menhu.demo.building.organisation import PASSWORD, PERSONAS, SHOWN, build_organisation
from menhu.demo.building.plan import SCALES, SEED, Plan, keep_plan, kept_plan
from menhu.demo.building.web import build_portal, build_templates, build_unit_sites
from menhu.demo.building.work import build_work
from menhu.search.actions import rebuild as rebuild_index

WELCOME = """
云岭县（虚构）已经建好。

  门户          {url}/
  单位网站      {url}/jyj/（教育局）　{url}/slj/（水利局）……
  工作平台      {url}/office/
  组件样例      {url}/style-guide/

  登录口令都是  {password}
{personas}

按 Ctrl+C 停止；再次运行即可继续，数据在 {home}。
"""


def menhu(*arguments: str) -> list[str]:
    """Another `menhu` command on the same data directory (it is in the environment)."""
    return [sys.executable, "-m", "config.cli", *arguments]


class Command(BaseCommand):
    help = "建好虚构的云岭县并提供访问；中断后再运行即继续。"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=sorted(SCALES), default=None, help="small、county 或 city（默认 county）"
        )
        parser.add_argument("--no-serve", action="store_true", help="只建不提供访问")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is missing, then publish.

        When serving, older letters are built and pages are published while the first visitors look.
        """
        started = time.monotonic()
        plan = self._plan(options["scale"])
        self._configure()
        if not self._is_complete(plan):
            self._build(plan)
            for _done in rebuild_index():
                pass
            self.stdout.write(f"建成，用时 {time.monotonic() - started:.0f} 秒。")
        if options["no_serve"]:
            self._build_older_letters(plan)
            self._publish(plan)
            self._welcome()
            return
        self._go_on_meanwhile(plan)
        self._welcome()
        call_command("serve", port=options["port"])

    def _plan(self, scale: str | None) -> Plan:
        kept = kept_plan(settings.HOME)
        if kept is None:
            kept = Plan(scale=scale or "county", seed=SEED, end=timezone.localdate().isoformat())
            keep_plan(settings.HOME, kept)
        if scale is not None and scale != kept.scale:
            raise CommandError(
                _("这个目录里已有规模为 %(kept)s 的县；换规模请换一个 --home 目录。") % {"kept": kept.scale}
            )
        return kept

    def _configure(self) -> None:
        """A trial on one's own machine: plain HTTP, at this port; kept so that `menhu serve` finds the same."""
        kept: Path = settings.HOME / "menhu.env"
        if not kept.exists():
            kept.write_text(f"HTTPS=off\nPUBLIC_BASE_URL={settings.PUBLIC_BASE_URL}\n", encoding="utf-8")

    def _is_complete(self, plan: Plan) -> bool:
        return self._holds("built", plan)

    def _holds(self, stage: str, plan: Plan) -> bool:
        """Whether a stage of this plan was finished here before."""
        marker: Path = settings.HOME / f"demo.{stage}"
        return marker.exists() and marker.read_text(encoding="utf-8") == plan.end

    def _note(self, stage: str, plan: Plan) -> None:
        (settings.HOME / f"demo.{stage}").write_text(plan.end, encoding="utf-8")

    def _publish(self, plan: Plan) -> None:
        """All pages as files; a second publisher helps, since most machines have two cores."""
        if self._holds("published", plan):
            return
        self.stdout.write("发布全部页面 …")
        helping = subprocess.Popen(menhu("publisher"))
        try:
            call_command("publish", all=True)
        finally:
            helping.terminate()
            helping.wait()
        self._note("published", plan)

    def _build_older_letters(self, plan: Plan) -> None:
        """Those of before the last two months, where this county was begun with the newest."""
        if not self._holds("latest-letters", plan) or self._holds("letters", plan):
            return
        self._count("更早的来信和申请", build_letters(plan, Part.OLDER), how_many(pieces(plan, Part.OLDER)))
        self._note("letters", plan)

    def _go_on_meanwhile(self, plan: Plan) -> None:
        """In a process of its own; the app answers for what is not yet a file. Cut off, the next start goes on."""
        if self._holds("published", plan):
            return
        with (settings.HOME / "publish.log").open("wb") as log:
            subprocess.Popen(menhu("demo", "--no-serve"), stdout=log, stderr=log)
        self.stdout.write("更早的来信和页面文件正在后台补齐，首次访问稍慢。")

    def _build(self, plan: Plan) -> None:
        self.stdout.write("建立数据库 …")
        prepare()
        self.stdout.write("建立单位、人员和岗位 …")
        build_organisation()
        self.stdout.write("建立门户和栏目 …")
        build_portal()
        build_templates()
        self._count("开通单位网站", build_unit_sites(plan), len(list(plan.units_with_site())))
        self._count("写入两年的文章", build_archive(plan), plan.size.articles)
        build_mailboxes()
        self._count("近两个月的来信和申请", build_letters(plan, Part.LATEST), how_many(pieces(plan, Part.LATEST)))
        self._note("latest-letters", plan)
        self._count("送审、审核、退回、撤下", build_work(plan), plan.size.in_progress)
        self._note("built", plan)

    def _count(self, label: str, steps: Iterable[object], total: int) -> None:
        """Say how far a long step has come, at most twice a second."""
        told = 0.0
        for number, step in enumerate(steps, 1):
            if time.monotonic() - told > 0.5:
                told = time.monotonic()
                done = step if isinstance(step, int) else number
                self.stdout.write(f"\r{label} {done}/{total}", ending="")
                self.stdout.flush()
        self.stdout.write(f"\r{label} 完成　　　　　　")

    def _welcome(self) -> None:
        people = [*SHOWN, *((persona.username, persona.task) for persona in PERSONAS)]
        personas = "\n".join(f"    {username:<14}{task}" for username, task in people)
        self.stdout.write(
            WELCOME.format(url=settings.PUBLIC_BASE_URL, password=PASSWORD, personas=personas, home=settings.HOME)
        )
