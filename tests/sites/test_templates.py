"""Every public page as drawn from a typed context: META norm, structure, nothing inline, the same bytes each time."""

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from django.template import engines
from lxml import etree, html

from menhu.core.frames import ArticleTags, ColumnTags, Link, SearchBox, SiteTags
from menhu.core.jinja import PageContext, render
from menhu.sites.contexts import Figure, HomePage, RenderedBlock, rows_of
from tests.sites import pages

NAMES = sorted(pages.all_pages())


def text_of(page: PageContext) -> str:
    return render(engines["jinja2"].env, page)  # type: ignore[attr-defined]


def tree_of(page: PageContext) -> html.HtmlElement:
    return html.document_fromstring(text_of(page))


def metas(tree: html.HtmlElement) -> dict[str, str]:
    found = [(str(m.get("name")), str(m.get("content"))) for m in tree.iter("meta") if m.get("name")]
    assert len(found) == len(dict(found))
    return dict(found)


@pytest.mark.parametrize("name", NAMES)
def test_site_tags_are_on_every_page(name: str) -> None:
    found = metas(tree_of(pages.all_pages()[name]))
    assert (found["SiteName"], found["SiteDomain"], found["SiteIDCode"]) == (
        "云岭县人民政府",
        "www.yunling.example",
        "0000000001",
    )
    assert all(found.values())


@pytest.mark.parametrize("name", sorted(pages.column_pages()))
def test_column_tags_are_complete_on_column_pages(name: str) -> None:
    found = metas(tree_of(pages.column_pages()[name]))
    assert {key: value for key, value in found.items() if key.startswith("Column")} == {
        "ColumnName": "政策文件",
        "ColumnType": "政策文件",
        "ColumnDescription": "县政府规范性文件",
        "ColumnKeywords": "政策,文件",
    }


def test_content_tags_are_complete_on_an_article() -> None:
    found = metas(tree_of(pages.article()))
    assert {key: value for key, value in found.items() if not key.startswith("Site")} == {
        "viewport": "width=device-width, initial-scale=1",
        "ColumnName": "政策文件",
        "ColumnType": "政策文件",
        "ArticleTitle": "关于印发《供水办法》的通知",
        "PubDate": "2026-06-12 09:30",
        "ContentSource": "县政府办公室",
        "Keywords": "供水",
        "Author": "县水利局",
        "Description": "供水办法",
        "Image": "https://www.yunling.example/files/ab/1.jpg",
        "Url": "https://www.yunling.example/2026/06/17/",
    }


def test_empty_optional_tags_are_left_out_and_empty_mandatory_ones_refused() -> None:
    bare = ArticleTags(title="题", published_at=pages.AT, source="县府办")
    assert [name for name, _ in bare.pairs()] == ["ArticleTitle", "PubDate", "ContentSource"]
    with pytest.raises(ValueError, match="ContentSource"):
        ArticleTags(title="题", published_at=pages.AT, source=" ")
    with pytest.raises(ValueError, match="SiteIDCode"):
        SiteTags(name="县", domain="a.example", code="")
    with pytest.raises(ValueError, match="ColumnKeywords"):
        ColumnTags(name="栏", kind="类", description="说明", keywords="")


@pytest.mark.parametrize("name", NAMES)
def test_structure(name: str) -> None:
    """One main heading, no gaps, one of each landmark, no id twice, every label and inner link leads somewhere."""
    tree = tree_of(pages.all_pages()[name])
    levels = [
        int(e.tag[1]) for e in tree.xpath("//h1|//h2|//h3|//h4") if not e.xpath("ancestor::footer|ancestor::dialog")
    ]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [len(tree.xpath(f"//{mark}")) for mark in ("main", "body/header", "body/footer")] == [1, 1, 1]
    ids = Counter(tree.xpath("//@id"))
    assert [value for value, count in ids.items() if count > 1] == []
    targets = [*tree.xpath("//label/@for"), *(str(url)[1:] for url in tree.xpath('//a/@href[starts-with(., "#")]'))]
    assert [target for target in targets if target and target not in ids] == []
    assert tree.xpath("//img[not(@alt)]") == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_inline_and_nobody_else_is_asked(name: str) -> None:
    tree = tree_of(pages.all_pages()[name])
    assert tree.xpath("//@style|//style|//@*[starts-with(name(), 'on')]") == []
    scripts = tree.xpath("//script")
    assert all(s.get("src", "").startswith("/static/") or s.get("type") == "application/ld+json" for s in scripts)
    asked = tree.xpath(
        "//link[@rel='stylesheet' or @rel='icon']/@href|//img/@src|//script/@src|//iframe/@src|//use/@href"
    )
    assert all(url.startswith("/") and not url.startswith("//") for url in asked)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_drawn_twice_has_the_same_bytes(name: str) -> None:
    assert text_of(pages.all_pages()[name]) == text_of(pages.all_pages()[name])


@pytest.mark.parametrize("name", NAMES)
def test_weight(name: str) -> None:
    assert len(text_of(pages.all_pages()[name]).encode()) < 64 * 1024


def test_footer_names_all_that_the_norm_wants() -> None:
    footer = tree_of(pages.home()).xpath("//footer")[0]
    text = " ".join(footer.text_content().split())
    for word in (
        "主办：云岭县人民政府办公室",
        "承办：云岭县信息化办公室",
        "网站标识码：0000000001",
        "江ICP备00000000号",
    ):
        assert word in text
    assert footer.xpath(".//a[@href='https://bszs.conac.cn/']/img/@alt") == ["党政机关网站标识"]
    assert footer.xpath(".//a[@href='/map/']/text()") == ["网站地图"]


