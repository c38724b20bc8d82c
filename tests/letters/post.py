"""Letter boxes of the small county, and what a citizen's browser sends."""

import re
from typing import Any

from django.conf import settings
from django.test import Client

from menhu.cases.models import CaseKind
from menhu.letters.enums import MailboxKind
from menhu.letters.models import Mailbox
from menhu.letters.seeds import seed
from tests.factories import World

TYPED = {
    "box": "mayor",
    "kind": "advice",
    "title": "建议在县医院门口增设公交站",
    "text": "每天早上七点多，从城东来县医院看病的老人都在路边下车，要横穿两条车道。\n建议在东门增设一站。",
    "place": "城关镇",
    "name": "叶知秋",
    "phone": "13800001234",
    "email": "",
    "publication": "yes",
    "is_true": "on",
}


def boxes(world: World) -> dict[str, Mailbox]:
    """The mayor's box, the hotline, the education bureau's and the box for errors."""
    seed()
    zfb, jyj = world.units["zfb"], world.units["jyj"]
    rows = (
        ("mayor", MailboxKind.MAYOR, "县长信箱", zfb),
        ("hotline", MailboxKind.HOTLINE, "12345 热线", zfb),
        ("jyj", MailboxKind.UNIT, "县教育局信箱", jyj),
        ("error", MailboxKind.ERROR, "找错", zfb),
    )
    found = {}
    for position, (slug, kind, name, unit) in enumerate(rows):
        box = Mailbox.objects.create(slug=slug, kind=kind, name=name, unit=unit, desk=zfb, position=position)
        codes = ["error"] if kind is MailboxKind.ERROR else ["consultation", "advice", "complaint", "help", "petition"]
        box.case_kinds.set(CaseKind.objects.filter(code__in=codes))
        found[slug] = box
    return found


class Citizen(Client):
    """A browser on the portal, without any account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(HTTP_HOST=settings.PUBLIC_HOST, **kwargs)

    def form(self, path: str = "/letters/write/") -> dict[str, str]:
        """The hidden fields of a form."""
        return hidden(self.get(path).content.decode())

    def send(self, path: str = "/letters/write/", **typed: Any) -> Any:
        return self.post(path, {**self.form(path), **TYPED, **typed})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)">', page)
    return dict(found)


def receipt(page: str) -> tuple[str, str]:
    """Number and code as the page tells them."""
    number, code = re.findall(r'<dd class="num">([^<]+)</dd>', page)
    return number.strip(), code.strip()
