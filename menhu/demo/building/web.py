"""The portal with its eight sections and a site for each unit."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from menhu.demo.building.plan import Plan
from menhu.demo.county import columns as county
from menhu.demo.county.units import Unit as CountyUnit
from menhu.sites.actions import add_column, open_site
from menhu.sites.enums import ColumnForm, Palette, SiteKind
from menhu.sites.models import Column, ColumnKind, HomeBlock, Site, SiteTemplate, TemplateColumn
from menhu.units.models import Unit

PORTAL_UNIT: Final = "xzfb"
SITE_CODE: Final = "0000000001"
TEMPLATES: Final = (
    ("云岭县党委部门", county.PARTY_SITE),
    ("云岭县政府部门", county.UNIT_SITE),
    ("云岭县乡镇", county.TOWN_SITE),
)
UNIT_BLOCKS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "hero", "settings": {}},
    {"kind": "headline", "settings": {"columns": ["/gzdt/"], "width": "wide"}},
    {"kind": "tabs", "settings": {"columns": ["/gzdt/", "/tzgg/", "/zcwj/"], "count": 7, "width": "narrow"}},
    {
        "kind": "list",
        "title": "办事服务",
        "settings": {"column": "/bsfw/", "count": 6, "width": "half", "is_sand": True},
    },
    {
        "kind": "list",
        "title": "信息公开",
        "settings": {"column": "/xxgk/", "count": 6, "width": "half", "is_sand": True},
    },
    {"kind": "leaders", "title": "单位领导", "settings": {"width": "half", "more": {"column": "/ldxx/"}}},
    {"kind": "contact", "title": "联系我们", "settings": {"width": "half"}},
)


@transaction.atomic
def build_portal() -> None:
    """The main portal; does nothing where one stands."""
    if Site.objects.portals().exists():
        return
    _seed_kinds(county.PORTAL)
    bare = SiteTemplate.objects.create(name="云岭县门户", palette=Palette.RED, blocks=[])
    portal = open_site(
        unit=Unit.objects.get(slug=PORTAL_UNIT),
        template=bare,
        by=None,
        kind=SiteKind.PORTAL,
        name="云岭县人民政府",
        region="江岭省云州市",
        slogan="青山为证，说到做到",
        introduction="云岭县人民政府在这里公开每一份文件、每一项决定。",
        site_code=SITE_CODE,
        icp_number="江ICP备00000000号",
        police_number="江公网安备00000000000000号",
        organiser="云岭县人民政府办公室",
        contractor="云岭县信息化办公室",
        phone="12345",
        responsible_person="纪晚舟",
    )
    owners = {unit.slug: unit for unit in Unit.objects.all()}
    _grow(portal, county.PORTAL, None, owners)
    HomeBlock.objects.bulk_create(
        HomeBlock(site=portal, kind=b["kind"], title=b.get("title", ""), settings=b["settings"], position=position)
        for position, b in enumerate(portal_blocks())
    )


@transaction.atomic
def build_templates() -> None:
    """One template for party units, government units and towns each."""
    if SiteTemplate.objects.filter(name=TEMPLATES[0][0]).exists():
        return
    for name, rows in TEMPLATES:
        _seed_kinds(rows)
        kinds = _kinds()
        template = SiteTemplate.objects.create(name=name, palette=Palette.BLUE, blocks=list(UNIT_BLOCKS))
        TemplateColumn.objects.bulk_create(
            TemplateColumn(template=template, position=n, kind=kinds[row.kind], **_words(row))
            for n, row in enumerate(rows)
        )


def build_unit_sites(plan: Plan) -> Iterable[str]:
    """Open the sites that are missing, one transaction each; yields the names as they open."""
    templates = {template.name: template for template in SiteTemplate.objects.all()}
    built = set(Site.objects.filter(kind=SiteKind.UNIT).values_list("unit__slug", flat=True))
    rows = {unit.slug: unit for unit in Unit.objects.all()}
    for unit in plan.units_with_site():
        if unit.slug not in built:
            open_site(
                unit=rows[unit.slug],
                template=templates[_template_of(unit)],
                by=None,
                region="江岭省云州市云岭县",
                slogan=f"{unit.fields[0]}、{unit.fields[-1]}，都在这里公开" if len(unit.fields) > 1 else "",
                introduction=unit.duties[0] if unit.duties else "",
                contractor="云岭县信息化办公室",
                responsible_person=unit.responsible,
            )
        yield unit.short


def portal_blocks() -> tuple[dict[str, Any], ...]:
    return (
        {"kind": "hero", "settings": {"tiles": list(QUICK), "wanted": list(WANTED), "motif": "village"}},
        {"kind": "headline", "settings": {"columns": ["/xwdt/ylyw/", "/xwdt/bmdt/", "/xwdt/tsyl/"], "width": "wide"}},
        {"kind": "tabs", "settings": {"columns": list(TABS), "count": 7, "width": "narrow"}},
        {
            "kind": "tiles",
            "title": "办事服务",
            "settings": {
                "links": list(TILES),
                "is_sand": True,
                "note": "按您要办的事来找，不必知道归哪个部门管。",
                "more": {"column": "/bsfw/", "label": "全部服务"},
            },
        },
        {"kind": "letters", "title": "听民声", "settings": {"width": "full"}},
        {"kind": "list", "title": "部门动态", "settings": {"column": "/xwdt/bmdt/", "count": 6, "width": "half"}},
        {"kind": "list", "title": "乡镇动态", "settings": {"column": "/xwdt/xzdt/", "count": 6, "width": "half"}},
        {
            "kind": "figures",
            "title": "数据云岭",
            "settings": {"figures": list(FIGURES), "more": {"column": "/sjyl/", "label": "统计数据"}},
        },
        {"kind": "topics", "title": "专题", "settings": {"is_sand": True}},
        {"kind": "directory", "title": "部门和乡镇", "settings": {"note": "统一模板，统一审核。"}},
        {"kind": "links", "title": "相关网站", "settings": {"groups": list(OUTER)}},
    )


QUICK: Final = (
    {"column": "/zwgk/", "label": "政府信息公开", "note": "指南、目录、年报", "icon": "file"},
    {"column": "/zwgk/zcwj/", "label": "政策文件", "note": "现行有效，一查全知", "icon": "book"},
    {"column": "/zwgk/tzgg/", "label": "通知公告", "note": "停水停电、招聘公示", "icon": "bell"},
    {"url": "/sites/", "label": "部门和乡镇", "note": "八十七个单位网站", "icon": "building"},
)
WANTED: Final = (
    {"column": "/zwgk/ldzc/"},
    {"column": "/zwgk/ghjh/"},
    {"column": "/zwgk/czxx/"},
    {"column": "/bsfw/bmts/"},
)
TABS: Final = ("/xwdt/ylyw/", "/zwgk/tzgg/", "/zwgk/zcwj/", "/zwgk/zcjd/")
TILES: Final = tuple(
    {"column": "/bsfw/bszn/", "label": label, "note": note, "icon": icon}
    for label, note, icon in (
        ("生育", "出生登记、托育补贴", "child"),
        ("入学", "义务教育报名、资助", "school"),
        ("就业", "求职登记、创业贷款", "briefcase"),
        ("住房", "公租房、不动产登记", "home"),
        ("婚姻", "预约登记、婚俗服务", "heart"),
        ("医疗", "医保缴费、异地就医", "cross"),
        ("社保", "参保登记、待遇领取", "shield"),
        ("养老", "高龄津贴、居家照护", "elder"),
        ("开办企业", "一天办结，免费刻章", "shop"),
        ("缴税缴费", "水电气、税费申报", "yuan"),
        ("出行", "公交线路、驾驶证", "bus"),
        ("农业生产", "补贴申领、农技咨询", "sprout"),
    )
)
FIGURES: Final = (
    {
        "label": "地区生产总值",
        "value": "142.7",
        "unit": "亿元",
        "note": "前三季度，同比增长 6.1%",
        "trend": [8, 14, 11, 22, 25, 31, 37, 44],
    },
    {
        "label": "城镇新增就业",
        "value": "4126",
        "unit": "人",
        "note": "1 至 10 月，完成全年 103%",
        "trend": [8, 15, 23, 33, 44],
    },
    {
        "label": "优良天数",
        "value": "297",
        "unit": "天",
        "note": "1 至 10 月，比去年多 6 天",
        "trend": [8, 16, 25, 34, 44],
    },
    {
        "label": "游客接待量",
        "value": "213.8",
        "unit": "万人次",
        "note": "1 至 10 月，同比增长 11.3%",
        "trend": [8, 15, 22, 29, 44],
    },
)
OUTER: Final = (
    {
        "title": "上级政府",
        "links": [
            {"label": "江岭省人民政府", "url": "https://www.jiangling.example/"},
            {"label": "云州市人民政府", "url": "https://www.yunzhou.example/"},
        ],
    },
    {"title": "新闻媒体", "links": [{"label": "云岭县融媒体中心", "url": "/rmtzx/"}]},
)


def _template_of(unit: CountyUnit) -> str:
    return TEMPLATES[2][0] if unit.is_town else TEMPLATES[0 if unit.side == "party" else 1][0]


def _words(row: county.Column) -> dict[str, Any]:
    return {
        "name": row.name,
        "slug": row.slug,
        "form": ColumnForm.LIST if row.form == "section" else ColumnForm(row.form),
        "description": row.description,
        "keywords": "，".join(row.keywords),
        "link": f"/{row.target}/" if row.target else "",
    }


def _seed_kinds(rows: Iterable[county.Column]) -> None:
    """Kinds that the county names and the seeds do not have, without a window."""
    names = {
        row.kind for top in rows for row in (top, *top.children, *(c for child in top.children for c in child.children))
    }
    ColumnKind.objects.bulk_create([ColumnKind(name=name) for name in sorted(names)], ignore_conflicts=True)


def _kinds() -> dict[str, ColumnKind]:
    return {kind.name: kind for kind in ColumnKind.objects.all()}


def _grow(site: Site, rows: Iterable[county.Column], parent: Column | None, owners: dict[str, Unit]) -> None:
    kinds = _kinds()
    for row in rows:
        owner = owners[row.owner]
        column = add_column(
            site=site,
            by=None,
            parent=parent,
            kind=kinds[row.kind],
            owner=owner,
            responsible_person=owner.editor_on_file,
            window_days=row.update_days,
            is_section=parent is None,
            **_words(row),
        )
        _grow(site, row.children, column, owners)


def column_index(site: Site) -> dict[str, Column]:
    """A site's columns by slug."""
    return {column.slug: column for column in Column.objects.filter(site=site)}
