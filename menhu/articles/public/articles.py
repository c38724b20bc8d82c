"""The page of one article."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db.models import Case, Q, When
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from menhu.articles import contexts, tags
from menhu.articles.contexts import ArticlePage, DocumentCard, Guide, Related
from menhu.articles.enums import Genre, PlacementState, Validity
from menhu.articles.models import Article, ArticleAddress, Attachment, Placement
from menhu.articles.public import lists
from menhu.articles.public.bodies import shown
from menhu.core import frames
from menhu.core.frames import ArticleTags, Entry, Fact, Head, Link, Tag, Tone
from menhu.core.qr import qr_code
from menhu.core.typography import day, iso
from menhu.delivery.sources import reads
from menhu.sites import tags as site_tags
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute, origin
from menhu.sites.public.columns import CHAIN, chain_of, column_tags
from menhu.sites.public.framing import column_url, crumbs, frame_for

MOST_RELATED: Final = 5
TONES: Final[Mapping[str, Tone]] = {
    Validity.IN_FORCE: "ok",
    Validity.AMENDED: "warn",
    Validity.REPEALED: "bad",
    Validity.LAPSED: "bad",
}
SHOWN_STATES: Final = frozenset({PlacementState.PLACED, PlacementState.REMOVED})
MARKED_GENRES: Final = frozenset({Genre.NORMATIVE, Genre.INTERPRETATION})


def article_page(site: Site, article: Article) -> ArticlePage:
    """The article in the first of its columns on this site."""
    reads(tags.article(article.pk))
    place = _place(site, article)
    chain = chain_of(place.column) if place and place.column.site_id == site.pk else ()
    related = _related(site, article)
    previous, following = _neighbours(site, place)
    head = _head(site, article, place, chain)
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
        attachments=attachments_of(article),
        previous=previous,
        following=following,
        qr=qr_code(head.url),
        withdrawal=_withdrawal(article),
        archived=_archived(article),
    )


def _place(site: Site, article: Article) -> Placement | None:
    """The column under which this site shows the article: of this site first, listed first, oldest first.

    An article that was withdrawn or taken out of its column keeps the column's name in its META tags.
    """
    rows = Placement.objects.filter(article=article, state__in=SHOWN_STATES)
    is_here = Case(When(column__site=site, then=0), default=1)
    ordered = rows.order_by(is_here, "-is_listed", "state", "pk")
    place = ordered.select_related("column__kind", "column__owner", f"column__{CHAIN}").first()
    if place is not None:
        reads(tags.neighbours(place.column_id, article.pk))
        reads(*(site_tags.column(step.pk) for step in chain_of(place.column)))
    return place


def _neighbours(site: Site, place: Placement | None) -> tuple[Entry | None, Entry | None]:
    """What stands before and after in the column: (older, newer), one index probe each."""
    if place is None or not place.is_listed or place.column.site_id != site.pk:
        return None, None
    at, pk = place.published_at, place.pk
    beside = Placement.objects.listed().filter(column_id=place.column_id)
    older = beside.filter(Q(published_at__lt=at) | Q(pk__lt=pk), published_at__lte=at).newest_first()
    newer = beside.filter(Q(published_at__gt=at) | Q(pk__gt=pk), published_at__gte=at).order_by("published_at", "pk")
    found = [lists.lines(site, rows[:1]) for rows in (older, newer)]
    return (found[0][0].entry() if found[0] else None), (found[1][0].entry() if found[1] else None)


def _head(site: Site, article: Article, place: Placement | None, chain: tuple[Column, ...]) -> Head:
    url, path = _where(site, article)
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


def _where(site: Site, article: Article) -> tuple[str, str]:
    """The full address on the article's home site, whichever site shows it; and the path on this site."""
    rows = ArticleAddress.objects.filter(article=article, site_id__in={site.pk, article.site_id})
    by_site = {row.site_id: row for row in rows.select_related("site")}
    own = by_site[site.pk]
    home = by_site.get(article.site_id, own)
    return f"{origin(home.site)}{home.path}", own.path


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


def _related(site: Site, article: Article) -> tuple[Related, ...]:
    """Document and interpretations, linked both ways."""
    about = [article.interprets] if article.interprets else []
    reads(*(tags.article(document.pk) for document in about))
    explained = [document for document in about if document.is_public]
    explaining = list(Article.objects.live().filter(interprets=article).order_by("-published_at", "-pk")[:MOST_RELATED])
    urls = _urls(site, [*explained, *explaining])
    groups = ((_("政策原文"), explained), (_("相关解读"), explaining))
    found = (Related(title=title, entries=_related_entries(members, urls)) for title, members in groups)
    return tuple(group for group in found if group.entries)


def _related_entries(articles: Iterable[Article], urls: Mapping[int, str]) -> tuple[Entry, ...]:
    reads(*(tags.article(article.pk) for article in articles))
    return tuple(
        Entry(title=article.title, url=urls[article.pk], on=localdate(article.published_at))
        for article in articles
        if article.pk in urls and article.published_at and article.withdrawn_at is None
    )


def _urls(site: Site, articles: Iterable[Article]) -> dict[int, str]:
    """Where each article is, on this site if it is here, else on its home site: one query."""
    wanted = {article.pk: article.site_id for article in articles}
    if not wanted:
        return {}
    found: dict[int, str] = {}
    for row in ArticleAddress.objects.filter(article_id__in=wanted).select_related("site").order_by("pk"):
        is_here, is_home = row.site_id == site.pk, row.site_id == wanted[row.article_id]
        if is_here or (is_home and row.article_id not in found):
            found[row.article_id] = row.path if row.host == site.host else f"{origin(row.site)}{row.path}"
    return found


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
