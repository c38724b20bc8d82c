from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from menhu.accounts.models import User
from menhu.units.enums import Role
from menhu.units.models import Post
from menhu.units.policies import holds, today


def may_watch(user: User | AnonymousUser) -> bool:
    """The webmaster sees how messages go out and may have failed ones sent again."""
    return holds(user, Role.WEBMASTER)


def webmasters() -> QuerySet[User]:
    """Whoever holds the role today, deputies included."""
    posts = Post.objects.current(today()).holding(Role.WEBMASTER)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pk")
