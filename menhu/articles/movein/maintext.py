"""Finds the main text of a page: by the marks its system sets, by known containers, else by where the text is dense."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree, html
from lxml.html import HtmlElement

from menhu.articles.movein.attachments import is_document_link, is_file_icon
from menhu.articles.movein.dom import count_chars, has_prose, names_of, text_of, weigh_text
from menhu.articles.movein.furniture import MAX_TOOL_SHARE, is_tool
from menhu.articles.movein.trimming import trim
from menhu.core.article_writer import BLOCK_TAGS

EDITORS: Final = frozenset(
    {
        *("trseditor", "trsueditor", "trseditorview", "trspaperdefault", "customunionstyle", "ucapcontent"),
        *("foundercontent", "enpcontent", "ivscontent", "richmediacontent"),
    }
)
"""Wrappers that editors of known systems (TRS, ucap, founder …) set around the text; small letters, no - and _."""
CONTAINERS: Final = frozenset(
    {
        *("zoom", "zoom1", "zoomcon", "fontzoom", "zoomcontent", "articlecontent", "articlecontentbody", "articlecon"),
        *(
            "articlecont",
            "articlebody",
            "articletext",
            "articletxt",
            "articledetail",
            "artcon",
            "artcont",
            "artcontent",
        ),
        *(
            "artbody",
            "arttext",
            "contentarticle",
            "contentbody",
            "contenttext",
            "contenttxt",
            "contentmain",
            "contentcon",
        ),
        *("contentdetail", "contentsdiv", "contenttext", "context", "conttext", "conttxt", "contxt", "contxtbox"),
        *("detailcontent", "detailcon", "detailtext", "detailbody", "infocont", "infocontent", "infocon", "infotext"),
        *("infodetail", "maintext", "maintxt", "newscontent", "newscon", "newscont", "newsmain"),
        *("newstext", "newsbody", "newsdetail", "newsinfo", "pagescontent", "pagecontent", "textcontent", "textcon"),
        *("txtcontent", "viewcontent", "wordcontent", "xxgkcontent", "gkcontent", "xlcontent", "xlcon", "wzcon"),
        *(
            "wzcontent",
            "wznr",
            "nrcontent",
            "zhengwen",
            "zwcontent",
            "zwnr",
            "bodycontent",
            "jscontent",
            "entrycontent",
        ),
        *("postcontent", "b12c", "tcontent"),
    }
)
WEAK_CONTAINERS: Final = frozenset(
    {
        "content",
        "contents",
        "context",
        "textbox",
        "view",
        "article",
        "detail",
        "main",
        "text",
        "maincontent",
        "zw",
        "nr",
    }
)
"""Names that may also stand on a wrapper of the whole page; the text is looked for inside."""
_BEGIN = re.compile(r"\s*<?\$?\[?信息内容\]?>?begin|\S*\.content\.begin|\s*enpcontent\s*$", re.IGNORECASE)
_END = re.compile(r"\s*<?\$?\[?信息内容\]?>?end|\S*\.content\.end|\s*/enpcontent\s*$", re.IGNORECASE)

NARROWING: Final = {"mark": 0.3, "editor": 0.4, "container": 0.6, "weak": 0.8}
"""An inner candidate is better than an outer one when it holds at least this share of its text."""
MIN_SHARE: Final = 0.3
"""A known container that holds less of the page's text than this is some other box of the page."""
DESCENT: Final = 0.5
CLEAR_LEAD: Final = 3
MAX_CLIMB: Final = 1.35
IMAGE_WEIGHT: Final = 20


@dataclass(frozen=True, slots=True)
class MainText:
    """Where the text stands, and how it was found: "mark", "editor", "container" or "density"."""

    element: HtmlElement
    found_by: str


def find_marked(root: HtmlElement) -> HtmlElement | None:
    """Wrap what stands between a system's own marks (comments, META ContentStart/ContentEnd) into one element."""
    begin = None
    for node in list(root.iter(etree.Comment, "meta")):
        text = _mark_text(node)
        if text == "begin":
            begin = node
        elif text == "end" and begin is not None and begin.getparent() is node.getparent():
            return _wrap(begin, node)
    return None


def find_main_text(root: HtmlElement, marked: HtmlElement | None, title: str) -> MainText | None:
    """Find the main text and trim it; None when the page has no text, image or document at all."""
    weights = weigh_content(root)
    found = _best_candidate(weights, marked)
    body = root.find("body")
    densest = _densest(root if body is None else body, weights)
    if found is None or weights[found.element] < MIN_SHARE * weights[densest]:
        found = MainText(densest, "density")
    elif found.found_by == "weak":
        found = MainText(_densest(found.element, weights), "container")
    if found.found_by in {"container", "density"}:
        trim(found.element, title)
    return found if weights[found.element] else None


