"""Typed contexts of columns, articles, feeds and sitemaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import ClassVar

from markupsafe import Markup

from menhu.core.frames import Attachment, Entry, Fact, Frame, Head, Link, Picture, Scene, Tag
from menhu.core.qr import QrCode
from menhu.sites.contexts import ColumnNotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One archive page of a column; a crowded month has several, told apart by their label."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The archive pages of one year, newest first."""

    year: int
    months: tuple[Month, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthGroup:
    """Entries of one calendar month."""

    on: date
    entries: tuple[Entry, ...]


def by_month(entries: Iterable[Entry]) -> tuple[MonthGroup, ...]:
    """Group entries that are already in order; a pinned entry out of order opens a group of its own month."""
    groups = groupby(entries, key=lambda entry: (entry.on.year, entry.on.month))
    return tuple(MonthGroup(on=date(*month, 1), entries=tuple(members)) for month, members in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPage:
    """The head page of a column: the newest entries and the way to every month."""

    template: ClassVar[str] = "articles/column.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    siblings: tuple[Link, ...]
    notes: ColumnNotes
    entries: tuple[Entry, ...]
    archive: tuple[Year, ...] = ()

    @property
    def pinned(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_pinned)

    @property
    def groups(self) -> tuple[MonthGroup, ...]:
        return by_month(entry for entry in self.entries if not entry.is_pinned)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """One archive page of a column."""

    template: ClassVar[str] = "articles/month.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    label: str
    siblings: tuple[Link, ...]
    notes: ColumnNotes
    entries: tuple[Entry, ...]
    archive: tuple[Year, ...]
    newer: Link | None = None
    older: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A child column with its newest entries."""

    link: Link
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """A column that only holds other columns."""

    template: ClassVar[str] = "articles/section.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    siblings: tuple[Link, ...]
    notes: ColumnNotes
    parts: tuple[Part, ...]
    entries: tuple[Entry, ...] = ()
    lead: str = ""
    archive: tuple[Year, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """A topic: its own picture and opening, then its parts; `entries` are those of the topic itself."""

    template: ClassVar[str] = "articles/topic.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    picture: Picture | Scene
    notes: ColumnNotes
    entries: tuple[Entry, ...]
    parts: tuple[Part, ...] = ()
    lead: str = ""
    archive: tuple[Year, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglePage:
    """A column of the form "single page": profile, duties, guide."""

    template: ClassVar[str] = "articles/single.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    siblings: tuple[Link, ...]
    notes: ColumnNotes
    body: Markup
    attachments: tuple[Attachment, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The public reason for which an article no longer stands."""

    on: date
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """Mark of a page that was moved in from an older site."""

    on: date
    original_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """Head of a normative document: its facts in the order of the norm, and whether it is in force."""

    facts: tuple[Fact, ...]
    validity: Tag
    note: str = ""
    note_link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Articles tied to this one: the document of an interpretation, the interpretations of a document."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The one related article that a reader should see before the text."""

    heading: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """An article in its main column."""

    template: ClassVar[str] = "articles/article.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    subtitle: str = ""
    source: str
    author: str = ""
    published_at: datetime
    corrected_on: date | None = None
    body: Markup
    tags: tuple[Tag, ...] = ()
    editor: str = ""
    document: DocumentCard | None = None
    guide: Guide | None = None
    related: tuple[Related, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    previous: Entry | None = None
    following: Entry | None = None
    qr: QrCode | None = None
    withdrawal: Withdrawal | None = None
    archived: Archived | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed; `url` is absolute and is its permanent identity."""

    title: str
    url: str
    published_at: datetime
    summary: str = ""
    author: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """RSS 2.0. The build date is that of the newest item, never the clock's."""

    template: ClassVar[str] = "articles/feed.xml"

    title: str
    url: str
    self_url: str
    description: str
    items: tuple[FeedItem, ...]

    @property
    def built_at(self) -> datetime | None:
        return max((item.published_at for item in self.items), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """An absolute address and the time of its last change."""

    url: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapFile:
    """A sitemap of at most 50,000 addresses."""

    template: ClassVar[str] = "articles/sitemap.xml"

    entries: tuple[SitemapEntry, ...]

    def __post_init__(self) -> None:
        if len(self.entries) > 50_000:
            raise ValueError("a sitemap holds at most 50,000 addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapIndex:
    """The list of a site's sitemaps."""

    template: ClassVar[str] = "articles/sitemap_index.xml"

    entries: tuple[SitemapEntry, ...]
