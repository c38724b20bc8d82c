"""Sites and columns in the search index, and what follows below them, with the change that makes or hides them."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menhu.search import actions as search
from menhu.search.enums import Place
from menhu.search.types import Below, Found, Kind
from menhu.sites.models import Column, Site
from menhu.sites.public.addresses import absolute
from menhu.sites.public.columns import CHAIN, chain_of

SITE, COLUMN = "site", "column"


def kinds() -> tuple[Kind, ...]:
    """What sites bring to the search."""
    return (
        Kind(SITE, {SITE: _("网站")}, site_keys, given_sites),
        Kind(COLUMN, {COLUMN: _("栏目")}, column_keys, given_columns),
    )


def site_changed(site: Site, *, is_renamed: bool = False) -> None:
    """Let the site be found as it is; its columns say its name."""
    search.renew(SITE, [site.pk])
    if is_renamed:
        search.renew_below(Place.SITE, site.pk, COLUMN)


def columns_changed(*columns: Column, is_renamed: bool = False) -> None:
    """Let the columns be found as they are; those below say their names."""
    search.renew(COLUMN, [column.pk for column in columns])
    for column in columns if is_renamed else ():
        search.renew_below(Place.COLUMN, column.pk, COLUMN)


def site_keys(below: Below | None, after: int, limit: int) -> list[int]:
    """The next open sites."""
    field = {Place.SITE: "pk", Place.COLUMN: "columns", Place.UNIT: "unit"}
    rows = Site.objects.filter(**{field[below.place]: below.pk} if below else {}, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def given_sites(keys: Sequence[int]) -> list[Found]:
    """Those of the sites that are open, held until the transaction ends."""
    held = list(Site.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    rows = Site.objects.open().filter(pk__in=held).select_related("unit").order_by("pk")
    return [_site_found(row) for row in rows]


def column_keys(below: Below | None, after: int, limit: int) -> list[int]:
    """The next columns."""
    rows = Column.objects.filter(_condition(below), pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def given_columns(keys: Sequence[int]) -> list[Found]:
    """Those of the columns that have a page, held until the transaction ends."""
    held = list(Column.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    rows = Column.objects.public().filter(pk__in=held, site__in=Site.objects.open())
    return [_column_found(row) for row in rows.select_related("site", CHAIN).order_by("pk")]


def with_below(column_id: int) -> set[int]:
    """A column and all below it: a query a level."""
    found = level = {column_id}
    while level := set(Column.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - found:
        found = found | level
    return found


def _condition(below: Below | None) -> Q:
    if below is None:
        return Q()
    if below.place == Place.COLUMN:
        return Q(pk__in=with_below(below.pk))
    return Q(site_id=below.pk) if below.place == Place.SITE else Q(site__unit_id=below.pk)


def _site_found(site: Site) -> Found:
    words = (site.introduction, site.slogan, site.unit.name, site.unit.short_name, site.organiser, site.phone)
    return Found(
        kind=SITE,
        key=str(site.pk),
        type=SITE,
        site_id=site.pk,
        site_ids=(site.pk,),
        column_ids=(),
        title=site.name,
        text="\n".join(dict.fromkeys(word for word in words if word)),
        url=absolute(site, "/"),
        source=site.unit.name,
    )


def _column_found(column: Column) -> Found:
    chain = chain_of(column)
    way = " › ".join([column.site.name, *(step.name for step in chain)])
    return Found(
        kind=COLUMN,
        key=str(column.pk),
        type=COLUMN,
        site_id=column.site_id,
        site_ids=(column.site_id,),
        column_ids=tuple(sorted(step.pk for step in chain)),
        title=column.name,
        text="\n".join(word for word in (way, column.description, column.keywords) if word),
        url=absolute(column.site, column.path),
        source=column.site.name,
    )
