"""The page of one article."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from menhu.articles import contexts, tags
from menhu.articles.contexts import ArticlePage, DocumentCard, Guide, Related
from menhu.articles.enums import Genre, Validity
from menhu.articles.models import Article, Attachment, Placement
from menhu.articles.public import lists
from menhu.articles.public.bodies import shown
from menhu.articles.public.parts import ArticleParts
from menhu.core import frames
from menhu.core.frames import ArticleTags, Entry, Fact, Head, Link, Tag, Tone
from menhu.core.qr import qr_code
from menhu.core.typography import day, iso
from menhu.delivery.sources import reads
from menhu.sites import tags as site_tags
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, origin
from menhu.sites.public.columns import chain_of, column_tags
from menhu.sites.public.framing import column_url, crumbs, frame_for

TONES: Final[Mapping[str, Tone]] = {
    Validity.IN_FORCE: "ok",
    Validity.AMENDED: "warn",
    Validity.REPEALED: "bad",
    Validity.LAPSED: "bad",
}
MARKED_GENRES: Final = frozenset({Genre.NORMATIVE, Genre.INTERPRETATION})


def article_page(parts: ArticleParts) -> ArticlePage:
    """The article in the first of its columns on this site."""
    site, article, place = parts.site, parts.article, parts.place
    reads(tags.article(article.pk))
    _read_place(place, article)
    chain = chain_of(place.column) if place and place.column.site_id == site.pk else ()
    related = _related(parts)
    previous, following = (_beside(line) for line in parts.beside)
    head = _head(parts, chain)
    assert article.published_at is not None  # noqa: S101 - what is live has been published
    return ArticlePage(
        frame=frame_for(site),
        head=head,
        crumbs=crumbs(site, chain, last=_("正文")),
        title=article.title,
        subtitle=article.subtitle,
        source=article.source or article.unit.name,
        author=article.author,
        published_at=localtime(article.published_at),
        corrected_on=_corrected_on(article),
        body=shown(article.body),
        tags=genre_marks(article),
        editor=article.responsible_editor,
        document=document_card(article),
        guide=_guide(article, related),
        related=related,
        attachments=tuple(shown_attachment(row) for row in parts.attachments),
        previous=previous,
        following=following,
        qr=qr_code(head.url),
        withdrawal=_withdrawal(article),
        archived=_archived(article),
    )


def _read_place(place: Placement | None, article: Article) -> None:
    if place is not None:
        reads(tags.neighbours(place.column_id, article.pk))
        reads(*(site_tags.column(step.pk) for step in chain_of(place.column)))


def _beside(line: lists.Listed | None) -> Entry | None:
    if line is None:
        return None
    reads(tags.article(line.article_id))
    return line.entry()


def _head(parts: ArticleParts, chain: tuple[Column, ...]) -> Head:
    site, article, place = parts.site, parts.article, parts.place
    url, path = f"{origin(parts.home.site)}{parts.home.path}", parts.here.path
    assert article.published_at is not None  # noqa: S101 - what is live has been published
    return Head(
        title=article.title,
        url=url,
        path=path,
        section=column_url(site, chain[0]) if chain else "",
        column=column_tags(place.column) if place else None,
        article=ArticleTags(
            title=article.title,
            published_at=localtime(article.published_at),
            source=article.source or article.unit.name,
            keywords=article.keywords,
            author=article.author or article.responsible_editor,
            description=article.summary,
            image=_cover_url(site, article),
            url=url,
        ),
        structured=_structured(site, article, url, chain),
    )


def _cover_url(site: Site, article: Article) -> str:
    return f"{origin(site)}{article.cover.public_path}" if article.cover else ""


def _structured(site: Site, article: Article, url: str, chain: tuple[Column, ...]) -> dict[str, object]:
    assert article.published_at is not None  # noqa: S101 - what is live has been published
    steps = [(site.name, absolute(site, "/")), *((step.name, absolute(site, step.path)) for step in chain)]
    way = [
        {"@type": "ListItem", "position": place, "name": name, "item": item}
        for place, (name, item) in enumerate(steps, start=1)
    ]
    told: dict[str, object] = {
        "@type": "NewsArticle" if article.genre == Genre.NEWS else "Article",
        "headline": article.title,
        "datePublished": iso(localtime(article.published_at)),
        "dateModified": iso(localtime(article.last_published_at or article.published_at)),
        "inLanguage": "zh-Hans",
        "mainEntityOfPage": url,
        "publisher": {"@type": "GovernmentOrganization", "name": article.unit.name},
    }
    if article.cover:
        told["image"] = _cover_url(site, article)
    return {"@context": "https://schema.org", "@graph": [told, {"@type": "BreadcrumbList", "itemListElement": way}]}


def _corrected_on(article: Article) -> date | None:
    """The day of the last correction, where it is another than that of the first publication."""
    first, last = article.first_published_at, article.last_published_at
    if first is None or last is None or localdate(first) == localdate(last):
        return None
    return localdate(last)


def genre_marks(article: Article) -> tuple[Tag, ...]:
    """The genre as a mark, where a reader should know it."""
    return (Tag(label=article.get_genre_display(), tone="main"),) if article.genre in MARKED_GENRES else ()


def document_card(article: Article) -> DocumentCard | None:
    """The card of a normative document, its facts in the order of the norm; none for other texts."""
    named = (
        (_("索引号"), article.index_number),
        (_("主题分类"), article.subject),
        (_("发文机关"), article.issued_by),
        (_("成文日期"), day(article.issued_on) if article.issued_on else ""),
        (_("发文字号"), article.document_number),
        (_("施行日期"), day(article.effective_on) if article.effective_on else ""),
        (_("有效期至"), day(article.expires_on) if article.expires_on else ""),
    )
    facts = tuple(Fact(name=name, value=value) for name, value in named if value)
    if not facts or not article.validity:
        return None
    validity = Validity(article.validity)
    mark = Tag(label=str(validity.label), tone=TONES[validity])
    return DocumentCard(facts=facts, validity=mark, note=_note(validity))


def _note(validity: Validity) -> str:
    """What a reader must know before relying on a document that is not in force as it stands."""
    return {
        Validity.AMENDED: _("本文件已作修改，请以修改后的内容为准。"),
        Validity.REPEALED: _("本文件已经废止，仅供查阅，不再作为依据。"),
        Validity.LAPSED: _("本文件已经失效，仅供查阅，不再作为依据。"),
    }.get(validity, "")


def _related(parts: ArticleParts) -> tuple[Related, ...]:
    """Document and interpretations, linked both ways."""
    about = [parts.article.interprets] if parts.article.interprets else []
    reads(*(tags.article(document.pk) for document in about))
    explained = [document for document in about if document.is_public]
    groups = ((_("政策原文"), explained), (_("相关解读"), parts.explaining))
    found = (Related(title=title, entries=_related_entries(parts, members)) for title, members in groups)
    return tuple(group for group in found if group.entries)


def _related_entries(parts: ArticleParts, articles: Sequence[Article]) -> tuple[Entry, ...]:
    reads(*(tags.article(article.pk) for article in articles))
    return tuple(
        Entry(title=article.title, url=url, on=localdate(article.published_at))
        for article in articles
        if (url := parts.url_of(article)) and article.published_at and article.withdrawn_at is None
    )


def _guide(article: Article, related: tuple[Related, ...]) -> Guide | None:
    """Who reads a document is shown its interpretation first, and the other way round."""
    if not related:
        return None
    first = related[0].entries[0]
    heading = _("先看政策原文") if article.interprets_id else _("看不懂条文？先看解读")
    return Guide(heading=heading, link=Link(label=first.title, url=first.url))


def attachments_of(article: Article) -> tuple[frames.Attachment, ...]:
    rows = Attachment.objects.filter(article=article).select_related("file").order_by("sort_order", "pk")
    return tuple(shown_attachment(row) for row in rows)


def shown_attachment(row: Attachment) -> frames.Attachment:
    file = row.file
    return frames.Attachment(
        title=row.title or file.name, url=file.public_path, kind=file.extension.upper(), octets=file.size
    )


def _withdrawal(article: Article) -> contexts.Withdrawal | None:
    if article.withdrawn_at is None:
        return None
    return contexts.Withdrawal(
        on=localdate(article.withdrawn_at), reason=article.withdrawn_reason, by=article.unit.name
    )


def _archived(article: Article) -> contexts.Archived | None:
    """Pages moved in from an older site say so, with the day on which they came and where they were."""
    if not article.original_url:
        return None
    return contexts.Archived(on=localdate(article.created_at), original_url=article.original_url)
