"""Typed contexts of the pages that a site has besides its articles.

A home page is an ordered list of blocks. Each block is a kind, a context and the template that draws it, so that apps
above this one register kinds of their own without this module knowing them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final, Literal

from markupsafe import Markup

from menhu.core.frames import Attachment, Entry, Fact, Frame, Head, Link, Phone, Picture, Scene, SearchBox

Width = Literal["bleed", "full", "wide", "half", "narrow", "third"]
LightState = Literal["done", "ok", "warn", "bad", "idle"]

_TWELFTHS: Final[Mapping[Width, int]] = {"bleed": 12, "full": 12, "wide": 7, "half": 6, "narrow": 5, "third": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedBlock:
    """One block of a home page: `template` draws `context`, which it sees under the name `block`."""

    kind: str
    template: str
    context: object
    width: Width = "full"
    is_sand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Blocks that stand side by side on a wide screen."""

    blocks: tuple[RenderedBlock, ...]

    @property
    def is_bleed(self) -> bool:
        return self.blocks[0].width == "bleed"

    @property
    def is_sand(self) -> bool:
        return self.blocks[0].is_sand

    @property
    def columns(self) -> str:
        """The CSS class of the grid, empty for a block that has the row to itself."""
        widths = [block.width for block in self.blocks]
        if len(widths) == 1:
            return ""
        if widths == ["wide", "narrow"]:
            return "cols-75"
        if widths == ["narrow", "wide"]:
            return "cols-57"
        return "cols-3" if len(widths) == 3 else "cols-2w"


