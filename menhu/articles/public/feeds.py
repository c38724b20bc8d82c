"""RSS of columns and of whole sites."""

from collections.abc import Sequence
from typing import Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from menhu.articles import tags as article_tags
from menhu.articles.contexts import FeedItem, FeedPage
from menhu.articles.public import lists
from menhu.delivery.sources import reads
from menhu.sites import tags
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, origin

FEED_ITEMS: Final = 20
WATCHED_COLUMNS: Final = 40
FEED_FORMS: Final = frozenset({ColumnForm.LIST, ColumnForm.TOPIC})
FEED: Final = "rss.xml"


def column_feed(site: Site, column: Column) -> FeedPage:
    """The newest items of a column."""
    reads(tags.site(site.pk), tags.column(column.pk))
    told = _("%(site)s“%(column)s”栏目的最新信息") % {"site": site.name, "column": column.name}
    return FeedPage(
        title=f"{column.name} - {site.name}",
        url=absolute(site, column.path),
        self_url=absolute(site, f"{column.path}{FEED}"),
        description=column.description or told,
        items=_items(site, lists.newest(site, column, FEED_ITEMS), {column.pk: column.name}),
    )


def site_feed(site: Site) -> FeedPage:
    """The newest items of a site: of its most lately updated columns, which hold the newest of all."""
    reads(tags.site(site.pk), tags.columns(site.pk), article_tags.news(site.pk))
    rows = site.columns.public().filter(form__in=FEED_FORMS)
    columns = sorted(rows, key=lambda column: (column.updated_at is None, _age(column), column.pk))[:WATCHED_COLUMNS]
    found = lists.newest_of_each(site, columns, FEED_ITEMS)
    once = {line.article_id: line for members in found.values() for line in members}
    newest = sorted(once.values(), key=lambda line: (line.published_at, line.article_id), reverse=True)[:FEED_ITEMS]
    return FeedPage(
        title=site.name,
        url=absolute(site, "/"),
        self_url=absolute(site, f"/{FEED}"),
        description=site.introduction or _("%(site)s最新信息") % {"site": site.name},
        items=_items(site, newest, {column.pk: column.name for column in columns}),
    )


def _age(column: Column) -> float:
    return -column.updated_at.timestamp() if column.updated_at else 0.0


def _items(site: Site, lines: Sequence[lists.Listed], names: dict[int, str]) -> tuple[FeedItem, ...]:
    return tuple(
        FeedItem(
            title=line.title,
            url=f"{origin(site)}{line.url}",
            published_at=localtime(line.published_at),
            summary=line.summary,
            author=line.source,
            category=names[line.column_id],
        )
        for line in lines
    )
