from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from menhu.audit.models import Seal
from menhu.audit.sealing import Proof, verify
from menhu.audit.triggers import are_installed


class Command(BaseCommand):
    help = "审计记录：audit verify 从头验证散列链；audit head 显示链头，供另存备查。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "head"])
        parser.add_argument("--anchor", help=_("以前另存的链头，形如 128:9f86d081…，一并核对"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "head":
            self.stdout.write(self.head())
            return
        if options["anchor"]:
            self.check_anchor(options["anchor"])
        if not are_installed(connection):
            raise CommandError(_("数据库里禁止改动审计记录的触发器缺失，请重新建立（menhu migrate audit）。"))
        proof = verify()
        if not proof.holds:
            raise CommandError(describe(proof))
        self.stdout.write(self.style.SUCCESS(describe(proof)))

    def head(self) -> str:
        last = Seal.objects.order_by("-position").first()
        return f"{last.position}:{last.digest}" if last else "0:"

    def check_anchor(self, anchor: str) -> None:
        """A chain that was rewritten as a whole still cannot repeat a head that was kept elsewhere."""
        position, _colon, digest = anchor.partition(":")
        if not position.isdigit() or not Seal.objects.filter(position=int(position), digest=digest).exists():
            raise CommandError(_("与另存的链头 %(anchor)s 不符：散列链被整体改写或截短。") % {"anchor": anchor})


def describe(proof: Proof) -> str:
    """The proof in one line."""
    if proof.holds:
        text = _("散列链完整：已封存 %(sealed)d 条，待封存 %(waiting)d 条，链头 %(head)s")
        return text % {"sealed": proof.sealed, "waiting": proof.waiting, "head": proof.head}
    place = {"position": proof.position, "event": proof.event_id}
    texts = {
        "changed": _("散列链在第 %(position)s 环断开：记录 %(event)s 的内容被改动。"),
        "gap": _("散列链在第 %(position)s 环之前断开：有记录被删除（其后第一条是记录 %(event)s）。"),
        "unsealed": _("记录 %(event)s 从未封存，也不在待封存之列：封存被删除。"),
    }
    return texts[proof.fault] % place
