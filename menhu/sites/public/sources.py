"""The public pages of sites as sources of delivery."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.conf import settings

from menhu.core.jinja import PageContext, render_bytes
from menhu.delivery.querysets import at_addresses
from menhu.delivery.sources import Address, Rendered, foreseen, reads, register
from menhu.sites import blocks, tags
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column, Redirect, Site
from menhu.sites.public import own_blocks, pages
from menhu.sites.public.addresses import at, numbers, relative, site_at
from menhu.sites.public.columns import column_page, columns_at
from menhu.sites.public.homes import home_page

ROBOTS = "/robots.txt"


class SitePages:
    """Home, site map, statements; on each host the error pages; on the portal the list of sites and the style guide."""

    name = "sites"

    def addresses(self) -> Iterator[Address]:
        for site in Site.objects.open().order_by("pk").iterator(chunk_size=500):
            yield from _pages_of(site)

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        """Those of a site that opened, moved or was named anew."""
        opened = numbers(changed, "site") + numbers(changed, "home")
        for site in Site.objects.open().filter(pk__in=opened).order_by("pk"):
            yield from _pages_of(site)

    def render(self, address: Address) -> Rendered | None:
        site = site_at(address)
        if site is None:
            return None
        path = relative(site, address)
        if not path:
            return _with_slash(address)
        if path == "/":
            return _drawn(home_page(site))
        if path == ROBOTS and not site.prefix:
            reads(tags.site(site.pk))
            return Rendered(pages.robots(site).encode(), "text/plain; charset=utf-8")
        draw = _drawers(site).get(path)
        return _drawn(draw(site)) if draw else None


class ColumnPages:
    """The head page of each column."""

    name = "columns"

    def addresses(self) -> Iterator[Address]:
        rows = Column.objects.public().filter(site__in=Site.objects.open()).select_related("site").order_by("pk")
        for column in rows.iterator(chunk_size=500):
            yield at(column.site, column.path)

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        """Columns that are new, shown again, or of a site that opened."""
        of_sites = numbers(changed, "columns") + numbers(changed, "site")
        rows = Column.objects.public().filter(pk__in=numbers(changed, "column"))
        rows = rows | Column.objects.public().filter(site_id__in=of_sites)
        for column in rows.select_related("site").order_by("pk"):
            yield at(column.site, column.path)

    def foresee(self, addresses: Sequence[Address]) -> dict[Address, Column | None]:
        wanted = {a: (site.pk, _with_end(relative(site, a))) for a in addresses if _is_page(a) and (site := site_at(a))}
        found = columns_at(wanted.values())
        return {address: found.get(wanted[address]) if address in wanted else None for address in addresses}

    def render(self, address: Address) -> Rendered | None:
        column = foreseen(self, address)
        if column is None:
            return None
        if not address.path.endswith("/"):
            return _with_slash(address)
        page = column_page(column.site, column)
        return _drawn(page) if page else None


class Redirects:
    """Addresses that once were elsewhere. They are answered, not written: a redirect is no file."""

    name = "redirects"

    def addresses(self) -> Iterator[Address]:
        return iter(())

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        return ()

    def foresee(self, addresses: Sequence[Address]) -> dict[Address, str | None]:
        rows = Redirect.objects.filter(at_addresses(addresses)).values_list("host", "path", "target")
        targets = {Address(host, path): target for host, path, target in rows}
        return {address: targets.get(address) for address in addresses}

    def render(self, address: Address) -> Rendered | None:
        target = foreseen(self, address)
        return Rendered(b"", status=301, location=target) if target else None


def gone_page(address: Address) -> Rendered:
    """The answer for something that was public once and is no more."""
    site = site_at(address)
    body = render_bytes(pages.error_page(site, "410")) if site else b""
    return Rendered(body, status=410)


def register_all() -> None:
    """Called in `AppConfig.ready`."""
    for kind in own_blocks.KINDS:
        blocks.register(kind)
    register(SitePages())
    register(ColumnPages())
    register(Redirects())


def _is_page(address: Address) -> bool:
    """A page, or one whose last slash was left out; no file."""
    return "." not in address.path.rpartition("/")[2]


def _with_end(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _with_slash(address: Address) -> Rendered:
    return Rendered(b"", status=301, location=f"{address.path}/")


def _drawn(page: PageContext) -> Rendered:
    return Rendered(render_bytes(page))


def _drawers(site: Site) -> dict[str, Callable[[Site], pages.Page]]:
    found = dict(pages.EVERY_SITE)
    if not site.prefix:
        found |= pages.EVERY_HOST
    if site.kind == SiteKind.PORTAL and site.host == settings.PUBLIC_HOST:
        found |= pages.PORTAL
    return found


def _pages_of(site: Site) -> Iterator[Address]:
    paths = ["/", *_drawers(site)]
    yield from (at(site, path) for path in sorted(paths if site.prefix else [*paths, ROBOTS]))
