"""The page that shows every component live. Its names, places and numbers are invented."""

from datetime import date

from django.utils.translation import gettext as _

from menhu.core.frames import Attachment, Entry, Fact, Frame, Head, Link, Scene
from menhu.core.icons import NAMES
from menhu.sites.contexts import (
    DirectoryBlock,
    Figure,
    FiguresBlock,
    HeadlineBlock,
    Leader,
    LeadersBlock,
    LinkGroup,
    LinksBlock,
    RenderedBlock,
    Share,
    Story,
    StyleGuidePage,
    Tab,
    TabsBlock,
    TilesBlock,
    TopicsBlock,
)


def style_guide_page(frame: Frame, *, url: str, path: str) -> StyleGuidePage:
    """All components in the colours and with the header and footer of the given site."""
    title = _("界面样式")
    return StyleGuidePage(
        frame=frame,
        head=Head(title=title, url=url, path=path, description=_("本平台公开页面的全部组件"), is_indexed=False),
        crumbs=(Link(label=_("首页"), url=frame.home_url), Link(label=title, url="")),
        icons=NAMES,
        blocks=_blocks(),
        entries=_entries(),
        attachments=_attachments(),
        facts=_facts(),
        shares=_shares(),
    )


def _entries() -> tuple[Entry, ...]:
    return (
        Entry(title="全县农村供水改造第三批 11 个村开工", url="#main", on=date(2026, 6, 16), is_pinned=True),
        Entry(title="望岭水库完成汛前调度演练", url="#main", on=date(2026, 6, 12), by="县水利局"),
        Entry(title="云岭县城乡居民供水管理办法", url="#main", on=date(2026, 6, 10), tag=_("现行有效")),
    )


def _attachments() -> tuple[Attachment, ...]:
    return (
        Attachment(title="云岭县城乡居民供水管理办法（原件）", url="#main", kind="PDF", octets=421_888),
        Attachment(title="水价补贴申请表", url="#main", kind="DOCX", octets=38_912),
    )


def _facts() -> tuple[Fact, ...]:
    return (
        Fact(name=_("索引号"), value="YL0101-2026-00417"),
        Fact(name=_("发文字号"), value="云政规〔2026〕3 号"),
        Fact(name=_("发文机关"), value="云岭县人民政府"),
        Fact(name=_("成文日期"), value="2026-06-10"),
        Fact(name=_("主题分类"), value="水利、城乡建设", is_wide=True),
    )


def _shares() -> tuple[Share, ...]:
    return (
        Share(state="done", label=_("已完成"), count=2),
        Share(state="ok", label=_("正常"), count=5),
        Share(state="warn", label=_("预警"), count=2),
        Share(state="bad", label=_("滞后"), count=1),
    )


def _blocks() -> tuple[RenderedBlock, ...]:
    entries = _entries()
    return (
        RenderedBlock(
            kind="headline",
            template="sites/blocks/headline.html",
            context=HeadlineBlock(
                title="石松公路今日通车，两万山里人进城缩短四十分钟",
                url="#main",
                picture=Scene(seed="石松公路", motif="bridge"),
                on=date(2026, 6, 16),
                source="县交通运输局",
                summary="三年前写进政府工作报告的一句话，今天成了脚下的路。",
            ),
        ),
        RenderedBlock(
            kind="tabs",
            template="sites/blocks/tabs.html",
            context=TabsBlock(
                label=_("最新信息"),
                name="guide",
                tabs=(Tab(label=_("要闻"), entries=entries), Tab(label=_("公告"), entries=entries[:1])),
            ),
        ),
        *_gallery(),
    )


def _gallery() -> tuple[RenderedBlock, ...]:
    tiles = TilesBlock(title=_("磁贴"), tiles=_tiles(), more=Link(label=_("全部"), url="#main"))
    figures = FiguresBlock(title=_("数据卡"), figures=_figures())
    leaders = LeadersBlock(title=_("领导"), leaders=(Leader(name="江怀川", post="局长", duties="主持全面工作"),))
    directory = DirectoryBlock(title=_("名录"), groups=(LinkGroup(title=_("部门"), links=_tiles()),))
    links = LinksBlock(title=_("相关网站"), groups=(LinkGroup(title=_("上级政府"), links=_tiles()[:2]),))
    scenes = (Scene(seed="和美乡村", motif="terraces"), Scene(seed="防汛减灾", motif="river"), Scene(seed="减证便民"))
    stories = tuple(Story(title=scene.seed, url="#main", picture=scene, text=_("一事一页。")) for scene in scenes)
    topics = TopicsBlock(title=_("专题"), stories=stories)
    drawn = {"tiles": tiles, "figures": figures, "topics": topics, "leaders": leaders}
    drawn |= {"directory": directory, "links": links}
    return tuple(
        RenderedBlock(kind=kind, template=f"sites/blocks/{kind}.html", context=context)
        for kind, context in drawn.items()
    )


def _tiles() -> tuple[Link, ...]:
    named = (("生育", "child"), ("入学", "school"), ("就业", "briefcase"), ("住房", "home"), ("医疗", "cross"))
    return tuple(Link(label=label, url="#main", icon=name, note=_("共 14 项")) for label, name in named)


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(label="地区生产总值", value="48.6", unit="亿元", note="一季度", trend=(40.1, 42.0, 41.5, 45.2, 48.6)),
        Figure(label="优良天数", value="148", unit="天", note="1 至 5 月", is_key=True),
    )
