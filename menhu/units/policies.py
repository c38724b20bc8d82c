"""Scope: the one choke point between a person's posts and every row of the back office."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from wagtail.permission_policies import BasePermissionPolicy

from menhu.accounts.models import User
from menhu.units.enums import Role
from menhu.units.models import Leader, Post, Unit

ALL_ROLES = frozenset(Role)
CASE_ROLES = frozenset({Role.OPERATOR, Role.HANDLER, Role.SUPERVISOR})
"""Posts that deal with letters and applications; they open no drafts, sites or uploads."""
PUBLISHING_ROLES = ALL_ROLES - CASE_ROLES
_POSTS = "_menhu_posts"
_SCOPES = "_menhu_scopes"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may touch in some roles: everything, or a set of unit ids (maybe empty)."""

    everywhere: bool
    unit_ids: frozenset[int]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.unit_ids)

    def covers(self, unit_id: int | None) -> bool:
        return self.everywhere or unit_id in self.unit_ids

    def condition(self, lookup: str) -> Q:
        """A filter on `lookup` (the path from a model to its unit's id, e.g. "unit_id")."""
        return Q() if self.everywhere else Q(**{f"{lookup}__in": self.unit_ids})


NOWHERE = Scope(everywhere=False, unit_ids=frozenset())


def today() -> date:
    return timezone.localdate()


def current_posts(user: User | AnonymousUser) -> tuple[Post, ...]:
    """The posts that the person holds today, deputy posts included; one query, kept on the user object."""
    if not user.is_authenticated or not user.is_active:
        return ()
    kept: tuple[date, tuple[Post, ...]] | None = getattr(user, _POSTS, None)
    if kept is None or kept[0] != today():
        forget_posts(user)
        found = Post.objects.filter(user_id=user.pk).current(today()).select_related("unit", "scope").order_by("pk")
        kept = (today(), tuple(found))
        setattr(user, _POSTS, kept)
    return kept[1]


def forget_posts(user: User) -> None:
    """Drop posts and scopes kept on the user object, after a post or unit was changed in the same request."""
    for kept in (_POSTS, _SCOPES):
        if hasattr(user, kept):  # delattr reaches through the lazy object that `request.user` is
            delattr(user, kept)


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    return frozenset(Role(post.role) for post in current_posts(user))


