"""Addresses and menu of units, posts and people; and Wagtail's own menus cut down to what the gate serves."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.urls.resolvers import URLResolver
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from menhu.accounts.models import User
from menhu.core.office import PREFIX, may_open
from menhu.units.policies import UNITS
from menhu.units.viewsets import LeaderViewSet

register_snippet(LeaderViewSet)


class GuardedItem(MenuItem):
    """Shown to whom the gate lets through, and who has the right, if one is named."""

    def __init__(self, *args: Any, right: Callable[[Any], bool] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request.user, self.url) and (self.right is None or self.right(request.user))


def _may_file(user: User) -> bool:
    return UNITS.user_has_permission(user, "file")


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("", include("menhu.units.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    items = [
        GuardedItem(_("单位备案"), reverse("units:my_units"), name="filing", order=1, right=_may_file),
        GuardedItem(_("领导信息"), reverse("leaders:list"), name="leaders", order=2, right=_may_file),
        GuardedItem(_("岗位"), reverse("units:posts"), name="posts", order=2),
        GuardedItem(_("单位"), reverse("units:tree"), name="units", order=3),
        GuardedItem(_("人员与账号"), reverse("units:people"), name="people", order=4),
        GuardedItem(_("导入导出"), reverse("units:transfer"), name="transfer", order=5),
    ]
    return SubmenuMenuItem(_("单位与人员"), Menu(items=items), name="organisation", icon_name="group", order=300)


def _opens(request: HttpRequest, item: MenuItem) -> bool:
    address = str(item.url)
    if isinstance(item, SubmenuMenuItem) or address.startswith("#"):
        return True
    is_of_office = address.startswith(PREFIX)
    return may_open(request.user, address) if is_of_office else address.startswith("/")


def _keep_what_opens(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if _opens(request, item)]


for _name in ("construct_main_menu", "construct_settings_menu", "construct_reports_menu", "construct_help_menu"):
    hooks.register(_name, _keep_what_opens, order=10_000)


@hooks.register("insert_global_admin_css")
def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("units/office.css"))
