"""Permissions from posts: the only source of rights, whatever groups or flags an account may carry."""

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from wagtail.permission_policies.base import BaseDjangoAuthPermissionPolicy
from wagtail.permissions import policy_registry

from menhu.accounts.models import User
from menhu.units.policies import current_posts

ENTER_OFFICE = "wagtailadmin.access_admin"


class PostBackend(BaseBackend):
    """Answers `user.has_perm`, which parts of Wagtail ask instead of the model's policy."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | AnonymousUser | None = None
    ) -> bool:
        """Whether the posts give the permission; raises PermissionDenied if not, so that no later backend is asked."""
        if isinstance(user_obj, User) and user_obj.is_active and _granted(user_obj, perm):
            return True
        raise PermissionDenied


def _granted(user: User, perm: str) -> bool:
    if perm == ENTER_OFFICE:
        return bool(current_posts(user))
    app_label, _dot, codename = perm.partition(".")
    action, _line, model_name = codename.rpartition("_")
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return False
    policy = policy_registry.get_by_type(model, fallback=False)
    if policy is None or isinstance(policy, BaseDjangoAuthPermissionPolicy):  # these would ask has_perm again
        return False
    return bool(policy.user_has_permission(user, action))
