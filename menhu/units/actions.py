"""What is done to units, their leaders and posts. `by=None` is the install itself (seeds, imports from the shell)."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.units.changes import Words, changed
from menhu.units.enums import Role
from menhu.units.imports import Plan
from menhu.units.models import Leader, Post, Unit
from menhu.units.policies import FILED_FIELDS, POSTS, UNITS, forget_posts, may_deputise, today
from menhu.units.rules import MAX_DEPTH, child_path, depth_of, step_of


@transaction.atomic
def add_unit(*, parent: Unit | None, by: User | None, **fields: Any) -> Unit:
    """Add a unit as the last child of `parent`; the first unit of an install has none."""
    _demand(by, by is None or UNITS.user_has_permission(by, "add"))
    unit = Unit(parent=parent, path=next_path(parent), **fields)
    unit.full_clean()
    unit.save()
    record("units.add", unit, by=by, unit_id=unit.pk)
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, by: User | None, **fields: Any) -> Unit:
    """Change a unit's own fields; another parent moves it with all below it."""
    _demand(by, by is None or UNITS.user_has_permission_for_instance(by, "change", unit))
    return _write_unit(unit, by, "units.change", fields)


@transaction.atomic
def file_unit(*, unit: Unit, by: User | None, **fields: Any) -> Unit:
    """Keep current what a unit files with the webmaster: leader in charge, editor, team, plan, contact (S28)."""
    _demand(by, by is None or UNITS.user_has_permission_for_instance(by, "file", unit))
    if foreign := set(fields) - FILED_FIELDS:
        raise PermissionDenied(_("这些内容由网站管理员维护：%(fields)s。") % {"fields": "、".join(sorted(foreign))})
    return _write_unit(unit, by, "units.file", {**fields, "filed_on": today()})


@transaction.atomic
def deactivate_unit(*, unit: Unit, by: User | None, ends_on: date) -> Unit:
    """Close a unit that has no active unit below it; its posts end on the same day. Nothing is deleted."""
    _demand(by, by is None or UNITS.user_has_permission_for_instance(by, "change", unit))
    if unit.children.filter(is_active=True).exists():
        raise ValidationError(_("先撤销或移走下级单位，再撤销“%(unit)s”。") % {"unit": unit})
    for post in unit.posts.select_related("user", "unit"):
        if not post.has_ended(ends_on):
            end_post(post=post, by=by, ends_on=max(ends_on, post.starts_on), reason=_("单位撤销"))
    return _write_unit(unit, by, "units.deactivate", {"is_active": False, "ends_on": ends_on})


@transaction.atomic
def reactivate_unit(*, unit: Unit, by: User | None) -> Unit:
    """Open a closed unit again; its people are appointed anew."""
    _demand(by, by is None or UNITS.user_has_permission_for_instance(by, "change", unit))
    if unit.parent is not None and not unit.parent.is_active:
        raise ValidationError(_("上级单位已撤销，不能恢复“%(unit)s”。") % {"unit": unit})
    return _write_unit(unit, by, "units.reactivate", {"is_active": True, "ends_on": None})


def next_path(parent: Unit | None) -> str:
    """The path of the next child; the parent's row is locked, so that two at once get different ones."""
    if parent is not None:
        _refuse_depth(depth_of(parent.path) + 1)
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
    last = Unit.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True).first()
    return child_path(parent.path if parent else "", step_of(last) + 1 if last else 1)


def _write_unit(unit: Unit, by: User | None, verb: str, fields: dict[str, Any]) -> Unit:
    before = Unit.objects.get(pk=unit.pk)
    differences = _set_fields(unit, before, fields)
    if not differences:
        return unit
    if before.parent_id != unit.parent_id:
        _move(unit, before.path)
    unit.full_clean()
    unit.save()
    record(verb, unit, by=by, unit_id=unit.pk, data={"changes": differences})
    changed(unit.pk, Words.UNIT)
    return unit


def _set_fields(row: Model, before: Model, fields: dict[str, Any]) -> dict[str, list[str]]:
    """Set the fields and tell which differ from the stored row: {name: [old, new]} as texts for the trail."""
    for name, value in fields.items():
        setattr(row, name, value)
    pairs = {name: [str(getattr(before, name) or ""), str(getattr(row, name) or "")] for name in fields}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _move(unit: Unit, old_path: str) -> None:
    """Give the unit a place below its new parent; one statement moves all below it."""
    parent = unit.parent
    if parent is not None and parent.path.startswith(old_path):
        raise ValidationError({"parent": _("不能把单位移到它自己或它的下级之下。")})
    new_path = next_path(parent)
    below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
    deepest = max((depth_of(path) for path in below.values_list("path", flat=True)), default=depth_of(old_path))
    _refuse_depth(deepest - depth_of(old_path) + depth_of(new_path))
    below.update(path=Concat(Value(new_path), Substr("path", len(old_path) + 1)))
    unit.path = new_path


def _refuse_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValidationError({"parent": _("单位层级不能超过 %(depth)d 级。") % {"depth": MAX_DEPTH}})


@transaction.atomic
def save_leader(*, leader: Leader, by: User | None) -> Leader:
    """Add or change a leader as shown to the public."""
    _demand(by, by is None or may_change_leaders(by, leader.unit))
    verb = "units.change_leader" if leader.pk else "units.add_leader"
    before = Leader.objects.filter(pk=leader.pk).values_list("unit_id", flat=True)
    touched = {leader.unit_id, *before}
    leader.full_clean()
    leader.save()
    record(verb, leader, by=by, unit_id=leader.unit_id)
    for unit_id in sorted(touched):
        changed(unit_id, Words.LEADERS)
    return leader


