"""Kinds of text and how they are read from data/kinds/: a head line with settings, then blocks with alternatives."""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from menhu.demo.county.reading import read_lines
from menhu.demo.county.units import Unit, units_by_slug
from menhu.demo.writing.scene import ArticleCounter, Scene, phrases
from menhu.demo.writing.themes import ALL_YEAR, parse_months

PACKAGE = "menhu.demo.writing"
KIND_FILES = ("news.txt", "notices.txt", "documents.txt", "openness.txt", "pages.txt")
HEADINGS = ("title", "sub")
LISTS = {"li": "ul", "ol": "ol"}
RAW = frozenset({"table", "raw"})
MORE = "more"


class Alternative(NamedTuple):
    """One way to write a block; `where` limits it to units, `label` ties it to alternatives of other blocks."""

    text: str
    where: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or figure with its alternatives."""

    tag: str
    is_optional: bool
    alternatives: tuple[Alternative, ...]
    is_free: bool = True

    def chosen(self, scene: Scene) -> str | None:
        """Fill one alternative that fits the unit and the label this article goes by; None when there is none."""
        found = self.drawn(scene)
        return scene.fill(found.text) if found else None

    def drawn(self, scene: Scene) -> Alternative | None:
        """Draw an alternative: those under the article's label first, else those under none."""
        if self.is_free:
            fitting = list(self.alternatives)
        else:
            wanted = scene.get("label", "")
            near = [one for one in self.alternatives if not one.where or applies(one.where, scene.unit)]
            fitting = [one for one in near if wanted and wanted in one.label.split()]
            fitting = fitting or [one for one in near if not one.label]
        return fitting[int(scene.rng.random() * len(fitting))] if fitting else None

    def titled(self, scene: Scene) -> tuple[str, str]:
        """Draw a title and the label that the article will go by; a label that the figures set is kept."""
        preset = scene.get("label", "")
        near = [one for one in self.alternatives if not one.where or applies(one.where, scene.unit)]
        fitting = [one for one in near if preset and preset in one.label.split()] or near
        found = fitting[int(scene.rng.random() * len(fitting))]
        return scene.fill(found.text), str(preset or found.label)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text: who writes it, when, where it goes, and its blocks."""

    name: str
    genre: str
    column: str
    portals: tuple[tuple[str, float], ...]
    weight: int
    where: str
    months: frozenset[int]
    picture: str | None
    picture_share: float
    fact: str | None
    card: str | None
    followup: str | None
    topic: re.Pattern[str] | None
    is_major: bool
    titles: Block
    subtitles: Block | None
    blocks: tuple[Block, ...]


def applies(where: str, unit: Unit) -> bool:
    """Whether a comma-separated list of unit slugs and groups names the unit; a leading ! turns them round."""
    return applies_to(where, unit.slug)


@cache
def applies_to(where: str, slug: str) -> bool:
    unit = units_by_slug()[slug]
    found = bool(groups_of(unit).intersection(where.removeprefix("!").split(",")))
    return found != where.startswith("!")


def groups_of(unit: Unit) -> set[str]:
    """The names under which a list can mean the unit."""
    groups = {"*", unit.slug, unit.side}
    if unit.is_town:
        groups.add("towns")
    if unit.permits:
        groups.add("permit")
    if unit.services:
        groups.add("service")
    if unit.side == "government" and unit.kind in {"department", "office", "town", "township"}:
        groups.add("rule")
    return groups


def parse_share(text: str) -> tuple[str, float]:
    """Parse name:share; a name alone always applies."""
    name, _, share = text.partition(":")
    return name, float(share or 1)


def parse_alternative(text: str) -> Alternative:
    """Cut the conditions off an alternative: 标题 @towns #label #other."""
    words = text.split(" ")
    where, labels = "", []
    while words and words[-1][:1] in {"@", "#"}:
        word = words.pop()
        if word.startswith("@"):
            where = word[1:]
        else:
            labels.append(word[1:])
    return Alternative(" ".join(words), where, " ".join(labels))


def make_block(tag: str, alternatives: tuple[Alternative, ...]) -> Block:
    is_free = not any(one.where or one.label for one in alternatives)
    return Block(tag.removesuffix("?"), tag.endswith("?"), alternatives, is_free)


