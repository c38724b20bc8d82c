"""Who may do what with sites and columns. Predicates on (user, object), asked by action, view and template alike."""

from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from menhu.accounts.models import User
from menhu.sites.models import Column, ColumnRequest, HomeBlock, Site
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, ScopedPolicy, holders, may, scope_of

Person = User | AnonymousUser

KEEPERS: Final = frozenset({Role.WEBMASTER})
ARRANGERS: Final = frozenset({Role.EDITOR, Role.HEAD, Role.WEBMASTER})

SITE_POLICY: Final = ScopedPolicy(
    Site,
    unit_lookup="unit_id",
    roles={"view": PUBLISHING_ROLES, "arrange": ARRANGERS, "add": KEEPERS, "change": KEEPERS, "*": ()},
)
COLUMN_POLICY: Final = ScopedPolicy(
    Column, unit_lookup="site__unit_id", roles={"view": PUBLISHING_ROLES, "add": KEEPERS, "change": KEEPERS, "*": ()}
)
HOME_POLICY: Final = ScopedPolicy(
    HomeBlock, unit_lookup="site__unit_id", roles={"view": ARRANGERS, "arrange": ARRANGERS, "*": ()}
)
REQUEST_POLICY: Final = ScopedPolicy(
    ColumnRequest,
    unit_lookup="unit_id",
    roles={"view": ARRANGERS, "add": ARRANGERS, "decide": KEEPERS, "change": KEEPERS, "*": ()},
)


def keeps_all(user: Person) -> bool:
    """Whether the person is webmaster of the whole install: for what belongs to no unit."""
    return scope_of(user, KEEPERS).everywhere


def may_keep(user: Person, unit: Unit) -> bool:
    """Whether the person opens, changes and watches over the sites of the unit."""
    return may(user, KEEPERS, unit)


def may_arrange(user: Person, site: Site) -> bool:
    """The webmaster, and head and editor of the site's own unit, arrange its home page."""
    return may(user, ARRANGERS, site.unit)


def may_request(user: Person, site: Site, column: Column | None = None) -> bool:
    """Who may ask for a change of columns: people of the site's unit, or of the unit that owns the column."""
    return may_arrange(user, site) or (column is not None and may(user, ARRANGERS, column.owner))


class CountyPolicy(BasePermissionPolicy):
    """For models that belong to no unit (kinds, templates, redirects, the calendar): the webmaster of everything."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return keeps_all(user)

    def user_has_any_permission(self, user: Person, actions: Collection[str]) -> bool:
        return keeps_all(user)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return keeps_all(user)

    def instances_user_has_any_permission_for(self, user: Person, actions: Collection[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows if keeps_all(user) else rows.none()

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        root = Unit.objects.filter(parent=None).order_by("pk").first()
        return User.objects.none() if root is None else holders(KEEPERS, root)

    def users_with_any_permission_for_instance(self, actions: Collection[str], instance: Model) -> QuerySet[User]:
        return self.users_with_any_permission(actions)
