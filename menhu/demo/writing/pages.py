"""The still pages: one for every single-page column of the portal and of each unit's site."""

import random
from collections.abc import Iterator
from datetime import datetime

from menhu.demo.county.columns import portal_columns, site_columns
from menhu.demo.county.units import Unit, all_units, units_by_slug
from menhu.demo.writing.figures import FACTS
from menhu.demo.writing.generator import summary
from menhu.demo.writing.grammar import all_kinds, render_body
from menhu.demo.writing.scene import Scene
from menhu.demo.writing.texts import ArticleText
from menhu.demo.writing.themes import themes_of

PORTAL_KINDS = {
    "xqgl": "portal_overview",
    "lsyg": "portal_history",
    "zrdl": "portal_nature",
    "xzqh": "portal_towns",
    "jgzn": "portal_bodies",
    "gkzn": "page_guide",
    "gkzd": "portal_rules",
    "ysq": "portal_request",
    "tzzn": "portal_invest",
}
UNIT_KINDS = {"dwgk": "page_unit", "jgzn": "page_duties", "gkzn": "page_guide"}


def pages(at: datetime) -> Iterator[ArticleText]:
    """Write every still page as of `at`: the portal's first, then each unit's; the same texts every time."""
    for column in portal_columns():
        if column.form == "single":
            unit = units_by_slug()[column.owner if column.slug != "gkzn" else "xzfb"]
            yield page(PORTAL_KINDS[column.slug], unit, at, (), column.slug)
    for unit in all_units():
        for column in site_columns(side=unit.side, is_town=unit.is_town):
            if column.form == "single":
                yield page(unit_kind(unit, column.slug), unit, at, (column.slug,), None)


def unit_kind(unit: Unit, slug: str) -> str:
    return "page_town" if unit.is_town and slug == "dwgk" else UNIT_KINDS[slug]


def page(name: str, unit: Unit, at: datetime, columns: tuple[str, ...], portal_column: str | None) -> ArticleText:
    """One still page of a unit's site, or of the portal."""
    kind = all_kinds()[name]
    scene = Scene(random.Random(f"{unit.slug}:{name}"), unit, themes_of(unit.slug)[0], at)
    if kind.fact:
        FACTS[kind.fact](scene)
    title, _ = kind.titles.titled(scene)
    body = render_body(kind, scene)
    return ArticleText(
        key=f"p-{unit.slug}-{portal_column or columns[0]}-{'portal' if portal_column else 'unit'}",
        kind=name,
        genre="page",
        unit=unit.slug,
        columns=columns,
        portal_column=portal_column,
        title=title,
        subtitle="",
        body_html=body,
        source=unit.short,
        author=unit.editor,
        keywords=(unit.name, "云岭县"),
        summary=summary(body, title),
        pub_at=at,
    )
