"""The kinds of block that need no articles."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from menhu.core.frames import Fact, Link, Scene
from menhu.core.sanitising import clean_article_html
from menhu.delivery.sources import reads
from menhu.sites import contexts, tags
from menhu.sites.blocks import BlockForm, BlockKind, rendered
from menhu.sites.contexts import RenderedBlock
from menhu.sites.enums import ColumnForm, SiteKind
from menhu.sites.models import HomeBlock, Site
from menhu.sites.public import block_forms
from menhu.sites.public.addresses import seen_from
from menhu.sites.public.arranging import Arrangement, arranged
from menhu.sites.public.framing import column_url
from menhu.units.enums import UnitKind
from menhu.units.models import Leader, Unit

MOST_TILES: Final = 12
MOST_QUICK: Final = 8
MOST_FIGURES: Final = 4
MOST_TOPICS: Final = 6
MOST_LEADERS: Final = 8


def hero(block: HomeBlock) -> RenderedBlock:
    """The landscape with the line that the site lives by; low on a unit's site."""
    place, site = arranged(block), block.site
    is_low = site.kind == SiteKind.UNIT
    context = contexts.HeroBlock(
        heading=place.title(site.slogan or site.name),
        text=place.text("text") or site.introduction,
        scene=Scene(seed=site.name, motif=place.motif("ridges" if is_low else "village")),
        tiles=place.links("tiles")[:MOST_QUICK],
        wanted=place.links("wanted")[:MOST_QUICK],
        is_low=is_low,
    )
    return rendered(block, "sites/blocks/hero.html", context)


def tiles(block: HomeBlock) -> RenderedBlock | None:
    """Things to find by theme."""
    place = arranged(block)
    links = place.links()[:MOST_TILES]
    if not links:
        return None
    title = place.title(_("常用服务"))
    context = contexts.TilesBlock(title=title, tiles=links, more=place.more(), note=place.text("note"))
    return rendered(block, "sites/blocks/tiles.html", context)


def topics(block: HomeBlock) -> RenderedBlock | None:
    """The topic columns that are named, else all of the site but those that only gather others."""
    place = arranged(block)
    parents = {column.parent_id for column in place.columns if column.form == ColumnForm.TOPIC}
    leaves = [column for column in place.columns if column.form == ColumnForm.TOPIC and column.pk not in parents]
    chosen = place.named_columns() or leaves
    if not chosen:
        return None
    stories = tuple(
        contexts.Story(
            title=column.name,
            url=column_url(block.site, column),
            picture=Scene(seed=column.name),
            text=column.description,
        )
        for column in chosen[:MOST_TOPICS]
    )
    context = contexts.TopicsBlock(title=place.title(_("专题")), stories=stories, more=place.more())
    return rendered(block, "sites/blocks/topics.html", context)


def directory(block: HomeBlock) -> RenderedBlock | None:
    """Units that have a site, by group: the portal's own front door to all of them."""
    place, site = arranged(block), block.site
    reads(tags.directory())
    groups = grouped_sites(site)
    if not groups:
        return None
    more = Link(label=_("网站名录"), url=f"{site.prefix}/sites/")
    title = place.title(_("部门和乡镇"))
    context = contexts.DirectoryBlock(title=title, groups=groups, more=more, note=place.text("note"))
    return rendered(block, "sites/blocks/directory.html", context)


def grouped_sites(here: Site) -> tuple[contexts.LinkGroup, ...]:
    """Open sites of units by the group above the unit: two queries, whatever the number."""
    rows = Site.objects.open().filter(kind=SiteKind.UNIT).select_related("unit").order_by("unit__path", "pk")
    names = dict(Unit.objects.filter(kind=UnitKind.GROUP).values_list("pk", "name"))
    groups: dict[str, list[Link]] = {}
    for site in rows:
        members = groups.setdefault(names.get(site.unit.parent_id or 0, _("其他单位")), [])
        members.append(Link(label=site.unit.short_name, url=seen_from(here, site, "/")))
    return tuple(contexts.LinkGroup(title=name, links=tuple(members)) for name, members in groups.items())


def links(block: HomeBlock) -> RenderedBlock | None:
    """Links to other sites by group."""
    place = arranged(block)
    groups = tuple(_link_group(place, row) for row in place.rows("groups"))
    filled = tuple(group for group in groups if group.links)
    if not filled:
        return None
    context = contexts.LinksBlock(title=place.title(_("相关网站")), groups=filled)
    return rendered(block, "sites/blocks/links.html", context)