def weigh_content(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters outside links for each element, furniture counted as nothing; one pass from the leaves."""
    texts = weigh_text(root)
    limit = MAX_TOOL_SHARE * texts[root]
    weights = dict.fromkeys(texts, 0)
    for element in reversed(texts):
        weights[element] += count_chars(element.text)
        if texts[element] <= limit and is_tool(element):
            weights[element] = 0
        elif element.tag in {"a", "img"}:
            weights[element] = _weigh_leaf(element, weights[element])
        if element is not root and (parent := element.getparent()) is not None:
            weights[parent] += weights[element] + count_chars(element.tail)
    return weights


def _weigh_leaf(element: HtmlElement, weight: int) -> int:
    if element.tag == "img":
        return 0 if is_file_icon(element.get("src", "")) else IMAGE_WEIGHT
    has_image = element.find(".//img") is not None
    return weight if has_image or is_document_link(element.get("href", ""), text_of(element)) else 0


def _mark_text(node: HtmlElement) -> str:
    if node.tag == "meta":
        return {"contentstart": "begin", "contentend": "end"}.get(node.get("name", "").lower(), "")
    text = node.text or ""
    return "begin" if _BEGIN.match(text) else "end" if _END.match(text) else ""


def _wrap(begin: HtmlElement, end: HtmlElement) -> HtmlElement:
    wrapper = html.Element("div")
    wrapper.text, begin.tail = begin.tail, None
    while (node := begin.getnext()) is not end and node is not None:
        wrapper.append(node)
    begin.addnext(wrapper)
    return wrapper


def _best_candidate(weights: dict[HtmlElement, int], marked: HtmlElement | None) -> MainText | None:
    """The heaviest known container, narrowed to the innermost one that still holds the text."""
    candidates = [
        MainText(element, kind) for element in weights if (kind := _kind(element, marked)) and weights[element]
    ]
    if not candidates:
        return None
    order = {element: place for place, element in enumerate(weights)}
    best = max(candidates, key=lambda candidate: weights[candidate.element])
    last = order[_last_inside(best.element)]
    for candidate in candidates:
        is_inside = order[best.element] <= order[candidate.element] <= last
        if is_inside and weights[candidate.element] >= NARROWING[candidate.found_by] * weights[best.element]:
            best, last = candidate, order[_last_inside(candidate.element)]
    return best


def _last_inside(element: HtmlElement) -> HtmlElement:
    while len(element):
        element = element[-1]
    return element


def _kind(element: HtmlElement, marked: HtmlElement | None) -> str:
    if element is marked:
        return "mark"
    if element.tag in {"html", "body", "a", "img", "input", "ul", "meta"}:
        return ""
    names = set(names_of(element))
    kinds = {"editor": EDITORS, "container": CONTAINERS, "weak": WEAK_CONTAINERS}
    return next((kind for kind, known in kinds.items() if names & known), "")


def _densest(start: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    """Go down to the child that outweighs all others, then up again where text was left beside it."""
    found = start
    while (heaviest := _heaviest_child(found, weights)) is not None:
        found = heaviest
    while found is not start and (parent := found.getparent()) is not None and _shares_text(parent, found, weights):
        found = parent
    return found


def _heaviest_child(element: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement | None:
    children = sorted(element, key=lambda child: weights.get(child, 0), reverse=True)
    if not children or weights.get(children[0], 0) < DESCENT * weights[element] or not _holds_blocks(children[0]):
        return None
    is_clear = all(weights.get(second, 0) * CLEAR_LEAD <= weights[children[0]] for second in children[1:2])
    return children[0] if is_clear else None


def _shares_text(parent: HtmlElement, found: HtmlElement, weights: dict[HtmlElement, int]) -> bool:
    """Does the text go on in the neighbours of `found`?"""
    if parent.tag in {"body", "html"} or weights[parent] > MAX_CLIMB * weights[found]:
        return False
    return any(weights.get(child, 0) and has_prose(child) for child in parent if child is not found)


def _holds_blocks(element: HtmlElement) -> bool:
    return any(child.tag in BLOCK_TAGS or child.tag == "br" for child in element.iterdescendants(etree.Element))


def drop_file_icons(element: HtmlElement) -> None:
    """Remove the little pictures that editors set before an attachment."""
    for image in list(element.iter("img")):
        if is_file_icon(image.get("src", "")):
            image.drop_tree()
