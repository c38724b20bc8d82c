from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("notices/", include("menhu.notices.urls"))]


def menu_item() -> MenuItem:
    return MenuItem(_("通知"), reverse("notices:list"), name="notices", icon_name="mail", order=900)


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
