"""Pages of columns that hold articles: list, section, topic, single page, months."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from menhu.articles import contexts, tags
from menhu.articles.contexts import Month, Part, Year
from menhu.articles.models import Article, Bucket
from menhu.articles.public import lists
from menhu.articles.public.articles import attachments_of
from menhu.articles.public.bodies import shown
from menhu.articles.rules import bucket_key
from menhu.core.frames import Link, Scene
from menhu.core.jinja import PageContext
from menhu.delivery.sources import reads
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, at
from menhu.sites.public.columns import ColumnParts, column_parts, with_feed
from menhu.sites.public.framing import column_link, column_url

HEAD_ENTRIES: Final = 20
PINNED_ENTRIES: Final = 5
PART_ENTRIES: Final = 5
HOLDING: Final = frozenset({ColumnForm.LIST, ColumnForm.TOPIC})


def list_page(site: Site, column: Column) -> PageContext:
    """The head page of a list column; a column with columns below it shows theirs."""
    parts = with_feed(column_parts(site, column))
    if parts.children:
        return _section_page(parts)
    return contexts.ColumnPage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        siblings=parts.siblings,
        notes=parts.notes,
        entries=lists.entries(_head_lines(site, column), with_source=True),
        archive=archive(site, column),
    )


def _head_lines(site: Site, column: Column) -> list[lists.Listed]:
    """Pinned lines first, then the newest; none twice."""
    top = lists.pinned(site, column, PINNED_ENTRIES)
    above = {line.article_id for line in top}
    rest = [line for line in lists.newest(site, column, HEAD_ENTRIES) if line.article_id not in above]
    return top + [replace(line, is_pinned=False) for line in rest]


def _section_page(parts: ColumnParts) -> contexts.SectionPage:
    site, column = parts.site, parts.column
    return contexts.SectionPage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        siblings=parts.siblings,
        notes=parts.notes,
        entries=lists.entries(_head_lines(site, column), with_source=True),
        parts=_parts(site, parts.children),
        lead=column.description,
        archive=archive(site, column),
    )


def _parts(site: Site, columns: Sequence[Column]) -> tuple[Part, ...]:
    """Those of the columns that hold lists of articles, with their newest lines."""
    holding = [column for column in columns if column.form in HOLDING]
    found = lists.newest_of_each(site, holding, PART_ENTRIES)
    return tuple(Part(link=column_link(site, column), entries=lists.entries(found[column.pk])) for column in holding)


def topic_page(site: Site, column: Column) -> contexts.TopicPage:
    """A topic with its own lines and those of the columns below it."""
    parts = with_feed(column_parts(site, column))
    return contexts.TopicPage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        picture=Scene(seed=column.name),
        notes=parts.notes,
        entries=lists.entries(_head_lines(site, column), with_source=True),
        parts=_parts(site, parts.children),
        lead=column.description,
        archive=archive(site, column),
    )


def single_page(site: Site, column: Column) -> contexts.SinglePage:
    """The newest article of the column as the column's own page."""
    parts = column_parts(site, column)
    lines = lists.newest(site, column, 1)
    article = Article.objects.live().get(pk=lines[0].article_id) if lines else None
    return contexts.SinglePage(
        frame=parts.frame,
        head=parts.head,
        crumbs=parts.crumbs,
        title=column.name,
        siblings=parts.siblings,
        notes=replace(parts.notes, updated_on=lines[0].on if lines else None),
        body=shown(article.body if article else ""),
        attachments=attachments_of(article) if article else (),
        source=article.source if article else "",
    )


def month_page(site: Site, column: Column, name: str) -> contexts.MonthPage | None:
    """One month page; None where the column has no such page."""
    buckets = _buckets(column)
    if name not in buckets:
        return None
    parts = with_feed(column_parts(site, column))
    title = f"{column.name} {month_label(name)}"
    crumb = Link(label=month_label(name), url="")
    place, path = buckets.index(name), f"{column.path}{name}/"
    return contexts.MonthPage(
        frame=parts.frame,
        head=replace(parts.head, title=title, url=absolute(site, path), path=at(site, path).path),
        crumbs=(*parts.crumbs, crumb),
        title=column.name,
        label=month_label(name),
        siblings=parts.siblings,
        notes=parts.notes,
        entries=lists.entries(lists.of_bucket(site, column, name), with_source=True),
        archive=_years(site, column, buckets, current=name),
        newer=_step(site, column, buckets[place - 1]) if place else None,
        older=_step(site, column, buckets[place + 1]) if place + 1 < len(buckets) else None,
    )


def archive(site: Site, column: Column) -> tuple[Year, ...]:
    """All month pages of a column by year, newest first; the newest year stands open."""
    return _years(site, column, _buckets(column))


def _buckets(column: Column) -> list[str]:
    reads(tags.archive(column.pk))
    names = Bucket.objects.filter(column=column).values_list("name", flat=True)
    return sorted(names, key=bucket_key, reverse=True)


def _years(site: Site, column: Column, buckets: Sequence[str], current: str = "") -> tuple[Year, ...]:
    shown_open = (current or buckets[0])[:4] if buckets else ""
    return tuple(
        Year(
            year=int(year),
            is_open=year == shown_open,
            months=tuple(
                Month(label=_short_label(name), url=_month_url(site, column, name), is_current=name == current)
                for name in names
            ),
        )
        for year, names in groupby(buckets, key=lambda name: name[:4])
    )


def month_label(name: str) -> str:
    """ "2026 年 6 月" for "2026-06"; later parts of a crowded month are numbered."""
    month, part = bucket_key(name)
    words = {"year": month[:4], "month": int(month[5:]), "part": part}
    if part == 1:
        return _("%(year)s 年 %(month)s 月") % words
    return _("%(year)s 年 %(month)s 月（%(part)s）") % words


def _short_label(name: str) -> str:
    month, part = bucket_key(name)
    words = {"month": int(month[5:]), "part": part}
    return (_("%(month)s 月") if part == 1 else _("%(month)s 月（%(part)s）")) % words


def _month_url(site: Site, column: Column, name: str) -> str:
    return f"{column_url(site, column)}{name}/"


def _step(site: Site, column: Column, name: str) -> Link:
    return Link(label=month_label(name), url=_month_url(site, column, name))
