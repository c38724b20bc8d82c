"""The public search page of every site."""

import logging
from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from menhu.core.frames import Link
from menhu.core.jinja import render_bytes
from menhu.delivery.headers import REVALIDATE
from menhu.delivery.hosts import canonical_host
from menhu.delivery.sources import Address
from menhu.search.asking import START, Count, Results, hot_words
from menhu.search.engines import EngineAwayError
from menhu.search.rules import Question
from menhu.sites import contexts
from menhu.sites.models import Site
from menhu.sites.public.addresses import absolute, relative, site_at
from menhu.sites.public.framing import crumbs, frame_for, plain_head
from menhu.sites.searching import Asked, address_of, asked_of, facets_of, hit_shown, results_of

PATH = "/search/"
NOTHING: Final = Results(Question((), None, ()), (), Count(0), None)
AWAY: Final = {"Cache-Control": "no-store", "Retry-After": "30"}

logger = logging.getLogger(__name__)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Results of a question, or the page that waits for one; any input whatever is answered."""
    address = Address(canonical_host(request.get_host()), request.path)
    site = site_at(address)
    if site is None or relative(site, address) != PATH:
        raise Http404
    asked = asked_of({name: str(value) for name, value in request.GET.items()}, site)
    try:
        page = _page(site, asked, results_of(asked, site))
    except EngineAwayError as error:
        logger.warning("the search does not answer: %s", error)
        return HttpResponse(render_bytes(_page(site, asked, NOTHING, is_away=True)), status=503, headers=AWAY)
    return HttpResponse(render_bytes(page), headers={"Cache-Control": REVALIDATE})


def _page(site: Site, asked: Asked, results: Results, *, is_away: bool = False) -> contexts.SearchPage:
    title = _("“%(text)s”的搜索结果") % {"text": asked.text} if asked.text else _("搜索")
    head = plain_head(site, title, PATH, is_indexed=False)
    following = results.following
    return contexts.SearchPage(
        frame=replace(frame_for(site), search=None),
        head=replace(head, path="", url=absolute(site, PATH)),
        crumbs=crumbs(site, last=_("搜索")),
        action=f"{site.prefix}{PATH}",
        text=asked.text,
        is_away=is_away,
        hidden=_hidden(asked),
        notice=_("问题太长，只按前面的部分搜索。") if asked.is_cut else "",
        hot=tuple(_link(site, word) for word in hot_words()),
        is_asked=bool(results.asked),
        count=str(results.count),
        sorts=_sorts(asked, site),
        facets=facets_of(asked, results, site),
        hits=tuple(hit_shown(hit, site) for hit in results.hits),
        meant=_link(site, results.meant) if results.meant else None,
        everywhere=_everywhere(asked, site, results),
        newer=_first(asked, site),
        older=Link(label=_("下一页"), url=address_of(replace(asked, cursor=following), site)) if following else None,
    )


def _hidden(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What a new question on this page keeps."""
    kept = {"where": "all" if asked.is_everywhere else "site", "type": asked.type}
    return tuple((name, value) for name, value in kept.items() if value)


def _link(site: Site, text: str) -> Link:
    return Link(label=text, url=address_of(asked_of({"q": text}, site), site))


def _sorts(asked: Asked, site: Site) -> tuple[Link, ...]:
    both = ((_("最相关"), False), (_("最新"), True))
    return tuple(
        Link(
            label=label,
            url=address_of(replace(asked, is_by_date=is_by_date, cursor=START), site),
            is_current=asked.is_by_date == is_by_date,
        )
        for label, is_by_date in both
    )


def _first(asked: Asked, site: Site) -> Link | None:
    if asked.cursor == START:
        return None
    return Link(label=_("回到第一页"), url=address_of(replace(asked, cursor=START), site))


def _everywhere(asked: Asked, site: Site, results: Results) -> Link | None:
    """Where nothing is found within narrow bounds, the same question without them."""
    free = Asked(text=asked.text, is_everywhere=True)
    if results.hits or asked.scope(site) == free.scope(site):
        return None
    return Link(label=_("到全部站点、全部类型里找"), url=address_of(free, site))
