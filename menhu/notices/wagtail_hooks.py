from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.notices.policies import may_watch


class MessagesMenuItem(MenuItem):
    """Shown to the webmaster."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_watch(request.user)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("notices/", include("menhu.notices.urls"))]


def menu_item() -> MenuItem:
    return MenuItem(_("通知"), reverse("notices:list"), name="notices", icon_name="mail", order=900)


def messages_menu_item() -> MenuItem:
    return MessagesMenuItem(_("外发消息"), reverse("notices:messages"), name="messages", icon_name="mail", order=660)


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
hooks.register("register_admin_menu_item", messages_menu_item)
