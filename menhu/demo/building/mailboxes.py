"""Letter boxes of the county: the mayor's, the hotline's, one for each unit, for investors, for errors of pages."""

from typing import Any, Final

from menhu.cases.models import CaseKind
from menhu.letters.enums import MailboxKind
from menhu.letters.models import Mailbox
from menhu.units.enums import UnitKind
from menhu.units.models import Leader, Unit

COUNTY: Final = "xzfb"
KINDS: Final = ("consultation", "advice", "complaint", "help", "report", "petition")


def build_mailboxes() -> None:
    """The mayor's, the hotline's, a box for each unit, for investors and for errors; does nothing where they stand."""
    if Mailbox.objects.exists():
        return
    office = Unit.objects.get(slug=COUNTY)
    mayor = Leader.objects.filter(unit__parent__isnull=True, title__contains="县长").order_by("position", "pk").first()
    _box("xzxx", MailboxKind.MAYOR, "县长信箱", office, KINDS, addressee=mayor)
    _box("12345", MailboxKind.HOTLINE, "12345 热线", office, KINDS, hint="不清楚归谁管")
    _box("tzsx", MailboxKind.INVESTMENT, "招商咨询", office, ("investment",), hint="投资意向、用地、政策")
    _box("zhaocuo", MailboxKind.ERROR, "我为政府网站找错", office, ("error",))
    units = Unit.objects.active().exclude(kind__in=(UnitKind.GROUP, UnitKind.COUNTY)).in_order()
    for unit in units:
        _box(unit.slug, MailboxKind.UNIT, f"{unit.short_name}信箱", unit, KINDS, desk=office)


def _box(slug: str, kind: MailboxKind, name: str, unit: Unit, codes: tuple[str, ...], **more: Any) -> None:
    desk = more.pop("desk", unit)
    position = Mailbox.objects.count()
    box = Mailbox.objects.create(slug=slug, kind=kind, name=name, unit=unit, desk=desk, position=position, **more)
    box.case_kinds.set(CaseKind.objects.filter(code__in=codes))