def _link_group(place: Arrangement, row: Mapping[str, Any]) -> contexts.LinkGroup:
    inner = row.get("links")
    rows = [link for link in inner if isinstance(link, dict)] if isinstance(inner, list) else []
    return contexts.LinkGroup(title=str(row.get("title", "")), links=place.linked(rows))


def figures(block: HomeBlock) -> RenderedBlock | None:
    """Two to four numbers, entered by the unit that answers for them."""
    place = arranged(block)
    found = tuple(_figure(row) for row in place.rows("figures") if row.get("label") and row.get("value"))
    if not found:
        return None
    title, shown = place.title(_("数据")), found[:MOST_FIGURES]
    context = contexts.FiguresBlock(title=title, figures=shown, more=place.more(), note=place.text("note"))
    return rendered(block, "sites/blocks/figures.html", context)


def _figure(row: Mapping[str, Any]) -> contexts.Figure:
    trend = row.get("trend")
    points = tuple(float(point) for point in trend if isinstance(point, int | float)) if isinstance(trend, list) else ()
    return contexts.Figure(
        label=str(row["label"]),
        value=str(row["value"]),
        unit=str(row.get("unit", "")),
        note=str(row.get("note", "")),
        is_key=row.get("is_key") is True,
        trend=points,
    )


def leaders(block: HomeBlock) -> RenderedBlock | None:
    """The leaders of the site's unit, with the way to the column that tells all about them."""
    place, unit = arranged(block), block.site.unit
    reads(tags.leaders(unit.pk))
    rows = Leader.objects.filter(unit=unit, is_public=True).order_by("position", "pk")[:MOST_LEADERS]
    found = tuple(contexts.Leader(name=row.name, post=row.title, duties=row.duties) for row in rows)
    if not found:
        return None
    column = next((column for column in place.columns if column.form == ColumnForm.LEADERS), None)
    own = Link(label=_("分工"), url=column_url(block.site, column)) if column else None
    context = contexts.LeadersBlock(title=place.title(_("领导信息")), leaders=found, more=place.more() or own)
    return rendered(block, "sites/blocks/leaders.html", context)


def contact(block: HomeBlock) -> RenderedBlock | None:
    """How to reach the site's unit."""
    site = block.site
    reads(tags.unit(site.unit_id))
    named = (
        (_("地址"), site.unit.address),
        (_("办公时间"), site.unit.office_hours),
        (_("电话"), site.unit.phone),
        (_("网站责任人"), site.responsible_person),
    )
    facts = tuple(Fact(name=name, value=value) for name, value in named if value)
    if not facts:
        return None
    context = contexts.FactsBlock(title=block.title or _("联系我们"), facts=facts)
    return rendered(block, "sites/blocks/facts.html", context)


def text(block: HomeBlock) -> RenderedBlock | None:
    """A few words of the webmaster's, cleaned like an article."""
    place = arranged(block)
    body = Markup(clean_article_html(place.text("html")))  # noqa: S704 - cleaned in the same breath
    if not body:
        return None
    context = contexts.TextBlock(title=place.title(block.site.name), body=body, more=place.more())
    return rendered(block, "sites/blocks/text.html", context)


KINDS: Final = (
    BlockKind("hero", gettext_lazy("主图"), block_forms.HeroForm, hero, width="bleed", is_single=True),
    BlockKind("tiles", gettext_lazy("主题磁贴"), block_forms.LinkListForm, tiles),
    BlockKind("topics", gettext_lazy("专题"), block_forms.TopicsForm, topics, is_single=True),
    BlockKind("directory", gettext_lazy("单位网站"), block_forms.NoteForm, directory, is_single=True),
    BlockKind("links", gettext_lazy("相关网站"), block_forms.RelatedForm, links),
    BlockKind("figures", gettext_lazy("数据卡"), block_forms.FiguresForm, figures),
    BlockKind("leaders", gettext_lazy("领导"), BlockForm, leaders, width="third", is_single=True),
    BlockKind("contact", gettext_lazy("联系方式"), BlockForm, contact, width="third", is_single=True),
    BlockKind("text", gettext_lazy("文字"), block_forms.TextForm, text),
)