def parse_blocks(lines: list[str]) -> list[Block]:
    """Gather each block's alternatives; a line with a single word stands for a figure."""
    blocks: list[Block] = []
    for line in lines:
        head, _, text = line.partition(" ")
        if head == "|":
            last = blocks.pop()
            tag = last.tag + ("?" if last.is_optional else "")
            blocks.append(make_block(tag, (*last.alternatives, parse_alternative(text))))
        elif not text:
            blocks.append(make_block("raw", (Alternative(head),)))
        else:
            blocks.append(make_block(head, (parse_alternative(text),)))
    return blocks


def parse_kind(head: str, lines: list[str]) -> Kind:
    """Make a kind of its head line and block lines."""
    name, _, rest = head[1:].partition("]")
    settings = dict(part.split("=", 1) for part in rest.split())
    blocks = parse_blocks(lines)
    picture, picture_share = parse_share(settings["pic"]) if "pic" in settings else (None, 0.0)
    subtitles = [block for block in blocks if block.tag == "sub"]
    return Kind(
        name=name,
        genre=settings["genre"],
        column=settings["col"],
        portals=tuple(parse_share(part) for part in settings["portal"].split(",")) if "portal" in settings else (),
        weight=int(settings["weight"]),
        where=settings["where"],
        months=parse_months(settings["months"]) if "months" in settings else ALL_YEAR,
        picture=picture,
        picture_share=picture_share,
        fact=settings.get("fact"),
        card=settings.get("card"),
        followup=settings.get("followup"),
        topic=re.compile(settings["topic"]) if "topic" in settings else None,
        is_major="major" in settings,
        titles=next(block for block in blocks if block.tag == "title"),
        subtitles=subtitles[0] if subtitles else None,
        blocks=tuple(block for block in blocks if block.tag not in HEADINGS),
    )


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by name."""
    kinds: dict[str, Kind] = {}
    head = ""
    lines: list[str] = []
    for file_name in KIND_FILES:
        for line in [*read_lines(PACKAGE, f"kinds/{file_name}"), "["]:
            if not line.startswith("["):
                lines.append(line)
                continue
            if head:
                kind = parse_kind(head, lines)
                kinds[kind.name] = kind
            head, lines = (line if line != "[" else ""), []
    return kinds


def element(tag: str, text: str) -> str:
    """One block as HTML: signatures stand to the right, the addressees are a plain paragraph."""
    if tag == "r":
        return f'<p class="ta-r">{text}</p>'
    return f"<p>{text}</p>" if tag == "to" else f"<{tag}>{text}</{tag}>"


def render_body(kind: Kind, scene: Scene) -> str:
    """Write the body of an article as clean structural HTML, one block a line."""
    scene["tiao"] = ArticleCounter()
    parts: list[str] = []
    items: list[str] = []
    open_list = ""
    for block in kind.blocks:
        text = written(block, scene)
        wanted = LISTS.get(block.tag, "")
        if items and wanted != open_list:
            parts.append(f"<{open_list}>{''.join(items)}</{open_list}>")
            items = []
        open_list = wanted
        if text and wanted:
            items.append(f"<li>{text}</li>")
        elif text:
            parts.append(text if block.tag in RAW or block.tag == MORE else element(block.tag, text))
    if items:
        parts.append(f"<{open_list}>{''.join(items)}</{open_list}>")
    return "\n".join(parts)


def written(block: Block, scene: Scene) -> str | None:
    """The text of a block in this article, if it has one: optional ones come every other time."""
    if block.is_optional and not scene.chance(0.5):
        return None
    if block.tag in RAW:
        found = block.drawn(scene)
        return str(scene[found.text]) if found else None
    if block.tag == MORE:
        return more_paragraphs(block.alternatives[0].text, scene)
    return block.chosen(scene)


def more_paragraphs(text: str, scene: Scene) -> str:
    """Different paragraphs of a pool, mostly few of them: news 0-4."""
    pool, _, span = text.partition(" ")
    least, _, most = span.partition("-")
    count = int(least) + int((int(most) - int(least) + 1) * scene.rng.random() ** 1.8)
    chosen = scene.rng.sample(phrases()[f"more_{pool}"], count)
    return "\n".join(f"<p>{scene.fill(line)}</p>" for line in chosen)
