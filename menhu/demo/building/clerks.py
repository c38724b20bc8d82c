"""Who acts on letters, found once, and the pictures that senders add."""

from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image

from menhu.accounts.models import User
from menhu.cases.models import CaseKind
from menhu.demo.correspondence.texts import LetterText
from menhu.demo.pictures import draw
from menhu.files.models import StoredFile
from menhu.files.storage import open_stored
from menhu.letters.models import Mailbox
from menhu.units.models import Leader, Unit

SIZE = (800, 450)


class Clerks:
    """Accounts, units, kinds and boxes by their names."""

    def __init__(self) -> None:
        self.people = {user.username: user for user in User.objects.all()}
        self.units = {unit.slug: unit for unit in Unit.objects.all()}
        self.kinds = {kind.code: kind for kind in CaseKind.objects.all()}
        self.boxes = {box.slug: box for box in Mailbox.objects.select_related("unit", "desk")}
        self.leaders = list(Leader.objects.filter(unit__parent__isnull=True).order_by("position", "pk"))
        self.operator, self.supervisor = self.people["operator"], self.people["supervisor"]
        self._painted: dict[str, bytes] = {}

    def box(self, text: LetterText) -> Mailbox:
        own = {"mayor": "xzxx", "hotline": "12345", "leader": "xzxx", "unit": text.unit}
        special = {"error": "zhaocuo", "investment": "tzsx"}
        return self.boxes[special.get(text.kind, own[text.mailbox])]

    def handler(self, unit: Unit) -> User:
        return self.people[f"{unit.slug}-handler"]

    def head(self, unit: Unit) -> User:
        return self.people[f"{unit.slug}-head"]

    def leader(self, number: int) -> Leader:
        return self.leaders[number % len(self.leaders)]

    def uploads(self, names: tuple[str, ...]) -> list[ContentFile[bytes]]:
        """Pictures of the place as their senders would add them."""
        return [
            ContentFile(self._file(name), name=f"现场{place}{Path(name).suffix}") for place, name in enumerate(names, 1)
        ]

    def _file(self, name: str) -> bytes:
        if name not in self._painted:
            self._painted[name] = _painted(Path(name).stem, "PDF" if name.endswith(".pdf") else "JPEG")
        return self._painted[name]


def _painted(variant: str, form: str) -> bytes:
    """A smaller copy of a landscape; one that the archive has stored already is not painted again."""
    kept = StoredFile.objects.filter(name=f"{variant}.jpg").first()
    data = open_stored(kept).read() if kept is not None else draw(variant)
    picture = Image.open(BytesIO(data)).resize(SIZE)
    written = BytesIO()
    picture.save(written, form)
    return written.getvalue()
