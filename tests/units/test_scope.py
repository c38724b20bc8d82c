from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from menhu.accounts.models import User
from menhu.units.actions import appoint, deputise
from menhu.units.enums import Role
from menhu.units.models import Leader, Post, Unit
from menhu.units.policies import LEADERS, UNITS, holders, may, scope_of
from tests.factories import UserFactory, World


def test_an_editor_covers_their_unit_only(world: World) -> None:
    editor = world.people["editor"]
    assert may(editor, {Role.EDITOR}, world.units["jyj"])
    assert not may(editor, {Role.EDITOR}, world.units["slj"])
    assert scope_of(editor, {Role.EDITOR}).unit_ids == {world.units["jyj"].pk}


def test_a_county_post_covers_everything(world: World) -> None:
    scope = scope_of(world.people["webmaster"], {Role.WEBMASTER})
    assert scope.everywhere
    assert scope.covers(world.units["sqz"].pk)


@pytest.mark.parametrize("role", [Role.HEAD, Role.WEBMASTER])
def test_another_role_gives_nothing(world: World, role: Role) -> None:
    assert not scope_of(world.people["editor"], {role})


PATHS = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(lambda steps: "".join(f"{step:04d}." for step in steps))


@given(st.lists(PATHS, min_size=1, max_size=12, unique=True), st.lists(PATHS, max_size=3), PATHS)
def test_scope_is_the_subtree_and_nothing_else(paths: list[str], held: list[str], other: str) -> None:
    """The prefix rule of rows (`Unit.covers`) against a plain reading of the tree, step by step."""
    units = {path: Unit(path=path) for path in {*paths, *held, other}}

    def lies_below(path: str, root: str) -> bool:
        return path.split(".")[: root.count(".")] == root.split(".")[:-1]

    for path in paths:
        for root in [*held, other]:
            assert units[root].covers(units[path]) == lies_below(path, root)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_the_policy_says_the_same_for_a_row_and_for_the_list(world: World, data: st.DataObject) -> None:
    """For any posts, `user_has_permission_for_instance` and the rows of the list agree, and both follow the tree."""
    units = sorted(world.units.values(), key=lambda unit: unit.pk)
    roles = st.sampled_from([Role.EDITOR, Role.HEAD, Role.WEBMASTER, Role.LEADER])
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(units), roles), max_size=3))
    with transaction.atomic():
        person = UserFactory()
        for number, (unit, role) in enumerate(chosen):
            appoint(user=person, unit=unit, role=role, by=None, starts_on=date(2020, 1, 1 + number))
        allowed = {
            unit.pk
            for unit in units
            if any(held.covers(unit) and role in (Role.EDITOR, Role.HEAD, Role.WEBMASTER) for held, role in chosen)
        }
        listed = set(UNITS.instances_user_has_any_permission_for(person, ["file"]).values_list("pk", flat=True))
        one_by_one = {unit.pk for unit in units if UNITS.user_has_permission_for_instance(person, "file", unit)}
        assert listed == one_by_one == allowed
        assert UNITS.user_has_permission(person, "file") == bool(
            {role for _unit, role in chosen} & {Role.EDITOR, Role.HEAD, Role.WEBMASTER}
        )
        transaction.set_rollback(True)


@pytest.mark.parametrize("size", [1, 60])
def test_asking_for_every_row_of_a_list_costs_two_queries(
    world: World, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Leader.objects.bulk_create([Leader(unit=world.units["jyj"], name=f"领导{n}", title="副局长") for n in range(size)])
    editor = User.objects.get(username="editor")
    leaders = list(Leader.objects.all())
    with django_assert_num_queries(2):
        assert all(LEADERS.user_has_permission_for_instance(editor, "change", leader) for leader in leaders)


def test_holders_include_deputies_and_leave_out_the_disabled(world: World) -> None:
    deputy = UserFactory(username="deputy")
    head = Post.objects.get(user=world.people["head"])
    deputise(post=head, deputy=deputy, by=None, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    assert {user.username for user in holders({Role.HEAD}, world.units["jyj"])} == {"head", "deputy"}
    User.objects.filter(username="deputy").update(is_active=False)
    assert {user.username for user in holders({Role.HEAD}, world.units["jyj"])} == {"head"}
    named = LEADERS.users_with_any_permission_for_instance(["change"], Leader(unit=world.units["jyj"]))
    assert {user.username for user in named} == {"editor", "head", "webmaster"}


def test_rights_of_wagtail_come_from_the_policies(world: World) -> None:
    editor = world.people["editor"]
    assert editor.has_perm("units.change_leader")
    assert not editor.has_perm("units.add_unit")
    assert not editor.has_perm("wagtailcore.add_page")
    assert not editor.has_perm("nonsense")
    assert world.people["webmaster"].has_perms(["units.add_unit", "wagtailadmin.access_admin"])
