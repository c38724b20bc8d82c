"""What article pages are made of, read for many addresses in as many queries as for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, TypeVar

from menhu.articles.enums import PlacementState
from menhu.articles.models import Article, ArticleAddress, Attachment, Placement
from menhu.articles.public import lists
from menhu.articles.public.lists import NOBODY, Beside
from menhu.delivery.querysets import at_addresses
from menhu.delivery.sources import Address
from menhu.sites.enums import SiteState
from menhu.sites.models import Site
from menhu.sites.public.addresses import origin
from menhu.sites.public.columns import CHAIN

SHOWN_STATES: Final = frozenset({PlacementState.PLACED, PlacementState.REMOVED})
MOST_RELATED: Final = 5
OfArticle = TypeVar("OfArticle", ArticleAddress, Attachment, Placement)
ROWS: Final = ("site__unit", "article__unit", "article__cover", "article__interprets")


@dataclass(frozen=True, slots=True)
class ArticleParts:
    """An article at one of its addresses, with the rows that its page shows.

    `place` is the column under which the site shows it, `home` its address on its own site.
    """

    here: ArticleAddress
    home: ArticleAddress
    place: Placement | None = None
    beside: Beside = NOBODY
    explaining: Sequence[Article] = ()
    attachments: Sequence[Attachment] = ()
    elsewhere: Mapping[int, Sequence[ArticleAddress]] = field(default_factory=dict)
    """Addresses of other articles by their keys."""

    @property
    def site(self) -> Site:
        return self.here.site

    @property
    def article(self) -> Article:
        return self.here.article

    def url_of(self, other: Article) -> str | None:
        """Where another article is: on this site if it is here, else on its home site."""
        rows = {row.site_id: row for row in self.elsewhere.get(other.pk, ())}
        row = rows.get(self.here.site_id) or rows.get(other.site_id)
        if row is None:
            return None
        return row.path if row.host == self.here.host else f"{origin(row.site)}{row.path}"


def parts_at(addresses: Iterable[Address]) -> dict[Address, ArticleParts]:
    """Parts by address, of those that belong to an article and an open site; eight queries at most."""
    heres = list(
        ArticleAddress.objects.filter(at_addresses(addresses), site__state=SiteState.OPEN)
        .select_related(*ROWS)
        .order_by()
    )
    if not heres:
        return {}
    public = {here.article_id: here.article for here in heres if here.article.is_public}
    homes, explaining = _homes(heres), _explaining(public)
    places = _places(here for here in heres if here.article_id in public)
    beside = lists.beside(p for here, p in places.items() if p.is_listed and p.column.site_id == here.site_id)
    explained = [article.interprets for article in public.values() if article.interprets]
    elsewhere = _addresses([*explained, *chain.from_iterable(explaining.values())])
    attachments = _attachments(public)
    return {
        Address(here.host, here.path): ArticleParts(
            here=here,
            home=homes.get(here.article_id, here),
            place=places.get(here),
            beside=beside.get((here.site_id, places[here].pk), NOBODY) if here in places else NOBODY,
            explaining=explaining.get(here.article_id, ()),
            attachments=attachments.get(here.article_id, ()),
            elsewhere=elsewhere,
        )
        for here in heres
    }


def _homes(heres: Iterable[ArticleAddress]) -> dict[int, ArticleAddress]:
    """The addresses on their own sites of articles that are shown on others."""
    guests = {here.article_id: here.article.site_id for here in heres if here.site_id != here.article.site_id}
    rows = _by_article(_addresses_of(guests))
    return {pk: row for pk, found in rows.items() for row in found if row.site_id == guests[pk]}


def _places(heres: Iterable[ArticleAddress]) -> dict[ArticleAddress, Placement]:
    """The column under which each is shown: of its site first, listed first, oldest first.

    An article that was withdrawn or taken out of its column keeps the column's name in its META tags.
    """
    heres = list(heres)
    rows = Placement.objects.filter(article__in={here.article_id for here in heres}, state__in=SHOWN_STATES)
    found = _by_article(rows.select_related("column__kind", "column__owner", f"column__{CHAIN}").order_by("pk"))
    return {here: _best(found[here.article_id], here.site_id) for here in heres if here.article_id in found}


def _best(rows: Sequence[Placement], site_id: int) -> Placement:
    return min(rows, key=lambda row: (row.column.site_id != site_id, not row.is_listed, row.state, row.pk))


def _explaining(public: Mapping[int, Article]) -> dict[int, list[Article]]:
    """The newest interpretations of each document."""
    found: dict[int, list[Article]] = {}
    rows = Article.objects.live().filter(interprets__in=public).order_by("-published_at", "-pk")
    for row in rows.defer("body"):
        members = found.setdefault(row.interprets_id or 0, [])
        if len(members) < MOST_RELATED:
            members.append(row)
    return found


def _addresses(articles: Iterable[Article]) -> dict[int, list[ArticleAddress]]:
    return _by_article(_addresses_of({article.pk for article in articles}))


def _addresses_of(keys: Iterable[int]) -> Iterable[ArticleAddress]:
    keys = list(keys)
    return ArticleAddress.objects.filter(article_id__in=keys).select_related("site").order_by("pk") if keys else ()


def _attachments(public: Mapping[int, Article]) -> dict[int, list[Attachment]]:
    rows = Attachment.objects.filter(article__in=public).select_related("file").order_by("sort_order", "pk")
    return _by_article(rows)


def _by_article(rows: Iterable[OfArticle]) -> dict[int, list[OfArticle]]:
    found: dict[int, list[OfArticle]] = {}
    for row in rows:
        found.setdefault(row.article_id, []).append(row)
    return found
