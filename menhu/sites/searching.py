"""What the search page and its JSON twin have in common: what was asked, where, and how it is shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from menhu.core.cursors import row_number
from menhu.core.frames import Link
from menhu.search import missing
from menhu.search.asking import START, Count, Cursor, Hit, Results, Scope, search
from menhu.search.rules import shortened
from menhu.search.types import labels
from menhu.sites import contexts
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import origin

YEARS: Final = 4
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_MONTH: Final = re.compile(r"20[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A cleaned request; whatever makes no sense is as if it had not been given."""

    text: str = ""
    type: str = ""
    is_everywhere: bool = False
    column_id: int | None = None
    month: str = ""
    is_by_date: bool = False
    cursor: Cursor = START
    is_cut: bool = False

    def scope(self, site: Site) -> Scope:
        """Where to look from a page of this site."""
        return Scope(self.type, None if self.is_everywhere else site.pk, self.column_id, self.month)


def asked_of(given: Mapping[str, str], site: Site) -> Asked:
    """Read `q`, `type`, `where`, `column`, `month`, `sort`, `after`; the portal looks everywhere unless told not to."""
    text = " ".join(_CONTROL.sub(" ", given.get("q", "")).split())
    month = given.get("month", "")
    where = given.get("where", "all" if site.kind == SiteKind.PORTAL else "site")
    return Asked(
        text=shortened(text),
        type=given.get("type", "") if given.get("type", "") in labels() else "",
        is_everywhere=where == "all",
        column_id=row_number(given.get("column")),
        month=month if _MONTH.fullmatch(month) else "",
        is_by_date=given.get("sort", "") == "date",
        cursor=Cursor.of(given.get("after", "")),
        is_cut=text != shortened(text),
    )


def results_of(asked: Asked, site: Site) -> Results:
    """Ask the index; what it knows nothing of is counted."""
    results = search(asked.text, asked.scope(site), is_by_date=asked.is_by_date, cursor=asked.cursor)
    if not results.count.number:
        missing.note(results.asked)
    return results


def address_of(asked: Asked, site: Site) -> str:
    """The address of a page of results."""
    where = "all" if asked.is_everywhere else "site"
    given = {
        "q": asked.text,
        "type": asked.type,
        "where": where if (where == "all") != (site.kind == SiteKind.PORTAL) else "",
        "column": "" if asked.column_id is None else str(asked.column_id),
        "month": asked.month,
        "sort": "date" if asked.is_by_date else "",
        "after": str(asked.cursor) if asked.cursor != START else "",
    }
    return f"{site.prefix}/search/?{urlencode({name: value for name, value in given.items() if value})}"


def facets_of(asked: Asked, results: Results, site: Site) -> tuple[contexts.Facet, ...]:
    """Types with their counts, this site or all, years."""
    return (
        _types(asked, results, site),
        _places(asked, site),
        contexts.Facet(title=_("时间"), links=_years(asked, site)),
    )


def _types(asked: Asked, results: Results, site: Site) -> contexts.Facet:
    first = _choice(asked, site, _("全部"), type="")
    counts = dict(results.types)
    links = [
        (_choice(asked, site, label, type=code), str(counts.get(code, Count(0)))) for code, label in labels().items()
    ]
    shown = ((first, ""), *(pair for pair in links if pair[1] != "0" or pair[0].is_current))
    return contexts.Facet(title=_("类型"), links=shown)


def _places(asked: Asked, site: Site) -> contexts.Facet:
    links = [
        (_choice(asked, site, _("全部站点"), is_everywhere=True), ""),
        (_choice(asked, site, _("只看本站"), is_everywhere=False), ""),
    ]
    if asked.column_id is not None:
        name = Column.objects.filter(pk=asked.column_id).values_list("name", flat=True).first()
        links.append((Link(label=name or _("栏目"), url="", is_current=True), ""))
        links.append((_choice(asked, site, _("不限栏目"), column_id=None), ""))
    return contexts.Facet(title=_("范围"), links=tuple(links))


def _years(asked: Asked, site: Site) -> tuple[tuple[Link, str], ...]:
    year = localdate().year
    links = [_choice(asked, site, _("不限"), month="")]
    links += [_choice(asked, site, _("%(year)s 年") % {"year": y}, month=str(y)) for y in range(year, year - YEARS, -1)]
    return tuple((link, "") for link in links)


def _choice(asked: Asked, site: Site, label: str, **changes: object) -> Link:
    chosen = replace(asked, cursor=START, **changes)  # type: ignore[arg-type] # fields of its own
    is_current = all(getattr(asked, name) == value for name, value in changes.items())
    return Link(label=label, url=address_of(chosen, site), is_current=is_current)


def hit_shown(hit: Hit, site: Site) -> contexts.SearchHit:
    """A result as the page shows it; addresses of this host are short."""
    document = hit.document
    return contexts.SearchHit(
        title=hit.title.pieces,
        text=hit.text.pieces,
        url=document.url.removeprefix(origin(site)) or document.url,
        tag=labels().get(document.type, ""),
        source=document.source,
        on=localtime(document.published_at).date() if document.published_at else None,
        note=document.note,
    )
