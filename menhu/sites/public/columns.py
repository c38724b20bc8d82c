"""Column pages: what all forms share, and the forms that need no articles.

A form of column is drawn by the function registered for it; apps above this one register theirs in `AppConfig.ready`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from menhu.core.frames import ColumnTags, Frame, Head, Link
from menhu.core.jinja import PageContext
from menhu.delivery.sources import reads, remembered
from menhu.sites import contexts, tags
from menhu.sites.contexts import ColumnNotes
from menhu.sites.enums import ColumnForm, SiteKind
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, at, is_outer
from menhu.sites.public.framing import column_link, column_url, crumbs, frame_for
from menhu.units.enums import UnitKind
from menhu.units.models import Leader, Unit

CHAIN = "parent__parent__parent"


@dataclass(frozen=True, slots=True)
class ColumnParts:
    """What every column page is made of."""

    site: Site
    column: Column
    chain: tuple[Column, ...]
    children: tuple[Column, ...]
    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    siblings: tuple[Link, ...]
    notes: ColumnNotes


def column_at(site: Site, path: str) -> Column | None:
    """The public column at a path of the site, with its owner and the columns above it."""
    return remembered(("column", site.pk, path), lambda: columns_at([(site.pk, path)]).get((site.pk, path)))


def columns_at(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Column]:
    """Public columns by site and path, each as `column_at` gives it: one query."""
    paths: dict[int, list[str]] = {}
    for site_id, path in places:
        paths.setdefault(site_id, []).append(path)
    wanted = Q(pk__in=[])
    for site_id, of_site in paths.items():
        wanted |= Q(site_id=site_id, path__in=of_site)
    rows = Column.objects.public().filter(wanted).select_related("site__unit", "owner", "kind", CHAIN)
    return {(row.site_id, row.path): row for row in rows}


def chain_of(column: Column) -> tuple[Column, ...]:
    """The column and those above it, from the top; no query after `select_related(CHAIN)`."""
    found = [column]
    while found[-1].parent_id is not None and found[-1].parent is not None:
        found.append(found[-1].parent)
    return tuple(reversed(found))


def column_parts(site: Site, column: Column) -> ColumnParts:
    """Everything around the content of a column page: two queries besides the frame's."""
    chain = chain_of(column)
    reads(tags.columns(site.pk), *(tags.column(step.pk) for step in chain))
    children = _children(site, column.pk)
    beside = _children(site, column.parent_id) if column.parent_id and not children else ()
    return ColumnParts(
        site=site,
        column=column,
        chain=chain,
        children=children,
        frame=frame_for(site),
        head=column_head(site, column, chain),
        crumbs=crumbs(site, chain),
        siblings=tuple(column_link(site, other, current=column) for other in children or beside),
        notes=_notes(column),
    )


def column_head(site: Site, column: Column, chain: tuple[Column, ...]) -> Head:
    """Title, META tags and breadcrumb data of a column page."""
    url = absolute(site, column.path)
    return Head(
        title=column.name,
        url=url,
        path=at(site, column.path).path,
        section=column_url(site, chain[0]),
        column=column_tags(column),
        structured={
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "name": column.name,
            "url": url,
            "inLanguage": "zh-Hans",
            "isPartOf": {"@type": "WebSite", "name": site.name, "url": absolute(site, "/")},
        },
    )


def column_tags(column: Column) -> ColumnTags:
    """Column tags of the META norm; a column without its own words is described by its name, kind and owner."""
    told = _("%(name)s栏目，由%(owner)s负责。") % {"name": column.name, "owner": column.owner.name}
    return ColumnTags(
        name=column.name,
        kind=column.kind.name,
        description=column.description or told,
        keywords=column.keywords or column.name,
    )


def feed_link(site: Site, column: Column) -> Link:
    return Link(label=f"{column.name} - {site.name}", url=f"{site.prefix}{column.path}rss.xml")


def with_feed(parts: ColumnParts) -> ColumnParts:
    """The parts of a column that has a feed."""
    feed = feed_link(parts.site, parts.column)
    head, notes = replace(parts.head, feeds=(feed,)), replace(parts.notes, feed_url=feed.url)
    return replace(parts, head=head, notes=notes)


def _children(site: Site, parent_id: int | None) -> tuple[Column, ...]:
    rows = site.columns.public().filter(parent_id=parent_id).in_order()
    return remembered(("children", site.pk, parent_id), lambda: tuple(rows))


def _notes(column: Column) -> ColumnNotes:
    updated = localdate(column.updated_at) if column.updated_at else None
    return ColumnNotes(updated_on=updated, owner=column.owner.short_name)


def leaders_page(site: Site, column: Column) -> contexts.LeadersPage:
    """The leaders of the column's owner; on the portal the county's first."""
    parts = column_parts(site, column)
    groups = tuple(
        contexts.LeaderGroup(title=unit.name, leaders=tuple(found)) for unit, found in _leaders_by_unit(site, column)
    )
    return contexts.LeadersPage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        siblings=parts.siblings,
        groups=groups,
        notes=parts.notes,
    )


def _leaders_by_unit(site: Site, column: Column) -> list[tuple[Unit, list[contexts.Leader]]]:
    county = Unit.objects.active().filter(kind=UnitKind.COUNTY) if site.kind == SiteKind.PORTAL else Unit.objects.none()
    units = [*county.in_order(), column.owner]
    reads(*(tags.leaders(unit.pk) for unit in units))
    found: dict[int, list[contexts.Leader]] = {unit.pk: [] for unit in units}
    for row in Leader.objects.filter(unit__in=found, is_public=True).order_by("position", "pk"):
        shown = contexts.Leader(name=row.name, post=row.title, duties=row.duties, anchor=f"leader-{row.pk}")
        found[row.unit_id].append(shown)
    by_unit = {unit.pk: unit for unit in units}
    return [(by_unit[pk], leaders) for pk, leaders in found.items() if leaders]


def link_page(site: Site, column: Column) -> contexts.LinkPage:
    """Where the column leads, said before anybody leaves."""
    parts = column_parts(site, column)
    return contexts.LinkPage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        siblings=parts.siblings,
        target=Link(label=column.name, url=column.link or f"{site.prefix}/", is_outer=is_outer(column.link)),
        text=column.description,
    )


Draw = Callable[[Site, Column], PageContext | None]
_forms: dict[str, Draw] = {ColumnForm.LEADERS: leaders_page, ColumnForm.LINK: link_page}


def register_form(form: ColumnForm, draw: Draw) -> None:
    """Called in `AppConfig.ready` of the app that knows what stands in columns of this form."""
    _forms[form] = draw


def column_page(site: Site, column: Column) -> PageContext | None:
    """The head page of a column by its form; None for a form that nobody draws."""
    draw = _forms.get(column.form)
    return draw(site, column) if draw else None
