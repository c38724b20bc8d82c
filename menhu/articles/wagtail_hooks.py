from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from menhu.articles.policies import DRAFTERS, WRITERS
from menhu.units.policies import PUBLISHING_ROLES, holds


class ArticlesMenuItem(MenuItem):
    """Shown to whoever holds a post."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *PUBLISHING_ROLES)


class ProposalsMenuItem(MenuItem):
    """Shown to those who answer for columns."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *WRITERS)


class MoveInMenuItem(MenuItem):
    """Shown to those who may take over pages of an old site."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *DRAFTERS)


@hooks.register("register_admin_urls")
def office_urls() -> list[URLPattern | URLResolver]:
    return [path("articles/", include("menhu.articles.urls"))]


@hooks.register("register_admin_menu_item")
def articles_item() -> MenuItem:
    return ArticlesMenuItem(_("文章"), reverse("articles:list"), name="articles", icon_name="doc-full", order=200)


@hooks.register("register_admin_menu_item")
def proposals_item() -> MenuItem:
    return ProposalsMenuItem(
        _("待采用"), reverse("articles:proposals"), name="proposals", icon_name="download", order=210
    )


@hooks.register("register_admin_menu_item")
def move_in_item() -> MenuItem:
    return MoveInMenuItem(_("旧站迁入"), reverse("articles:movein"), name="movein", icon_name="upload", order=420)
