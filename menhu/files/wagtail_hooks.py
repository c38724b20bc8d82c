from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.files.policies import UPLOADERS
from menhu.units.policies import holds


class FilesMenuItem(MenuItem):
    """Shown to those who may upload."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *UPLOADERS)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("files/", include("menhu.files.urls"))]


def menu_item() -> MenuItem:
    return FilesMenuItem(_("文件"), reverse("files:list"), name="files", icon_name="doc-full-inverse", order=400)


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
