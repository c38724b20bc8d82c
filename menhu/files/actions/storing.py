import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.core.figures import figure
from menhu.core.sealing import fingerprint_bytes
from menhu.files import rules, storage
from menhu.files.enums import Audience, ScanState
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
    data = _read(upload, upload_limit())
    found = inspect(name, data)
    if kind == FileKind.IMAGE and not found.is_image:
        raise UploadRefused(_("这里只能上传图片。"))
    kept = _kept_of(found, data)
    file = _described(rules.with_extension(name, kept.extension), kept, unit, by)
    file.sha256 = hashlib.sha256(kept.data).hexdigest()
    return _store(file, kept)


def store_private(
    upload: File[bytes], *, unit: Unit, by: User | None, kinds: Collection[str] = rules.CITIZEN_KINDS
) -> StoredFile:
    """Keep an upload that belongs to a case, sealed on disk; `by=None` is a citizen. The caller asks who may.

    `kinds` are the extensions taken (e.g. `rules.PICTURE_KINDS`). Raises UploadRefused with a message for the sender.
    Where a scanner is set up the file waits for it and is not shown before.
    """
    name = rules.clean_name(upload.name or "")
    data = _read(upload, private_limit())
    kept = _kept_of(inspect(name, data, kinds), data)
    file = _described(rules.with_extension(name, kept.extension), kept, unit, by)
    file.audience = Audience.CASE
    file.sha256 = fingerprint_bytes(kept.data, "files")
    file.scan_state = ScanState.WAITING if settings.CLAMD_SOCKET else ScanState.UNSCANNED
    return _store(file, kept)


def _read(upload: File[bytes], limit: int) -> bytes:
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
    return _limit("files.limit_mb")


def private_limit() -> int:
    """The same for what belongs to a case."""
    return _limit("files.case_limit_mb")


def _limit(key: str) -> int:
    limit: int = min(settings.UPLOAD_LIMIT_BYTES, int(figure(key) * 1024 * 1024))
    return limit


def _kept_of(found: FileType, data: bytes) -> _Kept:
    return _drawn(data) if found.is_image else _as_it_is(found, data)


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


def _described(name: str, kept: _Kept, unit: Unit, by: User | None) -> StoredFile:
    return StoredFile(
        unit=unit,
        kind=FileKind.IMAGE if kept.thumbnail else FileKind.DOCUMENT,
        name=name,
        extension=kept.extension,
        content_type=kept.content_type,
        size=len(kept.data),
        width=kept.width,
        height=kept.height,
        pages=kept.pages,
        uploaded_by=by,
    )


def _store(file: StoredFile, kept: _Kept) -> StoredFile:
    """Bytes first, then the row; once it stands the bytes are looked for again, lest a removal has just taken them."""
    _keep(file.private_name, kept, is_sealed=file.is_of_case)
    with transaction.atomic():
        file.save()
        facts = {"sha256": file.sha256, "size": file.size}
        record("files.upload", file, by=file.uploaded_by, unit_id=file.unit_id, data=facts)
        again = partial(_keep, file.private_name, kept, is_sealed=file.is_of_case)
        transaction.on_commit(again, robust=True)
    return file


def _keep(name: str, kept: _Kept, *, is_sealed: bool) -> None:
    keep = storage.keep_sealed if is_sealed else storage.keep
    if kept.thumbnail:
        keep(name + storage.THUMBNAIL_SUFFIX, kept.thumbnail)
    keep(name, kept.data)
