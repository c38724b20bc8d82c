from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from menhu.sites.policies import ARRANGERS, Person, keeps_all
from menhu.units.policies import holds


class SitesMenuItem(MenuItem):
    """Shown to those for whom `opens` says yes."""

    opens: Callable[[Person], bool]

    def is_shown(self, request: HttpRequest) -> bool:
        return self.opens(request.user)


def _item(label: Promise, url_name: str, opens: Callable[[Person], bool], order: int) -> MenuItem:
    item = SitesMenuItem(label, reverse(url_name), name=url_name.replace(":", "-"), order=order)
    item.opens = opens
    return item


def _arranges(user: Person) -> bool:
    return holds(user, *ARRANGERS)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("sites/", include("menhu.sites.urls"))]


def menu_item() -> MenuItem:
    """What everybody sees of their sites, and what the webmaster keeps."""
    items = [
        _item(_("网站与栏目"), "sites:list", bool, 10),
        _item(_("栏目申请"), "sites:requests", _arranges, 20),
        _item(_("应急提示与哀悼"), "sites:banners", keeps_all, 30),
        _item(_("网站模板"), "sites:templates", keeps_all, 40),
        _item(_("栏目类别"), "sites:kinds", keeps_all, 50),
    ]
    return SubmenuMenuItem(_("网站"), Menu(items=items), name="sites", icon_name="site", order=300)


def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("sites/office.css"))


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
hooks.register("insert_global_admin_css", style)
