"""Brings well-formed HTML into the canonical shape of an article: a flat run of paragraphs, headings, lists, tables.

Wrappers (div, font, span, section …) vanish, loose text becomes paragraphs, empty paragraphs and the blanks by which
Chinese typists indent a paragraph go; alignment to the right or middle stays as a class, since the place of a
signature means something in an official document. No recursion: nesting is bounded by the input alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final, NamedTuple, TypeAlias

MAX_FRAMES: Final = 30
"""Block elements nested deeper are unwrapped."""

RENAMED: Final = {"h1": "h2", "h6": "h5", "b": "strong", "i": "em", "strike": "s", "del": "s", "ins": "u"}
HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5"})
FLOW: Final = frozenset({"", "blockquote", "li", "dd", "td", "th"})
"""Containers that hold paragraphs."""
BARE: Final = HEADINGS | {"dt", "caption", "figcaption", "figure", "pre"}
"""Containers that hold text without a paragraph around it."""
STRUCTURE: Final = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"})
CELLS: Final = frozenset({"td", "th"})
ROWS: Final = frozenset({"thead", "tbody", "tfoot", "tr"})
PARENTS: Final = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "caption": ("table",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "tr": ("tbody", "thead", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
    "figcaption": ("figure",),
}
IMPLIED_CHILD: Final = {
    "ul": "li",
    "ol": "li",
    "dl": "dd",
    "table": "tbody",
    "thead": "tr",
    "tbody": "tr",
    "tfoot": "tr",
    "tr": "td",
}
CONTAINERS: Final = (FLOW | BARE | STRUCTURE) - {""}
INLINE: Final = frozenset({"strong", "em", "u", "s", "sub", "sup", "code", "a"})
INLINE_TAGS: Final = INLINE | {"b", "i", "strike", "del", "ins", "span", "font"}
VOID: Final = frozenset({"br", "img", "hr"})
WRAPPERS: Final = frozenset(
    {
        *("div", "section", "article", "main", "header", "footer", "nav", "aside", "address", "center", "form"),
        *("fieldset", "legend", "details", "summary", "h1", "h6", "hgroup", "search", "dir", "menu", "option"),
        *("optgroup", "marquee"),
    }
)
BLOCK_TAGS: Final = CONTAINERS | WRAPPERS | {"p"}

_ALIGN = re.compile(r"text-align\s*:\s*([a-z-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_STYLED = (
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE), "strong"),
    (re.compile(r"text-decoration[a-z-]*\s*:[^;]*underline", re.IGNORECASE), "u"),
    (re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE), "sup"),
    (re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE), "sub"),
)
_CHUNKS = re.compile(r"\s+|\S+")
_SIZE = re.compile(r"\s*(\d{1,4})(?:px)?\s*")
_OUTER = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f“”‘’—…]")
_MAX_SPAN = 1_000

Attributes: TypeAlias = dict[str, str]


class _Inline(NamedTuple):
    tag: str
    attributes: str = ""


class _Piece(NamedTuple):
    """A finished block: its tag ("" = bare text), its attributes, its inner HTML."""

    tag: str
    attributes: str
    inner: str

    def html(self) -> str:
        if not self.tag:
            return self.inner
        return "<hr>" if self.tag == "hr" else f"<{self.tag}{self.attributes}>{self.inner}</{self.tag}>"


@dataclass(slots=True, eq=False)
class _Frame:
    """A block element still open."""

    tag: str
    attributes: str = ""
    is_implied: bool = False
    is_filled: bool = False
    cells: int = 0
    pieces: list[_Piece] = field(default_factory=list)
    only_cell: list[_Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Text:
    """A paragraph (or bare text) still open, with the inline elements written into it so far."""

    tag: str
    align: str
    parts: list[str] = field(default_factory=list)
    opened: list[_Inline] = field(default_factory=list)
    last: str = ""


class _Opened(NamedTuple):
    """What the end tag of an element of the source has to undo."""

    align: str
    inlines: int
    frame: _Frame | None
    is_block: bool


class ArticleWriter(HTMLParser):
    """Feed it HTML that nh3 has made well-formed, then ask for `html()`."""

    def __init__(self, *, strip: Callable[[str], str], outer_rel: str) -> None:
        super().__init__(convert_charrefs=True)
        self._strip = strip
        self._outer_rel = outer_rel
        self._frames: list[_Frame] = [_Frame("")]
        self._open: list[_Opened] = []
        self._inlines: list[_Inline] = []
        self._text: _Text | None = None
        self._align = ""
        self._blanks = ""
        self._breaks = 0
        self._hidden = 0

    def html(self) -> str:
        """Return the canonical HTML of all that was fed."""
        while len(self._frames) > 1:
            self._close_frame()
        self._close_text()
        return "\n".join(piece.html() for piece in self._frames[0].pieces)

    # events of the source

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: self._strip(value or "").strip() for name, value in attrs}
        if self._hidden or _is_hidden(attributes):
            self._hidden += tag not in VOID
        elif tag in VOID:
            self._void(tag, attributes)
        else:
            self._start(RENAMED.get(tag, tag), tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        if not self._open:
            return
        opened = self._open.pop()
        if opened.is_block:
            self._break()
        if opened.frame in self._frames[1:]:
            while self._frames[-1] is not opened.frame:
                self._close_frame()
            self._close_frame()
        del self._inlines[opened.inlines :]
        self._align = opened.align

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        text = self._strip(data)
        if self._frames[-1].tag == "pre":
            self._write(escape(text, quote=False))
            return
        for chunk in _CHUNKS.findall(text):
            if chunk.isspace():
                self._blanks += chunk
            else:
                self._word(chunk)

    # elements

    def _start(self, tag: str, source_tag: str, attributes: Attributes) -> None:
        before = (self._align, len(self._inlines))
        is_block = source_tag in BLOCK_TAGS
        if is_block:
            self._break()
            self._align = _align(source_tag, attributes, self._align)
        frame = None
        if tag in CONTAINERS and len(self._frames) < MAX_FRAMES:
            frame = self._open_frame(tag, attributes)
        elif not is_block:
            self._inlines.extend(self._as_inlines(tag, attributes))
        self._open.append(_Opened(*before, frame, is_block))

    def _void(self, tag: str, attributes: Attributes) -> None:
        if tag == "br":
            self._breaks += 1
            self._blanks = "\n" if self._frames[-1].tag == "pre" else ""
            if self._frames[-1].tag == "pre":
                self._write("\n")
        elif tag == "hr":
            self._close_text()
            if self._frames[-1].tag in {"", "blockquote"}:
                self._frames[-1].pieces.append(_Piece("hr", "", ""))
        elif image := _image(attributes):
            self._flush_blanks("")
            self._write(image)
            self._current_text().last = ""

    def _as_inlines(self, tag: str, attributes: Attributes) -> list[_Inline]:
        if tag == "a":
            href = attributes.get("href", "")
            return [_Inline("a", self._link(href))] if href and not href.startswith("#") else []
        found = [_Inline(tag)] if tag in INLINE else []
        style = attributes.get("style", "")
        if style and not found:
            found = [_Inline(name) for pattern, name in _STYLED if pattern.search(style)]
        return [inline for inline in found if inline not in self._inlines]

    def _link(self, href: str) -> str:
        rel = f' rel="{self._outer_rel}"' if _OUTER.match(href) else ""
        return f' href="{escape(href)}"{rel}'

    # frames

    def _open_frame(self, tag: str, attributes: Attributes) -> _Frame:
        self._close_text()
        self._leave_for(tag)
        frame = _Frame(tag, _block_attributes(tag, attributes))
        self._frames.append(frame)
        return frame

    def _leave_for(self, tag: str) -> None:
        """Close what cannot hold a `tag` and open what must stand between."""
        parents = PARENTS.get(tag)
        while self._frames[-1].tag in BARE and not (parents and self._frames[-1].tag in parents):
            self._close_frame()
        if parents is None:
            self._enter_flow()
            return
        while self._frames[-1].is_implied and self._frames[-1].tag not in parents:
            self._close_frame()
        if self._frames[-1].tag not in parents:
            self._leave_for(parents[0])
            self._frames.append(_Frame(parents[0], is_implied=True))

    def _enter_flow(self) -> None:
        while self._frames[-1].is_implied and self._frames[-1].tag in STRUCTURE:
            self._close_frame()
        while (child := IMPLIED_CHILD.get(self._frames[-1].tag)) is not None:
            self._frames.append(_Frame(child, is_implied=True))

    def _close_frame(self) -> None:
        self._close_text()
        frame = self._frames.pop()
        parent = self._frames[-1]
        parent.is_filled = parent.is_filled or frame.is_filled
        if frame.tag in CELLS:
            self._count_cell(frame)
        elif frame.tag == "table" and frame.cells == 1 and len(frame.pieces) == 1:
            parent.pieces.extend(frame.only_cell)
            return
        # An empty cell holds its place in the grid; the grid itself goes when nothing at all stands in it.
        is_grid = frame.tag in CELLS or (frame.tag in ROWS and bool(frame.pieces))
        if frame.is_filled or is_grid:
            parent.pieces.append(_finish(frame))

    def _count_cell(self, cell: _Frame) -> None:
        for frame in reversed(self._frames):
            if frame.tag == "table":
                frame.cells += 1
                frame.only_cell = cell.pieces
                return

    # text

    def _break(self) -> None:
        """The edge of a block: a new paragraph, or a line break where no paragraph may stand."""
        if self._frames[-1].tag in BARE:
            self._breaks += 1
        else:
            self._close_text()

    def _word(self, word: str) -> None:
        self._flush_blanks(word[0])
        self._write(escape(word, quote=False))
        self._current_text().last = word[-1]

    def _flush_blanks(self, following: str) -> None:
        text, blanks, breaks = self._text, self._blanks, self._breaks
        self._blanks, self._breaks = "", 0
        if text is None or not text.parts:
            return
        is_paragraph = text.tag == "p" and (breaks > 1 or (breaks and len(blanks.strip("\t\r\n\f ")) > 1))
        if is_paragraph:
            self._close_text()
        elif breaks:
            self._write("<br>")
        elif blanks:
            self._write(_blank_between(text.last, blanks, following))

    def _write(self, html: str) -> None:
        text = self._current_text()
        wanted = self._inlines
        common = 0
        while common < min(len(wanted), len(text.opened)) and wanted[common] == text.opened[common]:
            common += 1
        text.parts.extend(f"</{inline.tag}>" for inline in reversed(text.opened[common:]))
        text.parts.extend(f"<{inline.tag}{inline.attributes}>" for inline in wanted[common:])
        text.opened = wanted.copy()
        text.parts.append(html)

    def _current_text(self) -> _Text:
        if self._text is None:
            if self._frames[-1].tag not in BARE:
                self._enter_flow()
            self._text = _Text("" if self._frames[-1].tag in BARE else "p", self._align)
        return self._text

    def _close_text(self) -> None:
        text, self._text = self._text, None
        self._blanks, self._breaks = "", 0
        if text is None or not text.parts:
            return
        text.parts.extend(f"</{inline.tag}>" for inline in reversed(text.opened))
        attributes = f' class="{text.align}"' if text.align else ""
        self._frames[-1].pieces.append(_Piece(text.tag, attributes, "".join(text.parts)))
        self._frames[-1].is_filled = True


def _finish(frame: _Frame) -> _Piece:
    if frame.tag in HEADINGS and frame.pieces:
        return _Piece(frame.tag, frame.pieces[0].attributes, "".join(piece.inner for piece in frame.pieces))
    if frame.tag in {"td", "th", "li", "dd"} and len(frame.pieces) == 1 and frame.pieces[0].tag == "p":
        only = frame.pieces[0]
        if frame.tag in CELLS or not only.attributes:
            return _Piece(frame.tag, frame.attributes + only.attributes, only.inner)
    inner = "".join(piece.html() for piece in frame.pieces)
    return _Piece(frame.tag, frame.attributes, inner.strip("\r\n") if frame.tag == "pre" else inner)


def _is_hidden(attributes: Attributes) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _align(tag: str, attributes: Attributes, inherited: str) -> str:
    if tag == "center":
        return "ta-c"
    classes = attributes.get("class", "").split()
    if found := [name for name in classes if name in {"ta-c", "ta-r"}]:
        return found[0]
    match = _ALIGN.search(attributes.get("style", ""))
    # On a table the attribute places the table, not its text.
    word = match[1] if match else "" if tag == "table" else attributes.get("align", "")
    if not word:
        return inherited
    return {"center": "ta-c", "middle": "ta-c", "-webkit-center": "ta-c", "right": "ta-r", "end": "ta-r"}.get(
        word.lower(), ""
    )


def _block_attributes(tag: str, attributes: Attributes) -> str:
    kept: Attributes = {}
    if tag in CELLS:
        for name in ("colspan", "rowspan"):
            number = _number(attributes.get(name, ""))
            if 1 < number <= _MAX_SPAN:
                kept[name] = str(number)
    if tag == "th" and attributes.get("scope", "").lower() in {"row", "col", "rowgroup", "colgroup"}:
        kept["scope"] = attributes["scope"].lower()
    if tag == "ol" and _number(attributes.get("start", "")) > 1:
        kept["start"] = str(_number(attributes["start"]))
    return "".join(f' {name}="{value}"' for name, value in kept.items())


def _image(attributes: Attributes) -> str:
    source = attributes.get("src", "")
    if not source or _OTHER_SCHEME.match(source):
        return ""
    kept = f'<img src="{escape(source)}" alt="{escape(attributes.get("alt", ""))}"'
    for name in ("width", "height"):
        if number := _number(attributes.get(name, "")):
            kept += f' {name}="{number}"'
    return f"{kept}>"


def _number(value: str) -> int:
    match = _SIZE.fullmatch(value)
    return int(match[1]) if match else 0


def _blank_between(before: str, blanks: str, following: str) -> str:
    wide = blanks.count("\u3000")
    if wide:
        return "\u3000" * wide
    is_line_end = "\n" in blanks and "\xa0" not in blanks
    # A browser would show the line end of the source as a blank in the middle of a Chinese sentence.
    return "" if is_line_end and _CJK.match(before) and _CJK.match(following) else " "
