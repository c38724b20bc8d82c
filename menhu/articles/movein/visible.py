"""What a page shows around its text (title, date row, source, breadcrumb), used where the META tags are silent."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from menhu.articles.movein.dom import names_of, text_of
from menhu.articles.movein.meta import clean_source, clean_title
from menhu.core.sanitising import strip_forbidden

NEAR: Final = 15
"""So many lines before the text (and after it) may carry the date row."""
MAX_LINE: Final = 200
MOST_CRUMBS: Final = 10
MAX_ROW_REST: Final = 60
TELLING_TITLE: Final = 10
"""A window's title shorter than this may be the name of the column."""

_SOURCE = re.compile(r"来\s*源\s*[:：]\s*(?P<value>.*)")
_AUTHOR = re.compile(r"(?:作\s*者|撰稿(?:人)?)\s*[:：]\s*(?P<value>.*)")
# Where the value of one label ends because the next one begins.
_CUT = re.compile(
    r"\s*(?:[|【\]］]|(?:发布|更新|发表|发稿|公开|成文)?(?:时间|日期|人)\s*[:：]|来\s*源\s*[:：]|作\s*者\s*[:：]|(?:责任)?编\s*辑\s*[:：]|编审|"
    r"(?:审核|初审|终审)\s*[:：]|浏览|点击|访问|阅读|字体|字号|打印|分享|收藏|(?:19|20)\d\d[-年/.])"
)
_DATE_LABEL = re.compile(
    r"(?:(?:发布|发表|发稿|更新|公开|发文)|(?<![\u4e00-\u9fff]))(?:时间|日期)\s*[:：]\s*(?P<value>.*)"
)
_OTHER_DATE = re.compile(r"(?:失效|实施|施行|生效|废止|成文|签署|印发|截止|有效期)\S*[:：]")
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_ADDRESS_DATE = re.compile(r"/(?:t|art_)?((?:19|20)\d\d)[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])(?=[/_.-])")
_CRUMB_NAME = re.compile(r"(?:bread)?crumbs?|position$|dqwz|weizhi|curb$|bread$|curpos")
_CRUMB_LABEL = re.compile(r"(?:当前|您的?|你的?)?(?:现在)?(?:所在|所处)?(?:的)?(?:位置|栏目)\s*(?:是|为)?\s*[:：]?")
_CRUMBS = re.compile(r"位置\s*(?:是|为)?\s*[:：]?.*[>›»＞→]|^(?:网站)?首页\s*[>›»＞→]")
_CRUMB_SIGN = re.compile(r"\s*(?:>>|[>›»＞→/])\s*|\s+-\s+")
_NO_COLUMN: Final = frozenset(
    {"", "正文", "内容", "详情", "信息内容", "内容页", "首页", "详细内容", "文章正文", "查看详情"}
)
_TITLE_SIGN = re.compile(r"\s*[_|｜]\s*|\s+[-–—]{1,2}\s+")
_TITLE_MARK = re.compile(r"\s*<?\$?\[?标题(?:名称)?\]?>?begin")
_SITE_NAME = re.compile(r"(?:人民政府|政府网|门户网站?|网站|信息网|政务网|信息公开平台)$")
_SITE_AFTER_DASH = re.compile(r"\s*-{1,2}[^-]{2,30}(?:人民政府|政府网|门户网站?|网站|信息网|政务网|局|委员会|办公室)$")
_TITLE_NAMES: Final = frozenset(
    {
        "ucaptitle",
        "articletitle",
        "ivstitle",
        "contitle",
        "infotitle",
        "newstitle",
        "contenttitle",
        "detailtitle",
        "arttitle",
        "xltitle",
        "bt",
        "biaoti",
        "title",
        "tit",
        "maintitle",
        "wztitle",
        "xxgktitle",
    }
)


def find_source(before: list[str], after: list[str]) -> str:
    """The value after 来源： near the text, or ""."""
    return _labelled(_SOURCE, before, after)


