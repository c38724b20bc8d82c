"""A saved page as a tree: read without network or entities, scripts gone, hidden parts gone."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html
from lxml.html import HtmlElement

from menhu.articles.movein import reasons
from menhu.core.article_writer import BLOCK_TAGS
from menhu.core.sanitising import DROPPED_WITH_CONTENT, strip_forbidden

BREAKING_TAGS: Final = (BLOCK_TAGS - {"td", "th"}) | {"br", "hr", "body"}
_DROPPED: Final = (*(DROPPED_WITH_CONTENT - {"title"}), "link", "base", "frameset", "input", "option")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_ELEMENTS: Final = 200_000
SENTENCE_CHARS: Final = 40
MAX_HIDDEN_SHARE: Final = 0.6
"""A wrapper that hides more than this share of the page hides it only until a script has run."""


def parse_page(text: str) -> HtmlElement:
    """Return the root of the page; raises PageRefusedError when nothing can be read or it is beyond all reason."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        root = html.document_fromstring(strip_forbidden(text).encode(), parser=parser)
    except etree.ParserError as error:
        raise reasons.PageRefusedError(reasons.NO_MARKUP) from error
    count = sum(1 for _ in root.iter(etree.Element))
    if count > MAX_ELEMENTS:
        raise reasons.PageRefusedError(reasons.TOO_MANY_TAGS.format(count=count))
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise reasons.PageRefusedError(reasons.TOO_DEEP)
    return root


def comments(root: HtmlElement) -> list[html.HtmlComment]:
    """All comments, of the page and before it."""
    before = [node for node in root.itersiblings(preceding=True) if node.tag is etree.Comment]
    return [*reversed(before), *root.iter(etree.Comment)]


def drop_unread_parts(root: HtmlElement) -> None:
    """Remove what a reader of the page does not see: scripts, styles, frames, controls, comments, hidden parts."""
    etree.strip_elements(root, etree.Comment, *_DROPPED, with_tail=False)
    weights = weigh_text(root)
    limit = MAX_HIDDEN_SHARE * weights[root]
    for element, weight in weights.items():
        is_part = element.tag not in {"html", "body"} and element.getparent() is not None
        if is_part and weight <= limit and _is_hidden(element):
            element.drop_tree()


def weigh_text(root: HtmlElement) -> dict[HtmlElement, int]:
    """The count of characters in each element, in document order; one pass, however deep the page."""
    elements = list(root.iter(etree.Element))
    weights = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        weights[element] += count_chars(element.text)
        if element is not root and (parent := element.getparent()) is not None:
            weights[parent] += weights[element] + count_chars(element.tail)
    return weights


def _is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def count_chars(text: str | None) -> int:
    """Count the characters of `text`, white space left out."""
    return sum(map(len, text.split())) if text else 0


def text_of(element: HtmlElement) -> str:
    """The text of `element` on one line."""
    return " ".join(strip_forbidden("".join(element.itertext())).split())


def has_prose(element: HtmlElement) -> bool:
    """Does a sentence of some length, or a table, stand in `element` outside links?"""
    for node in element.iter(etree.Element):
        texts = (None if node.tag == "a" else node.text, *(child.tail for child in node))
        if node.tag == "table" or any(map(_is_sentence, texts)):
            return True
    return False


def _is_sentence(text: str | None) -> bool:
    return text is not None and count_chars(text) > SENTENCE_CHARS and any(sign in text for sign in "，。；")


def names_of(element: HtmlElement) -> Iterator[str]:
    """Tag, id and classes of `element`, small letters, without hyphen and underscore."""
    for name in (str(element.tag), element.get("id", ""), *element.get("class", "").split()):
        if name:
            yield name.lower().replace("-", "").replace("_", "")


def inner_html(element: HtmlElement) -> str:
    """The HTML inside `element`, without its own tag."""
    parts = [_escape(element.text)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)


def _escape(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def lines_around(root: HtmlElement, body: HtmlElement | None) -> tuple[list[str], list[str]]:
    """The lines of text before and after `body`."""
    before: list[str] = []
    lines, line = before, list[str]()
    after: list[str] = []
    skipping = False
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element is body:
            skipping = event == "start"
            if skipping:
                _end_line(lines, line)
            else:
                lines = after
        if not skipping:
            _take(event, element, lines, line, is_body=element is body)
    _end_line(lines, line)
    return before, after


def _take(event: str, element: HtmlElement, lines: list[str], line: list[str], *, is_body: bool) -> None:
    if element.tag in BREAKING_TAGS:
        _end_line(lines, line)
    elif event == "end" and element.tag in {"td", "th", "span"}:
        line.append(" ")
    if event == "start" and not is_body:
        line.append(element.text or "")
    elif event == "end":
        line.append(element.tail or "")


def _end_line(lines: list[str], line: list[str]) -> None:
    text = " ".join(strip_forbidden("".join(line)).split())
    if text:
        lines.append(text)
    line.clear()
