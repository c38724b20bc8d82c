from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def office_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/office.css"))


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    return MenuItem(_("我的工作台"), reverse("desk"), name="desk", icon_name="home", order=1)


@hooks.register("construct_main_menu")
def without_wagtails_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's help speaks of Wagtail; the manual of the platform is in docs/."""
    items[:] = [item for item in items if item.name != "help"]
