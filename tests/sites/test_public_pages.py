"""Frames, home pages, lists of sites, errors and redirects as the public gets them."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from menhu.delivery.sources import Address, Rendered, render
from menhu.sites import tags
from menhu.sites.blocks import kind_of
from menhu.sites.enums import ColumnForm, Palette, SiteState
from menhu.sites.models import Banner, HomeBlock, Redirect, Site
from menhu.sites.public.framing import frame_for
from menhu.units.models import Leader, Unit
from tests.factories import ColumnFactory, SiteFactory, World

HOST = settings.PUBLIC_HOST
ABSENT = ("/nowhere/", "/jyj/nowhere/", "/jyj/404.html", "/gzdt//", "//", "/..", "/2026/06/9/")
PRESENT = ("/", "/jyj/", "/gzdt/", "/sites/", "/map/", "/accessibility/", "/privacy/", "/404.html")


def answer(path: str, host: str = HOST) -> Rendered:
    found = render(Address(host, path))
    assert found is not None, path
    return found[1]


def read_by(path: str) -> frozenset[str]:
    found = render(Address(HOST, path))
    assert found is not None
    return found[2]


def tree(path: str, host: str = HOST) -> html.HtmlElement:
    return html.document_fromstring(answer(path, host).body.decode())


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as context:
        answer(path)
    return len(context)


def arrange(site: Site, kind: str, title: str = "", **settings_: Any) -> HomeBlock:
    return HomeBlock.objects.create(site=site, kind=kind, title=title, settings=settings_, position=site.blocks.count())


# Frames


def test_a_frame_is_made_of_the_rows_of_its_site(world: World) -> None:
    site = world.sites["jyj"]
    site.contractor, site.palette = "县信息化办公室", Palette.BLUE
    site.upper_links = [{"label": "市教育局", "url": "https://jyj.yunzhou.example/"}, {"label": "坏的"}, 7]
    world.sites["portal"].icp_number = "江ICP备00000000号"
    world.sites["portal"].save()
    for number in range(9):
        ColumnFactory(site=site, name=f"栏{number}", slug=f"s{number}", is_section=True, position=number + 1)
    ColumnFactory(site=site, slug="hidden", is_section=True, is_hidden=True)
    frame = frame_for(site)
    assert (frame.site.name, frame.site.domain, frame.site.code) == ("云岭县教育局", HOST, "0000000001")
    assert (frame.region, frame.home_url, frame.palette) == ("云岭县人民政府部门网站", "/jyj/", "blue")
    assert [link.label for link in frame.sections] == [f"栏{number}" for number in range(8)]
    assert [(link.label, link.url, link.is_outer) for link in frame.upper] == [
        ("云岭县人民政府", "/", False),
        ("市教育局", "https://jyj.yunzhou.example/", True),
    ]
    assert (frame.footer.organiser, frame.footer.operator) == ("云岭县教育局", "县信息化办公室")
    assert frame.footer.icp is not None
    assert frame.footer.icp.label == "江ICP备00000000号"
    assert [link.url for link in frame.footer.about] == [
        "/jyj/map/",
        "/jyj/accessibility/",
        "/jyj/privacy/",
        "/my/",
    ]


def test_a_frame_costs_five_queries_whatever_the_number_of_columns(world: World) -> None:
    site = Site.objects.select_related("unit").get(pk=world.sites["jyj"].pk)
    for number in range(12):
        ColumnFactory(site=site, slug=f"s{number}", is_section=True)
    with CaptureQueriesContext(connection) as context:
        frame_for(site)
    assert len(context) == 5  # two of them ask whether errors may be reported


def test_a_site_on_a_host_of_its_own_links_across_with_full_addresses(world: World) -> None:
    town = SiteFactory(
        unit=world.units["sqz"], host="sqz.yunling.example", prefix="", base_url="https://sqz.yunling.example"
    )
    page = tree("/", town.host)
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://sqz.yunling.example/"]
    assert page.xpath("//ul[@class='up']//a/@href") == [f"{settings.PUBLIC_BASE_URL}/"]
    assert f"{settings.PUBLIC_BASE_URL}/sites/" in page.xpath("//footer//a/@href")
    assert "https://sqz.yunling.example/" in tree("/sites/").xpath("//main//a/@href")
    assert answer("/404.html", town.host).status == 200


def test_a_site_that_is_not_open_has_no_pages(world: World) -> None:
    Site.objects.filter(pk=world.sites["jyj"].pk).update(state=SiteState.CLOSED)
    for path in ("/jyj/", "/jyj/gzdt/", "/jyj/rss.xml", "/jyj/map/", "/jyj/sitemap.xml"):
        assert render(Address(HOST, path)) is None


def test_emergency_notices_of_all_sites_stand_before_those_of_one(world: World) -> None:
    site = world.sites["jyj"]
    Banner.objects.create(site=site, text="本局停电")
    Banner.objects.create(text="暴雨预警", link="/2026/06/1/")
    Banner.objects.create(text="已撤下", is_shown=False)
    Banner.objects.create(site=world.sites["slj"], text="别处")
    shown = [" ".join(e.text_content().split()) for e in tree("/jyj/").xpath("//section[@class='alert']")]
    assert shown == ["暴雨预警", "本局停电"]
    assert [e.text_content().strip() for e in tree("/").xpath("//section[@class='alert']")] == ["暴雨预警"]


def test_mourning_turns_every_page_grey(world: World) -> None:
    Site.objects.filter(pk=world.sites["jyj"].pk).update(is_mourning=True, palette=Palette.BLUE)
    for path in ("/jyj/", "/jyj/gzdt/", "/jyj/map/"):
        assert tree(path).get("class") == "theme-blue mourning"
        assert tags.site(world.sites["jyj"].pk) in read_by(path)


# Home pages


def test_a_home_page_shows_the_usual_until_somebody_arranges_it(world: World) -> None:
    Leader.objects.create(unit=world.units["jyj"], name="江怀川", title="局长", duties="主持全面工作")
    Leader.objects.create(unit=world.units["jyj"], name="不公开", title="副局长", is_public=False)
    page = tree("/jyj/")
    assert page.xpath("//h1")[0].text_content() == "云岭县教育局"
    assert [label.text for label in page.xpath("//fieldset/label")] == ["工作动态", "通知公告"]
    assert page.xpath("//ul[@class='people']//b/text()") == ["江怀川"]
    assert tags.leaders(world.units["jyj"].pk) in read_by("/jyj/")


def test_blocks_stand_in_the_order_in_which_they_were_arranged(world: World) -> None:
    site = world.sites["portal"]
    column = world.columns["portal/tzgg"]
    arrange(site, "hero", "青山为证", text="公开每一份文件", tiles=[{"column": "/gzdt/", "icon": "book"}])
    arrange(site, "list", column=column.pk, width="full")
    arrange(
        site,
        "tiles",
        "办事",
        links=[{"label": "入学", "url": "/rx/", "icon": "school", "note": "共 21 项"}],
        is_sand=True,
    )
    arrange(site, "links", groups=[{"title": "媒体", "links": [{"label": "日报", "url": "https://daily.example/"}]}])
    arrange(site, "figures", "数据", figures=[{"label": "优良天数", "value": "148", "unit": "天", "trend": [1, 2]}])
    arrange(site, "text", "说明", html="<p onclick='x()'>试运行<script>x()</script></p>")
    arrange(site, "directory")
    hidden = arrange(site, "contact")
    HomeBlock.objects.filter(pk=hidden.pk).update(is_shown=False)
    page = tree("/")
    assert page.xpath("//h1")[0].text_content() == "青山为证"
    headings = [h.text_content() for h in page.xpath("//main//h2")]
    assert headings == ["通知公告", "办事", "相关网站", "数据", "说明", "部门和乡镇"]
    assert page.xpath("//nav[@aria-label='常用入口']//a/@href") == ["/gzdt/"]
    assert html.tostring(page.xpath("//*[@class='prose']/p")[0], encoding="unicode") == "<p>试运行</p>"
    assert {tags.home(site.pk), tags.columns(site.pk), tags.column_list(column.pk), tags.directory()} <= read_by("/")


BROKEN: list[dict[str, Any]] = [
    {},
    {"columns": "nowhere", "column": {"x": 1}, "links": "no", "groups": [1, {"links": 3}], "count": "x"},
    {"columns": [None, 1.5, []], "links": [{"label": "脚本", "url": "javascript:alert(1)"}], "more": 3},
    {"html": ["x"], "text": 7, "motif": "volcano", "width": "huge", "tiles": {"a": 1}},
    {"figures": [{}, {"label": "a", "value": "1", "trend": "x"}]},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_slip_in_the_settings_never_takes_down_the_home_page(world: World, broken: dict[str, Any]) -> None:
    site = world.sites["portal"]
    kinds = ("hero", "headline", "tabs", "list", "tiles", "topics", "links", "figures", "text", "unknown kind")
    for place, kind in enumerate(kinds):
        HomeBlock.objects.create(site=site, kind=kind, settings=broken, position=place)
    page = tree("/")
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//a[starts-with(@href, 'javascript')]") == []


def test_a_home_page_costs_the_same_with_two_sites_and_with_many(world: World) -> None:
    arrange(world.sites["portal"], "directory")
    few = queries("/")
    for number in range(30):
        name = f"局{number}"
        path = f"{world.units['government'].path}9{number:03d}."
        parent = world.units["government"]
        unit = Unit.objects.create(parent=parent, path=path, name=name, short_name=name, slug=f"u{number}")
        SiteFactory(unit=unit, prefix=f"/u{number}")
    assert queries("/") == few


# Block forms


def settings_from(world: World, kind: str, **data: Any) -> Any:
    found = kind_of(kind)
    assert found is not None
    form = found.form({"width": "full", **data}, site=world.sites["portal"])
    return form.as_settings() if form.is_valid() else form.errors.get_json_data()


def test_links_are_written_one_a_line(world: World) -> None:
    found = settings_from(world, "tiles", links="入学 | /rx/ | 共 21 项 | school\n\n社保|https://sb.example/")
    assert found["links"] == [
        {"label": "入学", "url": "/rx/", "note": "共 21 项", "icon": "school"},
        {"label": "社保", "url": "https://sb.example/"},
    ]


@pytest.mark.parametrize(
    ("kind", "field", "text", "message"),
    [
        ("tiles", "links", "入学 | /rx/\n社保", "第 2 行：请写成“名称 | 网址”，后面可再写“| 说明 | 图标”。"),
        ("tiles", "links", "入学 | javascript:x", "第 1 行：网址应以 / 或 https:// 开头。"),
        ("tiles", "links", "入学 | /rx/ | 说明 | dragon", "第 1 行：没有图标“dragon”。"),
        ("links", "groups", "媒体 | 日报", "第 1 行：请写成“分组 | 名称 | 网址”。"),
        ("figures", "figures", "天数 | 148 | 天 | 说明 | 一,二", "第 1 行：走势只能是数字，用逗号隔开。"),
        ("figures", "figures", "天数", "第 1 行：请写成“名称 | 数值 | 单位 | 说明 | 走势”，前两项必填。"),
    ],
)
def test_a_mistake_is_told_with_its_line(world: World, kind: str, field: str, text: str, message: str) -> None:
    found = settings_from(world, kind, **{field: text})
    assert [error["message"] for error in found[field]] == [message]


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        ("tiles", "links", "入学 | /rx/ | 共 21 项 | school\n社保 | /sb/"),
        ("links", "groups", "媒体 | 日报 | https://daily.example/\n媒体 | 周报 | https://weekly.example/"),
        ("figures", "figures", "天数 | 148 | 天 | 1 至 5 月 | 1,2.5,3\n人数 | 20"),
    ],
)
def test_what_was_written_comes_back_as_it_was(world: World, kind: str, field: str, text: str) -> None:
    found = kind_of(kind)
    assert found is not None
    kept = settings_from(world, kind, **{field: text})
    form = found.form(initial=kept, site=world.sites["portal"])
    assert form[field].value() == text


# Other pages


def test_the_list_of_sites_shows_who_has_none_yet(world: World) -> None:
    page = tree("/sites/")
    groups = {
        section.xpath(".//h2")[0].text_content(): [li.xpath("string(.)") for li in section.xpath(".//li")]
        for section in page.xpath("//main//section")
    }
    assert groups["乡镇"] == ["云岭石桥镇网站建设中"]
    assert "云岭县教育局" in groups["政府部门"]
    assert tags.directory() in read_by("/sites/")
    assert render(Address(HOST, "/jyj/sites/")) is None


def test_the_site_map_is_a_tree_of_public_columns(world: World) -> None:
    site, top = world.sites["jyj"], world.columns["jyj/gzdt"]
    ColumnFactory(site=site, parent=top, slug="yw", path="/gzdt/yw/", name="要闻")
    ColumnFactory(site=site, slug="gone", removed_at=timezone.now())
    outer = ColumnFactory(site=site, slug="rb", name="日报", form=ColumnForm.LINK, link="https://daily.example/")
    page = tree("/jyj/map/")
    assert page.xpath("//main//section/h2/a/@href") == ["/jyj/gzdt/", "/jyj/tzgg/", f"/jyj{outer.path}"]
    assert page.xpath("//main//section//ul//a/@href")[:1] == ["/jyj/gzdt/yw/"]


def test_a_link_column_says_where_it_leads_before_anybody_leaves(world: World) -> None:
    site = world.sites["jyj"]
    ColumnFactory(site=site, slug="rb", name="日报", form=ColumnForm.LINK, link="https://daily.example/")
    ColumnFactory(site=site, slug="zz", name="本站", form=ColumnForm.LINK, link="/jyj/gzdt/", is_section=True)
    page = tree("/jyj/rb/")
    assert "该网站不由本站管理" in page.xpath("//main")[0].text_content()
    assert page.xpath("//main//a[@class='btn']/@href") == ["https://daily.example/"]
    assert page.xpath("//nav[@aria-label='主要栏目']//a[text()='本站']/@href") == ["/jyj/gzdt/"]


def test_leaders_of_the_county_stand_first_on_the_portal(world: World) -> None:
    ColumnFactory(site=world.sites["portal"], slug="ld", name="领导信息", form=ColumnForm.LEADERS)
    Leader.objects.create(unit=world.units["zfb"], name="林若溪", title="主任")
    Leader.objects.create(unit=world.units["county"], name="沈知远", title="县长", duties="领导全面工作")
    page = tree("/ld/")
    assert page.xpath("//section[@class='leaders']//h2/text()") == ["云岭县", "云岭县政府办公室"]
    assert page.xpath("//section[@class='leaders']//h3/text()") == ["沈知远", "林若溪"]


def test_redirects_answer_301_and_are_no_pages(world: World) -> None:
    Redirect.objects.create(host=HOST, path="/old/1.jsp", target="/jyj/2026/06/1/")
    rendered = answer("/old/1.jsp")
    assert (rendered.status, rendered.location, rendered.body) == (301, "/jyj/2026/06/1/", b"")


@pytest.mark.parametrize("path", ["/jyj", "/gzdt", "/jyj/gzdt"])
def test_an_address_without_its_last_slash_is_led_to_the_page(world: World, path: str) -> None:
    rendered = answer(path)
    assert (rendered.status, rendered.location) == (301, f"{path}/")


def test_robots_keep_out_of_the_office(world: World) -> None:
    rendered = answer("/robots.txt")
    assert rendered.content_type == "text/plain; charset=utf-8"
    assert rendered.body.decode() == (
        f"User-agent: *\nDisallow: /office/\nSitemap: {settings.PUBLIC_BASE_URL}/sitemap.xml\n"
    )


@pytest.mark.parametrize("path", ABSENT)
def test_nothing_answers_for_what_is_not_there(world: World, path: str) -> None:
    assert render(Address(HOST, path)) is None


@pytest.mark.parametrize("path", PRESENT)
def test_site_tags_are_on_every_page(world: World, path: str) -> None:
    metas = {m.get("name"): m.get("content") for m in tree(path).iter("meta")}
    assert (metas["SiteDomain"], metas["SiteIDCode"]) == (HOST, "0000000001")
    assert metas["SiteName"] == ("云岭县教育局" if path == "/jyj/" else "云岭县人民政府")
