from typing import Any

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
from menhu.letters.policies import reports_weekly, template_units
from menhu.units.enums import Role
from menhu.units.policies import holds


class EnterItem(MenuItem):
    """登记来信, for operators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, Role.OPERATOR)


class TemplatesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(template_units(request.user))


class LetterPeopleItem(MenuItem):
    """For those whose posts deal with letters."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *CASE_PEOPLE)


class WeeklyItem(MenuItem):
    """来信周报, for the desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        return reports_weekly(request.user)


class YearlyItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *CASE_PEOPLE)


class MailboxesItem(MenuItem):
    """Shown to whom the gate lets through: the webmaster."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request.user, self.url)


@hooks.register("register_admin_urls")
def urls() -> list[URLResolver]:
    return [path("", include("menhu.letters.office_urls"))]


@hooks.register("insert_global_admin_css")
def style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("letters_office/office.css"))


def _register(kind: type[MenuItem], label: Any, name: str, icon: str, order: int) -> None:
    def item() -> MenuItem:
        return kind(label, reverse(f"letters_office:{name}"), name=f"letters-{name}", icon_name=icon, order=order)

    hooks.register("register_admin_menu_item", item)


_register(EnterItem, _("登记来信"), "enter", "plus", 31)
_register(LetterPeopleItem, _("信访包案"), "petitions", "warning", 31)
_register(LetterPeopleItem, _("知识库"), "knowledge", "help", 31)
_register(WeeklyItem, _("来信周报"), "weekly", "calendar-alt", 32)
_register(TemplatesItem, _("答复模板"), "templates", "copy", 32)
_register(YearlyItem, _("公开年报"), "yearly", "doc-full", 33)
_register(MailboxesItem, _("信箱"), "mailboxes", "mail", 611)
