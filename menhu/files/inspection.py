"""Tells what an upload really is: its name and its bytes must agree, and nothing in it may run."""

from collections.abc import Collection

import puremagic
from django.utils.translation import gettext as _

from menhu.files import rules
from menhu.files.rules import TYPES, FileType, UploadRefused

HEAD = 65_536
UNPACKED_LIMIT = 500 * 1024 * 1024


def inspect(name: str, data: bytes, kinds: Collection[str] = TYPES) -> FileType:
    """The type of the upload, one of `kinds` (extensions).

    Raises UploadRefused when it is none of them, when name and bytes disagree or something in it would run.
    """
    extension = rules.extension_of(name)
    found = TYPES.get(extension)
    if found is None or extension not in kinds:
        raise UploadRefused(_unwanted(extension, kinds))
    seen = _witnesses(data)
    if seen & rules.DANGEROUS:
        raise UploadRefused(_mismatch(extension))
    _CHECKS[found.container](found, data, seen)
    return found


def _witnesses(data: bytes) -> frozenset[str]:
    """The extensions that the first bytes speak for."""
    try:
        return frozenset(match.extension.lower() for match in puremagic.magic_string(data[:HEAD]))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _check_plain(found: FileType, data: bytes, seen: frozenset[str]) -> None:
    if not found.witnesses & seen or (found.extension == "pdf" and not rules.is_pdf(data)):
        raise UploadRefused(_mismatch(found.extension))
    if found.extension == "pdf" and rules.has_pdf_actions(data):
        raise UploadRefused(_("这个 PDF 含有脚本或启动程序的动作，请另存为普通 PDF 后再上传。"))


def _check_zip(found: FileType, data: bytes, _seen: frozenset[str]) -> None:
    members = rules.members_of(data)
    if members is None or found.parts[0] not in members:
        raise UploadRefused(_mismatch(found.extension))
    if sum(members.values()) > UNPACKED_LIMIT:
        raise UploadRefused(_("这个文档解压后超过 500 MB，不能上传。"))
    if rules.has_package_macros(members):
        raise UploadRefused(_macros())


def _check_ole(found: FileType, data: bytes, _seen: frozenset[str]) -> None:
    if not rules.is_compound_of(data, found.parts):
        raise UploadRefused(_mismatch(found.extension))
    if rules.has_compound_macros(data):
        raise UploadRefused(_macros())


def _check_text(found: FileType, data: bytes, _seen: frozenset[str]) -> None:
    if not rules.is_text(data):
        raise UploadRefused(_mismatch(found.extension))


_CHECKS = {"": _check_plain, "zip": _check_zip, "ole": _check_ole, "text": _check_text}


def accepted(kinds: Collection[str] = TYPES) -> str:
    """The extensions that are taken, for messages and for the `accept` attribute of file fields."""
    return ",".join(f".{extension}" for extension in TYPES if extension in kinds)


def _unwanted(extension: str, wanted: Collection[str]) -> str:
    kinds = accepted(wanted).replace(".", "").replace(",", "、")
    if not extension:
        return _("文件名没有扩展名，无法判断类型。可以上传：%(kinds)s。") % {"kinds": kinds}
    return _("不接受 .%(extension)s 文件。可以上传：%(kinds)s。") % {"extension": extension[:12], "kinds": kinds}


def _mismatch(extension: str) -> str:
    return _("文件内容不是 .%(extension)s 格式，请检查扩展名是否被改过、文件是否损坏或加密。") % {
        "extension": extension
    }


def _macros() -> str:
    return _("这个文档含有宏或控件，请另存为不含宏的文档后再上传。")
