"""The public pages of articles as sources of delivery."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from menhu.articles import tags as article_tags
from menhu.articles.contexts import SitemapFile, SitemapIndex
from menhu.articles.models import ArticleAddress, Bucket
from menhu.articles.public import blocks, columns, feeds, sitemaps
from menhu.articles.public.articles import article_page
from menhu.articles.public.parts import ArticleParts, parts_at
from menhu.core.cursors import row_numbers
from menhu.core.jinja import PageContext, render_bytes
from menhu.delivery.sources import Address, Rendered, foreseen, reads, register
from menhu.sites import blocks as home_blocks
from menhu.sites.enums import ColumnForm, SiteState
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import at, numbers, relative, site_at
from menhu.sites.public.columns import column_at, register_form
from menhu.sites.public.sources import gone_page
from menhu.sites.querysets import ColumnQuerySet

RSS: Final = "application/rss+xml; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
ARTICLE: Final = re.compile(r"(?:/[^/]+)?/\d{4}/\d{2}/\d+/")
MONTH: Final = re.compile(r"(.*/)(\d{4}-\d{2}(?:-\d+)?)/")
SITEMAP: Final = re.compile(r"(?:/[^/]+)?/sitemap(?:-(pages|\d{4}-\d{2}))?\.xml")
CHUNK: Final = 500


class ArticlePages:
    """One page for each address of each article; 410 once it was taken away."""

    name = "articles"

    def addresses(self) -> Iterator[Address]:
        rows = ArticleAddress.objects.filter(article__live=True, article__retracted_at__isnull=True).order_by("pk")
        for host, path in rows.values_list("host", "path").iterator(chunk_size=CHUNK):
            yield Address(host, path)

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        rows = ArticleAddress.objects.filter(article_id__in=numbers(changed, "article")).order_by("pk")
        for host, path in rows.values_list("host", "path"):
            yield Address(host, path)

    def foresee(self, addresses: Sequence[Address]) -> dict[Address, ArticleParts | None]:
        found = parts_at(address for address in addresses if ARTICLE.fullmatch(address.path))
        return {address: found.get(address) for address in addresses}

    def render(self, address: Address) -> Rendered | None:
        parts = foreseen(self, address)
        if parts is None:
            return None
        if parts.article.is_public:
            return _page(article_page(parts))
        reads(article_tags.article(parts.article.pk))
        return gone_page(address)


class MonthPages:
    """The archive pages of columns."""

    name = "months"

    def addresses(self) -> Iterator[Address]:
        public = Column.objects.public().filter(site__state=SiteState.OPEN)
        rows = Bucket.objects.filter(column__in=public).select_related("column__site").order_by("pk")
        for bucket in rows.iterator(chunk_size=CHUNK):
            yield _month(bucket)

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        """The months of columns whose archive changed, or that came into sight."""
        ids = numbers(changed, "archive") + numbers(changed, "column")
        for bucket in Bucket.objects.filter(column_id__in=ids).select_related("column__site").order_by("pk"):
            yield _month(bucket)

    def render(self, address: Address) -> Rendered | None:
        found = MONTH.fullmatch(address.path)
        site = site_at(address) if found else None
        column = column_at(site, found[1][len(site.prefix) :]) if site and found else None
        page = columns.month_page(site, column, found[2]) if site and column and found else None
        return _page(page) if page else None


class Feeds:
    """RSS of each list column and of each site."""

    name = "feeds"

    def addresses(self) -> Iterator[Address]:
        for site in Site.objects.open().order_by("pk").iterator(chunk_size=CHUNK):
            yield at(site, f"/{feeds.FEED}")
        yield from self._of(Column.objects.filter(site__state=SiteState.OPEN))

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        for site in Site.objects.open().filter(pk__in=numbers(changed, "site")).order_by("pk"):
            yield at(site, f"/{feeds.FEED}")
        yield from self._of(Column.objects.filter(pk__in=numbers(changed, "column")))
        yield from self._of(Column.objects.filter(site_id__in=numbers(changed, "columns") + numbers(changed, "site")))

    def _of(self, rows: ColumnQuerySet) -> Iterator[Address]:
        found = rows.public().filter(form__in=feeds.FEED_FORMS).select_related("site").order_by("pk")
        for column in found.iterator(chunk_size=CHUNK):
            yield at(column.site, f"{column.path}{feeds.FEED}")

    def render(self, address: Address) -> Rendered | None:
        if not address.path.endswith(f"/{feeds.FEED}"):
            return None
        site = site_at(address)
        if site is None:
            return None
        path = relative(site, address).removesuffix(feeds.FEED)
        if path == "/":
            return _page(feeds.site_feed(site), RSS)
        column = column_at(site, path)
        if column is None or column.form not in feeds.FEED_FORMS:
            return None
        return _page(feeds.column_feed(site, column), RSS)


class Sitemaps:
    """The index, the pages and the months of each site."""

    name = "sitemaps"

    def addresses(self) -> Iterator[Address]:
        for site in Site.objects.open().order_by("pk"):
            yield from _fixed_sitemaps(site)
            yield from (at(site, f"/sitemap-{month}.xml") for month in sitemaps.sitemap_months(site))

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        months = dict.fromkeys(tag.split(":", 2)[1] for tag in changed if tag.startswith("sitemap:"))
        ids = row_numbers(months)
        for site in Site.objects.open().filter(pk__in={*ids, *numbers(changed, "site")}).order_by("pk"):
            yield from _fixed_sitemaps(site)
            yield from (
                at(site, f"/sitemap-{tag.split(':', 2)[2]}.xml")
                for tag in sorted(changed)
                if tag.startswith(f"sitemap:{site.pk}:")
            )

    def render(self, address: Address) -> Rendered | None:
        found = SITEMAP.fullmatch(address.path)
        site = site_at(address) if found else None
        if site is None or found is None or relative(site, address) != f"/{address.path.rpartition('/')[2]}":
            return None
        page = self._part(site, found[1])
        return _page(page, XML) if page else None

    def _part(self, site: Site, name: str | None) -> SitemapFile | SitemapIndex | None:
        if name is None:
            return sitemaps.sitemap_index(site)
        return sitemaps.sitemap_pages(site) if name == "pages" else sitemaps.sitemap_month(site, name)


def register_all() -> None:
    """Called in `AppConfig.ready`."""
    for kind in blocks.KINDS:
        home_blocks.register(kind)
    register_form(ColumnForm.LIST, columns.list_page)
    register_form(ColumnForm.TOPIC, columns.topic_page)
    register_form(ColumnForm.SINGLE, columns.single_page)
    for source in (ArticlePages(), MonthPages(), Feeds(), Sitemaps()):
        register(source)


def _page(page: PageContext, content_type: str = "text/html; charset=utf-8") -> Rendered:
    return Rendered(render_bytes(page), content_type)


def _month(bucket: Bucket) -> Address:
    return at(bucket.column.site, f"{bucket.column.path}{bucket.name}/")


def _fixed_sitemaps(site: Site) -> Iterator[Address]:
    yield at(site, "/sitemap.xml")
    yield at(site, "/sitemap-pages.xml")
