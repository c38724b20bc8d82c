from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.outbox import announce
from menhu.sites import rules, tags
from menhu.sites.actions.changes import save_new, set_fields, tree_tags
from menhu.sites.actions.checking import check_column, check_link, check_sections, demand
from menhu.sites.actions.finding import columns_changed
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column, ColumnKind, Redirect, Site
from menhu.sites.occupancy import articles_in
from menhu.sites.policies import may_keep

# Not among them: site, parent, slug and path, which make the address.
CHANGEABLE = frozenset(
    {
        "name",
        "kind",
        "form",
        "description",
        "keywords",
        "link",
        "owner",
        "responsible_person",
        "window_days",
        "is_section",
        "is_hidden",
    }
)


@transaction.atomic
def add_column(
    *,
    site: Site,
    by: User | None,
    name: str,
    slug: str,
    kind: ColumnKind,
    parent: Column | None = None,
    **fields: Any,
) -> Column:
    """Add a column at the end of its siblings; its address is fixed from now on. Raises ValidationError by field."""
    demand(by is None or may_keep(by, site.unit))
    return write_new_column(site=site, by=by, name=name, slug=slug, kind=kind, parent=parent, **fields)


def write_new_column(*, site: Site, by: User | None, slug: str, parent: Column | None, **fields: Any) -> Column:
    """The adding itself, for whoever has been authorised already."""
    path = rules.column_path(parent.path if parent else "", slug)
    column = Column(**{"owner": site.unit, **fields}, site=site, parent=parent, slug=slug, path=path)
    check_column(column)
    _check_words(column)
    siblings = Column.objects.filter(site=site, parent=parent)
    if "position" not in fields:
        last: int | None = siblings.aggregate(last=Max("position"))["last"]
        column.position = 0 if last is None else last + 1
    column.full_clean()
    save_new(column, {"slug": _("这个网址刚刚被占用，请换一个代号。")})
    record("sites.add_column", column, by=by, unit_id=site.unit_id, data={"path": path})
    announce(tree_tags([column]))
    columns_changed(column)
    return column


@transaction.atomic
def change_column(*, column: Column, by: User | None, **fields: Any) -> Column:
    """Change what a column says and who answers for it; its address never changes. Raises ValidationError by field."""
    demand(by is None or may_keep(by, column.site.unit))
    return write_column(column=column, by=by, verb="sites.change_column", **fields)


def write_column(*, column: Column, by: User | None, verb: str, **fields: Any) -> Column:
    """The change itself, for whoever has been authorised already."""
    if foreign := set(fields) - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(foreign)}")
    was_section = column.is_section
    differences = set_fields(column, fields)
    if not differences:
        return column
    _check_words(column)
    column.full_clean()
    column.save(update_fields=sorted({*differences, "description", "keywords"}))
    record(verb, column, by=by, unit_id=column.site.unit_id, data={"changes": differences})
    announce(tree_tags([column]) | ({tags.site(column.site_id)} if was_section else set()))
    columns_changed(column, is_renamed="name" in differences)
    return column


@transaction.atomic
def move_column(*, column: Column, by: User | None, up: bool) -> bool:
    """Change places with the sibling before or after; False at the end of the row."""
    demand(by is None or may_keep(by, column.site.unit))
    siblings = list(Column.objects.standing().filter(site=column.site_id, parent=column.parent_id).in_order())
    here = next(index for index, other in enumerate(siblings) if other.pk == column.pk)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(siblings):
        return False
    siblings[here], siblings[there] = siblings[there], siblings[here]
    for position, other in enumerate(siblings):
        other.position = position
    Column.objects.bulk_update(siblings, ["position"])
    column.position = there
    record("sites.move_column", column, by=by, unit_id=column.site.unit_id, data={"position": there})
    announce(tree_tags([siblings[here], siblings[there]]))
    return True


@transaction.atomic
def remove_column(*, column: Column, by: User | None) -> Column:
    """Take a column off the site; its address leads to the column above for ever. ValidationError where in use."""
    demand(by is None or may_keep(by, column.site.unit))
    return write_removal(column=column, by=by)


def write_removal(*, column: Column, by: User | None) -> Column:
    """The removal itself, for whoever has been authorised already."""
    check_removable(column)
    now = timezone.now()
    if not Column.objects.standing().filter(pk=column.pk).update(removed_at=now):
        raise ValidationError(_("“%(column)s”已经撤销。") % {"column": column})
    column.removed_at = now
    lead_to(column.site, column.path, rules.parent_path(column.path))
    record("sites.remove_column", column, by=by, unit_id=column.site.unit_id, data={"path": column.path})
    announce(tree_tags([column]))
    columns_changed(column)
    return column


def check_removable(column: Column) -> None:
    """Raise ValidationError while anything stands in the column."""
    if Column.objects.standing().filter(parent=column).exists():
        raise ValidationError(_("“%(column)s”还有下级栏目，请先撤销下级栏目。") % {"column": column})
    count = articles_in(column)
    if count:
        raise ValidationError(
            _("“%(column)s”还有 %(count)d 篇已发布的文章，请先移到别的栏目。") % {"column": column, "count": count}
        )


def lead_to(site: Site, path: str, target: str) -> None:
    """Answer an address of the site with a way to another for ever; ways that led to it are led on."""
    old, new = f"{site.prefix}{path}", f"{site.prefix}{target}"
    Redirect.objects.filter(host=site.host, target=old).update(target=new)
    Redirect.objects.update_or_create(host=site.host, path=old, defaults={"target": new})


def _check_words(column: Column) -> None:
    """Fill what the META norm wants on every column page; refuse what cannot be shown."""
    named = {"site": column.site.name, "name": column.name}
    column.description = column.description.strip() or _("%(site)s“%(name)s”栏目") % named
    column.keywords = column.keywords.strip() or column.name
    if column.form == ColumnForm.LINK and not column.link:
        raise ValidationError({"link": _("链接栏目要填写链接地址。")})
    check_link("link", column.link)
    check_sections(column)
