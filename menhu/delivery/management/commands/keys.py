from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.delivery.manifest.keys import KeyLostError, Signer, public_pem, rotate, signer_in


class Command(BaseCommand):
    help = str(gettext_lazy("清单签名密钥：显示公钥；rotate 换新密钥，由旧密钥担保。"))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", choices=["show", "rotate"], default="show", help=_("默认 show"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the public key in use as PEM, for web servers to trust; name and number go to stderr."""
        signer = _signer(options["verb"])
        self.stdout.write(public_pem(signer).decode(), ending="")
        figures = {"name": signer.name, "number": len(signer.chain)}
        self.stderr.write(_("密钥 %(name)s，第 %(number)s 把。") % figures)
        if options["verb"] == "rotate":
            self.stderr.write(_("发布程序会在几秒内用新密钥重新签名；各网站服务器上的旧公钥仍可用，建议换成新的。"))


def _signer(verb: str) -> Signer:
    try:
        return rotate(settings.KEYS_ROOT) if verb == "rotate" else signer_in(settings.KEYS_ROOT)
    except KeyLostError as error:
        raise CommandError(str(error)) from error
