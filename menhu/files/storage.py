"""Bytes of uploads below the private root, named by their hash and written whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from menhu.files.models import StoredFile
from menhu.files.rules import UploadRefused

THUMBNAIL_SUFFIX = ".thumb"


def keep(name: str, data: bytes) -> None:
    """Write the bytes under a name made from their hash. Raises UploadRefused when they cannot be kept."""
    target = _path(name)
    try:
        if target.exists() and target.stat().st_size == len(data):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, data)
    except OSError as error:
        raise UploadRefused(
            _("服务器存不下这个文件（%(reason)s），没有保存。请联系网站管理员。")
            % {"reason": error.strerror or type(error).__name__}
        ) from error


def open_stored(file: StoredFile) -> BinaryIO:
    """The bytes of an upload, open for reading. Raises FileNotFoundError when the private store has lost them."""
    return _path(file.private_name).open("rb")


def open_thumbnail(file: StoredFile) -> BinaryIO:
    """The small copy of a picture. Raises FileNotFoundError for anything else."""
    return _path(file.private_name + THUMBNAIL_SUFFIX).open("rb")


def _path(name: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / name


def _write_whole(target: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".upload-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
