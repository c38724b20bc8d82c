"""Who edits and publishes what the public reads of letters, and who keeps the boxes."""

from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from menhu.accounts.models import User
from menhu.cases.enums import Party
from menhu.cases.models import Case
from menhu.cases.policies import CASE_PEOPLE, may_see, parties_of, visible_cases
from menhu.letters.models import Letter, PublicCopy
from menhu.units.enums import Role
from menhu.units.policies import Scope, holds, scope_of

Person = User | AnonymousUser

PREPARERS: Final = frozenset({Party.OPERATOR, Party.SUPERVISOR, Party.HANDLER})
PUBLISHERS: Final = frozenset({Party.SUPERVISOR, Party.HEAD})
DESK: Final = frozenset({Party.OPERATOR, Party.SUPERVISOR})


def may_prepare_copy(user: User, letter: Letter) -> bool:
    """The desk and the unit that answered edit the public copy."""
    return bool(parties_of(user, letter.case) & PREPARERS)


def may_publish_copy(user: User, letter: Letter) -> bool:
    """The supervisor, or the head of the unit that answered; never whoever edited it (the action sees to that)."""
    return bool(parties_of(user, letter.case) & PUBLISHERS)


def may_take_charge(user: User, case: Case) -> bool:
    """The desk names the leader who answers for a hard letter, and says when it is settled."""
    return bool(parties_of(user, case) & DESK)


def may_mark_model(user: User, case: Case) -> bool:
    """The desk keeps the knowledge base."""
    return bool(parties_of(user, case) & DESK)


class LetterPolicy(BasePermissionPolicy):
    """Letters and what belongs to them are seen by whoever sees their case."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return holds(user, *CASE_PEOPLE)

    def user_has_any_permission(self, user: Person, actions: Collection[str]) -> bool:
        return holds(user, *CASE_PEOPLE)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        letter = instance.letter if isinstance(instance, PublicCopy) else instance
        if not isinstance(letter, Letter) or not isinstance(user, User):
            return False
        if action == "prepare":
            return may_prepare_copy(user, letter)
        return may_publish_copy(user, letter) if action == "publish" else may_see(user, letter.case)

    def instances_user_has_any_permission_for(self, user: Person, actions: Collection[str]) -> QuerySet[Any]:
        return Letter.objects.filter(case__in=visible_cases(user))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return User.objects.filter(posts__role__in=CASE_PEOPLE).distinct()


def keeps_mailboxes(user: Person) -> bool:
    """The webmaster opens and closes boxes."""
    return holds(user, Role.WEBMASTER)


def reports_weekly(user: Person) -> bool:
    """The desk drafts the weekly report; in which column is asked of the articles."""
    return holds(user, Role.OPERATOR, Role.SUPERVISOR)


def template_units(user: Person) -> Scope:
    """The units whose reply templates the person keeps; everywhere means also those for all."""
    return scope_of(user, {Role.HANDLER, Role.HEAD, Role.OPERATOR})
