from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.utils.translation import gettext as _

from menhu.audit.rules import MINIMUM_RETENTION_DAYS


@register()
def retention_is_lawful(app_configs: Any, **_options: Any) -> list[Error]:
    """The trail is kept for six months at least, or for ever (0)."""
    days = settings.AUDIT_RETENTION_DAYS
    if days == 0 or days >= MINIMUM_RETENTION_DAYS:
        return []
    text = _("AUDIT_RETENTION_DAYS 不得少于 %(least)d 天（0 表示永久保存），现为 %(days)d。")
    return [Error(text % {"least": MINIMUM_RETENTION_DAYS, "days": days}, id="audit.E001")]
