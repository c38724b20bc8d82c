"""Who acts on a case: posts become parties of the table of transitions, and bound what each person sees."""

from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from menhu.accounts.models import User
from menhu.cases.enums import PEOPLE_OUTSIDE, Party
from menhu.cases.models import Assignment, Case
from menhu.units.enums import Role, UnitKind
from menhu.units.models import Post, Unit
from menhu.units.policies import holders, holds, may, scope_of, today
from menhu.units.querysets import UnitQuerySet

By = User | Party
"""Who acts: a person of the house, or `Party.SENDER` (by number and code or account), or `Party.CLOCK`."""
Person = User | AnonymousUser

AT_THE_DESK: Final = {Role.OPERATOR: Party.OPERATOR, Role.SUPERVISOR: Party.SUPERVISOR}
IN_THE_UNIT: Final = {Role.HANDLER: Party.HANDLER, Role.HEAD: Party.HEAD}
READERS_OF_A_DESK: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.LEADER})
READERS_IN_A_UNIT: Final = frozenset({Role.HANDLER, Role.HEAD})
CASE_PEOPLE: Final = READERS_OF_A_DESK | READERS_IN_A_UNIT


class CaseRefused(Exception):  # noqa: N818 - it names the outcome
    """A step that is not taken; the message says to the person why, and nothing was changed."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def parties_of(by: By, case: Case) -> frozenset[Party]:
    """As which parties somebody may act on this case; empty for a stranger."""
    if isinstance(by, Party):
        return frozenset({by}) if by in PEOPLE_OUTSIDE else frozenset()
    at_desk = {party for role, party in AT_THE_DESK.items() if may(by, {role}, case.desk)}
    lead = case.lead
    in_unit = {party for role, party in IN_THE_UNIT.items() if lead is not None and may(by, {role}, lead)}
    return frozenset(at_desk | in_unit)


def is_partner(by: User, case: Case) -> bool:
    """Whether the person handles for a unit that was asked to join in."""
    partners = Unit.objects.filter(pk__in=current_partners(case).values("unit_id"))
    return any(may(by, READERS_IN_A_UNIT, unit) for unit in partners)


def current_partners(case: Case) -> QuerySet[Assignment]:
    return Assignment.objects.filter(case=case, is_current=True, is_lead=False)


def visible_cases(user: Person) -> QuerySet[Case]:
    """The cases that a person may open: of their desk, of their unit as lead, or as partner."""
    if not holds(user, *CASE_PEOPLE):
        return Case.objects.none()
    return Case.objects.filter(visible_to(user))


def visible_to(user: Person) -> Q:
    desk, unit = scope_of(user, READERS_OF_A_DESK), scope_of(user, READERS_IN_A_UNIT)
    if desk.everywhere:
        return Q()
    conditions = Q(pk__in=[])
    if desk:
        conditions |= desk.condition("desk_id")
    if unit:
        joined = Assignment.objects.filter(unit.condition("unit_id"), case_id=OuterRef("pk"), is_current=True)
        conditions |= unit.condition("lead_id") | Q(Exists(joined))
    return conditions


def may_see(user: Person, case: Case) -> bool:
    """Whether the person may open the case."""
    if may(user, READERS_OF_A_DESK, case.desk):
        return True
    if case.lead is not None and may(user, READERS_IN_A_UNIT, case.lead):
        return True
    return isinstance(user, User) and holds(user, *READERS_IN_A_UNIT) and is_partner(user, case)


def may_see_sender(user: User, case: Case) -> bool:
    """Whether the person may look at who wrote: the desk, and the unit in charge unless the sender is to be hidden."""
    parties = parties_of(user, case)
    at_desk = bool(parties & {Party.OPERATOR, Party.SUPERVISOR})
    return at_desk or (not case.is_confidential and bool(parties & {Party.HANDLER, Party.HEAD}))


def may_instruct(user: User, case: Case) -> bool:
    """A leader over the desk's unit writes instructions; nobody else does."""
    return may(user, {Role.LEADER}, case.desk)


def may_press(user: User, case: Case) -> bool:
    """Operators and supervisors urge; supervising is the supervisor's alone."""
    return may(user, {Role.OPERATOR, Role.SUPERVISOR}, case.desk)


def may_decide_extension(user: User, case: Case) -> bool:
    return may(user, {Role.SUPERVISOR}, case.desk)


def owners(case: Case) -> QuerySet[User]:
    """Who must act on the case now: the unit's handlers, or the desk's operators while no unit has it."""
    if case.lead is not None:
        return holders({Role.HANDLER}, case.lead)
    return holders({Role.OPERATOR}, case.desk)


def is_manned(*roles: Role) -> Exists:
    """A condition on units: somebody holds one of the roles over the unit today."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    posts = Post.objects.current(today()).holding(*roles).alias(unit_path=path)
    return Exists(posts.filter(unit_path__startswith=F("scope__path")))


def units_to_give_to() -> UnitQuerySet:
    """Units that can be given a case; groups of the tree and closed units cannot."""
    return Unit.objects.active().exclude(kind__in=(UnitKind.COUNTY, UnitKind.GROUP)).in_order()


class CasePolicy(BasePermissionPolicy):
    """Lets the one choke point of the back office (`units.scoping`) ask about cases."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return holds(user, *CASE_PEOPLE)

    def user_has_any_permission(self, user: Person, actions: Collection[str]) -> bool:
        return holds(user, *CASE_PEOPLE)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        if not isinstance(instance, Case) or not isinstance(user, User):
            return False
        return may_see_sender(user, instance) if action == "sender" else may_see(user, instance)

    def instances_user_has_any_permission_for(self, user: Person, actions: Collection[str]) -> QuerySet[Any]:
        return visible_cases(user)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(posts__role__in=CASE_PEOPLE).distinct()


class KindPolicy(BasePermissionPolicy):
    """Terms of cases are kept by the webmaster and open to whoever works by them."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return holds(user, Role.WEBMASTER) or (action == "view" and holds(user, *CASE_PEOPLE))

    def user_has_any_permission(self, user: Person, actions: Collection[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)

    def instances_user_has_any_permission_for(self, user: Person, actions: Collection[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, actions) else rows.none()

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(posts__role=Role.WEBMASTER).distinct()


class RetentionPolicy(KindPolicy):
    """Rules of keeping and their runs are the webmaster's alone."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return holds(user, Role.WEBMASTER)
