from django.contrib.auth.models import AnonymousUser

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

stored_file_policy = ScopedPolicy(StoredFile, unit_lookup="unit_id", roles={"view": PUBLISHING_ROLES, "add": UPLOADERS})


def may_upload(user: User | AnonymousUser, unit: Unit) -> bool:
    """Whether the person may keep files for the unit."""
    return may(user, UPLOADERS, unit)


def may_see(user: User | AnonymousUser, file: StoredFile) -> bool:
    """Whether the person may see the file before it is published."""
    return scope_of(user, PUBLISHING_ROLES).covers(file.unit_id)