def holds(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether the person holds any of the roles anywhere."""
    return not roles_of(user).isdisjoint(roles)


def may(user: User | AnonymousUser, roles: Collection[Role], unit: Unit) -> bool:
    """Whether the person holds one of the roles over this unit."""
    return any(post.role in roles and post.scope.covers(unit) for post in current_posts(user))


def scope_of(user: User | AnonymousUser, roles: Collection[Role]) -> Scope:
    """The units over which the person holds one of the roles: at most one query however many units there are.

    Kept on the user object, so that a list may ask for every row.
    """
    paths = frozenset(post.scope.path for post in current_posts(user) if post.role in roles)
    if not paths:
        return NOWHERE
    kept: dict[frozenset[str], Scope] = getattr(user, _SCOPES, {})
    if paths not in kept:
        kept = {**kept, paths: _scope_below(paths)}
        setattr(user, _SCOPES, kept)
    return kept[paths]


def _scope_below(paths: frozenset[str]) -> Scope:
    if any(path.count(".") == 1 for path in paths):
        return Scope(everywhere=True, unit_ids=frozenset())
    return Scope(everywhere=False, unit_ids=frozenset(Unit.objects.within(*paths).values_list("pk", flat=True)))


def post_label(user: User | AnonymousUser) -> str:
    """The person's posts as the trail keeps them."""
    return "、".join(str(post) for post in current_posts(user))


def holders(roles: Collection[Role], unit: Unit) -> QuerySet[User]:
    """Active people who hold one of the roles over the unit today, deputies included."""
    posts = Post.objects.current(today()).holding(*roles).over(unit)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pk")


class ScopedPolicy(BasePermissionPolicy):
    """Answers "may", "which rows", "which users" for a model whose rows belong to a unit.

    `unit_lookup` is the ORM path from the model to the unit's id ("unit_id", "site__unit_id").
    `roles` maps an action (add, change, delete, view, publish, lock, unlock …) to the roles that may do it within their
    scope; the key "*" is the fallback. An action with no roles is refused to everybody.
    """

    def __init__(self, model: type[Model] | str, *, unit_lookup: str, roles: dict[str, Iterable[Role]]) -> None:
        super().__init__(model)
        self.unit_lookup = unit_lookup
        self.roles = {action: frozenset(allowed) for action, allowed in roles.items()}

    def roles_for(self, actions: Collection[str]) -> frozenset[Role]:
        fallback: frozenset[Role] = self.roles.get("*", frozenset())
        return frozenset().union(*(self.roles.get(action, fallback) for action in actions))

    def unit_id_of(self, instance: Model) -> int | None:
        """The id of the unit that the row belongs to; None where it belongs to no unit."""
        value: Any = instance
        for step in self.unit_lookup.split("__"):
            value = getattr(value, step, None)
        return value if value is None else int(value)

    def user_has_permission(self, user: User | AnonymousUser, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: User | AnonymousUser, actions: Collection[str]) -> bool:
        return holds(user, *self.roles_for(actions))

    def user_has_permission_for_instance(self, user: User | AnonymousUser, action: str, instance: Model) -> bool:
        if instance.pk is None and self.unit_id_of(instance) is None:
            return self.user_has_permission(user, action)
        return scope_of(user, self.roles_for([action])).covers(self.unit_id_of(instance))

    def instances_user_has_any_permission_for(
        self, user: User | AnonymousUser, actions: Collection[str]
    ) -> QuerySet[Any]:
        scope = scope_of(user, self.roles_for(actions))
        rows: QuerySet[Any] = self.model._default_manager.filter(scope.condition(self.unit_lookup))
        steps = self.unit_lookup.split("__")[:-1]  # what `unit_id_of` walks, so that a list asks once for all rows
        return rows.select_related("__".join(steps)) if steps else rows

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        posts = Post.objects.current(today()).holding(*self.roles_for(actions))
        return get_user_model()._default_manager.filter(pk__in=posts.values("user_id"))

    def users_with_any_permission_for_instance(self, actions: Collection[str], instance: Model) -> QuerySet[User]:
        unit_id = self.unit_id_of(instance)
        unit = None if unit_id is None else Unit.objects.filter(pk=unit_id).first()
        return User.objects.none() if unit is None else holders(self.roles_for(actions), unit)


class PostPolicy(ScopedPolicy):
    """Besides the roles of its unit, everybody sees their own posts."""

    def user_has_permission_for_instance(self, user: User | AnonymousUser, action: str, instance: Model) -> bool:
        if action == "view" and isinstance(instance, Post) and instance.user_id == user.pk:
            return True
        if action == "deputise":
            return isinstance(instance, Post) and may_deputise(user, instance)
        return super().user_has_permission_for_instance(user, action, instance)

    def user_has_any_permission(self, user: User | AnonymousUser, actions: Collection[str]) -> bool:
        return ("view" in actions and bool(current_posts(user))) or super().user_has_any_permission(user, actions)

    def instances_user_has_any_permission_for(
        self, user: User | AnonymousUser, actions: Collection[str]
    ) -> QuerySet[Any]:
        scope = scope_of(user, self.roles_for(actions))
        own = Q(user_id=user.pk) if "view" in actions and not scope.everywhere else Q()
        return Post.objects.filter(scope.condition(self.unit_lookup) | own)


# Who may let somebody act for them: those whose absence would hold up a review or a letter, and whoever runs the
# platform.
DEPUTISED_ROLES = frozenset(
    {
        Role.HEAD,
        Role.COMMITTEE_REVIEWER,
        Role.GOVERNMENT_REVIEWER,
        Role.SECRECY_REVIEWER,
        Role.WEBMASTER,
        Role.DUTY_OFFICER,
        *CASE_ROLES,
    }
)
# What a unit itself keeps current on its file (S28); the rest of it is the webmaster's.
FILED_FIELDS = frozenset(
    {"leader_in_charge", "editor_on_file", "team", "plan", "address", "phone", "office_hours", "duties"}
)
_OF_THE_UNIT = frozenset({Role.EDITOR, Role.HEAD, Role.WEBMASTER})

UNITS = ScopedPolicy(
    Unit,
    unit_lookup="pk",
    roles={"add": {Role.WEBMASTER}, "change": {Role.WEBMASTER}, "file": _OF_THE_UNIT, "view": ALL_ROLES},
)
LEADERS = ScopedPolicy(Leader, unit_lookup="unit_id", roles={"*": _OF_THE_UNIT, "view": ALL_ROLES})
POSTS = PostPolicy(
    Post,
    unit_lookup="unit_id",
    roles={
        "add": {Role.WEBMASTER},
        "end": {Role.WEBMASTER},
        "view": {Role.HEAD, Role.WEBMASTER, Role.AUDITOR},
    },
)


def may_deputise(user: User | AnonymousUser, post: Post) -> bool:
    """Whether the person may name a deputy for the post: its holder while in office, or the webmaster."""
    if post.role not in DEPUTISED_ROLES or post.deputy_for_id or post.has_ended(today()):
        return False
    is_holder = any(own.pk == post.pk for own in current_posts(user))
    return is_holder or scope_of(user, {Role.WEBMASTER}).covers(post.unit_id)
