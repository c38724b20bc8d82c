"""From the bytes of a saved page to its text: byte-order mark, declared charset, then a guess."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from menhu.articles.movein import reasons

MAX_DAMAGE: Final = 0.02
"""Above this share of unreadable characters a page is refused."""
GUESS_BYTES: Final = 200_000
DECLARED_WITHIN: Final = 20_000
SURE_CHARACTERS: Final = 10

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pages that say GB2312 or GBK use characters beyond them; GB18030 holds both.
_DECLARABLE: Final = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-big5"), "big5hkscs"),
}
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([a-zA-Z0-9_.-]+)""", re.IGNORECASE)
_NOT_PAGES: Final = (
    (b"%PDF", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Office 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\xd0\xcf\x11\xe0", "Office 文档"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
)
_ARCHIVE = re.compile(rb"\A\s*(?:From:|MIME-Version:|Snapshot-Content-Location:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The text of a page, the encoding it was read in, and how many characters could not be read."""

    text: str
    encoding: str
    damaged: int


def decode_page(data: bytes) -> DecodedPage:
    """Return the text of the page `data`; raises PageRefusedError for what is no readable page."""
    _refuse_other_kinds(data)
    page = _decode(data)
    if page.damaged > MAX_DAMAGE * max(len(page.text), 1):
        raise reasons.PageRefusedError(reasons.UNREADABLE)
    if "<" not in page.text:
        raise reasons.PageRefusedError(reasons.NO_MARKUP)
    return page


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip(b"\0\t\r\n\f "):
        raise reasons.PageRefusedError(reasons.EMPTY_FILE)
    for start, kind in _NOT_PAGES:
        if data.startswith(start):
            raise reasons.PageRefusedError(reasons.NOT_A_PAGE.format(kind=kind))
    if _ARCHIVE.match(data[:200]):
        raise reasons.PageRefusedError(reasons.ARCHIVE_PAGE)


def _decode(data: bytes) -> DecodedPage:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _read(data, encoding)
    declared = _declared_encoding(data)
    utf8 = _read_exactly(data, "utf-8")
    # Text in GBK is hardly ever valid UTF-8, save a word or two; pages that lie about their charset are common.
    if utf8 is not None and (declared in {"", "utf-8"} or _count_wide(utf8.text) >= SURE_CHARACTERS):
        return utf8
    for encoding in filter(None, (declared, "gb18030")):
        if (page := _read_exactly(data, encoding)) is not None:
            return page
    candidates = [encoding for encoding in (declared, "utf-8", "gb18030", _guessed(data)) if encoding]
    return min((_read(data, encoding) for encoding in dict.fromkeys(candidates)), key=lambda page: page.damaged)


def _declared_encoding(data: bytes) -> str:
    """The first charset that the page names and a Chinese site may truthfully use, or ""."""
    for name in [*_XML_DECLARED.findall(data[:200]), *_DECLARED.findall(data[:DECLARED_WITHIN])]:
        if encoding := _DECLARABLE.get(name.decode("ascii").lower()):
            return encoding
    return ""


def _read_exactly(data: bytes, encoding: str) -> DecodedPage | None:
    """Read without loss, or None. A character cut off at the very end of the file is no loss."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        text = decoder.decode(data, final=False)
    except UnicodeError:
        return None
    return DecodedPage(text, encoding, text.count("\ufffd"))


def _read(data: bytes, encoding: str) -> DecodedPage:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return DecodedPage(text, encoding, text.count("\ufffd"))


def _count_wide(text: str) -> int:
    return sum(character > "\u07ff" for character in text)


def _guessed(data: bytes) -> str:
    best = from_bytes(data[:GUESS_BYTES]).best()
    return best.encoding if best is not None else ""
