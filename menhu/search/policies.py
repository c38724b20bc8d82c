from django.contrib.auth.models import AnonymousUser

from menhu.accounts.models import User
from menhu.units.enums import Role
from menhu.units.policies import holds


def may_keep_words(user: User | AnonymousUser) -> bool:
    """The webmaster keeps synonyms, mistyped words and hot words."""
    return holds(user, Role.WEBMASTER)
