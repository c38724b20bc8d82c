"""The one place where HTML from any source (editor, Word, import, demo) becomes storable.

nh3 parses as a browser does and decides what is safe; a small writer then brings the rest into one canonical shape
(real paragraphs, no Word rubbish); nh3 has the last word again.
"""

import re
from collections import Counter
from html import escape
from html.parser import HTMLParser
from typing import Final

import nh3

from menhu.core.article_writer import BLOCK_TAGS, INLINE_TAGS, ArticleWriter

MAX_OPEN_TAGS: Final = 1_000
"""Deeper nesting is never honest, and costs a browser's parser quadratic time."""
MAX_PASSES: Final = 5
OUTER_REL: Final = "external noopener"

URL_SCHEMES: Final = {"http", "https", "mailto", "tel"}
ALIGNMENTS: Final = {"ta-c", "ta-r"}

STORED_TAGS: Final = {
    *("p", "h2", "h3", "h4", "h5", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "br"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "a", "img"),
    *("strong", "em", "u", "s", "sub", "sup", "code"),
}
STORED_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
STORED_VALUES: Final = {"a": {"rel": {OUTER_REL}}, "th": {"scope": {"row", "col", "rowgroup", "colgroup"}}}
ALIGNED_TAGS: Final = ("p", "h2", "h3", "h4", "h5", "td", "th")

READ_TAGS: Final = STORED_TAGS | BLOCK_TAGS | INLINE_TAGS
READ_ATTRIBUTES: Final = {
    "*": {"style", "class", "align", "hidden"},
    **{tag: set(names) for tag, names in STORED_ATTRIBUTES.items()},
    "th": {"colspan", "rowspan", "scope"},
}
DROPPED_WITH_CONTENT: Final = {
    *("script", "style", "iframe", "object", "applet", "noscript", "noembed", "noframes", "template", "xml"),
    *("svg", "math", "audio", "video", "canvas", "select", "textarea", "button", "title", "xmp", "datalist"),
}

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_RAW_TEXT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>?")
# These close themselves when the next one opens, so that many unclosed ones are no depth.
_SELF_CLOSING = frozenset(
    {
        *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "col"),
        *("br", "img", "hr", "input", "meta", "link", "area", "base", "embed", "param", "source", "track", "wbr"),
        *("html", "head", "body"),
    }
)
# Glyphs of Word's symbol fonts, which have no meaning outside Word; U+E5E5 is the full-width blank of old GBK pages.
_WORD_GLYPHS = str.maketrans(
    {"\uf0b7": "•", "\uf06c": "●", "\uf06e": "■", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\ue5e5": "\u3000"}
)


def clean_article_html(html: str) -> str:
    """Return `html` as it may be stored: safe, canonical, idempotent. Never raises, whatever the text."""
    current = strip_forbidden(html)
    if _is_too_deep(current):
        current = _flatten(current)
    for _ in range(MAX_PASSES):
        cleaned = _clean_once(current)
        if cleaned == current:
            return cleaned
        current = cleaned
    return _as_paragraphs(plain_text(current))


def plain_text(html: str) -> str:
    """Return the readable text of `html`: a line for each paragraph or table row, cells parted by a tab."""
    text = strip_forbidden(html)
    if _is_too_deep(text):
        text = _flatten(text)
    reader = _TextReader()
    reader.feed(nh3.clean(text, tags=READ_TAGS, attributes={}, clean_content_tags=DROPPED_WITH_CONTENT, link_rel=None))
    reader.close()
    return reader.text()


def count_chars(html: str) -> int:
    """Count the characters a reader sees, white space left out."""
    return sum(len(word) for word in plain_text(html).split())


def strip_forbidden(text: str) -> str:
    """Remove control, invisible and text-reversing characters, and replace Word's private glyphs by plain ones."""
    return _FORBIDDEN.sub("", text).translate(_WORD_GLYPHS)


def _clean_once(html: str) -> str:
    readable = nh3.clean(
        html,
        tags=READ_TAGS,
        attributes=READ_ATTRIBUTES,
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )
    writer = ArticleWriter(strip=strip_forbidden, outer_rel=OUTER_REL)
    writer.feed(readable)
    writer.close()
    return nh3.clean(
        writer.html(),
        tags=STORED_TAGS,
        attributes=STORED_ATTRIBUTES,
        tag_attribute_values=STORED_VALUES,
        allowed_classes=dict.fromkeys(ALIGNED_TAGS, ALIGNMENTS),
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )


def _is_too_deep(html: str) -> bool:
    unclosed: Counter[str] = Counter()
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _SELF_CLOSING:
            continue
        if not closing:
            unclosed[tag] += 1
            if unclosed[tag] > MAX_OPEN_TAGS:
                return True
        elif unclosed[tag]:
            unclosed[tag] -= 1
    return unclosed.total() > MAX_OPEN_TAGS


def _flatten(html: str) -> str:
    """Give up the structure of a text nested beyond all reason, keep its words."""
    return _as_paragraphs(_ANY_TAG.sub("\n", _RAW_TEXT.sub("", html)))


def _as_paragraphs(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


class _TextReader(HTMLParser):
    """Collects the text of HTML that nh3 has made well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"td", "th"}:
            self._cells += 1
        elif tag in BLOCK_TAGS or tag in {"br", "hr"}:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._cells -= 1
            if not self._cells:
                self._line.append("\t")
        elif tag in BLOCK_TAGS:
            self._break()

    def handle_data(self, data: str) -> None:
        self._line.append(strip_forbidden(data.replace("\t", " ")))

    def _break(self) -> None:
        if self._cells:
            self._line.append(" ")
            return
        self._end_line()

    def _end_line(self) -> None:
        cells = (" ".join(cell.split()) for cell in "".join(self._line).split("\t"))
        line = "\t".join(cells).strip()
        if line:
            self._lines.append(line)
        self._line = []

    def text(self) -> str:
        """Return the lines read so far; the reader is used up afterwards."""
        self._end_line()
        return "\n".join(self._lines)
