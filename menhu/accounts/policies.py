from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.core.office import UrlClass, may_enter


def demand_webmaster(by: User | AnonymousUser | None) -> None:
    """Accounts are the webmaster's; `None` is the install itself. Raises PermissionDenied."""
    if by is not None and not may_enter(by, UrlClass.WEBMASTER):
        raise PermissionDenied(_("账号由网站管理员管理。"))
