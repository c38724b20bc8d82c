"""Pages that every site has, whatever its columns: list of sites, site map, statements, errors."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from menhu.core.frames import Link
from menhu.delivery.sources import reads
from menhu.sites import contexts, tags
from menhu.sites.contexts import Branch, DirectoryEntry, DirectoryGroup, ErrorKind
from menhu.sites.enums import SiteKind, SiteState
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, at, seen_from
from menhu.sites.public.framing import column_link, crumbs, frame_for, home_url, plain_head
from menhu.sites.style_guide import style_guide_page
from menhu.units.enums import UnitKind
from menhu.units.models import Unit


def site_list_page(site: Site) -> contexts.SiteListPage:
    """All units by group, each with its site or the word that it has none yet (the build-out is public)."""
    reads(tags.directory())
    title = _("网站名录")
    return contexts.SiteListPage(
        frame=frame_for(site),
        head=plain_head(site, title, "/sites/", description=_("%(name)s各单位网站") % {"name": site.name}),
        crumbs=crumbs(site, last=title),
        groups=_directory(site),
        lead=_("各单位的网站都在这里，按单位类别排列。"),
    )


def _directory(here: Site) -> tuple[DirectoryGroup, ...]:
    """Two queries: groups and units in the order of the tree, and the sites that are open."""
    open_sites = {site.unit_id: site for site in Site.objects.filter(kind=SiteKind.UNIT, state=SiteState.OPEN)}
    units = list(Unit.objects.active().in_order())
    groups = {unit.pk: unit for unit in units if unit.kind == UnitKind.GROUP}
    members: dict[int, list[DirectoryEntry]] = {pk: [] for pk in groups}
    for unit in units:
        if unit.parent_id in members and unit.kind != UnitKind.GROUP:
            site = open_sites.get(unit.pk)
            url = seen_from(here, site, "/") if site else ""
            members[unit.parent_id].append(DirectoryEntry(name=unit.name, url=url))
    return tuple(
        DirectoryGroup(title=groups[pk].name, anchor=groups[pk].slug, entries=tuple(entries))
        for pk, entries in members.items()
        if entries
    )


def site_map_page(site: Site) -> contexts.SiteMapPage:
    """All public columns of a site as a tree: one query."""
    reads(tags.columns(site.pk))
    title = _("网站地图")
    rows = list(site.columns.public().in_order())
    below: dict[int | None, list[Column]] = {}
    for column in rows:
        below.setdefault(column.parent_id, []).append(column)
    return contexts.SiteMapPage(
        frame=frame_for(site),
        head=plain_head(site, title, "/map/", description=_("%(name)s全部栏目") % {"name": site.name}),
        crumbs=crumbs(site, last=title),
        sections=tuple(_branch(site, column, below) for column in below.get(None, [])),
        services=_services(site),
    )


def _branch(site: Site, column: Column, below: Mapping[int | None, list[Column]]) -> Branch:
    children = tuple(_branch(site, child, below) for child in below.get(column.pk, []))
    return Branch(link=column_link(site, column), children=children)


def _services(site: Site) -> tuple[Link, ...]:
    named = ((_("无障碍声明"), "accessibility"), (_("隐私说明"), "privacy"))
    return tuple(Link(label=label, url=f"{site.prefix}/{name}/") for label, name in named)


def accessibility_page(site: Site) -> contexts.AccessibilityPage:
    title = _("无障碍声明")
    return contexts.AccessibilityPage(
        frame=frame_for(site), head=plain_head(site, title, "/accessibility/"), crumbs=crumbs(site, last=title)
    )


def privacy_page(site: Site) -> contexts.PrivacyPage:
    title = _("隐私说明")
    return contexts.PrivacyPage(
        frame=frame_for(site), head=plain_head(site, title, "/privacy/"), crumbs=crumbs(site, last=title)
    )


def style_guide(site: Site) -> contexts.StyleGuidePage:
    path = "/style-guide/"
    return style_guide_page(frame_for(site), url=absolute(site, path), path=at(site, path).path)


def error_page(site: Site, kind: ErrorKind) -> contexts.ErrorPage:
    """A page for when something is not there, in the frame of the site."""
    titles: dict[ErrorKind, str] = {
        "404": _("没有找到这个页面"),
        "410": _("这个页面已经撤下"),
        "500": _("网站暂时出了问题"),
        "maintenance": _("网站正在维护"),
    }
    frame = frame_for(site)
    exits = (Link(label=_("回到首页"), url=home_url(site)), Link(label=_("网站地图"), url=f"{site.prefix}/map/"))
    return contexts.ErrorPage(
        frame=frame,
        head=replace(plain_head(site, titles[kind], f"/{kind}.html", is_indexed=False), path=""),
        kind=kind,
        phones=frame.footer.phones,
        exits=exits if kind in {"404", "410"} else (),
    )


def robots(site: Site) -> str:
    """What search engines may fetch: everything that is public."""
    return f"User-agent: *\nDisallow: /office/\nSitemap: {absolute(site, '/sitemap.xml')}\n"


Page = (
    contexts.SiteListPage
    | contexts.SiteMapPage
    | contexts.AccessibilityPage
    | contexts.PrivacyPage
    | contexts.StyleGuidePage
    | contexts.ErrorPage
)
EVERY_SITE: Final[Mapping[str, Callable[[Site], Page]]] = {
    "/map/": site_map_page,
    "/accessibility/": accessibility_page,
    "/privacy/": privacy_page,
}
EVERY_HOST: Final[Mapping[str, Callable[[Site], Page]]] = {
    "/404.html": lambda site: error_page(site, "404"),
    "/410.html": lambda site: error_page(site, "410"),
    "/500.html": lambda site: error_page(site, "500"),
    "/maintenance.html": lambda site: error_page(site, "maintenance"),
}
PORTAL: Final[Mapping[str, Callable[[Site], Page]]] = {
    "/sites/": site_list_page,
    "/style-guide/": style_guide,
}
