"""Links to documents and images of a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from menhu.articles.movein.dom import text_of
from menhu.articles.movein.furniture import is_tool

EXTENSIONS: Final = frozenset(
    {
        *("doc", "docx", "wps", "rtf", "txt", "pdf", "ofd", "ceb", "xls", "xlsx", "et", "csv", "ppt", "pptx", "dps"),
        *("zip", "rar", "7z", "mp3", "mp4", "wmv", "flv", "jpg", "jpeg", "png", "tif", "tiff"),
    }
)
PICTURES: Final = frozenset({"jpg", "jpeg", "png", "tif", "tiff"})
# "word下载", "下载文字版": the text itself in another form, not an attachment.
_COPY_OF_TEXT = re.compile(
    r"(?:pdf|word|doc|wps|ofd|txt)?(?:版|文件|格式)?下载(?:本文|原文|全文|文字版|图片版)?", re.IGNORECASE
)
_NAMELESS = re.compile(r"(?:点击|请点击)?(?:此处|这里)?下载(?:附件)?|附件|查看|", re.IGNORECASE)
_FILE_ICON = re.compile(
    r"filetypeimages|/icon_?(?:doc|docx|xls|xlsx|pdf|ppt|txt|rar|zip|default)\.|/attachment?\.gif", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that a page refers to: the address as written, and its name (for an image its alternative text)."""

    href: str
    name: str


def is_document_link(href: str, text: str) -> bool:
    """Does a link lead to a document? Its path, a parameter (downfile.jsp?filename=a.pdf) or its text says so."""
    return bool(_extension(href) or _suffix(text.strip().rstrip("）)】]")))


def is_file_icon(src: str) -> bool:
    """Is the image one of the little pictures that editors set before an attachment?"""
    return bool(_FILE_ICON.search(src))


def documents_around(root: HtmlElement, body: HtmlElement) -> list[Reference]:
    """Links to documents in and after `body` (and those called 附件 before it), copies of the text itself left out."""
    found: dict[str, Reference] = {}
    around = {body, *body.iterancestors()}
    is_before = True
    walker = etree.iterwalk(root, events=("start",))
    for _event, element in walker:
        is_before = is_before and element is not body
        if element not in around and is_tool(element):
            walker.skip_subtree()
        elif element.tag == "a":
            href, text = element.get("href", "").strip(), text_of(element)
            if _is_attachment(href, text, needs_word=is_before):
                found.setdefault(href, Reference(href, _name(href, text or element.get("title", ""))))
    return list(found.values())


def _is_attachment(href: str, text: str, *, needs_word: bool) -> bool:
    if not _is_fetchable(href) or not is_document_link(href, text) or _COPY_OF_TEXT.fullmatch(text):
        return False
    is_named = "附件" in text
    return is_named or (not needs_word and _extension(href) not in PICTURES)


def body_references(body_html: str) -> tuple[list[Reference], list[Reference]]:
    """Images and documents referred to in cleaned HTML; no address twice."""
    reader = _References()
    reader.feed(body_html)
    reader.close()
    return _unique(reader.images), _unique(reader.documents)


def _unique(references: Iterable[Reference]) -> list[Reference]:
    return list({reference.href: reference for reference in reversed(list(references))}.values())[::-1]


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[Reference] = []
        self.documents: list[Reference] = []
        self._href: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images.append(Reference(attributes.get("src", ""), attributes.get("alt", "")))
        elif tag == "a":
            self._href, self._text = attributes.get("href", ""), []

    def handle_endtag(self, tag: str) -> None:
        if tag != "a" or self._href is None:
            return
        text = " ".join("".join(self._text).split())
        if is_document_link(self._href, text) and _is_fetchable(self._href):
            self.documents.append(Reference(self._href, _name(self._href, text)))
        self._href = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)


def _is_fetchable(href: str) -> bool:
    return bool(href) and not href.lower().startswith(("javascript:", "mailto:", "tel:", "#"))


def _name(href: str, text: str) -> str:
    return file_name(href) if _NAMELESS.fullmatch(text) else text


def file_name(href: str) -> str:
    """The file name in an address, decoded: the last part of its path, or of a parameter that names a document."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    names = [unquote(parts.path), *(value for _, value in parse_qsl(parts.query))]
    return next((PurePosixPath(name).name for name in names if _suffix(name)), PurePosixPath(names[0]).name)


def _extension(href: str) -> str:
    return _suffix(file_name(href))


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    return suffix if suffix in EXTENSIONS else ""
