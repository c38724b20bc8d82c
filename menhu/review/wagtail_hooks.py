from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path
from django.urls.resolvers import URLResolver
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.review.links import inbox_link
from menhu.review.policies import is_reviewer


def urls() -> list[URLResolver]:
    return [path("review/", include("menhu.review.urls"))]


class InboxItem(MenuItem):
    """等我审核, for those whose posts review anything."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_reviewer(request.user)


def inbox_item() -> MenuItem:
    return InboxItem(_("等我审核"), inbox_link(), name="review", icon_name="clipboard-list", order=20)


def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("review/review.css"))


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", inbox_item)
hooks.register("insert_global_admin_css", style)
