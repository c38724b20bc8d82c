from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.delivery.policies import may_watch


class PublishingMenuItem(MenuItem):
    """Shown to the webmaster."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_watch(request.user)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("delivery/", include("menhu.delivery.office_urls"))]


def menu_item() -> MenuItem:
    return PublishingMenuItem(
        _("发布状态"), reverse("delivery:status"), name="delivery", icon_name="history", order=650
    )


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
