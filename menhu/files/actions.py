import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.core.figures import figure
from menhu.files import rules, storage
from menhu.files.inspection import inspect
from menhu.files.models import FileKind, StoredFile
from menhu.files.pictures import redraw
from menhu.files.policies import may_upload
from menhu.files.rules import FileType, UploadRefused
from menhu.units.models import Unit

PIXELS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """What will be stored: the bytes and what is known about them."""

    data: bytes
    extension: str
    content_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    thumbnail: bytes = b""


def store_upload(upload: File[bytes], *, unit: Unit, by: User | None, kind: FileKind | None = None) -> StoredFile:
    """Keep an upload privately for a unit; pictures are drawn anew. `by=None` is the house itself (import, demo).

    Raises UploadRefused with a message for the sender, PermissionDenied when they may not upload for the unit.
    The bytes are on disk before the row exists; equal bytes are kept once.
    """
    if by is not None and not may_upload(by, unit):
        raise PermissionDenied(_("您没有为该单位上传文件的权限。"))
    name = rules.clean_name(upload.name or "")
    data = _read(upload)
    found = inspect(name, data)
    if kind == FileKind.IMAGE and not found.is_image:
        raise UploadRefused(_("这里只能上传图片。"))
    kept = _drawn(data) if found.is_image else _as_it_is(found, data)
    return _store(rules.with_extension(name, kept.extension), kept, unit, by)


def _read(upload: File[bytes]) -> bytes:
    limit = upload_limit()
    if not upload.size:
        raise UploadRefused(_("文件是空的，请重新选择。"))
    if upload.size > limit:
        raise UploadRefused(
            _("文件有 %(size)s，超过 %(limit)s 的上限。")
            % {"size": rules.size_text(upload.size), "limit": rules.size_text(limit)}
        )
    upload.seek(0)
    data: bytes = upload.read()
    return data


def upload_limit() -> int:
    """The most bytes an upload may have: the figure in force, never above what the server is set up for."""
    limit: int = min(settings.UPLOAD_LIMIT_BYTES, int(figure("files.limit_mb") * 1024 * 1024))
    return limit


def _drawn(data: bytes) -> _Kept:
    drawn = redraw(
        data,
        max_side=int(figure("files.image_side")),
        max_pixels=int(figure("files.image_megapixels") * PIXELS),
    )
    return _Kept(
        data=drawn.data,
        extension=drawn.extension,
        content_type=drawn.content_type,
        width=drawn.width,
        height=drawn.height,
        thumbnail=drawn.thumbnail,
    )


def _as_it_is(found: FileType, data: bytes) -> _Kept:
    pages = rules.pdf_pages(data) if found.extension == "pdf" else None
    return _Kept(data=data, extension=found.extension, content_type=found.content_type, pages=pages)


def _store(name: str, kept: _Kept, unit: Unit, by: User | None) -> StoredFile:
    file = StoredFile(
        unit=unit,
        kind=FileKind.IMAGE if kept.thumbnail else FileKind.DOCUMENT,
        name=name,
        extension=kept.extension,
        content_type=kept.content_type,
        size=len(kept.data),
        sha256=hashlib.sha256(kept.data).hexdigest(),
        width=kept.width,
        height=kept.height,
        pages=kept.pages,
        uploaded_by=by,
    )
    if kept.thumbnail:
        storage.keep(file.private_name + storage.THUMBNAIL_SUFFIX, kept.thumbnail)
    storage.keep(file.private_name, kept.data)
    with transaction.atomic():
        file.save()
        record("files.upload", file, by=by, unit_id=unit.pk, data={"sha256": file.sha256, "size": file.size})
    return file
