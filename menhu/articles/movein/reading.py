"""Reads one saved page of an old site: the only entrance to this package. Pure: bytes in, facts out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from lxml.html import HtmlElement

from menhu.articles.movein import reasons
from menhu.articles.movein.attachments import Reference, body_references, documents_around
from menhu.articles.movein.dates import WrittenDate, parse_date
from menhu.articles.movein.dom import drop_unread_parts, has_prose, inner_html, lines_around, parse_page, weigh_text
from menhu.articles.movein.encoding import DecodedPage, decode_page
from menhu.articles.movein.kinds import is_list, refuse_other_kinds
from menhu.articles.movein.maintext import MainText, drop_file_icons, find_main_text, find_marked
from menhu.articles.movein.meta import PageMeta, drop_meta, read_meta
from menhu.articles.movein.visible import (
    date_in_address,
    find_author,
    find_column,
    find_date,
    find_source,
    find_title,
    marked_title,
)
from menhu.core.sanitising import clean_article_html, count_chars, plain_text

MAX_BYTES: Final = 10 * 1024 * 1024
SHORT_BODY: Final = 30
MAX_BODY_CHARS: Final = 500_000

_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)


class Verdict(StrEnum):
    """What becomes of a page."""

    TAKEN = "taken"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


class Kind(StrEnum):
    """What a page is."""

    ARTICLE = "article"
    COLUMN = "column"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that one page says; "" and None where it is silent. `reason` is for a clerk, empty when taken."""

    name: str
    verdict: Verdict
    reason: str = ""
    kind: Kind = Kind.UNKNOWN
    title: str = ""
    pub_date: datetime | None = None
    pub_date_text: str = ""
    pub_date_iso: str = ""
    source: str = ""
    author: str = ""
    column: str = ""
    column_type: str = ""
    keywords: str = ""
    description: str = ""
    site_name: str = ""
    site_domain: str = ""
    site_id_code: str = ""
    original_url: str = ""
    body_html: str = ""
    body_text: str = ""
    images: tuple[Reference, ...] = ()
    attachments: tuple[Reference, ...] = ()
    encoding: str = ""


@dataclass(slots=True)
class _Findings:
    """What is gathered on the way, and the doubts about it."""

    meta: PageMeta
    title: str
    date: WrittenDate | None = None
    date_text: str = ""
    doubts: list[str] = field(default_factory=list)


def read_page(data: bytes, *, name: str, max_bytes: int = MAX_BYTES) -> PageReading:
    """Read the page `data` that was saved as `name`. Never raises: what cannot be read is refused with a reason."""
    if len(data) > max_bytes:
        return refuse_too_large(name, len(data), limit=max_bytes)
    try:
        page = decode_page(data)
        root = parse_page(page.text)
    except reasons.PageRefusedError as refusal:
        return PageReading(name, Verdict.REFUSED, str(refusal))
    meta = read_meta(root)
    declared = _declared(name, page, meta)
    try:
        return _read_article(root, page, meta, declared)
    except reasons.PageRefusedError as refusal:
        is_column = str(refusal) in {reasons.COLUMN_PAGE, reasons.HOME_PAGE}
        kind = Kind.COLUMN if is_column else Kind.UNKNOWN
        return replace(declared, verdict=Verdict.REFUSED, reason=str(refusal), kind=kind)


def refuse_too_large(name: str, size: int, *, limit: int = MAX_BYTES) -> PageReading:
    """The answer to a file of `size` bytes that is not even opened."""
    reason = reasons.TOO_LARGE.format(size=_megabytes(size), limit=_megabytes(limit))
    return PageReading(name, Verdict.REFUSED, reason)


def with_missing_files(reading: PageReading, missing: Sequence[str]) -> PageReading:
    """Return `reading` as doubtful when files it refers to do not lie beside the page."""
    if not missing or reading.verdict is Verdict.REFUSED:
        return reading
    doubt = reasons.MISSING_FILES.format(count=len(missing))
    return replace(reading, verdict=Verdict.DOUBTFUL, reason="；".join(filter(None, (reading.reason, doubt))))


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


