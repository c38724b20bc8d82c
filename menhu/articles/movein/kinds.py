"""Tells an article from the list of a column, a home page and an error page."""

import re
from typing import Final

from lxml.html import HtmlElement

from menhu.articles.movein import reasons
from menhu.articles.movein.dom import count_chars, text_of
from menhu.articles.movein.meta import PageMeta

LIST_LINKS: Final = 5
"""A list has at least this many lines that are links."""
LIST_SHARE: Final = 0.5
"""In a list at least this share of the text is links (dates of the lines counted with them)."""
ERROR_CHARS: Final = 300

_DATE = re.compile(r"[\[(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?")
_ERROR = re.compile(
    r"^\W*(?:404|403|500|50[234])\b|页面(?:不存在|找不到|已删除|无法访问)|找不到.{0,8}页面|not found|出错啦?$",
    re.IGNORECASE,
)
_HOME: Final = frozenset({"首页", "网站首页", "门户首页"})


def refuse_other_kinds(root: HtmlElement, meta: PageMeta) -> None:
    """Raise PageRefusedError for a page that says or shows that it is no article."""
    if meta["column_type"] in _HOME or (meta["column"] in _HOME and not meta.is_article):
        raise reasons.PageRefusedError(reasons.HOME_PAGE)
    if _ERROR.search(meta.html_title) and not meta.is_article and count_chars(text_of(root)) < ERROR_CHARS:
        raise reasons.PageRefusedError(reasons.ERROR_PAGE)


def is_list(element: HtmlElement) -> bool:
    """Is the text of `element` mostly lines that lead elsewhere, with or without dates?"""
    linked, lines = 0, 0
    for link in element.iter("a"):
        text = text_of(link)
        if count_chars(text) > 3:
            linked += count_chars(_DATE.sub("", text))
            lines += 1
    total = count_chars(_DATE.sub("", " ".join(text_of(element).split())))
    return lines >= LIST_LINKS and linked >= LIST_SHARE * total
