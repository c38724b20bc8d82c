from datetime import datetime
from typing import Any

from django.db import transaction

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.search import actions as search
from menhu.search.enums import Place
from menhu.sites import tags
from menhu.sites.actions.changes import set_fields
from menhu.sites.actions.checking import check_link, demand
from menhu.sites.actions.finding import site_changed
from menhu.sites.models import Banner, Column, ColumnKind, Site
from menhu.sites.policies import keeps_all, may_keep
from menhu.units.changes import Words

# Not among them: unit, kind, host and prefix, which make the addresses.
CHANGEABLE = frozenset(
    {
        "name",
        "region",
        "slogan",
        "introduction",
        "palette",
        "site_code",
        "icp_number",
        "police_number",
        "organiser",
        "contractor",
        "phone",
        "responsible_person",
        "upper_links",
        "related_links",
    }
)


@transaction.atomic
def change_site(*, site: Site, by: User | None, **fields: Any) -> Site:
    """Change what a site says of itself and how it looks, never its address. Raises ValidationError by field."""
    demand(by is None or may_keep(by, site.unit))
    if foreign := set(fields) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(foreign)}")
    differences = set_fields(site, fields)
    if not differences:
        return site
    for name in ("upper_links", "related_links"):
        for link in getattr(site, name):
            check_link(name, link["url"])
    site.full_clean(exclude=["host"])
    site.save(update_fields=sorted(differences))
    record("sites.change", site, by=by, unit_id=site.unit_id, data={"changes": differences})
    announce([tags.home(site.pk), *([tags.directory()] if "name" in differences else [])])
    announce([tags.site(site.pk)], lane=Lane.BULK)
    site_changed(site, is_renamed="name" in differences)
    return site


@transaction.atomic
def show_banner(
    *, text: str, by: User, site: Site | None = None, link: str = "", ends_at: datetime | None = None
) -> Banner:
    """Put an emergency notice above every page of a site, or of all sites."""
    demand(keeps_all(by) if site is None else may_keep(by, site.unit))
    check_link("link", link)
    banner = Banner(site=site, text=text.strip(), link=link, ends_at=ends_at)
    banner.full_clean()
    banner.save()
    _record_banner("sites.show_banner", banner, by)
    return banner


@transaction.atomic
def switch_banner(*, banner: Banner, by: User | None, is_shown: bool) -> bool:
    """Take a notice down or put it up again; `by=None` is the clock. False where it was so already.

    Put up again after its end, it stays until somebody takes it down.
    """
    demand(by is None or (keeps_all(by) if banner.site is None else may_keep(by, banner.site.unit)))
    fields: dict[str, Any] = {"is_shown": is_shown} | ({"ends_at": None} if is_shown else {})
    if not Banner.objects.filter(pk=banner.pk, is_shown=not is_shown).update(**fields):
        return False
    set_fields(banner, fields)
    _record_banner("sites.show_banner" if is_shown else "sites.hide_banner", banner, by)
    return True


def end_banners(now: datetime) -> int:
    """Take down the notices whose time is over; returns how many. For the clock."""
    over = Banner.objects.filter(is_shown=True, ends_at__lte=now).select_related("site").order_by("pk")
    return sum(switch_banner(banner=banner, by=None, is_shown=False) for banner in over)


@transaction.atomic
def set_mourning(*, by: User, is_mourning: bool, site: Site | None = None) -> int:
    """Turn a site, or all open ones, grey or back; returns how many changed."""
    demand(keeps_all(by) if site is None else may_keep(by, site.unit))
    sites = Site.objects.open() if site is None else Site.objects.filter(pk=site.pk)
    changed = list(sites.filter(is_mourning=not is_mourning).order_by("pk").values_list("pk", flat=True))
    Site.objects.filter(pk__in=changed).update(is_mourning=is_mourning)
    if changed:
        verb = "sites.mourn" if is_mourning else "sites.end_mourning"
        record(verb, site, by=by, unit_id=site.unit_id if site else None, data={"sites": len(changed)})
        _announce_frames(changed)
    return len(changed)


@transaction.atomic
def change_kind(*, kind: ColumnKind, by: User | None, **fields: Any) -> ColumnKind:
    """Change a kind of column; its name is META data of every page of such a column."""
    demand(by is None or keeps_all(by))
    differences = set_fields(kind, fields)
    if not differences:
        return kind
    kind.full_clean()
    kind.save()
    record("sites.change_kind", kind, by=by, data={"changes": differences})
    if "name" in differences:
        columns = Column.objects.standing().filter(kind=kind).order_by("pk").values_list("pk", flat=True)
        announce([tags.column(pk) for pk in columns], lane=Lane.BULK)
    return kind


def _record_banner(verb: str, banner: Banner, by: User | None) -> None:
    site = banner.site
    record(verb, banner, by=by, unit_id=site.unit_id if site else None, data={"site": site.pk if site else None})
    everywhere = Site.objects.open().order_by("pk").values_list("pk", flat=True)
    _announce_frames([site.pk] if site else list(everywhere))


def _announce_frames(site_ids: list[int]) -> None:
    """Home pages at once, all other pages after them: thousands of pages must not delay an approval."""
    announce([tags.home(pk) for pk in site_ids])
    announce([tags.site(pk) for pk in site_ids], lane=Lane.BULK)


def unit_words_changed(unit_id: int, words: Words) -> None:
    """A unit's public words or leaders changed; called by units inside its transaction."""
    if words is Words.LEADERS:
        announce([tags.leaders(unit_id)])
    else:
        announce([tags.unit(unit_id), tags.directory()])
        search.renew_below(Place.UNIT, unit_id)
