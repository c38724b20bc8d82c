"""The frame and the head of public pages, from the rows of sites, columns and units."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from menhu.core.frames import Banner, Footer, Frame, Head, Link, Phone, SearchBox, SiteTags
from menhu.delivery.sources import reads, remembered
from menhu.sites import models, tags
from menhu.sites.enums import ColumnForm, SiteKind
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, at, is_outer, seen_from
from menhu.sites.reporting import report_url

ICP_URL = "https://beian.miit.gov.cn/"
POLICE_URL = "https://beian.mps.gov.cn/"
SERVICE_LINE = "12345"
SECTIONS = 8
BANNERS = 2


def frame_for(site: Site) -> Frame:
    """The frame of all pages of a site, read under the site's own tag."""
    return remembered(("frame", site.pk), lambda: _frame(site))


def _frame(site: Site) -> Frame:
    """Three queries at most, and what it takes to know where errors are reported."""
    portal = _portal_of(site)
    reads(tags.site(site.pk), tags.unit(site.unit_id), *([tags.site(portal.pk)] if portal else []))
    return Frame(
        site=SiteTags(name=site.name, domain=site.host, code=_code(site, portal)),
        region=_region(site, portal),
        home_url=home_url(site),
        footer=_footer(site, portal),
        sections=_sections(site),
        upper=_upper(site, portal),
        accessibility_url=f"{site.prefix}/accessibility/",
        palette="red" if site.palette == "red" else "blue",
        hotline=next(iter(_site_phone(site)), None),
        banners=_banners(site),
        is_mourning=site.is_mourning,
        search=SearchBox(action=f"{site.prefix}/search/", placeholder=_("搜政策、公告、新闻")),
        report_url=report_url(site),
    )


def home_url(site: Site) -> str:
    return f"{site.prefix}/"


def column_url(site: Site, column: Column) -> str:
    """Where a column is from within its site: a link that stays on our own pages is followed at once."""
    if column.form == ColumnForm.LINK and column.link.startswith("/"):
        return column.link
    return f"{site.prefix}{column.path}"


def column_link(site: Site, column: Column, *, current: Column | None = None) -> Link:
    return Link(label=column.name, url=column_url(site, column), is_current=column == current)


def crumbs(site: Site, columns: Sequence[Column] = (), last: str = "") -> tuple[Link, ...]:
    """The way from the home page; the last word is the page itself and no link."""
    way = [Link(label=_("首页"), url=home_url(site)), *(column_link(site, column) for column in columns)]
    return (*way, Link(label=last, url="")) if last else tuple(way)


def plain_head(site: Site, title: str, path: str, *, description: str = "", is_indexed: bool = True) -> Head:
    """The head of a page that belongs to no column."""
    url, here = absolute(site, path), at(site, path).path
    return Head(title=title, url=url, path=here, description=description, is_indexed=is_indexed)


def _portal_of(site: Site) -> Site | None:
    """The portal that a unit's site belongs to; none for a portal itself."""
    if site.kind == SiteKind.PORTAL:
        return None
    return Site.objects.open().portals().order_by("pk").first()


def _code(site: Site, portal: Site | None) -> str:
    """A unit's site is a part of the portal and goes by the portal's code unless it has one of its own."""
    return site.site_code or (portal.site_code if portal else "") or _("尚未取得")


def _region(site: Site, portal: Site | None) -> str:
    return _("%(name)s部门网站") % {"name": portal.name} if portal else site.region


def _sections(site: Site) -> tuple[Link, ...]:
    rows = site.columns.public().filter(is_section=True).in_order()[:SECTIONS]
    return tuple(column_link(site, column) for column in rows)


def _banners(site: Site) -> tuple[Banner, ...]:
    """Notices for all sites first, newest first; the clock takes down those that have ended."""
    shown = models.Banner.objects.filter(Q(site__isnull=True) | Q(site=site), is_shown=True)
    found = sorted(shown, key=lambda banner: (banner.site_id is not None, -banner.pk))[:BANNERS]
    return tuple(Banner(text=banner.text, url=banner.link) for banner in found)


def _footer(site: Site, portal: Site | None) -> Footer:
    owner = portal or site
    return Footer(
        organiser=site.organiser or site.unit.name,
        operator=site.contractor,
        phones=_phones(site),
        address=site.unit.address,
        about=_about(site),
        related=(Link(label=_("网站名录"), url=seen_from(site, owner, "/sites/")), *_named(site.related_links)),
        icp=_filing(site.icp_number or owner.icp_number, ICP_URL),
        police=_filing(site.police_number or owner.police_number, POLICE_URL),
    )


def _upper(site: Site, portal: Site | None) -> tuple[Link, ...]:
    """The portal comes first on a unit's site, then the sites above that the webmaster named."""
    first = (Link(label=portal.name, url=seen_from(site, portal, "/")),) if portal else ()
    return first + _named(site.upper_links)


def _named(rows: object) -> tuple[Link, ...]:
    """Links kept as [{"name", "url"}]; rows of another shape are left out."""
    if not isinstance(rows, list):
        return ()
    named = [row for row in rows if isinstance(row, dict)]
    pairs = [(str(row.get("name") or row.get("label") or ""), str(row.get("url", ""))) for row in named]
    return tuple(Link(label=label, url=url, is_outer=is_outer(url)) for label, url in pairs if label and url)


def _about(site: Site) -> tuple[Link, ...]:
    named = ((_("网站地图"), "map"), (_("无障碍声明"), "accessibility"), (_("隐私说明"), "privacy"))
    about = tuple(Link(label=label, url=f"{site.prefix}/{name}/") for label, name in named)
    return (*about, Link(label=_("我的账户"), url="/my/"))


def _site_phone(site: Site) -> tuple[Phone, ...]:
    """The number that the site names, with what answers there: 12345 is the same service in the whole country."""
    if not site.phone:
        return ()
    note = _("政务服务便民热线") if site.phone == SERVICE_LINE else _("网站联系电话")
    return (Phone(number=site.phone, note=note),)


def _phones(site: Site) -> tuple[Phone, ...]:
    unit = site.unit
    unit_phone = (Phone(number=unit.phone, note=unit.office_hours or unit.name),) if unit.phone else ()
    return _site_phone(site) + (unit_phone if unit.phone != site.phone else ())


def _filing(number: str, url: str) -> Link | None:
    return Link(label=number, url=url) if number else None
