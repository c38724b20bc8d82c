"""Pictures and attachments of the archive: each picture is stored once, sheets are written from the text."""

from io import BytesIO
from typing import Final

from django.core.files.base import ContentFile
from openpyxl import Workbook

from menhu.articles.models import Article, Attachment, PublishedFile
from menhu.demo.pictures import draw
from menhu.demo.writing.texts import ArticleText, AttachmentText
from menhu.files.actions import store_upload
from menhu.files.models import FileKind, StoredFile
from menhu.units.models import Unit

PICTURE_UNIT: Final = "rmtzx"


class Depot:
    """Stores what articles carry, at most `limit` attachments in all."""

    def __init__(self, limit: int) -> None:
        self.left = max(0, limit - Attachment.objects.count())
        self._drawn: dict[str, StoredFile] = {}

    def illustrate(self, text: ArticleText, article: Article) -> None:
        """Give the article its title picture, drawn once for all that use the variant."""
        if text.picture is None:
            return
        if text.picture.variant not in self._drawn:
            self._drawn[text.picture.variant] = self._draw(text.picture.variant)
        article.cover = self._drawn[text.picture.variant]
        article.cover_alt = text.picture.alt

    def attach(self, pairs: list[tuple[ArticleText, Article]]) -> None:
        """Store the attachments and say which files each live article makes public."""
        attached = [row for text, article in pairs for row in self._attachments(text, article)]
        Attachment.objects.bulk_create(attached)
        used = {(row.article_id, row.file_id) for row in attached}
        used |= {(article.pk, article.cover_id) for _, article in pairs if article.cover_id}
        PublishedFile.objects.bulk_create(PublishedFile(article_id=a, file_id=f) for a, f in sorted(used))

    def _attachments(self, text: ArticleText, article: Article) -> list[Attachment]:
        rows = []
        for position, attachment in enumerate(text.attachments):
            if attachment.kind != "xlsx" or self.left <= 0:
                continue
            self.left -= 1
            upload = ContentFile(workbook(attachment), name=f"{attachment.name}.xlsx")
            file = store_upload(upload, unit=article.unit, by=None, kind=FileKind.DOCUMENT)
            rows.append(Attachment(article=article, file=file, title=attachment.name, sort_order=position))
        return rows

    def _draw(self, variant: str) -> StoredFile:
        stored = StoredFile.objects.filter(name=f"{variant}.jpg").first()
        if stored is not None:
            return stored
        unit = Unit.objects.get(slug=PICTURE_UNIT)
        return store_upload(ContentFile(draw(variant), name=f"{variant}.jpg"), unit=unit, by=None, kind=FileKind.IMAGE)


def workbook(attachment: AttachmentText) -> bytes:
    """The attachment's rows as a sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(attachment.name[:30])
    for row in attachment.rows:
        sheet.append(list(row))
    written = BytesIO()
    book.save(written)
    return written.getvalue()
