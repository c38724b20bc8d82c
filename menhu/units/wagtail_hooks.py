"""What Wagtail shows by itself and the gate refuses is taken off its menus."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem, SubmenuMenuItem

from menhu.core.office import PREFIX, may_open


def _opens(request: HttpRequest, item: MenuItem) -> bool:
    address = str(item.url)
    if isinstance(item, SubmenuMenuItem) or address.startswith("#"):
        return True
    is_of_office = address.startswith(PREFIX)
    return may_open(request.user, address) if is_of_office else address.startswith("/")


def _keep_what_opens(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if _opens(request, item)]


for _name in ("construct_main_menu", "construct_settings_menu", "construct_reports_menu", "construct_help_menu"):
    hooks.register(_name, _keep_what_opens, order=10_000)
