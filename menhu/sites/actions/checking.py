"""What must hold before an address or a link is given to the public."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from menhu.sites import rules
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column, Site
from menhu.sites.rules import SlugFault


def demand(is_allowed: bool) -> None:
    """Refuse unless the policy said yes."""
    if not is_allowed:
        raise PermissionDenied(_("您的岗位不能办理这一步，请联系网站管理员。"))


def check_slug(slug: str) -> None:
    """Raise ValidationError unless the slug may be part of an address."""
    fault = rules.slug_fault(slug)
    if fault == SlugFault.SHAPE:
        raise ValidationError({"slug": _("代号用小写字母开头，只含小写字母、数字和连字符，如 tzgg。")})
    if fault == SlugFault.RESERVED:
        raise ValidationError({"slug": _("“%(slug)s”是系统保留的地址，请换一个代号。") % {"slug": slug}})


def check_prefix(host: str, slug: str) -> None:
    """Raise ValidationError where a site below `/slug` would collide with a site or a top column on the host."""
    check_slug(slug)
    if Site.objects.filter(host=host, prefix=f"/{slug}").exists():
        raise ValidationError({"slug": _("地址 /%(slug)s/ 已有网站，请换一个代号。") % {"slug": slug}})
    if Column.objects.filter(site__host=host, site__prefix="", path=f"/{slug}/").exists():
        raise ValidationError({"slug": _("地址 /%(slug)s/ 已是门户的栏目，请换一个代号。") % {"slug": slug}})


def check_one_site(site: Site) -> None:
    """One unit, at most one site (国办发〔2017〕47号); a portal is besides."""
    if site.kind == SiteKind.UNIT and Site.objects.open().filter(unit=site.unit, kind=SiteKind.UNIT).exists():
        raise ValidationError({"unit": _("“%(unit)s”已有网站，一个单位最多开设一个。") % {"unit": site.unit}})


def check_column(column: Column) -> None:
    """Raise ValidationError where a new column's address is taken, reserved or too deep."""
    check_slug(column.slug)
    if rules.depth_of(column.path) > rules.MAX_COLUMN_DEPTH:
        raise ValidationError({"parent": _("栏目最多 %(depth)d 级。") % {"depth": rules.MAX_COLUMN_DEPTH}})
    if column.parent is not None and column.parent.site_id != column.site_id:
        raise ValidationError({"parent": _("上级栏目不在这个网站。")})
    if column.parent is not None and column.parent.removed_at is not None:
        raise ValidationError({"parent": _("上级栏目已经撤销。")})
    if Column.objects.filter(site=column.site, path=column.path).exists():
        raise ValidationError({"slug": _("地址 %(path)s 已有或曾有栏目，请换一个代号。") % {"path": column.path}})
    is_taken = not column.site.prefix and Site.objects.filter(host=column.site.host, prefix=column.path[:-1]).exists()
    if is_taken:
        raise ValidationError({"slug": _("地址 %(path)s 已有网站，请换一个代号。") % {"path": column.path}})


def check_link(field: str, address: str) -> None:
    """Raise ValidationError for an address that a public page must not link to."""
    if address and not rules.is_safe_link(address):
        raise ValidationError({field: _("网址要以 / 或 http:// 或 https:// 开头，中间没有空格。")})


def check_sections(column: Column) -> None:
    """At most eight columns stand in the main navigation; only top ones."""
    if not column.is_section:
        return
    if column.parent_id is not None:
        raise ValidationError({"is_section": _("只有最上一级的栏目可以放进主导航。")})
    others = Column.objects.standing().filter(site=column.site, is_section=True).exclude(pk=column.pk).count()
    if others >= rules.MAX_SECTIONS:
        raise ValidationError({"is_section": _("主导航最多 %(most)d 个栏目。") % {"most": rules.MAX_SECTIONS}})
