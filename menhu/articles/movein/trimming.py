"""Takes away what a page sets around its text: tools, index tables, the title and date line, share and print rows."""

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from menhu.articles.movein.dom import names_of, text_of, weigh_text
from menhu.articles.movein.furniture import MAX_TOOL_SHARE, is_tool
from menhu.core.article_writer import BLOCK_TAGS

_INDEX_LABELS = re.compile(
    r"(?:索引号|索取号|信息索引|统一编号|文件?号|发文字号|发文机关|发布机关|发布机构|信息来源|成文日期|发文日期|发布日期|生成日期|公开日期|实施日期|"
    r"生效日期|失效日期|废止日期|主题词|主题分类|体裁分类|分类|组配分类|名称|标题|内容概述|有效性|效力状态|文件状态|公开方式|公开范围|公开形式|"
    r"公开时限|关键词|信息名称|责任部门|产生日期|来源)(?=[:：])"
)
_LEAD = re.compile(
    r"(?:发布|发表|发稿|更新|公开|成文|生成)?(?:时间|日期)\s*[:：]|来\s*源\s*[:：]|作者\s*[:：]|浏览(?:次数|量)?|点击(?:数|率|次数)|字体|字号|"
    r"^\W*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\W*$|^【?(?:大|中|小|打印|分享)】?$"
)
_TAIL = re.compile(
    r"^\W*(?:(?:打印|关闭|返回|回到)(?:本页|页面|窗口|此页|正文|顶部|列表)?|上一[篇条页]|下一[篇条页]|分享(?:到|至)?|扫一扫|浏览(?:次数|量)|"
    r"责任编辑|编辑[:：]|审核[:：]|初审|终审|相关(?:链接|附件|文章|新闻|阅读|稿件|解读|信息)|附件下载[:：]?$|收藏|纠错|字体|字号)"
)
MAX_ROW_CHARS: Final = 120
MAX_ROWS: Final = 12
MAX_INDEX_CHARS: Final = 800
FEWEST_LABELS: Final = 3


def trim(container: HtmlElement, title: str) -> None:
    """Remove from a container everything that is not the text itself."""
    weights = weigh_text(container)
    limit = MAX_TOOL_SHARE * weights[container]
    for element, weight in weights.items():
        is_inside = element is not container and element.getparent() is not None
        if is_inside and ((weight <= limit and is_tool(element)) or _is_index(element, weight)):
            element.drop_tree()
    _trim_head(container, title)
    _trim_tail(container)


def _is_index(element: HtmlElement, weight: int) -> bool:
    """A table or list of a document's particulars: 索引号, 文号, 发布日期 …"""
    if element.tag not in {"table", "ul", "dl"} or weight > MAX_INDEX_CHARS:
        return False
    text = "".join(text_of(element).split())
    labels = set(_INDEX_LABELS.findall(text))
    return len(labels) >= FEWEST_LABELS


def _trim_head(container: HtmlElement, title: str) -> None:
    plain_title = "".join(title.split())
    for block in _text_blocks(container)[:MAX_ROWS]:
        text = "" if block is None else text_of(block)
        if block is None or (text and not _is_title(block, text, plain_title) and not _is_row(text, _LEAD)):
            return
        block.drop_tree()


def _trim_tail(container: HtmlElement) -> None:
    for block in reversed(_text_blocks(container)[-MAX_ROWS:]):
        if block is None or block.find(".//img") is not None or not _is_row(text_of(block), _TAIL):
            return
        block.drop_tree()


def _is_row(text: str, pattern: re.Pattern[str]) -> bool:
    return not text or (len(text) <= MAX_ROW_CHARS and bool(pattern.search(text)))


def _is_title(block: HtmlElement, text: str, plain_title: str) -> bool:
    if not plain_title or "".join(text.split()) != plain_title:
        return False
    return block.tag in {"h1", "h2", "h3"} or any(
        "title" in name or name in {"bt", "biaoti"} for name in names_of(block)
    )


def _text_blocks(container: HtmlElement) -> list[HtmlElement | None]:
    """Blocks that hold no blocks, in order; None stands for text that is in no such block."""
    blocks: list[HtmlElement | None] = []
    walker = etree.iterwalk(container, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element is not container and _is_leaf(element):
            blocks.append(element)
            walker.skip_subtree()
            continue
        is_own = event == "start" or element is not container
        text = (element.text if event == "start" else element.tail) if is_own else ""
        if (text or "").strip():
            blocks.append(None)
    return blocks


def _is_leaf(element: HtmlElement) -> bool:
    if element.tag not in BLOCK_TAGS:
        return False
    return not any(child.tag in BLOCK_TAGS for child in element.iterdescendants(etree.Element))
