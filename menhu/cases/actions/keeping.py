"""The terms of kinds are changed on record; open cases follow only where the webmaster says so."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.models import Case, CaseKind
from menhu.units.enums import Role
from menhu.units.policies import holds


@transaction.atomic
def change_kind(*, kind: CaseKind, by: User, values: Mapping[str, Any], reckons_open: bool = False) -> CaseKind:
    """Change terms; both values of each are recorded. `reckons_open` lets the clock reckon open cases again.

    Raises PermissionDenied for anybody but the webmaster, ValidationError for terms that cannot stand.
    """
    if not holds(by, Role.WEBMASTER):
        raise PermissionDenied(_("办件种类和时限由网站管理员维护。"))
    fresh = CaseKind.objects.select_for_update().get(pk=kind.pk)
    changed = {name: [getattr(fresh, name), value] for name, value in values.items() if getattr(fresh, name) != value}
    for name, (_before, value) in changed.items():
        setattr(fresh, name, value)
    fresh.full_clean()
    if changed:
        fresh.save(update_fields=list(changed))
    moved = Case.objects.filter(kind=fresh, is_open=True).update(is_reckoned=False) if reckons_open else 0
    if changed or reckons_open:
        record("cases.change_kind", fresh, by=by, data={"changed": changed, "reckoned_again": moved})
    return fresh
