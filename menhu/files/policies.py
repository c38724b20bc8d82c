from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from menhu.accounts.models import User
from menhu.files.models import StoredFile
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, ScopedPolicy, may, scope_of

# Reviewers are among them because a reviewer may correct a text.
UPLOADERS = frozenset(
    {
        Role.EDITOR,
        Role.HEAD,
        Role.COMMITTEE_REVIEWER,
        Role.GOVERNMENT_REVIEWER,
        Role.SECRECY_REVIEWER,
        Role.WEBMASTER,
    }
)


class StoredFilePolicy(ScopedPolicy):
    """Scope decides on files of units; files of cases are nobody's here."""

    def user_has_permission_for_instance(self, user: User | AnonymousUser, action: str, instance: Model) -> bool:
        is_of_case = isinstance(instance, StoredFile) and instance.is_of_case
        return not is_of_case and super().user_has_permission_for_instance(user, action, instance)


stored_file_policy = StoredFilePolicy(
    StoredFile, unit_lookup="unit_id", roles={"view": PUBLISHING_ROLES, "add": UPLOADERS}
)


def may_upload(user: User | AnonymousUser, unit: Unit) -> bool:
    """Whether the person may keep files for the unit."""
    return may(user, UPLOADERS, unit)


def may_see(user: User | AnonymousUser, file: StoredFile) -> bool:
    """Whether the person may see the file before it is published. Who may see a case's file, the case says."""
    return not file.is_of_case and scope_of(user, PUBLISHING_ROLES).covers(file.unit_id)
