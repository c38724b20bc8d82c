"""Typed contexts that every public page shares: the frame of its site and the head of the page itself.

Everything is a value: a page rendered twice from equal contexts has equal bytes. Addresses within the same host start
with `/`; `Head.url` and whatever goes into META tags is absolute. Times are aware and already in local time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from menhu.core.landscapes import Motif
from menhu.core.script import HANT
from menhu.core.typography import minute

Palette = Literal["red", "blue"]
Tone = Literal["plain", "main", "ok", "warn", "bad"]
MAX_SECTIONS: Final = 8

MetaPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A named address. `is_outer` marks one that leaves the government's own sites."""

    label: str
    url: str
    note: str = ""
    icon: str = ""
    is_current: bool = False
    is_outer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a dated list."""

    title: str
    url: str
    on: date
    by: str = ""
    tag: str = ""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photograph with its alternative text (empty only for pure decoration) and true size."""

    url: str
    alt: str
    width: int
    height: int
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A drawn landscape where no photograph is at hand; always decoration."""

    seed: str
    motif: Motif | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A short mark beside a title; never a link."""

    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to download, with what a reader wants to know before the click."""

    title: str
    url: str
    kind: str
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name with its value; `is_wide` takes the whole line of a document card."""

    name: str
    value: str
    url: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number and who answers it when."""

    number: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTags:
    """Site group of the META norm (国办发〔2017〕47号, annex): all three on every page, none empty."""

    name: str
    domain: str
    code: str

    def __post_init__(self) -> None:
        _require_filled(SiteName=self.name, SiteDomain=self.domain, SiteIDCode=self.code)

    def pairs(self) -> MetaPairs:
        return (("SiteName", self.name), ("SiteDomain", self.domain), ("SiteIDCode", self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTags:
    """Column group of the META norm; description and keywords belong to the column's own pages."""

    name: str
    kind: str
    description: str
    keywords: str

    def __post_init__(self) -> None:
        _require_filled(
            ColumnName=self.name,
            ColumnType=self.kind,
            ColumnDescription=self.description,
            ColumnKeywords=self.keywords,
        )

    def pairs(self, *, is_own_page: bool) -> MetaPairs:
        shared = (("ColumnName", self.name), ("ColumnType", self.kind))
        own = (("ColumnDescription", self.description), ("ColumnKeywords", self.keywords))
        return shared + own if is_own_page else shared


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTags:
    """Content group of the META norm; the first three are mandatory, empty optional ones are left out."""

    title: str
    published_at: datetime
    source: str
    keywords: str = ""
    author: str = ""
    description: str = ""
    image: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        _require_filled(ArticleTitle=self.title, ContentSource=self.source)

    def pairs(self) -> MetaPairs:
        optional = (
            ("Keywords", self.keywords),
            ("Author", self.author),
            ("Description", self.description),
            ("Image", self.image),
            ("Url", self.url),
        )
        return (
            ("ArticleTitle", self.title),
            ("PubDate", minute(self.published_at)),
            ("ContentSource", self.source),
            *((name, value) for name, value in optional if value),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is particular to one page: title, canonical address, META tags, feeds, structured data.

    `section` is the address of the entry of the main navigation under which the page lives. `path` is where this very
    page lies on its host (`url` may be on another); with it the page has a Traditional version below /hant/.
    """

    title: str
    url: str
    path: str = ""
    section: str = ""
    description: str = ""
    column: ColumnTags | None = None
    article: ArticleTags | None = None
    feeds: tuple[Link, ...] = ()
    structured: Mapping[str, object] | None = None
    is_indexed: bool = True

    @property
    def hant_path(self) -> str:
        """Where the Traditional version of this page lies on its host."""
        return f"/{HANT}{self.path}"

    @property
    def hant_url(self) -> str:
        """The full address of the Traditional version of the canonical page."""
        scheme, _, rest = self.url.partition("//")
        host, _, path = rest.partition("/")
        return f"{scheme}//{host}/{HANT}/{path}"

    def meta(self, site: SiteTags) -> MetaPairs:
        """All META tags of the norm for this page, in the order of the norm."""
        pairs = site.pairs()
        if self.column:
            pairs += self.column.pairs(is_own_page=self.article is None)
        if self.article:
            return pairs + self.article.pairs()
        return pairs + ((("Description", self.description),) if self.description else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Emergency notice above every page of the site."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBox:
    """The search form, once search is served."""

    action: str
    placeholder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """Bottom zone of the page design norm: who runs the site, how to reach them, every mandatory number."""

    organiser: str
    operator: str = ""
    phones: tuple[Phone, ...] = ()
    address: str = ""
    about: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    icp: Link | None = None
    police: Link | None = None
    badge: Link | None = None
    badge_picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all pages of one site share. Optional services are None until they are served."""

    site: SiteTags
    region: str
    home_url: str
    footer: Footer
    sections: tuple[Link, ...] = ()
    upper: tuple[Link, ...] = ()
    accessibility_url: str = ""
    palette: Palette = "red"
    emblem: Picture | None = None
    hotline: Phone | None = None
    banners: tuple[Banner, ...] = ()
    is_mourning: bool = False
    search: SearchBox | None = None
    report_url: str | None = None

    def __post_init__(self) -> None:
        if len(self.sections) > MAX_SECTIONS:
            raise ValueError(f"a site has at most {MAX_SECTIONS} sections")


def _require_filled(**values: str) -> None:
    for name, value in values.items():
        if not value.strip():
            raise ValueError(f"META tag {name} must not be empty")
