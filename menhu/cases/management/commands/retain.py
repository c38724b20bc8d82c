import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.cases.actions.planning import Plan, in_words, plan
from menhu.cases.actions.retaining import go_on, start_at_the_server
from menhu.cases.models import RetentionRun


class Command(BaseCommand):
    help = str(gettext_lazy("执行启用的保存期限规则：到期的来信隐去个人信息或删除。中断后再运行一次，接着做完。"))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help=str(gettext_lazy("只计数，什么也不改")))
        parser.add_argument("--json", action="store_true", help=str(gettext_lazy("以 JSON 输出")))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            rows = [_foreseen(each) for each in plan(timezone.now())]
        else:
            rows = [_reported(run) for run in _carry_out()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(_line(row))
        if not rows:
            self.stdout.write(_("没有启用的规则。"))


def _carry_out() -> list[RetentionRun]:
    runs = start_at_the_server()
    for run in runs:
        while go_on(run):
            pass
    return list(RetentionRun.objects.filter(pk__in=[run.pk for run in runs]).order_by("pk"))


def _foreseen(each: Plan) -> dict[str, Any]:
    return {
        "rule": each.rule.name,
        "deed": each.rule.deed,
        "days": each.rule.days,
        "ended_before": each.before.isoformat(),
        "planned": each.planned,
        "numbers": each.numbers,
        "skipped": each.skipped,
        "held": each.held,
    }


def _reported(run: RetentionRun) -> dict[str, Any]:
    return {
        "rule": run.name,
        "deed": run.deed,
        "days": run.days,
        "started_at": run.started_at.isoformat(),
        "planned": run.planned,
        "done": run.done,
        "skipped": run.skipped,
        "held": run.held,
    }


def _line(row: dict[str, Any]) -> str:
    words = {**row, "skipped": sum(row["skipped"].values())}
    shape = _("%(rule)s：应处理 %(planned)d 件，已处理 %(done)d 件，跳过 %(skipped)d 件")
    if "done" not in row:
        shape = _("%(rule)s：应处理 %(planned)d 件，跳过 %(skipped)d 件")
    reasons = "；".join(f"{text} {count}" for text, count in in_words(row["skipped"]))
    return f"{shape % words}（{reasons}）" if reasons else shape % words
