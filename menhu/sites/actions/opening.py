from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.outbox import announce
from menhu.sites import rules, tags
from menhu.sites.actions.changes import save_new
from menhu.sites.actions.checking import check_one_site, check_prefix, demand
from menhu.sites.actions.finding import columns_changed, site_changed
from menhu.sites.enums import SiteKind, SiteState
from menhu.sites.models import Column, HomeBlock, Site, SitePlan, SiteTemplate, TemplateColumn
from menhu.sites.policies import may_keep
from menhu.units.enums import UnitKind
from menhu.units.models import Unit


@transaction.atomic
def open_site(
    *,
    unit: Unit,
    template: SiteTemplate,
    by: User | None,
    slug: str = "",
    kind: SiteKind = SiteKind.UNIT,
    base_url: str = "",
    **fields: Any,
) -> Site:
    """Open a unit's site from a template in one step: required columns, look, home blocks, owner, responsible person.

    What is not given comes from the unit and the portal. `by=None` is the install itself. Raises ValidationError.
    """
    demand(by is None or may_keep(by, unit))
    if unit.kind in {UnitKind.GROUP, UnitKind.COUNTY} and kind == SiteKind.UNIT:
        raise ValidationError({"unit": _("分组不是单位，不能开设网站。")})
    site = _site(unit, template, kind, slug or unit.slug, base_url)
    for name, value in fields.items():
        if value not in ("", None):
            setattr(site, name, value)
    check_one_site(site)
    if site.prefix:
        check_prefix(site.host, site.prefix[1:])
    site.full_clean(exclude=["host"])
    save_new(site, {"slug": _("这个网址刚刚被占用，请换一个代号。")})
    columns = _add_columns(site, template)
    HomeBlock.objects.bulk_create(_blocks(site, template, columns))
    record("sites.open", site, by=by, unit_id=unit.pk, data={"template": template.name, "columns": len(columns)})
    announce(_opened(site, columns))
    site_changed(site)
    columns_changed(*columns)
    return site


@transaction.atomic
def plan_site(*, unit: Unit, by: User, responsible_person: str, due_on: date | None, note: str = "") -> SitePlan:
    """Settle who leads the building of a unit's site, and by when."""
    demand(may_keep(by, unit))
    plan, _made = SitePlan.objects.update_or_create(
        unit=unit, defaults={"responsible_person": responsible_person, "due_on": due_on, "note": note}
    )
    record("sites.plan", plan, by=by, unit_id=unit.pk, data={"due_on": str(due_on or ""), "leads": responsible_person})
    return plan


def _site(unit: Unit, template: SiteTemplate, kind: SiteKind, slug: str, base_url: str) -> Site:
    portal = Site.objects.open().portals().order_by("pk").first()
    is_below_portal = kind == SiteKind.UNIT and not base_url
    return Site(
        unit=unit,
        kind=kind,
        state=SiteState.OPEN,
        name=unit.name,
        region=portal.region if portal else "",
        base_url=base_url,
        host=urlsplit(base_url).hostname or settings.PUBLIC_HOST,
        prefix=f"/{slug}" if is_below_portal else "",
        palette=template.palette,
        site_code=portal.site_code if portal else "",
        organiser=unit.name,
        phone=unit.phone,
        opened_on=timezone.localdate(),
    )


def _add_columns(site: Site, template: SiteTemplate) -> list[Column]:
    rows = list(template.columns.order_by("position", "pk"))
    tops = [_column(site, row, None) for row in rows if not row.parent_slug]
    for column in tops[: rules.MAX_SECTIONS]:
        column.is_section = True
    Column.objects.bulk_create(tops)
    by_slug = {column.slug: column for column in tops}
    below = [_column(site, row, by_slug[row.parent_slug]) for row in rows if row.parent_slug in by_slug]
    return tops + Column.objects.bulk_create(below)


def _column(site: Site, row: TemplateColumn, parent: Column | None) -> Column:
    return Column(
        site=site,
        parent=parent,
        name=row.name,
        slug=row.slug,
        path=rules.column_path(parent.path if parent else "", row.slug),
        kind=row.kind,
        form=row.form,
        description=row.description or _("%(site)s“%(name)s”栏目") % {"site": site.name, "name": row.name},
        keywords=row.keywords or row.name,
        link=row.link,
        position=row.position,
        owner=site.unit,
        responsible_person=site.responsible_person,
    )


def _blocks(site: Site, template: SiteTemplate, columns: list[Column]) -> list[HomeBlock]:
    ids = {column.path: column.pk for column in columns}
    return [
        HomeBlock(
            site=site,
            kind=block["kind"],
            title=block.get("title", ""),
            settings=_with_ids(block.get("settings", {}), ids),
            position=position,
        )
        for position, block in enumerate(template.blocks)
    ]


def _with_ids(settings: Any, ids: dict[str, int]) -> Any:
    """A template names columns by their paths; the settings of a site name them by id, as its forms do."""
    if isinstance(settings, dict):
        return {name: _with_ids(value, ids) for name, value in settings.items()}
    if isinstance(settings, list):
        return [_with_ids(value, ids) for value in settings]
    return ids.get(settings, settings) if isinstance(settings, str) else settings


def _opened(site: Site, columns: list[Column]) -> list[str]:
    own = [tags.site(site.pk), tags.home(site.pk), tags.columns(site.pk), tags.directory()]
    return own + [tags.column(column.pk) for column in columns]
