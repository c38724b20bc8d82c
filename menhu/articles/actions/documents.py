"""A word processor's document as an article's body."""

from io import BytesIO
from typing import Any

import mammoth
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.core.sanitising import clean_article_html
from menhu.files.actions import store_upload, upload_limit
from menhu.files.inspection import inspect
from menhu.files.models import FileKind
from menhu.files.rules import UploadRefused
from menhu.units.models import Unit

EXTENSION = "docx"
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/bmp": "bmp", "image/webp": "webp"}


def html_of_document(upload: File[bytes], *, unit: Unit, by: User) -> str:
    """The text, tables and pictures of a .docx as clean HTML; pictures go to the unit's private files.

    Raises UploadRefused for anything that is no readable .docx. A picture of an unknown kind is left out.
    """
    data = _bytes_of(upload)
    keep = mammoth.images.img_element(lambda image: _kept(image, unit, by))
    try:
        result = mammoth.convert_to_html(BytesIO(data), convert_image=keep)
    except Exception as error:
        raise UploadRefused(_("读不出这个文档，请用 Word 或 WPS 另存为 .docx 后再试。")) from error
    return clean_article_html(result.value)


def _bytes_of(upload: File[bytes]) -> bytes:
    name = upload.name or ""
    if upload.size > upload_limit():
        raise UploadRefused(_("文档太大。"))
    upload.seek(0)
    data: bytes = upload.read()
    if inspect(name, data).extension != EXTENSION:
        raise UploadRefused(_("这里只能导入 .docx 文档。"))
    return data


def _kept(image: Any, unit: Unit, by: User) -> dict[str, str]:
    """A picture of the document in the file store; one that is refused is left out."""
    extension = EXTENSIONS.get(image.content_type)
    alt: str = image.alt_text or ""
    if extension is None:
        return {"src": "", "alt": alt}
    with image.open() as source:
        picture = ContentFile(source.read(), name=f"{_('文档图片')}.{extension}")
    try:
        return {"src": store_upload(picture, unit=unit, by=by, kind=FileKind.IMAGE).public_path, "alt": alt}
    except UploadRefused:
        return {"src": "", "alt": alt}
