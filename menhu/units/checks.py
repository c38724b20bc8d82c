from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.utils.translation import gettext as _

from menhu.units.enums import Role


@register()
def second_factor_names_roles(app_configs: Any, **_options: Any) -> list[Error]:
    """REQUIRE_SECOND_FACTOR names roles, else nobody could be asked for it."""
    unknown = sorted(set(settings.REQUIRE_SECOND_FACTOR) - set(Role.values))
    if not unknown:
        return []
    text = _("REQUIRE_SECOND_FACTOR 里没有这些角色：%(unknown)s；可用：%(known)s。")
    names = {"unknown": "、".join(unknown), "known": "、".join(Role.values)}
    return [Error(text % names, id="units.E001")]
