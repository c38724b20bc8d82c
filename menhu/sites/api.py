"""Search for programmes: the same rules as the page, as JSON with an OpenAPI description at /api/openapi.json."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError

from menhu.delivery.hosts import canonical_host
from menhu.delivery.sources import Address
from menhu.search.asking import Results, suggestions
from menhu.search.engines import EngineAwayError
from menhu.sites.models import Site
from menhu.sites.public.addresses import site_at
from menhu.sites.searching import asked_of, results_of

api = NinjaAPI(title="Menhu", version="1", description=str(_("公开内容的检索接口。")), docs_url=None)


@api.exception_handler(EngineAwayError)
def answer_away(request: HttpRequest, error: EngineAwayError) -> HttpResponse:
    """Whoever asks again should wait a little."""
    answer = api.create_response(request, {"detail": str(_("搜索暂时不可用，请稍后再试"))}, status=503)
    answer["Cache-Control"], answer["Retry-After"] = "no-store", "30"
    return answer


class SearchQuery(Schema):
    """As on the page: `where` is "all" or "site", `month` "2026-06" or "2026", `sort` "date" or nothing."""

    q: str = ""
    site: str = "/"
    type: str = ""
    where: str = "all"
    column: str = ""
    month: str = ""
    sort: str = ""
    after: str = ""


class HitOut(Schema):
    title: str
    url: str
    excerpt: str
    type: str
    source: str
    published_at: datetime | None
    note: str


class ResultsOut(Schema):
    """`count` ends with "+" where counting was cut short; `after` asks for the next page, empty at the end."""

    count: str
    types: dict[str, str]
    meant: str
    after: str
    hits: list[HitOut]


class SuggestionsOut(Schema):
    titles: list[str]


@api.get("/search", response=ResultsOut, summary=str(_("检索")))
def find(request: HttpRequest, query: Query[SearchQuery]) -> ResultsOut:
    """A page of results. `site` is the path under which a site lies, "/" for the portal."""
    site = _site_of(request, query.site)
    return _out(results_of(asked_of(query.dict(), site), site))


@api.get("/search/suggest", response=SuggestionsOut, summary=str(_("联想")))
def suggest(request: HttpRequest, q: str = "") -> SuggestionsOut:
    """Titles that hold what was typed so far."""
    site = _site_of(request, "/")
    asked = asked_of({"q": q, "where": "all"}, site)
    return SuggestionsOut(titles=suggestions(asked.text, asked.scope(site)))


def _site_of(request: HttpRequest, path: str) -> Site:
    site = site_at(Address(canonical_host(request.get_host()), f"/{path.strip('/')}/".replace("//", "/")))
    if site is None:
        raise HttpError(404, str(_("这个地址上没有网站。")))
    return site


def _out(results: Results) -> ResultsOut:
    return ResultsOut(
        count=str(results.count),
        types={code: str(count) for code, count in results.types},
        meant=results.meant,
        after=str(results.following) if results.following else "",
        hits=[
            HitOut(
                title=hit.document.title,
                url=hit.document.url,
                excerpt="".join(piece for piece, _marked in hit.text.pieces),
                type=hit.document.type,
                source=hit.document.source,
                published_at=hit.document.published_at,
                note=hit.document.note,
            )
            for hit in results.hits
        ],
    )
