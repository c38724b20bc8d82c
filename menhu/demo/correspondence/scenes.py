"""The scene of a letter: the place it speaks of, its writer, and the words that all its texts share."""

import random
from datetime import date, datetime

import menhu.demo.writing.slots.matters
import menhu.demo.writing.slots.people
import menhu.demo.writing.slots.places
import menhu.demo.writing.slots.times  # noqa: F401  (importing registers the slots)
from menhu.demo.correspondence.matters import Matter
from menhu.demo.correspondence.texts import SenderText
from menhu.demo.county.places import SCHOOLS
from menhu.demo.county.units import Unit, towns, units_by_slug
from menhu.demo.writing.scene import Distance, Scene
from menhu.demo.writing.themes import themes_of

CITY_TOWN = "cgz"
# Schools with classes that anybody's children attend.
USUAL_SCHOOLS = tuple(name for name in SCHOOLS if name.endswith(("中学", "小学")))
# What an answer dates so few days back was done after the letter came.
STEP_DAYS = 6


class SinceLetter(Distance):
    """{before:3} in an answer: a step on the way to it is never dated before the letter."""

    __slots__ = ("first",)

    def __init__(self, scene: Scene, first: date) -> None:
        super().__init__(scene, -1)
        self.first = first

    def __format__(self, span: str) -> str:
        days = int(span)
        day = self.scene.date_after(-days)
        return self.scene.written(max(day, self.first) if days <= STEP_DAYS else day)


def drawn_town(rng: random.Random, place: str) -> Unit:
    """The county town for matters of the city, one of the others for those of villages, any for the rest."""
    everywhere = towns()
    if place == "city":
        return units_by_slug()[CITY_TOWN]
    if place == "village":
        everywhere = tuple(town for town in everywhere if town.slug != CITY_TOWN)
    return rng.choice(everywhere)


def town_village(rng: random.Random, town: Unit) -> str:
    return rng.choice(town.town.villages) if town.town else ""


def make_scene(rng: random.Random, matter: Matter, town: Unit, at: datetime) -> Scene:
    """A scene of the responsible unit with the town, a village and a school already drawn."""
    unit = town if matter.unit == "town" else units_by_slug()[matter.unit]
    scene = Scene(rng, unit, themes_of(unit.slug)[0], at)
    scene["town"] = town.name
    scene["town_unit"] = town
    scene["village"] = town_village(rng, town)
    scene["quarter"] = "社区" if town.slug == CITY_TOWN else "村里"
    scene["school"] = rng.choice(USUAL_SCHOOLS)
    scene["topic"] = scene.fill(matter.topic)
    return scene


def introduce(scene: Scene, sender: SenderText) -> None:
    """Let the texts name the writer."""
    scene["sender"] = sender.name
    scene["mobile"] = sender.phone
    scene["home"] = sender.address


def spoken_of(scene: Scene) -> dict[str, object]:
    """The words of a scene that another letter about the same matter shares."""
    private = {"sender", "mobile", "home", "x", "n", "before", "after", "unit"}
    return {key: value for key, value in scene.items() if key not in private and isinstance(value, str)}


def move_to_answer(scene: Scene, day: date) -> None:
    """Let the texts that follow be written on the day of the answer."""
    scene["before"] = SinceLetter(scene, scene.day)
    scene.day = day
