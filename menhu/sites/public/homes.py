"""Home pages of the portal and of units' sites."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Prefetch, prefetch_related_objects

from menhu.core.frames import Head
from menhu.delivery.sources import reads
from menhu.sites import blocks, tags
from menhu.sites.contexts import HomePage, RenderedBlock
from menhu.sites.enums import ColumnForm, SiteKind
from menhu.sites.models import Column, HomeBlock, Site
from menhu.sites.public.addresses import absolute, origin
from menhu.sites.public.framing import frame_for, home_url, plain_head

USUAL_LISTS: Final = 4


def home_page(site: Site) -> HomePage:
    """The home page as arranged; a site whose home nobody has arranged yet shows its lists and how to reach it."""
    frame = frame_for(site)
    reads(tags.columns(site.pk))
    prefetch_related_objects([site], Prefetch("columns", queryset=Column.objects.public().in_order()))
    found = blocks.drawn(site)
    if not found and not site.blocks.exists():
        found = _drawn(usual_blocks(site))
    return HomePage(frame=frame, head=_head(site), blocks=found)


def usual_blocks(site: Site) -> list[HomeBlock]:
    """What a home page shows until somebody arranges it; the rows are not saved."""
    lists = [column.pk for column in site.columns.all() if column.form == ColumnForm.LIST][:USUAL_LISTS]
    arranged: list[tuple[str, dict[str, Any]]] = [
        ("hero", {}),
        ("headline", {"columns": lists}),
        ("tabs", {"columns": lists}),
        ("topics", {"is_sand": True}),
        ("leaders", {"width": "half"}),
        ("contact", {"width": "half"}),
    ]
    if site.kind == SiteKind.PORTAL:
        arranged.append(("directory", {}))
    return [
        HomeBlock(site=site, kind=kind, settings=settings, position=place)
        for place, (kind, settings) in enumerate(arranged)
    ]


def _drawn(rows: Sequence[HomeBlock]) -> tuple[RenderedBlock, ...]:
    found = ((blocks.kind_of(row.kind), row) for row in rows)
    drawn = (kind.draw(row) for kind, row in found if kind is not None)
    return tuple(block for block in drawn if block is not None)


def _head(site: Site) -> Head:
    head = plain_head(site, site.name, "/", description=site.introduction)
    structured = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.name,
        "url": absolute(site, "/"),
        "inLanguage": "zh-Hans",
        "publisher": {"@type": "GovernmentOrganization", "name": site.organiser or site.unit.name, "url": origin(site)},
    }
    return replace(head, section=home_url(site), structured=structured)
