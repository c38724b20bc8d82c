"""Sitemaps: an index for each site, one part for its pages and one for each month of articles."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from django.utils.timezone import localtime

from menhu.articles import tags
from menhu.articles.contexts import SitemapEntry, SitemapFile, SitemapIndex
from menhu.articles.models import ArticleAddress
from menhu.delivery.sources import reads
from menhu.sites import tags as site_tags
from menhu.sites.models import Site
from menhu.sites.public.addresses import absolute, origin

FIXED: Final = ("/", "/map/", "/accessibility/", "/privacy/")


def sitemap_index(site: Site) -> SitemapIndex:
    """The parts of a site's sitemap: its pages, then its months, newest first."""
    reads(site_tags.site(site.pk), tags.sitemap_months(site.pk))
    names = ["pages", *sorted(sitemap_months(site), reverse=True)]
    return SitemapIndex(entries=tuple(SitemapEntry(url=absolute(site, f"/sitemap-{name}.xml")) for name in names))


def sitemap_months(site: Site) -> Iterator[str]:
    """The months in which articles of the site came into being ("2026-06"): one query over the site's addresses."""
    start = len(site.prefix) + 2
    rows = ArticleAddress.objects.filter(site=site).annotate(month=Substr("path", start, 7)).values_list("month")
    for (month,) in rows.distinct().order_by("month"):
        yield str(month).replace("/", "-")


def sitemap_pages(site: Site) -> SitemapFile:
    """The pages of a site that are no articles."""
    reads(site_tags.site(site.pk), site_tags.columns(site.pk), tags.news(site.pk))
    columns = [
        SitemapEntry(url=absolute(site, column.path), changed_at=_local(column.updated_at))
        for column in site.columns.public().in_order()
    ]
    return SitemapFile(entries=(*(SitemapEntry(url=absolute(site, path)) for path in FIXED), *columns))


def sitemap_month(site: Site, month: str) -> SitemapFile | None:
    """The articles of one month that stand without a notice; None for a month that cannot be."""
    if not _is_month(month):
        return None
    reads(site_tags.site(site.pk), tags.sitemap(site.pk, month))
    rows = ArticleAddress.objects.filter(_below(f"{site.prefix}/{month[:4]}/{month[5:]}/"), host=site.host, site=site)
    standing = rows.filter(article__live=True, article__retracted_at__isnull=True, article__withdrawn_at__isnull=True)
    # By length first: the addresses of a month end in a number.
    found = standing.annotate(changed_at=F("article__last_published_at")).order_by(Length("path"), "path")
    entries = tuple(
        SitemapEntry(url=f"{origin(site)}{path}", changed_at=_local(changed_at))
        for path, changed_at in found.values_list("path", "changed_at")
    )
    return SitemapFile(entries=entries) if entries else None


def _below(start: str) -> Q:
    """Paths that start so, by the index: SQLite's LIKE uses none, and PostgreSQL may order by words, not by bytes."""
    if connection.vendor == "sqlite":
        return Q(path__gte=start, path__lt=f"{start[:-1]}0")
    return Q(path__startswith=start)


def _is_month(month: str) -> bool:
    try:
        date.fromisoformat(f"{month}-01")
    except ValueError:
        return False
    return len(month) == 7


def _local(moment: datetime | None) -> datetime | None:
    return localtime(moment) if moment else None
