"""Slots that name units and people."""

from functools import cache

from menhu.demo.county.people import GIVEN_NAMES, SURNAMES
from menhu.demo.county.units import Leader, Unit, county_leaders, units_by_slug
from menhu.demo.writing.scene import Scene, slot

PARTNERS = (
    *("czj", "gaj", "fgj", "yjj", "zrzyj", "scjgj", "sfj", "nyncj", "jtj"),
    *("zjj", "sthjj", "wjj", "jyj", "rsj", "mzj", "sjj", "wlj", "xzspj"),
)
KIN = ("大姐", "大叔", "大爷", "大娘", "师傅", "阿姨", "大哥", "嫂子")


def presented(unit: Unit, leader: Leader) -> str:
    """A leader as the first mention has it: 县水利局党组书记、局长江怀川."""
    standing, found, rest = leader.title.partition("县委常委、")
    if found and not standing:
        return f"县委常委、{unit.short.replace('纪委监委', '纪委')}{rest}{leader.name}"
    return f"{unit.short}{leader.title}{leader.name}"


@cache
def leader_in_charge(slug: str) -> Leader:
    """The county leader whose duties name the unit's field."""
    unit = units_by_slug()[slug]
    leaders = county_leaders()
    if unit.side == "party":
        return leaders[2]
    if unit.is_town:
        return leaders[6]
    for leader in leaders[3:9]:
        words = leader.duties.removeprefix("负责").removesuffix("工作").split("、")
        if any(word[:2] in unit.name for word in words):
            return leader
    return leaders[3]


@slot("org")
def org(scene: Scene) -> str:
    return scene.unit.short


@slot("orgfull")
def org_full(scene: Scene) -> str:
    return scene.unit.full


@slot("phone")
def phone(scene: Scene) -> str:
    return scene.unit.phone


@slot("phone_b")
def second_phone(scene: Scene) -> str:
    return scene.unit.editor_phone


@slot("mayor_office_phone")
def mayor_office_phone(scene: Scene) -> str:
    return units_by_slug()["xzfb"].phone


@slot("address")
def address(scene: Scene) -> str:
    return scene.unit.address


@slot("duty")
def duty(scene: Scene) -> str:
    return "；".join(scene.unit.duties)


@slot("staff")
def staff(scene: Scene) -> str:
    return scene.unit.editor


@slot("chief")
def chief(scene: Scene) -> str:
    leader = scene.unit.leaders[0]
    scene["chief_"] = leader.name
    return presented(scene.unit, leader)


@slot("chief_")
def chief_name(scene: Scene) -> str:
    return scene.unit.leaders[0].name


def vice_of(scene: Scene) -> Leader:
    return scene.unit.leaders[scene.between(1, len(scene.unit.leaders) - 1)]


@slot("vice")
def vice(scene: Scene) -> str:
    leader = vice_of(scene)
    scene["vice_"] = leader.name
    return presented(scene.unit, leader)


@slot("vice_")
def vice_name(scene: Scene) -> str:
    scene["vice"]
    return str(scene["vice_"])


@slot("actor")
def actor(scene: Scene) -> str:
    leader = scene.unit.leaders[0] if scene.chance(0.55) else vice_of(scene)
    scene["actor_"] = leader.name
    return presented(scene.unit, leader)


@slot("actor_")
def actor_name(scene: Scene) -> str:
    scene["actor"]
    return str(scene["actor_"])


@slot("mayor")
def mayor(scene: Scene) -> str:
    leader = county_leaders()[1]
    return f"{leader.title}{leader.name}"


@slot("mayor_")
def mayor_name(scene: Scene) -> str:
    return county_leaders()[1].name


@slot("secretary_")
def secretary_name(scene: Scene) -> str:
    return county_leaders()[0].name


@slot("county")
def county_leader(scene: Scene) -> str:
    leader = leader_in_charge(scene.unit.slug)
    return f"{leader.title}{leader.name}"


@slot("county_")
def county_leader_name(scene: Scene) -> str:
    return leader_in_charge(scene.unit.slug).name


@slot("partner")
def partner(scene: Scene) -> str:
    slugs = PARTNERS
    found = slugs[scene.between(0, len(slugs) - 1)]
    return "县政府办公室" if found == scene.unit.slug else units_by_slug()[found].short


@slot("service")
def service(scene: Scene) -> str:
    services = scene.unit.services
    return services[scene.between(0, len(services) - 1)].name if services else "预约挂号"


@slot("worker", "name")
def full_name(scene: Scene) -> str:
    """A full name made up for a text."""
    return scene.pick(SURNAMES) + scene.pick(GIVEN_NAMES)


@slot("citizen")
def citizen(scene: Scene) -> str:
    name = scene.pick(SURNAMES) + scene.pick(KIN)
    return f"村民{name}" if "village" in scene and scene.chance(0.5) else name
