import pytest

from menhu.units.enums import Role
from menhu.units.policies import may, scope_of
from tests.factories import World


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
