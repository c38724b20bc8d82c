"""Dated lists of articles as a site shows them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from menhu.articles import tags
from menhu.articles.enums import Validity
from menhu.articles.models import ArticleAddress, Placement
from menhu.core.frames import Entry
from menhu.core.portions import portions
from menhu.delivery.sources import reads
from menhu.sites import tags as site_tags
from menhu.sites.models import Column, Site

_FIELDS = {
    "placement_id": F("pk"),
    "title": F("article__title"),
    "source": F("article__source"),
    "validity": F("article__validity"),
    "summary": F("article__summary"),
}
_MARKED = frozenset({Validity.AMENDED, Validity.REPEALED, Validity.LAPSED})
_OLDER, _NEWER = 0, 1
_AT_ONCE: Final = 100
_BESIDE: Final = {
    side: (
        f"SELECT CAST(%s AS bigint) AS place, {side} AS side, id FROM {Placement._meta.db_table} "  # noqa: S608
        f"WHERE is_listed AND column_id = %s AND (published_at, id) {sign} (%s, %s) "
        f"ORDER BY published_at {order}, id {order} LIMIT 1"
    )
    for side, sign, order in ((_OLDER, "<", "DESC"), (_NEWER, ">", "ASC"))
}
"""One index probe; the ORM would take longer to write each of the many questions than the database to answer it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list, with what feeds and headlines want besides."""

    placement_id: int
    article_id: int
    column_id: int
    title: str
    url: str
    published_at: datetime
    source: str
    summary: str
    validity: str
    is_pinned: bool

    @property
    def on(self) -> date:
        return localdate(self.published_at)

    def entry(self, *, with_source: bool = False) -> Entry:
        """The line as a list shows it; a document that is not in force as it stands says so."""
        mark = str(Validity(self.validity).label) if self.validity in _MARKED else ""
        source = self.source if with_source else ""
        return Entry(title=self.title, url=self.url, on=self.on, by=source, tag=mark, is_pinned=self.is_pinned)


Beside = tuple[Listed | None, Listed | None]
"""(older, newer)"""
NOBODY: Final[Beside] = (None, None)


def entries(lines: Iterable[Listed], *, with_source: bool = False) -> tuple[Entry, ...]:
    return tuple(line.entry(with_source=with_source) for line in lines)


def newest(site: Site, column: Column, count: int) -> list[Listed]:
    """The newest lines of a column: one query on the list's index."""
    reads(site_tags.column_list(column.pk))
    return lines(site, Placement.objects.listed().filter(column=column).newest_first()[:count])


def pinned(site: Site, column: Column, count: int) -> list[Listed]:
    """The lines that are kept at the head of a column: one query on their own index."""
    reads(site_tags.column_list(column.pk))
    rows = Placement.objects.listed().filter(column=column, is_pinned=True).newest_first()
    return lines(site, rows[:count])


def of_bucket(site: Site, column: Column, bucket: str) -> list[Listed]:
    """All lines of one month page: one query on the bucket's index."""
    reads(site_tags.column_bucket(column.pk, bucket))
    return lines(site, Placement.objects.listed().filter(column=column, bucket=bucket).newest_first())


def newest_of_each(site: Site, columns: Sequence[Column], count: int) -> dict[int, list[Listed]]:
    """The newest lines of several columns, by column: two queries, however many columns."""
    reads(*(site_tags.column_list(column.pk) for column in columns))
    keys = _newest_keys([column.pk for column in columns], count)
    found: dict[int, list[Listed]] = {column.pk: [] for column in columns}
    for line in lines(site, Placement.objects.filter(pk__in=keys).newest_first()):
        found[line.column_id].append(line)
    return found


def _newest_keys(column_ids: Sequence[int], count: int) -> list[int]:
    """Keys of the newest placements of each column, each part read from the list's index.

    A union of limited queries is not to be had from the ORM on SQLite, and a window function would read whole lists.
    """
    if not column_ids:
        return []
    parts = [
        Placement.objects.listed().filter(column_id=pk).newest_first().values("pk")[:count].query.sql_with_params()
        for pk in column_ids
    ]
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{place}" for place, (sql, _) in enumerate(parts))  # noqa: S608 - made by the ORM
    with connection.cursor() as cursor:
        cursor.execute(union, [value for _, values in parts for value in values])
        return [key for (key,) in cursor.fetchall()]


def lines(site: Site, rows: QuerySet[Placement]) -> list[Listed]:
    """The placements as lines with their addresses on that site: one query, bodies left where they are."""
    found = _addressed(rows, ArticleAddress.objects.filter(site=site))
    reads(*(tags.article(line.article_id) for line in found))
    return found


def beside(places: Iterable[Placement]) -> dict[tuple[int, int], Beside]:
    """What stands before and after each listed placement in its column, by site and placement: two queries in all.

    Whoever shows a line reads the tag of its article.
    """
    places = list(dict.fromkeys(places))
    keys = dict(chain.from_iterable(map(_keys_beside, portions(places, _AT_ONCE))))
    rows = Placement.objects.filter(pk__in=set(keys.values()))
    at_home = ArticleAddress.objects.filter(site=OuterRef("column__site_id"))
    found = {line.placement_id: line for line in _addressed(rows, at_home)} if keys else {}
    return {
        (place.column.site_id, place.pk): (
            found.get(keys.get((place.pk, _OLDER), 0)),
            found.get(keys.get((place.pk, _NEWER), 0)),
        )
        for place in places
    }


def _keys_beside(places: Sequence[Placement]) -> Iterator[tuple[tuple[int, int], int]]:
    """Keys of the placements beside these: ((placement, side), key), one index probe for each."""
    adapt = connection.ops.adapt_datetimefield_value
    parts = [(place, side) for place in places for side in (_OLDER, _NEWER)]
    union = " UNION ALL ".join(f"SELECT * FROM ({_BESIDE[side]}) AS part{at}" for at, (_, side) in enumerate(parts))  # noqa: S608 - our own words
    given = [[place.pk, place.column_id, adapt(place.published_at), place.pk] for place, _ in parts]
    with connection.cursor() as cursor:
        cursor.execute(union, list(chain.from_iterable(given)))
        yield from (((place, side), key) for place, side, key in cursor.fetchall())


def _addressed(rows: QuerySet[Placement], addresses: QuerySet[ArticleAddress]) -> list[Listed]:
    address = addresses.filter(article=OuterRef("article_id"))
    values = rows.annotate(url=Subquery(address.values("path")[:1])).values(
        "article_id", "column_id", "published_at", "is_pinned", "url", **_FIELDS
    )
    return [_line(row) for row in values if row["url"]]


def _line(row: dict[str, object]) -> Listed:
    return Listed(**row)  # type: ignore[arg-type] # the names are those of _FIELDS