def test_services_show_only_once_they_are_served() -> None:
    page = pages.article()
    assert (b"search" in text_of(page).encode(), "繁體" in text_of(page), "找错" in text_of(page)) == (
        False,
        False,
        False,
    )
    frame = replace(page.frame, search=SearchBox(action="/search/", placeholder="搜政策"), report_url="/report/")
    served = tree_of(replace(page, frame=frame, head=replace(page.head, path="/s1/7.html")))
    assert served.xpath("//form[@role='search']/@action") == ["/search/"]
    assert served.xpath("//link[@hreflang='zh-Hant']/@href") == [page.head.url.replace(".example/", ".example/hant/")]
    assert served.xpath("//header//a[@hreflang]/@href") == ["/s1/7.html", "/hant/s1/7.html"]
    assert served.xpath("//footer//a[@href='/report/']/text()") == ["我为政府网站找错"]


def test_without_scripts_no_dead_switch_is_shown() -> None:
    tree = tree_of(pages.article())
    for button in tree.xpath("//button"):
        hidden = button.xpath("ancestor-or-self::*[@hidden]|ancestor::dialog|ancestor::form")
        assert hidden, html.tostring(button)


def test_palette_mourning_and_banners() -> None:
    page = pages.home()
    frame = replace(page.frame, palette="blue", is_mourning=True, banners=())
    tree = tree_of(replace(page, frame=frame))
    assert tree.get("class") == "theme-blue mourning"
    assert tree.xpath("//*[@class='alert']") == []
    assert len(tree_of(page).xpath("//*[@class='alert']//a[@href='/2026/06/1/']")) == 1


def test_the_section_of_a_page_is_marked_in_the_navigation() -> None:
    nav = "//nav[@aria-label='主要栏目']//a[@aria-current]"
    assert tree_of(pages.column_pages()["column"]).xpath(f"{nav}/@href") == ["/s1/"]
    assert tree_of(pages.home()).xpath(f"{nav}/@href") == ["/"]


def test_more_than_eight_sections_are_refused() -> None:
    with pytest.raises(ValueError, match="8"):
        replace(pages.FRAME, sections=(*pages.FRAME.sections, Link(label="九", url="/9/")))


def test_structured_data_survives_hostile_words() -> None:
    tree = tree_of(pages.column_pages()["column"])
    (data,) = tree.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(data) == {"@type": "CollectionPage", "name": "政策文件</script>"}


def test_outer_links_are_marked_in_words() -> None:
    (link,) = tree_of(pages.home()).xpath("//main//a[@href='https://daily.example/']")
    assert (link.get("rel"), link.text_content()) == ("external noopener", "日报（站外网站）")


def test_error_pages_are_not_indexed_and_say_where_to_phone() -> None:
    for page in pages.error_pages().values():
        tree = tree_of(page)
        assert metas(tree)["robots"] == "noindex"
        assert tree.xpath("//main//a[starts-with(@href, 'tel:')]/@href") == ["tel:0000-6120086"]


def test_home_blocks_stand_side_by_side_where_their_widths_add_up() -> None:
    def block(width: str, **more: object) -> RenderedBlock:
        return RenderedBlock(kind="x", template="x", context=width, width=width, **more)  # type: ignore[arg-type]

    widths = ["bleed", "wide", "narrow", "half", "third", "third", "third", "half", "half", "full"]
    rows = rows_of(block(width) for width in widths)
    assert [[b.width for b in row.blocks] for row in rows] == [
        ["bleed"],
        ["wide", "narrow"],
        ["half", "third"],
        ["third", "third"],
        ["half", "half"],
        ["full"],
    ]
    assert rows[1].columns == "cols-75"
    parted = rows_of([block("half"), block("half", is_sand=True)])
    assert [row.is_sand for row in parted] == [False, True]


def test_a_home_page_without_a_hero_still_has_its_heading() -> None:
    page = pages.home()
    bare = HomePage(frame=page.frame, head=page.head, blocks=page.blocks[1:2])
    assert [h.text_content() for h in tree_of(bare).xpath("//h1")] == ["云岭县人民政府"]


def test_trend_lines_need_two_points() -> None:
    assert Figure(label="a", value="1", trend=(5,)).trend_path == ""
    assert Figure(label="a", value="1", trend=(1, 3, 2)).trend_path == "M2.0 34.0L60.0 8.0L118.0 21.0"


def test_feed_and_sitemap_are_wellformed() -> None:
    from menhu.articles.contexts import FeedItem, FeedPage, SitemapEntry, SitemapFile, SitemapIndex

    item = FeedItem(
        title="a<b>&\x0b", url=f"{pages.BASE}/1/", published_at=pages.AT, summary="s", author="x", category="c"
    )
    feed = FeedPage(title="要闻", url=pages.BASE, self_url=f"{pages.BASE}/rss.xml", description="d", items=(item,))
    root = etree.fromstring(text_of(feed).encode())
    assert root.findtext("channel/item/title") == "a<b>&"
    assert root.findtext("channel/lastBuildDate") == "Fri, 12 Jun 2026 09:30:00 +0800"
    entry = SitemapEntry(url=f"{pages.BASE}/?a&b", changed_at=pages.AT)
    for page in (SitemapFile(entries=(entry,)), SitemapIndex(entries=(entry,))):
        found = etree.fromstring(text_of(page).encode())
        assert [e.text for e in found.iter("{*}loc", "{*}lastmod")] == [f"{pages.BASE}/?a&b", "2026-06-12T09:30+08:00"]
