"""The furniture of a page: menus, foot, share and print rows."""

import re
from typing import Final

from lxml.html import HtmlElement

from menhu.articles.movein.dom import names_of

MAX_TOOL_SHARE: Final = 0.3
"""What holds more of the text than this is no tool, whatever its name."""
TOOL_TAGS: Final = frozenset({"nav", "footer", "aside", "header"})
_TOOL_NAME = re.compile(
    r"(?:bd|bs|jia)?share|fenxiang|fx(?:box|d)?$|foot(?!note)|nav$|navbar|mainnav|menu|crumb|breadcrumb|position$|location$|dqwz|"
    r"dangqian|copyright|sidebar|related|xgwz|xglj|recommend|search|login|banner|qrcode|qrcontainer|qr$|ewm|erweima|print(?:er|btn)?$|"
    r"toolbar|tools?$|pager$|pagination|fontsize|setfont|topbar|toplink|friendlink|yqlj|header$|contextended|articleextended|"
    r"contentextended|contentshare|newsshare"
)


def is_tool(element: HtmlElement) -> bool:
    """Is the element furniture of the page (menu, foot, share row …), as its tag, id or class says?"""
    if element.tag in TOOL_TAGS:
        return True
    if element.tag in {"html", "body"}:
        return False
    return any(_TOOL_NAME.match(name) for name in list(names_of(element))[1:])
