from datetime import date
from typing import Any

from django.db import transaction

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.units.enums import Role
from menhu.units.models import Post, Unit
from menhu.units.policies import forget_posts
from menhu.units.rules import child_path, step_of


@transaction.atomic
def add_unit(*, parent: Unit | None, by: User | None, **fields: Any) -> Unit:
    """Add a unit as the last child of `parent`; the first unit of an install has none."""
    siblings = Unit.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True)
    last = siblings.first()
    path = child_path(parent.path if parent else "", step_of(last) + 1 if last else 1)
    unit = Unit(parent=parent, path=path, **fields)
    unit.full_clean(exclude=["path"])
    unit.save()
    record("units.add", unit, by=by, unit_id=unit.pk)
    return unit


@transaction.atomic
def appoint(
    *,
    user: User,
    unit: Unit,
    role: Role,
    by: User | None,
    starts_on: date,
    ends_on: date | None = None,
    scope: Unit | None = None,
    deputy_for: Post | None = None,
) -> Post:
    """Give a person a post; as a deputy it takes over role and scope of the deputised post for its own dates."""
    post = Post(
        user=user,
        unit=unit,
        role=deputy_for.role if deputy_for else role,
        scope=deputy_for.scope if deputy_for else scope or unit,
        deputy_for=deputy_for,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    post.full_clean()
    post.save()
    forget_posts(user)
    record("units.appoint", post, by=by, unit_id=unit.pk, data={"user": user.pk, "role": str(post.role)})
    return post
