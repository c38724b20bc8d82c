"""One sample of every public page, made of typed contexts alone (no database)."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from markupsafe import Markup

from menhu.articles import contexts as articles
from menhu.core.frames import (
    ArticleTags,
    Attachment,
    Banner,
    ColumnTags,
    Entry,
    Fact,
    Footer,
    Frame,
    Head,
    Link,
    Phone,
    Picture,
    Scene,
    SiteTags,
    Tag,
)
from menhu.core.jinja import PageContext
from menhu.core.qr import qr_code
from menhu.sites import contexts as sites
from menhu.sites.style_guide import style_guide_page

BEIJING = timezone(timedelta(hours=8))
BASE = "https://www.yunling.example"
AT = datetime(2026, 6, 12, 9, 30, tzinfo=BEIJING)
PHOTO = Picture(url="/files/ab/1.jpg", alt="桥上的车流", width=960, height=540, credit="周小满")

FRAME = Frame(
    site=SiteTags(name="云岭县人民政府", domain="www.yunling.example", code="0000000001"),
    region="江岭省云州市",
    home_url="/",
    footer=Footer(
        organiser="云岭县人民政府办公室",
        operator="云岭县信息化办公室",
        phones=(Phone(number="0000-612 0086", note="网站值班"),),
        address="云岭县城关镇人民路 1 号",
        about=(Link(label="网站地图", url="/map/"), Link(label="无障碍声明", url="/accessibility/")),
        related=(Link(label="网站名录", url="/sites/"),),
        icp=Link(label="江ICP备00000000号", url="https://beian.miit.gov.cn/"),
        police=Link(label="江公网安备00000000000000号", url="https://beian.mps.gov.cn/"),
        badge=Link(label="党政机关", url="https://bszs.conac.cn/"),
        badge_picture=Picture(url="/static/badge.png", alt="党政机关网站标识", width=80, height=80),
    ),
    sections=tuple(Link(label=f"栏目{n}", url=f"/s{n}/") for n in range(1, 9)),
    upper=(Link(label="云州市人民政府", url="https://www.yunzhou.example/"),),
    accessibility_url="/accessibility/",
    hotline=Phone(number="12345", note="政务服务热线"),
    banners=(Banner(text="今夜有暴雨", url="/2026/06/1/"),),
)
COLUMN = ColumnTags(name="政策文件", kind="政策文件", description="县政府规范性文件", keywords="政策,文件")
ARTICLE = ArticleTags(
    title="关于印发《供水办法》的通知",
    published_at=AT,
    source="县政府办公室",
    keywords="供水",
    author="县水利局",
    description="供水办法",
    image=f"{BASE}{PHOTO.url}",
    url=f"{BASE}/2026/06/17/",
)
ENTRIES = tuple(Entry(title=f"第{n}条消息", url=f"/2026/06/{n}/", on=date(2026, 6, 20 - n)) for n in range(1, 6))
CRUMBS = (Link(label="首页", url="/"), Link(label="政务公开", url="/s1/"), Link(label="政策文件", url=""))
SIBLINGS = (Link(label="政策文件", url="/s1/a/", is_current=True), Link(label="政策解读", url="/s1/b/"))
NOTES = sites.ColumnNotes(updated_on=date(2026, 6, 17), owner="县政府办公室", feed_url="/s1/a/rss.xml")
YEARS = (
    articles.Year(
        year=2026,
        is_open=True,
        months=(
            articles.Month(label="6 月", url="/s1/a/2026-06/", is_current=True),
            articles.Month(label="5 月", url="/s1/a/2026-05/"),
        ),
    ),
    articles.Year(year=2025, months=(articles.Month(label="12 月", url="/s1/a/2025-12/"),)),
)
COLUMN_HEAD = Head(
    title="政策文件",
    url=f"{BASE}/s1/a/",
    section="/s1/",
    column=COLUMN,
    feeds=(Link(label="政策文件", url="/s1/a/rss.xml"),),
    structured={"@type": "CollectionPage", "name": "政策文件</script>"},
)


def plain(title: str, path: str) -> Head:
    return Head(title=title, url=f"{BASE}{path}")


def block(kind: str, context: object, **more: object) -> sites.RenderedBlock:
    return sites.RenderedBlock(kind=kind, template=f"sites/blocks/{kind}.html", context=context, **more)  # type: ignore[arg-type]


TILES = (Link(label="入学", url="/a/", icon="school", note="共 21 项"), Link(label="住房", url="/b/"))


def upper_blocks() -> tuple[sites.RenderedBlock, ...]:
    hero = sites.HeroBlock(heading="青山为证，说到做到", scene=Scene(seed="云岭"), tiles=TILES, wanted=TILES)
    headline = sites.HeadlineBlock(title="公路通车", url="/x/", picture=PHOTO, on=date(2026, 6, 16), source="县交通局")
    tabs = (sites.Tab(label="要闻", entries=ENTRIES), sites.Tab(label="公告", entries=()))
    more = Link(label="更多动态", url="/d/")
    return (
        block("hero", hero, width="bleed"),
        block("headline", headline, width="wide"),
        block("tabs", sites.TabsBlock(label="最新", name="news", tabs=tabs), width="narrow"),
        block("tiles", sites.TilesBlock(title="办事", tiles=TILES), is_sand=True),
        block("list", sites.ListBlock(title="动态", entries=ENTRIES, more=more), width="half"),
        block("list", sites.ListBlock(title="公示", entries=()), width="half"),
    )


def lower_blocks() -> tuple[sites.RenderedBlock, ...]:
    stories = (sites.Story(title="防汛", url="/t/", picture=Scene(seed="防汛")),)
    figures = (sites.Figure(label="天数", value="148", unit="天", trend=(1, 3, 2)),)
    group = sites.LinkGroup(title="部门", links=TILES)
    outer = Link(label="日报", url="https://daily.example/", is_outer=True)
    leaders = (sites.Leader(name="江怀川", post="局长"),)
    facts = (Fact(name="电话", value="0000-612 0086"),)
    return (
        block("topics", sites.TopicsBlock(title="专题", stories=stories)),
        block("figures", sites.FiguresBlock(title="数据", figures=figures)),
        block("directory", sites.DirectoryBlock(title="部门", groups=(group,))),
        block("leaders", sites.LeadersBlock(title="领导", leaders=leaders), width="third"),
        block("facts", sites.FactsBlock(title="联系", facts=facts), width="third"),
        block("text", sites.TextBlock(title="说明", body=Markup("<p>试运行。</p>")), width="third"),
        block("links", sites.LinksBlock(title="链接", groups=(sites.LinkGroup(title="媒体", links=(outer,)),))),
    )


def home() -> sites.HomePage:
    head = Head(title=FRAME.site.name, url=f"{BASE}/", section="/", description="县政府门户")
    return sites.HomePage(frame=FRAME, head=head, blocks=upper_blocks() + lower_blocks())


def article() -> articles.ArticlePage:
    facts = (Fact(name="索引号", value="YL-1"), Fact(name="主题分类", value="水利", is_wide=True))
    return articles.ArticlePage(
        frame=FRAME,
        head=Head(title=ARTICLE.title, url=ARTICLE.url, section="/s1/", column=COLUMN, article=ARTICLE),
        crumbs=(*CRUMBS[:2], Link(label="政策文件", url="/s1/a/"), Link(label="正文", url="")),
        title=ARTICLE.title,
        subtitle="（常务会议通过）",
        source=ARTICLE.source,
        author=ARTICLE.author,
        published_at=AT,
        corrected_on=date(2026, 6, 20),
        body=Markup("<h2>第一章</h2><p>正文。</p>"),
        tags=(Tag(label="规范性文件", tone="main"),),
        editor="方若宁",
        document=articles.DocumentCard(facts=facts, validity=Tag(label="已废止", tone="bad"), note="仅供查阅。"),
        guide=articles.Guide(heading="先看解读", link=Link(label="一图读懂", url="/2026/06/18/")),
        related=(articles.Related(title="相关解读", entries=ENTRIES[:2]),),
        attachments=(Attachment(title="原件", url="/files/ab/2.pdf", kind="PDF", octets=421_888),),
        previous=ENTRIES[0],
        following=ENTRIES[1],
        qr=qr_code(ARTICLE.url),
        withdrawal=articles.Withdrawal(on=date(2026, 6, 21), reason="数字有误。", by="县政府办公室"),
        archived=articles.Archived(on=date(2026, 5, 1), original_url="http://old.example/1.jsp"),
    )


def column_pages() -> dict[str, PageContext]:
    own = {"frame": FRAME, "head": COLUMN_HEAD, "crumbs": CRUMBS, "title": "政策文件", "notes": NOTES}
    with_siblings = {**own, "siblings": SIBLINGS}
    pinned = replace(ENTRIES[0], is_pinned=True, tag="已废止", by="县政府办公室")
    parts = (articles.Part(link=SIBLINGS[0], entries=ENTRIES), articles.Part(link=SIBLINGS[1], entries=()))
    return {
        "column": articles.ColumnPage(**with_siblings, entries=(pinned, *ENTRIES[1:]), archive=YEARS),  # type: ignore[arg-type]
        "empty column": articles.ColumnPage(**with_siblings, entries=()),  # type: ignore[arg-type]
        "month": articles.MonthPage(
            **with_siblings,
            label="2026 年 6 月",
            entries=ENTRIES,
            archive=YEARS,
            older=Link(label="2026 年 5 月", url="/o/"),  # type: ignore[arg-type]
        ),
        "section": articles.SectionPage(**with_siblings, parts=parts, lead="都在这里。"),  # type: ignore[arg-type]
        "topic": articles.TopicPage(**own, picture=Scene(seed="专题"), entries=ENTRIES, parts=parts),  # type: ignore[arg-type]
        "photo topic": articles.TopicPage(**own, picture=PHOTO, entries=()),  # type: ignore[arg-type]
        "single": articles.SinglePage(**with_siblings, body=Markup("<p>职能。</p>"), source="县水利局"),  # type: ignore[arg-type]
        "leaders": sites.LeadersPage(
            **with_siblings,  # type: ignore[arg-type]
            groups=(
                sites.LeaderGroup(
                    title="县政府", leaders=(sites.Leader(name="沈知远", post="县长", duties="全面", resume="略"),)
                ),
            ),
        ),
        "link": sites.LinkPage(
            frame=FRAME,
            head=COLUMN_HEAD,
            crumbs=CRUMBS,
            title="日报",
            siblings=(),
            target=Link(label="日报", url="https://daily.example/", is_outer=True),
        ),
    }


def site_pages() -> dict[str, PageContext]:
    crumbs = (CRUMBS[0], Link(label="本页", url=""))
    group = sites.DirectoryGroup(
        title="部门",
        anchor="government",
        entries=(sites.DirectoryEntry(name="教育局", url="/jyj/"), sites.DirectoryEntry(name="审计局", url="")),
    )
    branch = sites.Branch(link=SIBLINGS[0], children=(sites.Branch(link=SIBLINGS[1]),))
    return {
        "site list": sites.SiteListPage(
            frame=FRAME,
            head=plain("网站名录", "/sites/"),
            crumbs=crumbs,
            groups=(group, replace(group, anchor="towns")),
        ),
        "site map": sites.SiteMapPage(frame=FRAME, head=plain("网站地图", "/map/"), crumbs=crumbs, sections=(branch,)),
        "accessibility": sites.AccessibilityPage(
            frame=FRAME, head=plain("无障碍声明", "/accessibility/"), crumbs=crumbs
        ),
        "privacy": sites.PrivacyPage(frame=FRAME, head=plain("隐私说明", "/privacy/"), crumbs=crumbs),
        "style guide": style_guide_page(FRAME, url=f"{BASE}/style-guide/", path="/style-guide/"),
    }


def error_pages() -> dict[str, PageContext]:
    kinds: tuple[sites.ErrorKind, ...] = ("404", "410", "500", "maintenance")
    return {
        kind: sites.ErrorPage(
            frame=FRAME,
            head=replace(plain("出错了", f"/{kind}.html"), is_indexed=False),
            kind=kind,
            phones=FRAME.footer.phones,
            exits=(CRUMBS[0],),
        )
        for kind in kinds
    }


def all_pages() -> dict[str, PageContext]:
    return {"home": home(), "article": article(), **column_pages(), **site_pages(), **error_pages()}
