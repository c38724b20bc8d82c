"""Pages that must be there even when nothing else is: 400, 403, 404, 410 and 500."""

from typing import Final

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from menhu.delivery import tree
from menhu.delivery.sources import Address, render

_PLAIN: Final = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title><h1>{title}</h1><p>{text}</p>'
)


def plain_page(status: int) -> bytes:
    """A page of our own making, for a host without a site or when no source can answer."""
    title, text = {
        400: (_("请求有误"), _("请检查网址或稍后再试。")),
        403: (_("没有提交成功"), _("页面放得太久，或浏览器没有保存 Cookie。请返回上一页，刷新后再提交一次。")),
        404: (_("页面不存在"), _("请检查网址，或从首页进入。")),
        410: (_("页面已撤下"), _("您访问的内容已经撤下。")),
    }.get(status, (_("暂时无法访问"), _("系统繁忙，请稍后再试。")))
    return _PLAIN.format(title=escape(title), text=escape(text)).encode()


def status_page(host: str, status: int, *, may_render: bool = True) -> bytes:
    """The site's page for this status: its file, else rendered now, else a plain one."""
    for address in (Address(host, f"/{status}.html"), Address(settings.PUBLIC_HOST, f"/{status}.html")):
        body = _file(address) or (_rendered(address) if may_render else b"")
        if body:
            return body
    return plain_page(status)


def _file(address: Address) -> bytes:
    file = tree.locate(address)
    try:
        return b"" if file is None else file.read_bytes()
    except OSError:
        return b""


def _rendered(address: Address) -> bytes:
    found = render(address)
    return b"" if found is None else found[1].body
