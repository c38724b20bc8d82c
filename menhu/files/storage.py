"""Bytes of uploads below the private root, named by their hash and written whole or not at all.

Those of cases lie sealed below `case/`, each seal bound to its name. Bytes that nobody needs are first set aside, then
dropped or brought back, so that an upload of equal bytes in the same moment loses nothing.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from menhu.core.sealing import SEAL_BYTES, seal_bytes, unseal_bytes
from menhu.files.models import StoredFile
from menhu.files.rules import UploadRefused

THUMBNAIL_SUFFIX = ".thumb"
LEAVING_SUFFIX = ".leaving"
FOLDERS = ("", "case/")
_KEPT = re.compile(r"([0-9a-f]{64}\.[a-z0-9]{1,12})(\.thumb)?(\.leaving)?")
_UNFINISHED = ".upload-"


def keep(name: str, data: bytes) -> None:
    """Write the bytes under a name made from their hash. Raises UploadRefused when they cannot be kept."""
    if _size_of(name) != len(data):
        _write(name, data)


def keep_sealed(name: str, data: bytes) -> None:
    """The same for bytes that lie sealed."""
    if _size_of(name) != len(data) + SEAL_BYTES:
        _write(name, seal_bytes(data, _place(name)))


def read_sealed(name: str) -> bytes:
    """Bytes that lie sealed. Raises FileNotFoundError when they are lost, SealBroken when no key opens them."""
    return unseal_bytes(_path(name).read_bytes(), _place(name))


def open_stored(file: StoredFile) -> BinaryIO:
    """The bytes of an upload, open for reading. Raises FileNotFoundError when the private store has lost them."""
    return _path(file.private_name).open("rb")


def open_thumbnail(file: StoredFile) -> BinaryIO:
    """The small copy of a picture. Raises FileNotFoundError for anything else."""
    return _path(file.private_name + THUMBNAIL_SUFFIX).open("rb")


def set_aside(name: str) -> None:
    """Move bytes out of the way; whoever keeps equal bytes now writes them anew."""
    _move(name, name + LEAVING_SUFFIX)


def bring_back(name: str) -> None:
    """Undo `set_aside`."""
    _move(name + LEAVING_SUFFIX, name)


def drop(name: str) -> None:
    """Remove what was set aside."""
    _path(name + LEAVING_SUFFIX).unlink(missing_ok=True)


def names_below(prefix: str) -> Iterator[tuple[str, float]]:
    """Names of what is kept below one folder of a prefix of two hex digits, with the time of writing (Unix seconds).

    Only files that this module wrote; unfinished ones included.
    """
    for folder in FOLDERS:
        try:
            entries = list(os.scandir(_path(folder + prefix)))
        except FileNotFoundError:
            continue
        for entry in entries:
            if _KEPT.fullmatch(entry.name) or entry.name.startswith(_UNFINISHED):
                yield f"{folder}{prefix}/{entry.name}", _written_at(entry)


def stem_of(name: str) -> str:
    """The private name of the upload to which kept bytes belong: without the marks of a small copy or of leaving."""
    return name.removesuffix(LEAVING_SUFFIX).removesuffix(THUMBNAIL_SUFFIX)


def remove_unfinished(name: str) -> None:
    """Remove what an interrupted writer left."""
    _path(name).unlink(missing_ok=True)


def is_unfinished(name: str) -> bool:
    return name.rpartition("/")[2].startswith(_UNFINISHED)


def _written_at(entry: "os.DirEntry[str]") -> float:
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        return float("inf")  # gone meanwhile: too young for anybody


def _move(name: str, to: str) -> None:
    with contextlib.suppress(FileNotFoundError):  # another has moved it already
        _path(name).replace(_path(to))


def _place(name: str) -> str:
    return f"files:{name}"


def _size_of(name: str) -> int:
    try:
        return _path(name).stat().st_size
    except OSError:
        return -1


def _write(name: str, data: bytes) -> None:
    target = _path(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, data)
    except OSError as error:
        raise UploadRefused(
            _("服务器存不下这个文件（%(reason)s），没有保存。请联系网站管理员。")
            % {"reason": error.strerror or type(error).__name__}
        ) from error


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
