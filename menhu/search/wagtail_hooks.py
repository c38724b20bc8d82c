from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.search.policies import may_keep_words


class WordsMenuItem(MenuItem):
    """Shown to the webmaster."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_keep_words(request.user)


def office_urls() -> list[URLPattern | URLResolver]:
    return [path("search-words/", include("menhu.search.urls"))]


def menu_item() -> MenuItem:
    return WordsMenuItem(
        _("搜索词表"), reverse("search_office:words"), name="search-words", icon_name="search", order=640
    )


hooks.register("register_admin_urls", office_urls)
hooks.register("register_admin_menu_item", menu_item)