def _declared(name: str, page: DecodedPage, meta: PageMeta) -> PageReading:
    return PageReading(
        name,
        Verdict.TAKEN,
        encoding=page.encoding,
        title=meta["title"],
        source=meta["source"],
        author=meta["author"],
        original_url=meta.original_url,
        column=meta["column"],
        column_type=meta["column_type"],
        keywords=meta["keywords"],
        description=meta["description"],
        site_name=meta["site_name"],
        site_domain=meta["site_domain"],
        site_id_code=meta["site_id_code"],
    )


def _read_article(root: HtmlElement, page: DecodedPage, meta: PageMeta, declared: PageReading) -> PageReading:
    marked, title = find_marked(root), meta["title"] or marked_title(root)
    drop_meta(root)
    drop_unread_parts(root)
    refuse_other_kinds(root, meta)
    title = title or find_title(root, meta.html_title, meta["site_name"])
    main = find_main_text(root, marked, title)
    _refuse_lists(root, main, meta)
    if main is None:
        raise reasons.PageRefusedError(reasons.NO_BODY)
    if not title:
        raise reasons.PageRefusedError(reasons.NO_TITLE)
    drop_file_icons(main.element)
    count = weigh_text(main.element)[main.element]
    if count > MAX_BODY_CHARS:
        raise reasons.PageRefusedError(reasons.TOO_LONG.format(count=count, limit=MAX_BODY_CHARS))
    return _conclude(root, main, page, _Findings(meta, title), declared)


def _refuse_lists(root: HtmlElement, main: MainText | None, meta: PageMeta) -> None:
    """A page without the tags of an article whose text is a list of links is the page of a column."""
    if meta.is_article:
        return
    has_list = is_list(root) if main is None else is_list(main.element)
    if has_list or (main is not None and main.found_by == "density" and is_list(root) and not has_prose(main.element)):
        raise reasons.PageRefusedError(reasons.COLUMN_PAGE)


def _conclude(
    root: HtmlElement,
    main: MainText,
    page: DecodedPage,
    findings: _Findings,
    declared: PageReading,
) -> PageReading:
    before, after = lines_around(root, main.element)
    body_html = clean_article_html(inner_html(main.element))
    images, in_body = body_references(body_html)
    _find_date(findings, before, after)
    source = findings.meta["source"] or find_source(before, after)
    attachments = tuple(
        {reference.href: reference for reference in [*documents_around(root, main.element), *in_body]}.values()
    )
    findings.doubts += _doubts(body_html, main, page, source, has_files=bool(images or attachments))
    return replace(
        declared,
        verdict=Verdict.DOUBTFUL if findings.doubts else Verdict.TAKEN,
        reason="；".join(findings.doubts),
        kind=Kind.ARTICLE,
        title=findings.title,
        pub_date=findings.date.moment if findings.date else None,
        pub_date_text=findings.date_text,
        pub_date_iso=findings.date.iso if findings.date else "",
        source=source,
        author=declared.author or find_author(before, after),
        column=declared.column or find_column(root, before),
        body_html=body_html,
        body_text=plain_text(body_html),
        images=tuple(images),
        attachments=attachments,
    )


def _find_date(findings: _Findings, before: list[str], after: list[str]) -> None:
    declared = findings.meta["pub_date"]
    shown = "" if parse_date(declared) else find_date(before, after)
    findings.date_text = (declared if parse_date(declared) else shown) or declared
    findings.date = parse_date(findings.date_text)
    if findings.date is None:
        findings.date = parse_date(date_in_address(findings.meta.original_url))
        if findings.date:
            findings.date_text = findings.date.iso
            findings.doubts.append(reasons.DATE_FROM_ADDRESS)
        else:
            text = findings.date_text[:30]
            findings.doubts.append(reasons.BAD_DATE.format(text=text) if text else reasons.NO_DATE)


def _doubts(body_html: str, main: MainText, page: DecodedPage, source: str, *, has_files: bool) -> list[str]:
    count = count_chars(body_html)
    if not count and not has_files:
        raise reasons.PageRefusedError(reasons.NO_BODY)
    found = [
        ("" if source else reasons.NO_SOURCE),
        (reasons.NO_TEXT if not count else reasons.SHORT_BODY.format(count=count) if count < SHORT_BODY else ""),
        (reasons.GUESSED_BODY if main.found_by == "density" else ""),
        (reasons.DAMAGED_TEXT.format(count=page.damaged) if page.damaged else ""),
        ("" if _END_OF_PAGE.search(page.text) else reasons.CUT_OFF),
    ]
    return [doubt for doubt in found if doubt]