def rows_of(blocks: Iterable[RenderedBlock]) -> tuple[Row, ...]:
    """Set blocks into rows of twelve twelfths, in order; a block on another ground starts a new row."""
    rows: list[tuple[RenderedBlock, ...]] = []
    room = 0
    for block in blocks:
        need = _TWELFTHS[block.width]
        if rows and need <= room and rows[-1][0].is_sand == block.is_sand:
            rows[-1] += (block,)
            room -= need
        else:
            rows.append((block,))
            room = 12 - need
    return tuple(Row(blocks=row) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The home page of a portal or of a unit's site."""

    template: ClassVar[str] = "sites/home.html"

    frame: Frame
    head: Head
    blocks: tuple[RenderedBlock, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return rows_of(self.blocks)

    @property
    def has_heading(self) -> bool:
        """Whether a block brings the page's main heading; otherwise the site's name stands in for it, unseen."""
        return any(isinstance(block.context, HeroBlock) for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeroBlock:
    """The landscape that opens a home page, with the line the site lives by and its most wanted links.

    `tiles` overlap the foot of the landscape; `is_low` is the lower form for a unit's site.
    """

    heading: str
    text: str = ""
    scene: Scene
    tiles: tuple[Link, ...] = ()
    wanted: tuple[Link, ...] = ()
    search: SearchBox | None = None
    is_low: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineBlock:
    """One picture story: never a carousel."""

    title: str
    url: str
    picture: Picture | Scene
    on: date
    source: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One list behind a tab."""

    label: str
    entries: tuple[Entry, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TabsBlock:
    """Newest lists behind tabs made of radio buttons; `name` is unique on the page."""

    label: str
    name: str
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """One dated list."""

    title: str
    entries: tuple[Entry, ...]
    more: Link | None = None
    note: str = ""
    empty_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TilesBlock:
    """Things to find by theme, six to twelve."""

    title: str
    tiles: tuple[Link, ...]
    more: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A picture with a title and a sentence."""

    title: str
    url: str
    picture: Picture | Scene
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsBlock:
    """Topic columns, three in a row."""

    title: str
    stories: tuple[Story, ...]
    more: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkGroup:
    """Links under one heading."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryBlock:
    """Units and their sites by group."""

    title: str
    groups: tuple[LinkGroup, ...]
    more: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksBlock:
    """Links to other sites by group."""

    title: str
    groups: tuple[LinkGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with its unit and the period it stands for; `trend` draws a small line, oldest first."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    is_key: bool = False
    trend: tuple[float, ...] = ()

    @property
    def trend_path(self) -> str:
        """The line within a box of 120 by 40 units; empty when there are fewer than two points."""
        if len(self.trend) < 2:
            return ""
        low, high = min(self.trend), max(self.trend)
        span = (high - low) or 1
        step = 116 / (len(self.trend) - 1)
        points = (f"{2 + i * step:.1f} {34 - (value - low) / span * 26:.1f}" for i, value in enumerate(self.trend))
        return "M" + "L".join(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresBlock:
    """Two to four numbers."""

    title: str
    figures: tuple[Figure, ...]
    more: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A person in office as shown to the public."""

    name: str
    post: str
    duties: str = ""
    portrait: Picture | None = None
    resume: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadersBlock:
    """A unit's leaders in short."""

    title: str
    leaders: tuple[Leader, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsBlock:
    """How to reach a unit: address, hours, telephone."""

    title: str
    facts: tuple[Fact, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph of cleaned HTML."""

    title: str
    body: Markup
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """A unit in the list of sites; `url` is empty while it has no site."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryGroup:
    """Units of one kind."""

    title: str
    anchor: str
    entries: tuple[DirectoryEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteListPage:
    """All sites of the cluster by kind of unit."""

    template: ClassVar[str] = "sites/site_list.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    groups: tuple[DirectoryGroup, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A column with the columns below it."""

    link: Link
    children: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMapPage:
    """All columns of one site."""

    template: ClassVar[str] = "sites/site_map.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    sections: tuple[Branch, ...]
    services: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNotes:
    """What every column page says about itself."""

    updated_on: date | None = None
    owner: str = ""
    feed_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderGroup:
    """Leaders of one body."""

    title: str
    leaders: tuple[Leader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadersPage:
    """A column of the form "leaders"."""

    template: ClassVar[str] = "sites/leaders.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    siblings: tuple[Link, ...]
    groups: tuple[LeaderGroup, ...]
    notes: ColumnNotes


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A column of the form "link": says where it leads before anybody leaves."""

    template: ClassVar[str] = "sites/link.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    title: str
    siblings: tuple[Link, ...]
    target: Link
    text: str = ""


ErrorKind = Literal["404", "410", "500", "maintenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """A page for when something is not there; complete without the back office."""

    template: ClassVar[str] = "sites/error.html"

    frame: Frame
    head: Head
    kind: ErrorKind
    phones: tuple[Phone, ...] = ()
    exits: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityPage:
    """Statement of accessibility: the standard aimed at, what is known to fall short, whom to tell."""

    template: ClassVar[str] = "sites/accessibility.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    shortcomings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """What the site knows about its visitors."""

    template: ClassVar[str] = "sites/privacy.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]


Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, those that were asked for marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One way to narrow a search: links, each with how much it leaves (empty where that is not counted)."""

    title: str
    links: tuple[tuple[Link, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One result."""

    title: Pieces
    text: Pieces
    url: str
    tag: str
    source: str
    on: date | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The search page: the question again, ways to narrow it, results newest or best first, what to do without any."""

    template: ClassVar[str] = "sites/search.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    action: str
    text: str
    is_away: bool
    hidden: tuple[tuple[str, str], ...]
    notice: str
    hot: tuple[Link, ...]
    is_asked: bool
    count: str
    sorts: tuple[Link, ...]
    facets: tuple[Facet, ...]
    hits: tuple[SearchHit, ...]
    meant: Link | None
    everywhere: Link | None
    newer: Link | None
    older: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole in the state of a light."""

    state: LightState
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleGuidePage:
    """All components live, with sample data."""

    template: ClassVar[str] = "sites/style_guide.html"

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    icons: tuple[str, ...]
    blocks: tuple[RenderedBlock, ...]
    entries: tuple[Entry, ...]
    attachments: tuple[Attachment, ...]
    facts: tuple[Fact, ...]
    shares: tuple[Share, ...] = field(default_factory=tuple)
