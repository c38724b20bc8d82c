"""Verbs of units, leaders and posts: who may, what stands afterwards, what the trail keeps."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from menhu.audit.models import Event
from menhu.units import changes
from menhu.units.actions import (
    add_unit,
    appoint,
    change_unit,
    deactivate_unit,
    deputise,
    end_post,
    file_unit,
    reactivate_unit,
    remove_leader,
    save_leader,
)
from menhu.units.changes import Words
from menhu.units.enums import Role
from menhu.units.models import Leader, Post, Unit
from menhu.units.policies import current_posts, forget_posts, holds, may, scope_of
from tests.factories import UserFactory, World

TODAY = date(2026, 6, 18)


@pytest.fixture(autouse=True)
def frozen_day() -> object:
    with time_machine.travel("2026-06-18 09:00:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Words]]:
    """What listeners of other apps are told."""
    told: list[tuple[int, Words]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda unit_id, words: told.append((unit_id, words))])
    return told


def test_the_webmaster_adds_a_unit_as_the_last_child(world: World) -> None:
    unit = add_unit(
        parent=world.units["towns"], by=world.people["webmaster"], name="云岭县柳河镇", short_name="柳河镇", slug="lhz"
    )
    assert unit.path == world.units["towns"].path + "0002."
    event = Event.objects.get(verb="units.add", object_id=str(unit.pk))
    assert (event.actor_name, event.unit_id) == ("方若宁", unit.pk)


@pytest.mark.parametrize("persona", ["editor", "head", "leader", "auditor"])
def test_nobody_else_adds_units(world: World, persona: str) -> None:
    before = Unit.objects.count()
    with pytest.raises(PermissionDenied):
        add_unit(parent=world.units["towns"], by=world.people[persona], name="新单位", short_name="新", slug="x")
    assert Unit.objects.count() == before


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "云岭县教育局", "short_name": "教育", "slug": "jy2"}, "name"),
        ({"name": "新局", "short_name": "新", "slug": "jyj"}, "slug"),
        ({"name": "新局", "short_name": "新", "slug": "新"}, "slug"),
        ({"name": "", "short_name": "新", "slug": "x"}, "name"),
    ],
)
def test_a_bad_unit_is_refused_at_its_field(world: World, fields: dict[str, str], where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add_unit(parent=world.units["towns"], by=world.people["webmaster"], **fields)
    assert list(refused.value.message_dict) == [where]


def test_moving_a_unit_takes_everything_below_along(world: World) -> None:
    webmaster, jyj = world.people["webmaster"], world.units["jyj"]
    school = add_unit(parent=jyj, by=webmaster, name="云岭县第一中学", short_name="一中", slug="yz")
    room = add_unit(parent=school, by=webmaster, name="一中教务处", short_name="教务处", slug="jwc")
    change_unit(unit=jyj, by=webmaster, parent=world.units["party"])
    paths = {unit.slug: unit.path for unit in Unit.objects.filter(pk__in=[jyj.pk, school.pk, room.pk])}
    assert paths == {
        "jyj": world.units["party"].path + "0004.",
        "yz": world.units["party"].path + "0004.0001.",
        "jwc": world.units["party"].path + "0004.0001.0001.",
    }
    forget_posts(world.people["head"])
    assert scope_of(world.people["head"], {Role.HEAD}).unit_ids == {jyj.pk, school.pk, room.pk}
    assert Unit.objects.get(slug="slj").path == world.units["slj"].path


def test_a_unit_cannot_move_below_itself(world: World) -> None:
    child = add_unit(parent=world.units["jyj"], by=None, name="云岭县第一中学", short_name="一中", slug="yz")
    before = list(Unit.objects.order_by("pk").values_list("pk", "path"))
    with pytest.raises(ValidationError, match="不能把单位移到它自己或它的下级之下"):
        change_unit(unit=world.units["jyj"], by=world.people["webmaster"], parent=child)
    assert list(Unit.objects.order_by("pk").values_list("pk", "path")) == before


def test_a_tree_has_a_greatest_depth(world: World) -> None:
    unit = world.units["sqz"]
    for level in range(4, 9):
        unit = add_unit(parent=unit, by=None, name=f"第{level}级", short_name=f"{level}级", slug=f"l{level}")
    assert unit.path.count(".") == 8
    with pytest.raises(ValidationError, match="单位层级不能超过 8 级"):
        change_unit(unit=world.units["sqz"], by=None, parent=world.units["jyj"])
    with pytest.raises(ValidationError, match="单位层级不能超过 8 级"):
        add_unit(parent=unit, by=None, name="第9级", short_name="9级", slug="l9")


def test_a_change_is_recorded_with_old_and_new_and_told(world: World, heard: list[tuple[int, Words]]) -> None:
    jyj = world.units["jyj"]
    change_unit(unit=jyj, by=world.people["webmaster"], phone="0000-612 0086", short_name="县教育局")
    event = Event.objects.get(verb="units.change")
    assert event.data == {"changes": {"phone": ["", "0000-612 0086"]}}
    assert heard == [(jyj.pk, Words.UNIT)]
    change_unit(unit=jyj, by=world.people["webmaster"], phone="0000-612 0086")
    assert Event.objects.filter(verb="units.change").count() == 1


@pytest.mark.parametrize(
    ("persona", "unit", "allowed"),
    [
        ("editor", "jyj", True),
        ("head", "jyj", True),
        ("webmaster", "jyj", True),
        ("stranger", "jyj", False),
        ("leader", "jyj", False),
    ],
)
def test_a_unit_keeps_its_own_file(world: World, persona: str, unit: str, allowed: bool) -> None:
    def deed() -> Unit:
        return file_unit(unit=world.units[unit], by=world.people[persona], leader_in_charge="骆青", plan="每周一篇")

    if allowed:
        assert (deed().filed_on, deed().leader_in_charge) == (TODAY, "骆青")
    else:
        with pytest.raises(PermissionDenied):
            deed()
        assert Unit.objects.get(slug=unit).leader_in_charge == ""


def test_the_file_does_not_hold_what_the_webmaster_keeps(world: World) -> None:
    with pytest.raises(PermissionDenied, match="这些内容由网站管理员维护：name。"):
        file_unit(unit=world.units["jyj"], by=world.people["head"], name="别的名字")


def test_closing_a_unit_ends_its_posts_and_keeps_everything(world: World) -> None:
    webmaster, slj = world.people["webmaster"], world.units["slj"]
    deactivate_unit(unit=slj, by=webmaster, ends_on=TODAY)
    slj.refresh_from_db()
    assert (slj.is_active, slj.ends_on) == (False, TODAY)
    assert set(Post.objects.filter(unit=slj).values_list("ends_on", flat=True)) == {TODAY}
    with pytest.raises(ValidationError, match="已撤销，不能任用"):
        appoint(user=world.people["editor"], unit=slj, role=Role.EDITOR, by=webmaster, starts_on=TODAY)
    reactivate_unit(unit=slj, by=webmaster)
    assert Unit.objects.get(slug="slj").is_active


def test_a_unit_with_active_units_below_is_not_closed(world: World) -> None:
    with pytest.raises(ValidationError, match="先撤销或移走下级单位"):
        deactivate_unit(unit=world.units["government"], by=world.people["webmaster"], ends_on=TODAY)
    assert Post.objects.filter(ends_on=None).count() == 17


def test_leaders_are_kept_by_the_unit_and_told(world: World, heard: list[tuple[int, Words]]) -> None:
    jyj = world.units["jyj"]
    leader = save_leader(leader=Leader(unit=jyj, name="江怀川", title="局长"), by=world.people["editor"])
    leader.unit = world.units["slj"]
    with pytest.raises(PermissionDenied):
        save_leader(leader=leader, by=world.people["editor"])
    save_leader(leader=leader, by=world.people["webmaster"])
    remove_leader(leader=leader, by=world.people["stranger"])
    assert heard == [
        (jyj.pk, Words.LEADERS),
        *((pk, Words.LEADERS) for pk in sorted([jyj.pk, world.units["slj"].pk])),
        (world.units["slj"].pk, Words.LEADERS),
    ]
    assert not Leader.objects.exists()


def post_of(world: World, persona: str) -> Post:
    return Post.objects.get(user=world.people[persona], deputy_for=None)


def test_a_head_names_a_deputy_for_some_days(world: World, frozen_day: time_machine.Traveller) -> None:
    deputy = UserFactory(username="deputy", name="温以宁")
    deputise(
        post=post_of(world, "head"),
        deputy=deputy,
        by=world.people["head"],
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=3),
    )
    held = []
    for _day in range(6):
        held.append(may(deputy, {Role.HEAD}, world.units["jyj"]))
        frozen_day.shift(timedelta(days=1))
    assert held == [False, True, True, True, False, False]
    assert Event.objects.get(verb="units.deputise").data["name"] == "温以宁"


def test_a_deputy_falls_with_the_post(world: World) -> None:
    deputy = UserFactory()
    post = post_of(world, "head")
    deputise(post=post, deputy=deputy, by=world.people["head"], starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    assert [str(one) for one in current_posts(deputy)] == ["县教育局 单位负责人（代理）"]
    end_post(post=post, by=world.people["webmaster"], ends_on=TODAY - timedelta(days=1))
    forget_posts(deputy)
    assert not holds(deputy, Role.HEAD)


@pytest.mark.parametrize(
    ("persona", "by", "allowed"),
    [
        ("head", "head", True),
        ("head", "webmaster", True),
        ("secrecy_reviewer", "secrecy_reviewer", True),
        ("government_reviewer", "government_reviewer", True),
        ("head", "editor", False),
        ("head", "stranger_head", False),
        ("editor", "editor", False),
        ("leader", "leader", False),
    ],
)
def test_who_may_name_a_deputy(world: World, persona: str, by: str, allowed: bool) -> None:
    deputy = UserFactory()
    arguments = {"post": post_of(world, persona), "deputy": deputy, "by": world.people[by]}
    if allowed:
        assert deputise(**arguments, starts_on=TODAY, ends_on=TODAY).deputy_for == post_of(world, persona)
    else:
        with pytest.raises(PermissionDenied):
            deputise(**arguments, starts_on=TODAY, ends_on=TODAY)
        assert not Post.objects.filter(user=deputy).exists()


def test_a_deputy_names_no_deputy(world: World) -> None:
    acting = deputise(
        post=post_of(world, "head"), deputy=UserFactory(), by=None, starts_on=TODAY, ends_on=TODAY + timedelta(days=5)
    )
    with pytest.raises(PermissionDenied):
        deputise(post=acting, deputy=UserFactory(), by=acting.user, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(ValidationError, match="代理岗位不能再委托他人代理"):
        deputise(post=acting, deputy=UserFactory(), by=None, starts_on=TODAY, ends_on=TODAY)


@pytest.mark.parametrize(
    ("starts", "ends", "message"),
    [(0, -1, "结束日期不能早于开始日期"), (-4000, 0, "原岗位的任期之内")],
)
def test_a_deputy_needs_a_sound_term(world: World, starts: int, ends: int, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        deputise(
            post=post_of(world, "head"),
            deputy=UserFactory(),
            by=world.people["head"],
            starts_on=TODAY + timedelta(days=starts),
            ends_on=TODAY + timedelta(days=ends),
        )
    with pytest.raises(ValidationError, match="不能委托本人代理"):
        deputise(post=post_of(world, "head"), deputy=world.people["head"], by=None, starts_on=TODAY, ends_on=TODAY)


def test_a_post_ends_but_is_kept(world: World, frozen_day: time_machine.Traveller) -> None:
    post = post_of(world, "stranger")
    end_post(post=post, by=world.people["webmaster"], ends_on=TODAY, reason="调离")
    assert may(world.people["stranger"], {Role.EDITOR}, world.units["slj"])
    frozen_day.shift(timedelta(days=1))
    assert not may(world.people["stranger"], {Role.EDITOR}, world.units["slj"])
    assert Event.objects.get(verb="units.end_post").data == {"ends_on": "2026-06-18", "reason": "调离"}
    with pytest.raises(ValidationError, match="到期；要延长请重新任用"):
        end_post(post=post, by=world.people["webmaster"], ends_on=TODAY + timedelta(days=9))
    with pytest.raises(ValidationError, match="这个岗位已经结束"):
        end_post(post=post, by=world.people["webmaster"], ends_on=TODAY - timedelta(days=1))


def test_the_last_webmaster_stays(world: World) -> None:
    post = post_of(world, "webmaster")
    with pytest.raises(ValidationError, match="这是最后一名网站管理员"):
        end_post(post=post, by=world.people["webmaster"], ends_on=TODAY)
    appoint(
        user=world.people["head"],
        unit=world.units["xxb"],
        role=Role.WEBMASTER,
        by=world.people["webmaster"],
        starts_on=TODAY,
        scope=world.units["county"],
    )
    assert end_post(post=post, by=world.people["webmaster"], ends_on=TODAY).ends_on == TODAY


def test_the_same_post_is_not_given_twice(world: World) -> None:
    with pytest.raises(ValidationError, match="这个人在该单位已有同样的岗位"):
        appoint(
            user=world.people["editor"],
            unit=world.units["jyj"],
            role=Role.EDITOR,
            by=world.people["webmaster"],
            starts_on=post_of(world, "editor").starts_on,
        )


def test_only_the_webmaster_appoints(world: World) -> None:
    with pytest.raises(PermissionDenied):
        appoint(
            user=world.people["editor"],
            unit=world.units["jyj"],
            role=Role.HEAD,
            by=world.people["head"],
            starts_on=TODAY,
        )
    assert not holds(world.people["editor"], Role.HEAD)
