"""Kinds of column with their windows, and templates of unit sites: rows to start with, edited afterwards."""

from typing import Any

from django.db import connection

from menhu.core.models import Confidence
from menhu.sites.enums import ColumnForm, Palette
from menhu.sites.models import ColumnKind, SiteTemplate, TemplateColumn

INDICATORS = "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》"
META = "国办发〔2017〕47号《政府网站发展指引》附件网页标签规范"
NEWS = "工作动态"

Kind = tuple[str, int | None, bool, str, Confidence]

# name, window in days, counted for the veto, source, confidence
KINDS: tuple[Kind, ...] = (
    ("概况信息", None, False, META, Confidence.ONE),
    ("机构职能", None, False, META, Confidence.ONE),
    ("负责人信息", None, False, META, Confidence.ONE),
    (NEWS, 14, True, f"{INDICATORS}：动态、要闻类 2 周", Confidence.SEVERAL),
    ("通知公告", 180, True, f"{INDICATORS}：通知公告、政策文件类一级栏目 6 个月", Confidence.SEVERAL),
    ("政策文件", 180, True, f"{INDICATORS}：通知公告、政策文件类一级栏目 6 个月", Confidence.SEVERAL),
    ("政策解读", 180, False, f"{INDICATORS}：政策解读 6 个月", Confidence.UNCONFIRMED),
    ("人事信息", 365, False, "旧普查规则，监测单位沿用：人事、规划计划类 1 年", Confidence.ONE),
    ("规划计划", 365, False, "旧普查规则，监测单位沿用：人事、规划计划类 1 年", Confidence.ONE),
    ("信息公开指南", None, False, META, Confidence.ONE),
    ("信息公开目录", None, False, META, Confidence.ONE),
    ("信息公开年报", 365, False, f"{META}；每年 1 月 31 日前", Confidence.UNCONFIRMED),
    ("依申请公开", None, False, META, Confidence.ONE),
    ("数据发布", 90, False, f"{INDICATORS}：办事统计数据 3 个月", Confidence.ONE),
    ("数据开放", None, False, META, Confidence.ONE),
    ("回应关切", None, False, META, Confidence.ONE),
    ("办事服务", None, False, META, Confidence.ONE),
    ("咨询投诉", 60, False, f"{INDICATORS}：网民留言公开 2 个月", Confidence.SEVERAL),
    ("征集调查", None, False, f"{INDICATORS}：一年内不少于 6 次", Confidence.ONE),
    ("在线访谈", None, False, f"{INDICATORS}：一年内不少于 6 次", Confidence.UNCONFIRMED),
)

# name, slug, parent's slug, kind, form
Row = tuple[str, str, str, str, ColumnForm]
BUREAU: tuple[Row, ...] = (
    ("机构概况", "jggk", "", "概况信息", ColumnForm.SINGLE),
    ("领导信息", "ldxx", "", "负责人信息", ColumnForm.LEADERS),
    (NEWS, "gzdt", "", NEWS, ColumnForm.LIST),
    ("通知公告", "tzgg", "", "通知公告", ColumnForm.LIST),
    ("政务公开", "zwgk", "", "信息公开目录", ColumnForm.LIST),
    ("机构职能", "jgzn", "zwgk", "机构职能", ColumnForm.SINGLE),
    ("政策文件", "zcwj", "zwgk", "政策文件", ColumnForm.LIST),
    ("政策解读", "zcjd", "zwgk", "政策解读", ColumnForm.LIST),
    ("规划计划", "ghjh", "zwgk", "规划计划", ColumnForm.LIST),
    ("办事服务", "bsfw", "", "办事服务", ColumnForm.LIST),
)
TOWN: tuple[Row, ...] = (
    ("镇情概况", "zqgk", "", "概况信息", ColumnForm.SINGLE),
    ("领导信息", "ldxx", "", "负责人信息", ColumnForm.LEADERS),
    (NEWS, "gzdt", "", NEWS, ColumnForm.LIST),
    ("通知公告", "tzgg", "", "通知公告", ColumnForm.LIST),
    ("政务公开", "zwgk", "", "信息公开目录", ColumnForm.LIST),
    ("政策文件", "zcwj", "zwgk", "政策文件", ColumnForm.LIST),
    ("村务指导", "cwzd", "zwgk", "回应关切", ColumnForm.LIST),
    ("便民服务", "bmfw", "", "办事服务", ColumnForm.LIST),
)
TEMPLATES: tuple[tuple[str, Palette, tuple[Row, ...]], ...] = (
    ("部门网站", Palette.BLUE, BUREAU),
    ("乡镇网站", Palette.BLUE, TOWN),
)
BLOCKS: tuple[dict[str, Any], ...] = (
    {"kind": "hero", "title": "", "settings": {}},
    {"kind": "headline", "title": "", "settings": {"columns": ["/gzdt/"], "width": "wide"}},
    {"kind": "tabs", "title": "", "settings": {"columns": ["/gzdt/", "/tzgg/", "/zwgk/zcwj/"], "width": "narrow"}},
    {"kind": "leaders", "title": "", "settings": {"width": "half", "more": {"column": "/ldxx/"}}},
    {"kind": "contact", "title": "", "settings": {"width": "half"}},
)


def seed(**_kwargs: Any) -> None:
    """Make the rows that are missing; never touch a row that somebody may have edited. Idempotent."""
    if TemplateColumn._meta.db_table not in connection.introspection.table_names():
        return  # another app was migrated first
    ColumnKind.objects.bulk_create(
        [
            ColumnKind(
                name=name, window_days=window, is_vetoed=vetoed, source=source, confidence=confidence, position=position
            )
            for position, (name, window, vetoed, source, confidence) in enumerate(KINDS)
        ],
        ignore_conflicts=True,
    )
    if SiteTemplate.objects.exists():
        return
    kinds = {kind.name: kind for kind in ColumnKind.objects.all()}
    for name, palette, rows in TEMPLATES:
        template = SiteTemplate.objects.create(name=name, palette=palette, blocks=list(BLOCKS))
        TemplateColumn.objects.bulk_create([_column(template, row, kinds, n) for n, row in enumerate(rows)])


def _column(template: SiteTemplate, row: Row, kinds: dict[str, ColumnKind], position: int) -> TemplateColumn:
    name, slug, parent_slug, kind, form = row
    return TemplateColumn(
        template=template,
        name=name,
        slug=slug,
        parent_slug=parent_slug,
        kind=kinds[kind],
        form=form,
        position=position,
    )