@transaction.atomic
def remove_leader(*, leader: Leader, by: User | None) -> None:
    _demand(by, by is None or may_change_leaders(by, leader.unit))
    record("units.remove_leader", leader, by=by, unit_id=leader.unit_id)
    changed(leader.unit_id, Words.LEADERS)
    leader.delete()


def may_change_leaders(user: User, unit: Unit) -> bool:
    return UNITS.user_has_permission_for_instance(user, "file", unit)


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
) -> Post:
    """Give a person a post; its scope is the unit with all below it unless another is given."""
    post = Post(user=user, unit=unit, role=role, scope=scope or unit, starts_on=starts_on, ends_on=ends_on)
    _demand(by, by is None or POSTS.user_has_permission_for_instance(by, "add", post))
    if not unit.is_active:
        raise ValidationError({"unit": _("“%(unit)s”已撤销，不能任用。") % {"unit": unit}})
    return _save_post(post, by, "units.appoint")


@transaction.atomic
def deputise(*, post: Post, deputy: User, by: User | None, starts_on: date, ends_on: date) -> Post:
    """Let another person act in a post between two days; the deputy has its role and scope and no more."""
    _demand(by, by is None or may_deputise(by, post))
    if post.deputy_for_id:
        raise ValidationError(_("代理岗位不能再委托他人代理。"))
    if deputy.pk == post.user_id:
        raise ValidationError({"deputy": _("不能委托本人代理。")})
    if starts_on < post.starts_on or (post.ends_on is not None and ends_on > post.ends_on):
        raise ValidationError({"ends_on": _("代理期限须在原岗位的任期之内。")})
    acting = Post(user=deputy, unit=post.unit, role=post.role, scope=post.scope, deputy_for=post)
    acting.starts_on, acting.ends_on = starts_on, ends_on
    return _save_post(acting, by, "units.deputise")


@transaction.atomic
def end_post(*, post: Post, by: User | None, ends_on: date, reason: str = "") -> Post:
    """End a post on a day (its last). It is never deleted; deputies of it end with it."""
    _demand(by, by is None or POSTS.user_has_permission_for_instance(by, "end", post))
    if ends_on < post.starts_on:
        raise ValidationError({"ends_on": _("结束日期不能早于开始日期。")})
    if post.ends_on is not None and ends_on > post.ends_on:
        raise ValidationError({"ends_on": _("这个岗位 %(day)s 到期；要延长请重新任用。") % {"day": post.ends_on}})
    _keep_a_webmaster(post, ends_on)
    changed_rows = Post.objects.filter(pk=post.pk).exclude(ends_on__lt=today()).update(ends_on=ends_on)
    if not changed_rows:
        raise ValidationError(_("这个岗位已经结束。"))
    post.ends_on = ends_on
    forget_posts(post.user)
    record("units.end_post", post, by=by, unit_id=post.unit_id, data={"ends_on": str(ends_on), "reason": reason})
    return post


@transaction.atomic
def import_plan(*, plan: Plan, by: User | None, source: str) -> None:
    """Do what a plan without findings says, all or nothing; `source` names the file in the trail.

    New rows are written in bulk; changed ones go through the same verbs as by hand. Raises ValidationError where the
    world moved on since the plan was made.
    """
    _demand(by, by is None or UNITS.user_has_permission(by, "add"))
    if plan.findings:
        raise ValidationError([str(finding) for finding in plan.findings])
    for depth in sorted({unit.depth for unit in plan.new_units}):
        level = [unit for unit in plan.new_units if unit.depth == depth]
        for unit in level:
            unit.parent = unit.parent  # takes over the key that the parent has got meanwhile
        Unit.objects.bulk_create(level)
    for unit, fields in plan.changed_units:
        change_unit(unit=unit, by=by, **fields)
    User.objects.bulk_create(plan.new_people)
    _import_posts(plan, by)
    record("units.import", None, by=by, data={"source": source, **plan.counts, **_names_of(plan)})


def _import_posts(plan: Plan, by: User | None) -> None:
    for post in plan.new_posts:
        post.user, post.unit, post.scope = post.user, post.unit, post.scope
    Post.objects.bulk_create(plan.new_posts)
    for post, ends_on in plan.ended_posts:
        end_post(post=post, by=by, ends_on=ends_on, reason=_("批量导入"))


def _names_of(plan: Plan) -> dict[str, list[str]]:
    """What the trail keeps of rows that were added in bulk."""
    return {
        "units": [unit.slug for unit in plan.new_units],
        "people": [user.username for user in plan.new_people],
        "posts": [f"{post.user.username} {post.unit.slug} {post.role}" for post in plan.new_posts],
    }


def _save_post(post: Post, by: User | None, verb: str) -> Post:
    post.full_clean()
    post.save()
    forget_posts(post.user)
    term = {"starts_on": str(post.starts_on), "ends_on": str(post.ends_on or "")}
    data = {"user": post.user_id, "name": post.user.name, "role": str(post.role), "scope": str(post.scope), **term}
    record(verb, post, by=by, unit_id=post.unit_id, data=data)
    return post


def _keep_a_webmaster(post: Post, ends_on: date) -> None:
    """The last webmaster cannot be sent away: nobody could appoint the next one."""
    if post.role != Role.WEBMASTER or post.deputy_for_id:
        return
    others = Post.objects.filter(role=Role.WEBMASTER, deputy_for=None, user__is_active=True).exclude(pk=post.pk)
    if not any(other.ends_on is None or other.ends_on > ends_on for other in others):
        raise ValidationError(_("这是最后一名网站管理员，请先任用接任的人。"))


def _demand(by: User | None, is_allowed: bool) -> None:
    if by is not None and not is_allowed:
        raise PermissionDenied(_("您的岗位没有这项权限。"))
