"""What happens to a letter besides the answer: more time, another matter in it, progress, supervision, a leader."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import cast

from menhu.demo.correspondence.matters import pools
from menhu.demo.correspondence.planning import Plan
from menhu.demo.correspondence.texts import Copy, Course, Extension
from menhu.demo.correspondence.timing import FINISHED
from menhu.demo.county.units import Unit, units_by_slug
from menhu.demo.writing.scene import Scene
from menhu.demo.writing.themes import themes_of

RETRIES = 40
# So many petitions are hard ones that a leader answers for.
CHARGE_SHARE = 0.6
# What senders add: a picture of the place, or the same as a document.
FILES = ("town-evening.jpg", "river-spring.jpg", "village-morning.pdf", "bridge-day.jpg", "terraces-gold.pdf")
# Kinds whose term cannot be extended.
FIXED_KINDS = frozenset({"error"})


def make_course(scene: Scene, plan: Plan, kind: str, titles: set[str]) -> Course:
    """Write what was dealt to this letter; titles are those already used, a new one is added."""
    has = plan.extras.__contains__
    extension = drawn_extension(plan, kind)
    second = second_matter(scene, titles) if has("split") else Second()
    is_hard = kind == "petition" and (bool(plan.kind) or scene.chance(CHARGE_SHARE))
    return Course(
        extension=extension,
        extension_reason=said(scene, "extension_reason") if extension else "",
        extension_decision=said(scene, f"extension_{extension}") if extension in ("granted", "denied") else "",
        complex_reason=said(scene, "complex_reason") if has("complex") else "",
        second_title=second.title,
        second_text=second.text,
        second_unit=second.unit,
        part_answer=second.answer,
        progress=said(scene, "progress") if has("progress") else "",
        opinion=said(scene, "opinion") if plan.has_partners else "",
        sent_back=said(scene, "sent_back") if has("sent_back") else "",
        supervision=said(scene, "supervision") if has("supervised") else "",
        report=said(scene, "report") if is_pressed(plan) and plan.fate in FINISHED else "",
        measures=said(scene, "measures") if is_hard else "",
        outcome=said(scene, "outcome") if is_hard and plan.fate in FINISHED else "",
        copy=cast("Copy", next((name for name in ("withdrawn", "model") if has(name)), "published")),
        withdrawal=said(scene, "withdrawal") if has("withdrawn") else "",
        has_account=has("account"),
        files=(FILES[plan.index % len(FILES)],) if has("file") else (),
    )


def said(scene: Scene, pool: str) -> str:
    return scene.fill(scene.pick(pools()[pool]))


def is_pressed(plan: Plan) -> bool:
    return plan.has_instruction or plan.is_urged or "supervised" in plan.extras


def drawn_extension(plan: Plan, kind: str) -> Extension:
    """More time, where the kind has it and the letter was dealt it."""
    if kind in FIXED_KINDS:
        return ""
    return cast("Extension", next((name for name in ("open", "granted", "denied") if name in plan.extras), ""))


@dataclass(frozen=True, slots=True)
class Second:
    """Another matter in the same letter, and what its own unit answers."""

    title: str = ""
    text: str = ""
    unit: str = ""
    answer: str = ""


def second_matter(scene: Scene, titles: set[str]) -> Second:
    """A matter whose title is nobody else's."""
    for _ in range(RETRIES):
        title, text, slug = scene.pick(pools()["second"]).split("||")
        words = beside(scene, str(cast("Unit", scene["town_unit"]).slug) if slug == "town" else slug)
        found = Second(words.fill(title), words.fill(text), words.unit.slug, said(words, "part_answer"))
        if found.title not in titles:
            break
    titles.add(found.title)
    return found


def beside(scene: Scene, slug: str) -> Scene:
    """The same place and day as another unit sees it."""
    words = Scene(scene.rng, units_by_slug()[slug], themes_of(slug)[0], datetime.combine(scene.day, time(scene.hour)))
    words["town"], words["village"], words["school"] = scene["town"], scene["village"], scene["school"]
    return words
