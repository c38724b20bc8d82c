"""What the writer hands over: an article with everything that a publishing system keeps about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Genre = Literal["news", "notice", "normative", "interpretation", "page"]
Validity = Literal["in_force", "amended", "repealed", "lapsed"]


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """The card of an official document."""

    index_number: str
    document_number: str
    issuer: str
    written_on: date
    effective_on: date | None
    expires_on: date | None
    validity: Validity
    subject: str
    is_normative: bool


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """A file beside an article, named without its ending; an .xlsx holds `rows`, a .docx the article's own text."""

    name: str
    kind: Literal["docx", "xlsx"]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture by the name of its variant, with its alternative text."""

    variant: str
    alt: str


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article. `unit`, `columns` and `portal_column` are slugs of menhu.demo.county."""

    key: str
    kind: str
    genre: Genre
    unit: str
    columns: tuple[str, ...]
    portal_column: str | None
    title: str
    subtitle: str
    body_html: str
    source: str
    author: str
    keywords: tuple[str, ...]
    summary: str
    pub_at: datetime
    is_major: bool = False
    card: DocumentCard | None = None
    interprets: str | None = None
    picture: Picture | None = None
    attachments: tuple[AttachmentText, ...] = ()

    @property
    def has_picture(self) -> bool:
        return self.picture is not None
