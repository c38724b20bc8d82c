"""Units, leaders, accounts and posts of the county."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from menhu.accounts.models import User
from menhu.demo.county import units as county
from menhu.units.actions import add_unit, appoint
from menhu.units.enums import Role, Side, UnitKind
from menhu.units.models import Leader, Unit

PASSWORD: Final = "Yunling-2026!"  # noqa: S105 - the demo's, printed at every start; a real county makes its own
TERM: Final = date(2020, 1, 1)
OFFICE_HOURS: Final = "工作日 8:30–12:00，14:00–17:30"
ROOT: Final = "yunling"
KINDS: Final = {
    "office": UnitKind.OFFICE,
    "department": UnitKind.BUREAU,
    "vertical": UnitKind.BUREAU,
    "mass": UnitKind.BUREAU,
    "institution": UnitKind.INSTITUTION,
    "town": UnitKind.TOWN,
    "township": UnitKind.TOWN,
}


@dataclass(frozen=True, slots=True)
class Persona:
    """An account with a task of its own; `scope` is the slug of the subtree that its post decides."""

    username: str
    name: str
    unit: str
    role: Role
    scope: str
    task: str


PERSONAS: Final = (
    Persona("zfb", "林若溪", "xzfb", Role.GOVERNMENT_REVIEWER, ROOT, "政府办审核员：审政府部门和乡镇的稿件（第二审）"),
    Persona("xwb", "骆知秋", "xwb", Role.COMMITTEE_REVIEWER, ROOT, "县委办审核员：审党委部门的稿件（第二审）"),
    Persona("bmj", "祁月", "xbmj", Role.SECRECY_REVIEWER, ROOT, "保密审查员：保密审查（第三审）"),
    Persona("webmaster", "方静姝", "xxhb", Role.WEBMASTER, ROOT, "网站管理员：网站、栏目、单位、账号"),
    Persona("duty", "穆清和", "xxhb", Role.DUTY_OFFICER, ROOT, "应急撤稿人：立即撤稿"),
    Persona("leader", county.MAYOR, "xzfb", Role.LEADER, ROOT, "领导：看谁慢了、哪里该更新"),
    Persona("operator", "罗明远", "xzfb", Role.OPERATOR, ROOT, "受理员：受理来信、交办、催办"),
    Persona("supervisor", "顾清让", "xzfb", Role.SUPERVISOR, ROOT, "督办员：裁定承办、批延期、督办"),
    Persona("auditor", "秦若谷", "xbmj", Role.AUDITOR, ROOT, "审计员：查操作记录"),
)
SHOWN: Final = (
    ("jyj-editor", "教育局信息员：写稿、送审"),
    ("jyj-head", "教育局负责人：第一审，签发答复"),
    ("jyj-handler", "教育局承办员：签收来信、拟写答复"),
    ("slj-editor", "水利局信息员：另一个单位，看不到教育局的稿件"),
    ("xwxcb-editor", "县委宣传部信息员：党委口，走县委办审核"),
)


@transaction.atomic
def build_organisation() -> None:
    """The tree, its leaders and everybody's account; does nothing where the county stands already."""
    if Unit.objects.filter(slug=ROOT).exists():
        return
    root = add_unit(parent=None, by=None, name="云岭县", short_name="云岭县", slug=ROOT, kind=UnitKind.COUNTY)
    groups = {
        slug: add_unit(parent=root, by=None, name=name, short_name=name, slug=slug, kind=UnitKind.GROUP, side=side)
        for slug, name, side in (
            ("dangwei", "党委部门", Side.PARTY),
            ("zhengfu", "政府部门和单位", Side.GOVERNMENT),
            ("xiangzhen", "乡镇", Side.GOVERNMENT),
        )
    }
    rows = {unit.slug: _add_unit(unit, groups) for unit in county.all_units()}
    _add_leaders(root, county.county_leaders())
    _add_people({**rows, ROOT: root})


def _add_unit(unit: county.Unit, groups: dict[str, Unit]) -> Unit:
    group = "xiangzhen" if unit.is_town else "dangwei" if unit.side == "party" else "zhengfu"
    row = add_unit(
        parent=groups[group],
        by=None,
        name=unit.full,
        short_name=unit.short,
        slug=unit.slug,
        kind=KINDS[unit.kind],
        side=Side(unit.side),
        address=unit.address,
        phone=unit.phone,
        office_hours=OFFICE_HOURS,
        duties="\n".join(unit.duties),
        leader_in_charge=unit.leaders[-1].name,
        editor_on_file=unit.editor,
    )
    _add_leaders(row, unit.leaders)
    return row


def _add_leaders(unit: Unit, leaders: tuple[county.Leader, ...]) -> None:
    Leader.objects.bulk_create(
        Leader(unit=unit, name=leader.name, title=leader.title, duties=leader.duties, position=position)
        for position, leader in enumerate(leaders)
    )


def _add_people(units: dict[str, Unit]) -> None:
    """An editor, a head and a handler for every unit, and the personas; one hash, since all share the password."""
    password, handlers = make_password(PASSWORD), county.handlers()
    for unit in county.all_units():
        row = units[unit.slug]
        _employ(_account(f"{unit.slug}-handler", handlers[unit.slug], password), row, Role.HANDLER, row)
        _employ(_account(f"{unit.slug}-editor", unit.editor, password), row, Role.EDITOR, row)
        _employ(_account(f"{unit.slug}-head", unit.leaders[0].name, password), row, Role.HEAD, row)
    for persona in PERSONAS:
        person = _account(persona.username, persona.name, password)
        _employ(person, units[persona.unit], persona.role, units[persona.scope])


def _account(username: str, name: str, password: str) -> User:
    return User.objects.create(
        username=username, name=name, password=password, password_changed_at=timezone.now(), must_change_password=False
    )


def _employ(person: User, unit: Unit, role: Role, scope: Unit) -> None:
    appoint(user=person, unit=unit, role=role, by=None, starts_on=TERM, scope=scope)
