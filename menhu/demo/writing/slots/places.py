"""Slots that name places."""

from menhu.demo.county import places
from menhu.demo.county.units import Unit, towns
from menhu.demo.writing.scene import Scene, slot


@slot("town_unit")
def town_unit(scene: Scene) -> Unit:
    """The town that {town}, {village}, {scene} and {product} belong to."""
    if scene.unit.is_town:
        return scene.unit
    every = towns()
    return every[scene.between(0, len(every) - 1)]


def scene_town(scene: Scene) -> Unit:
    found = scene["town_unit"]
    assert isinstance(found, Unit)  # noqa: S101  the slot above makes it
    return found


@slot("town")
def town(scene: Scene) -> str:
    return scene_town(scene).name


@slot("zhen")
def level(scene: Scene) -> str:
    """What a town is called in short: 镇 or 乡."""
    return "乡" if scene.unit.kind == "township" else "镇"


@slot("town2", "town3")
def other_town(scene: Scene) -> str:
    names = [unit.name for unit in towns() if unit.name not in scene.values() and unit is not scene_town(scene)]
    return scene.pick(names)


@slot("village_")
def bare_village(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.villages) if facts else "前湾村"


def named(scene: Scene, village: str) -> str:
    """A village as the unit names it: a county unit says which town it lies in."""
    return village if scene.unit.is_town else f"{scene_town(scene).name}{village}"


@slot("village")
def village(scene: Scene) -> str:
    return named(scene, str(scene["village_"]))


@slot("village2", "village3")
def other_village(scene: Scene) -> str:
    facts = scene_town(scene).town
    names = facts.villages if facts else ()
    taken = set(map(str, scene.values()))
    return named(scene, scene.pick([name for name in names if named(scene, name) not in taken]))


@slot("spot")
def spot(scene: Scene) -> str:
    return scene.fill(scene.pick(scene.unit.spots))


@slot("scene")
def sight(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.scenes) if facts else "云岭风景区"


@slot("product")
def product(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.products) if facts else "云岭高山茶"


@slot("note_town")
def town_note(scene: Scene) -> str:
    facts = scene_town(scene).town
    return facts.note if facts else ""


@slot("estate")
def estate(scene: Scene) -> str:
    return scene.pick(places.ESTATES)


@slot("street")
def street(scene: Scene) -> str:
    return scene.pick(places.STREETS)


@slot("road")
def road(scene: Scene) -> str:
    return scene.pick(places.ROADS)


@slot("river")
def river(scene: Scene) -> str:
    return scene.pick(places.RIVERS)


@slot("company")
def company(scene: Scene) -> str:
    return scene.pick(places.COMPANIES)


@slot("city")
def city(scene: Scene) -> str:
    return "云州"


@slot("zone")
def zone(scene: Scene) -> str:
    """A place that a supply is cut in: a town's villages, the county town's estates."""
    facts = scene.unit.town
    return scene.pick(facts.villages) if facts else scene.pick(places.ESTATES)


@slot("zone_street")
def zone_street(scene: Scene) -> str:
    return (
        scene.pick(("集镇老街", "集镇新街", "镇中路", "桥头街", "学校路"))
        if scene.unit.is_town
        else str(scene["street"])
    )
