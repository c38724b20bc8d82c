"""Which uploads are taken, under what name, and what their bytes must look like: plain Python."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

NAME_LENGTH = 160
UNNAMED = "未命名"
NEUTRAL = "附件"
"""What the database calls a file of a case: the name that its sender gave may tell who they are."""

_PATH_PARTS = re.compile(r"[\\/]+")
_FORBIDDEN = re.compile(r'[<>:"|?*]')

OLE_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP_SIGNATURE = b"PK\x03\x04"
PDF_SIGNATURE = b"%PDF-"


class UploadRefused(Exception):  # noqa: N818 - it names the outcome, as the contract of the house does
    """An upload that is not taken; the message is for the person who sent it."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: `part` is the stream or member without which a container is not of this type."""

    extension: str
    content_type: str
    is_image: bool = False
    witnesses: frozenset[str] = frozenset()
    container: str = ""
    parts: tuple[str, ...] = ()


def _picture(extension: str, content_type: str, *witnesses: str) -> FileType:
    return FileType(extension, content_type, is_image=True, witnesses=frozenset(witnesses or {f".{extension}"}))


def _package(extension: str, content_type: str, part: str) -> FileType:
    return FileType(extension, content_type, container="zip", parts=(part,))


def _compound(extension: str, content_type: str, *parts: str) -> FileType:
    return FileType(extension, content_type, container="ole", parts=parts)


_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: dict[str, FileType] = {
    kind.extension: kind
    for kind in (
        _picture("jpg", "image/jpeg"),
        _picture("png", "image/png"),
        _picture("gif", "image/gif"),
        _picture("webp", "image/webp"),
        _picture("bmp", "image/bmp"),
        FileType("pdf", "application/pdf", witnesses=frozenset({".pdf"})),
        _package("docx", f"{_OFFICE}.wordprocessingml.document", "word/document.xml"),
        _package("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "xl/workbook.xml"),
        _package("pptx", f"{_OFFICE}.presentationml.presentation", "ppt/presentation.xml"),
        _package("ofd", "application/ofd", "OFD.xml"),
        _compound("doc", "application/msword", "WordDocument"),
        _compound("xls", "application/vnd.ms-excel", "Workbook", "Book"),
        _compound("ppt", "application/vnd.ms-powerpoint", "PowerPoint Document"),
        _compound("wps", "application/vnd.ms-works", "WordDocument"),
        _compound("et", "application/vnd.ms-excel", "Workbook"),
        FileType("txt", "text/plain", container="text"),
        FileType("csv", "text/csv", container="text"),
    )
}
# What citizens may send in: pictures and common documents; no archives, nothing with macros.
CITIZEN_KINDS = frozenset(
    {"jpg", "png", "gif", "webp", "bmp", "pdf", "docx", "doc", "wps", "xlsx", "xls", "ofd", "txt"}
)
PICTURE_KINDS = frozenset(kind.extension for kind in TYPES.values() if kind.is_image)
ALIASES = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
# What a browser or a desktop would run; no extension makes it welcome.
DANGEROUS = frozenset({".exe", ".dll", ".scr", ".com", ".html", ".htm", ".svg", ".swf", ".class", ".appimage", ".lnk"})


def clean_name(raw: str) -> str:
    """A file name fit to be shown and downloaded: no path, no control or direction characters, 160 characters."""
    name = _PATH_PARTS.split(unicodedata.normalize("NFC", raw))[-1]
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = _FORBIDDEN.sub("_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:NAME_LENGTH] or UNNAMED
    room = max(1, NAME_LENGTH - len(extension) - 1)
    return f"{(stem.strip(' .') or UNNAMED)[:room]}.{extension}"[:NAME_LENGTH]


def extension_of(name: str) -> str:
    """The extension in small letters without the dot, "jpeg" as "jpg"; empty when there is none."""
    stem, _, extension = name.rpartition(".")
    found = extension.lower() if stem else ""
    return ALIASES.get(found, found)


def with_extension(name: str, extension: str) -> str:
    """The same name under the extension that the stored bytes have."""
    return name if extension_of(name) == extension else f"{name.rpartition('.')[0]}.{extension}"


def neutral_name(extension: str) -> str:
    """The name of a file of a case in the open."""
    return f"{NEUTRAL}.{extension}"


def size_text(size: int) -> str:
    """Bytes as people read them: "51.0 MB", "12 KB"."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


def is_compound_of(data: bytes, parts: tuple[str, ...]) -> bool:
    """Whether the bytes are an old Office file whose directory names one of the streams."""
    return data.startswith(OLE_SIGNATURE) and any(part.encode("utf-16-le") in data for part in parts)


def has_compound_macros(data: bytes) -> bool:
    return "_VBA_PROJECT".encode("utf-16-le") in data


def members_of(data: bytes) -> dict[str, int] | None:
    """Names and unpacked sizes in a zip that starts at its first byte, None where it is none or is locked."""
    if not data.startswith(ZIP_SIGNATURE):
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    return None if any(entry.flag_bits & 1 for entry in entries) else {e.filename: e.file_size for e in entries}


def has_package_macros(members: dict[str, int]) -> bool:
    """Whether an Office package carries macros or ActiveX controls."""
    return any("vbaproject" in name.lower() or "/activex/" in name.lower() for name in members)


def is_pdf(data: bytes) -> bool:
    return data.startswith(PDF_SIGNATURE) and b"%%EOF" in data[-2048:]


def has_pdf_actions(data: bytes) -> bool:
    """Whether a PDF would run scripts or programs when opened."""
    return b"/JavaScript" in data or b"/Launch" in data


_PAGES_FIRST = re.compile(rb"/Type\s{0,4}/Pages\b[^>]{0,4000}?/Count\s{1,4}(\d{1,6})")
_COUNT_FIRST = re.compile(rb"/Count\s{1,4}(\d{1,6})[^>]{0,4000}?/Type\s{0,4}/Pages\b")


def pdf_pages(data: bytes) -> int | None:
    """The number of pages where the page tree lies open, None where it is packed away."""
    counts = [int(found) for pattern in (_PAGES_FIRST, _COUNT_FIRST) for found in pattern.findall(data)]
    return max(counts, default=None)


def is_text(data: bytes) -> bool:
    """Whether the bytes read as text in UTF-8 or in a Chinese encoding."""
    if b"\0" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


LONGEST_SCAN_PAUSE = timedelta(minutes=10)


def scan_pause(attempts: int) -> timedelta:
    """How long to wait after so many scans (1 or more) without answer: 30 s, doubled each time, up to 10 minutes."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(timedelta(seconds=30) * doubled, LONGEST_SCAN_PAUSE)
