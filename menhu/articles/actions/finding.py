"""Articles in the search index: in and out with the change that makes them public or takes them away."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from menhu.articles.enums import Genre, Validity
from menhu.articles.models import Article, ArticleAddress, Placement
from menhu.articles.querysets import ArticleQuerySet
from menhu.core.sanitising import plain_text
from menhu.search import actions as search
from menhu.search.enums import Place
from menhu.search.types import Below, Found, Kind
from menhu.sites.actions.finding import with_below
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import origin

KIND = "article"
TYPES = {
    "policy": _("政策文件"),
    "reading": _("政策解读"),
    "notice": _("公告"),
    "news": _("新闻动态"),
    "page": _("其他"),
}
_TYPE_OF = {
    Genre.NORMATIVE: "policy",
    Genre.INTERPRETATION: "reading",
    Genre.NOTICE: "notice",
    Genre.NEWS: "news",
    Genre.PAGE: "page",
}


def make_findable(article: Article) -> None:
    """Let the article be found as it is published now, or not at all if it is not."""
    search.renew(KIND, [article.pk])


def hide(article: Article) -> None:
    """Nobody finds the article any more."""
    search.withdraw(KIND, article.pk)


def kind() -> Kind:
    """What articles bring to the search."""
    return Kind(KIND, TYPES, keys, given)


def keys(below: Below | None, after: int, limit: int) -> list[int]:
    """The next articles that stand."""
    rows = Article.objects.live().filter(_condition(below), pk__gt=after, withdrawn_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def given(keys: Sequence[int]) -> list[Found]:
    """Those of the articles that stand and have an address on an open site, held until the transaction ends."""
    held = Article.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    rows = list(_with_places(Article.objects.filter(pk__in=list(held), withdrawn_at__isnull=True).live()))
    parents = _parents_of(rows)
    return [_found(row, parents) for row in rows if row.addresses.all()]


def _condition(below: Below | None) -> Q:
    if below is None:
        return Q()
    if below.place == Place.UNIT:
        return Q(unit_id=below.pk)
    if below.place == Place.SITE:
        return Q(pk__in=ArticleAddress.objects.filter(site_id=below.pk).values("article_id"))
    return Q(pk__in=Placement.objects.listed().filter(column_id__in=with_below(below.pk)).values("article_id"))


def _with_places(rows: ArticleQuerySet) -> ArticleQuerySet:
    standing = ArticleAddress.objects.filter(site__in=Site.objects.open()).select_related("site").order_by("pk")
    placements = Prefetch("placements", Placement.objects.listed().select_related("column"))
    return (
        rows.order_by("pk")
        .select_related("unit")
        .prefetch_related(Prefetch("addresses", standing), placements, "attachments")
    )


def _parents_of(rows: Iterable[Article]) -> dict[int, int | None]:
    """The columns that list the articles, and those above."""
    parents: dict[int, int | None] = {p.column_id: p.column.parent_id for row in rows for p in row.placements.all()}
    while missing := {parent for parent in parents.values() if parent is not None} - parents.keys():
        parents |= dict(Column.objects.filter(pk__in=missing).values_list("pk", "parent_id"))
    return parents


def _found(row: Article, parents: dict[int, int | None]) -> Found:
    addresses = list(row.addresses.all())
    home = next((a for a in addresses if a.site_id == row.site_id), addresses[0])
    placements = list(row.placements.all())
    assert row.published_at is not None  # noqa: S101 - what is live has been published
    return Found(
        kind=KIND,
        key=str(row.pk),
        type=_TYPE_OF[Genre(row.genre)],
        site_id=home.site_id,
        site_ids=tuple(sorted({a.site_id for a in addresses})),
        column_ids=tuple(sorted(_with_above({p.column_id for p in placements}, parents))),
        title=row.title,
        text=_text(row),
        url=f"{origin(home.site)}{home.path}",
        source=row.source or row.unit.name,
        published_at=row.published_at,
        note=str(Validity(row.validity).label) if row.validity else "",
    )


def _with_above(column_ids: Iterable[int], parents: dict[int, int | None]) -> set[int]:
    found: set[int] = set()
    for column_id in column_ids:
        step: int | None = column_id
        while step is not None and step not in found:
            found.add(step)
            step = parents.get(step)
    return found


def _text(row: Article) -> str:
    """Everything of the article that somebody may remember, the text first, since excerpts come from it."""
    facts: Sequence[str] = (row.subtitle, row.document_number, row.index_number, row.keywords, row.author, row.subject)
    parts = [plain_text(row.body), *facts, *(attachment.title for attachment in row.attachments.all())]
    return "\n".join(part for part in parts if part)
