"""Rows for tests of public pages: many listed articles at once, without the reviews."""

from datetime import datetime, timedelta, timezone
from typing import Any

from django.conf import settings
from lxml import html

from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, ArticleAddress, Bucket, Placement
from menhu.delivery.sources import Address, Rendered, render
from menhu.sites.models import Column
from tests.factories import World

BEIJING = timezone(timedelta(hours=8))
START = datetime(2026, 6, 1, 8, 0, tzinfo=BEIJING)


def list_articles(world: World, column: Column, count: int, *, at: datetime = START, **fields: Any) -> list[Article]:
    """So many live articles in the column, a minute apart, newest last, with addresses and month pages."""
    found = []
    for number in range(count):
        moment = at + timedelta(minutes=number)
        article = Article.objects.create(
            **{
                "title": f"第{number + 1}篇",
                "body": "<p>正文。</p>",
                "source": "县教育局",
                "unit": column.site.unit,
                "site": column.site,
                "created_by": world.people["editor"],
                "live": True,
                "state": ArticleState.LIVE,
                "published_at": moment,
                "first_published_at": moment,
                "last_published_at": moment,
                **fields,
            }
        )
        place(article, column)
        found.append(article)
    return found


def place(article: Article, column: Column) -> Placement:
    """List the article in the column, with an address on its site."""
    assert article.published_at is not None
    local = article.published_at.astimezone(BEIJING)
    bucket = f"{local:%Y-%m}"
    Bucket.objects.get_or_create(column=column, name=bucket)
    site = column.site
    path = f"{site.prefix}/{local:%Y/%m}/{article.pk}/"
    ArticleAddress.objects.get_or_create(article=article, site=site, defaults={"host": site.host, "path": path})
    return Placement.objects.create(
        article=article,
        column=column,
        state=PlacementState.PLACED,
        is_listed=True,
        published_at=article.published_at,
        bucket=bucket,
    )


def answer(path: str) -> tuple[Rendered, frozenset[str]]:
    """What the portal's host answers at a path, and the tags that were read."""
    found = render(Address(settings.PUBLIC_HOST, path))
    assert found is not None, path
    return found[1], found[2]


def tree(path: str) -> html.HtmlElement:
    return html.document_fromstring(answer(path)[0].body.decode())


def metas(page: html.HtmlElement) -> dict[str, str]:
    return {str(m.get("name")): str(m.get("content")) for m in page.iter("meta") if m.get("name")}


def path_of(article: Article) -> str:
    return ArticleAddress.objects.get(article=article, site=article.site).path