def find_author(before: list[str], after: list[str]) -> str:
    """The value after 作者： near the text, or ""."""
    return _labelled(_AUTHOR, before, after)


def find_date(before: list[str], after: list[str]) -> str:
    """The date of the date row as written, or "": a labelled one first, then any date in a short line."""
    lines = [*reversed(before[-NEAR:]), *after[:NEAR]]
    for line in lines:
        if (match := _DATE_LABEL.search(line)) and _DATE.search(match["value"]):
            return match["value"]
    return next((line for line in reversed(before[-NEAR:]) if _is_date_row(line)), "")


def _is_date_row(line: str) -> bool:
    """A line that holds a date and little else; a date behind a headline belongs to another article."""
    rest = _DATE.sub("", line)
    return rest != line and len(rest) <= MAX_ROW_REST and "《" not in rest and not _OTHER_DATE.search(line)


def date_in_address(address: str) -> str:
    """A date that the address carries (/2016/11/22/art_…, /t20220128_…), or ""."""
    match = _ADDRESS_DATE.search(address)
    return "-".join(match.groups()) if match else ""


def find_column(root: HtmlElement, before: list[str]) -> str:
    """The last step of the breadcrumb that is a column, or ""."""
    crumbs = islice(filter(_is_crumbs, root.iter("div", "p", "ol", "ul", "td")), MOST_CRUMBS)
    rows = (strip_forbidden(" > ".join(element.itertext())) for element in crumbs)
    for row in [*rows, *(line for line in before if _CRUMBS.search(line))]:
        steps = [step.strip() for step in _CRUMB_SIGN.split(_CRUMB_LABEL.sub("", row))]
        columns = [step for step in steps if step not in _NO_COLUMN]
        if columns and len(steps) > 1 and sum(map(len, steps)) <= MAX_LINE:
            return columns[-1]
    return ""


def _is_crumbs(element: HtmlElement) -> bool:
    return any(_CRUMB_NAME.match(name) for name in names_of(element))


def marked_title(root: HtmlElement) -> str:
    """The title that stands behind a system's own mark (a comment), or ""."""
    marks = (node for node in root.iter(etree.Comment) if _TITLE_MARK.match(node.text or ""))
    return next((title for mark in marks if (title := clean_title(mark.tail or ""))), "")


def find_title(root: HtmlElement, html_title: str, site_name: str) -> str:
    """The title that stands over the text: an element named so, the one h1, else the title of the window."""
    window = window_title(html_title, site_name)
    headings = [*_named_titles(root), *(text_of(heading) for heading in root.iter("h1"))]
    likely = [clean_title(heading) for heading in headings if heading and len(heading) <= MAX_LINE]
    # The window's title mostly repeats the heading; a heading that it repeats is certain.
    certain = max((title for title in likely if title in html_title), key=len, default="")
    telling = next((title for title in likely if len(title) >= TELLING_TITLE > len(window)), "")
    return certain or telling or window or next(iter(likely), "")


def window_title(html_title: str, site_name: str) -> str:
    """The window's title without the names of site and column around it."""
    parts = [part.strip() for part in _TITLE_SIGN.split(html_title.removesuffix(site_name)) if part.strip(" -–—")]
    own = [part for part in parts if not _SITE_NAME.search(part)] or parts[:1]
    title = _SITE_AFTER_DASH.sub("", own[0]).strip() if own else ""
    return "" if title == site_name else title


def _named_titles(root: HtmlElement) -> Iterable[str]:
    for element in root.iter("ucaptitle", "h1", "h2", "h3", "div", "p", "span", "td"):
        if element.tag == "ucaptitle" or not _TITLE_NAMES.isdisjoint(list(names_of(element))[1:]):
            yield text_of(element)


def _labelled(pattern: re.Pattern[str], before: list[str], after: list[str]) -> str:
    for line in [*reversed(before[-NEAR:]), *after[:NEAR]]:
        if (
            len(line) <= MAX_LINE
            and (match := pattern.search(line))
            and (value := clean_source(_CUT.split(match["value"])[0]))
        ):
            return value
    return ""
