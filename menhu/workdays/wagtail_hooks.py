from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.workdays.policies import may_change_calendar


class CalendarMenuItem(MenuItem):
    """Shown to those who keep the calendar."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_calendar(request.user)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("workdays/", include("menhu.workdays.urls"))]


def menu_item() -> MenuItem:
    return CalendarMenuItem(_("工作日历"), reverse("workdays:list"), name="workdays", icon_name="calendar", order=600)


def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("workdays/office.css"))


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
hooks.register("insert_global_admin_css", style)
