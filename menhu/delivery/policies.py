from django.contrib.auth.models import AnonymousUser

from menhu.accounts.models import User
from menhu.units.enums import Role
from menhu.units.policies import holds


def may_watch(user: User | AnonymousUser) -> bool:
    """The webmaster sees the queue of the publisher and may have failed pages tried again."""
    return holds(user, Role.WEBMASTER)
