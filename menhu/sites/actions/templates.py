from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.sites.actions.checking import check_slug, demand
from menhu.sites.models import Column, HomeBlock, Site, SiteTemplate, TemplateColumn
from menhu.sites.policies import keeps_all


@transaction.atomic
def save_template(
    *,
    template: SiteTemplate,
    by: User | None,
    columns: Iterable[TemplateColumn] = (),
    gone: Iterable[TemplateColumn] = (),
    blocks_of: Site | None = None,
    **fields: Any,
) -> SiteTemplate:
    """Add or change what new sites start with; sites that stand are not touched. Raises ValidationError."""
    demand(by is None or keeps_all(by))
    verb = "sites.change_template" if template.pk else "sites.add_template"
    for name, value in fields.items():
        setattr(template, name, value)
    if blocks_of is not None:
        template.blocks = blocks_as_template(blocks_of)
    template.full_clean()
    template.save()
    for column in gone:
        column.delete()
    for column in columns:
        column.template = template
        column.full_clean()
        column.save()
    _check_tree(template)
    record(verb, template, by=by, data={"columns": template.columns.count(), "blocks": len(template.blocks)})
    return template


def blocks_as_template(site: Site) -> list[dict[str, Any]]:
    """The blocks of a site's home page, its columns named by their paths, so that they fit any other site."""
    paths = dict(Column.objects.filter(site=site).values_list("pk", "path"))
    rows = HomeBlock.objects.filter(site=site, is_shown=True).order_by("position", "pk")
    return [{"kind": row.kind, "title": row.title, "settings": _with_paths(row.settings, paths)} for row in rows]


def _with_paths(settings: dict[str, Any], paths: dict[int, str]) -> dict[str, Any]:
    """Columns stand under "column" and "columns", alone or within a link."""
    return {name: _named(name, value, paths) for name, value in settings.items()}


def _named(name: str, value: Any, paths: dict[int, str]) -> Any:
    if isinstance(value, dict):
        return _with_paths(value, paths)
    if name == "column":
        return paths.get(value, value)
    if name == "columns":
        return [paths.get(item, item) for item in value]
    if isinstance(value, list):
        return [_with_paths(item, paths) if isinstance(item, dict) else item for item in value]
    return value


def _check_tree(template: SiteTemplate) -> None:
    rows = list(template.columns.all())
    tops = {row.slug for row in rows if not row.parent_slug}
    for row in rows:
        check_slug(row.slug)
        if row.parent_slug and row.parent_slug not in tops:
            raise ValidationError(
                _("“%(column)s”的上级栏目代号 %(slug)s 不在模板的一级栏目里。")
                % {"column": row.name, "slug": row.parent_slug}
            )
