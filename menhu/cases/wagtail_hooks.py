from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.urls.resolvers import URLResolver
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.cases.policies import CASE_PEOPLE
from menhu.core.office import may_open
from menhu.units.policies import holds


class CasesItem(MenuItem):
    """办件, for those whose posts deal with any."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *CASE_PEOPLE)


class WebmasterItem(MenuItem):
    """Shown to whom the gate lets through: the webmaster."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request.user, self.url)


def urls() -> list[URLResolver]:
    return [path("", include("menhu.cases.urls"))]


def cases_item() -> MenuItem:
    return CasesItem(_("办件"), reverse("cases:list"), name="cases", icon_name="comment", order=30)


def kinds_item() -> MenuItem:
    return WebmasterItem(_("事项时限"), reverse("cases:kinds"), name="case-kinds", icon_name="time", order=610)


def retention_item() -> MenuItem:
    return WebmasterItem(_("保存期限"), reverse("cases:retention"), name="retention", icon_name="bin", order=620)


def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cases/cases.css"))


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", cases_item)
hooks.register("register_admin_menu_item", kinds_item)
hooks.register("register_admin_menu_item", retention_item)
hooks.register("insert_global_admin_css", style)
