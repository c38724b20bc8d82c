"""Columns, articles, feeds and sitemaps as the public gets them."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree, html

from menhu.articles import actions, tags
from menhu.articles.enums import Genre, Validity
from menhu.articles.models import Article, ArticleAddress, Attachment, Bucket, Placement
from menhu.articles.public import render_preview
from menhu.articles.public.bodies import shown
from menhu.delivery.sources import Address, render, sources
from menhu.files.models import FileKind, StoredFile
from menhu.sites import tags as site_tags
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column
from tests.articles.conftest import fresh
from tests.articles.public_rows import START, answer, list_articles, metas, path_of, place, tree
from tests.factories import ColumnFactory, ColumnKindFactory, World


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as context:
        answer(path)
    return len(context)


def links(page: object, inside: str) -> list[tuple[str, str]]:
    found = page.xpath(f"{inside}//a")  # type: ignore[attr-defined]
    return [(str(a.get("href")), " ".join(a.text_content().split())) for a in found]


# Article pages


def test_an_approved_article_is_read_at_its_address(world: World, live: Article) -> None:
    page = tree(path_of(live))
    assert page.xpath("//h1")[0].text_content() == "开学工作会召开"
    assert page.xpath("//*[@data-article]/p/text()") == ["今天上午，县教育局召开开学工作会。"]
    found = metas(page)
    published = timezone.localtime(live.published_at).strftime("%Y-%m-%d %H:%M")
    assert {name: found[name] for name in ("ArticleTitle", "PubDate", "ContentSource", "ColumnName", "ColumnType")} == {
        "ArticleTitle": "开学工作会召开",
        "PubDate": published,
        "ContentSource": "县教育局",
        "ColumnName": "工作动态",
        "ColumnType": "工作动态",
    }
    url = f"{settings.PUBLIC_BASE_URL}{path_of(live)}"
    assert (page.xpath("//link[@rel='canonical']/@href"), found["Url"]) == ([url], url)


def test_an_article_reads_what_it_depends_on_and_nothing_else(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    older, middle, newer = list_articles(world, column, 3)
    site, portal = world.sites["jyj"], world.sites["portal"]
    assert answer(path_of(middle))[1] == {
        site_tags.site(site.pk),
        site_tags.site(portal.pk),
        "mailboxes",  # the footer says where errors are reported
        site_tags.unit(site.unit_id),
        site_tags.column(column.pk),
        tags.article(middle.pk),
        tags.article(older.pk),
        tags.article(newer.pk),
        tags.neighbours(column.pk, middle.pk),
    }


def test_neighbours_lead_to_the_older_and_the_newer(world: World) -> None:
    older, middle, newer = list_articles(world, world.columns["jyj/gzdt"], 3)
    found = links(tree(path_of(middle)), "//nav[@aria-label='上一篇和下一篇']")
    assert found == [
        (path_of(older), "上一篇第1篇2026-06-01"),
        (path_of(newer), "下一篇第3篇2026-06-01"),
    ]
    assert [href for href, _ in links(tree(path_of(newer)), "//nav[@aria-label='上一篇和下一篇']")] == [path_of(middle)]


def test_on_the_portal_the_article_points_to_its_home(world: World) -> None:
    (article,) = list_articles(world, world.columns["jyj/gzdt"], 1)
    place(article, world.columns["portal/gzdt"])
    at_portal = ArticleAddress.objects.get(article=article, site=world.sites["portal"]).path
    page = tree(at_portal)
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{settings.PUBLIC_BASE_URL}{path_of(article)}"]
    assert metas(page)["SiteName"] == "云岭县人民政府"
    assert [text for _, text in links(page, "//nav[@aria-label='所在位置']")] == ["首页", "工作动态"]


def test_a_withdrawn_article_stays_with_its_reason_and_leaves_all_lists(world: World, live: Article) -> None:
    path = path_of(live)
    actions.withdraw(article=live, by=world.people["head"], reason="数字有误，另行公布")
    page = tree(path)
    notice = page.xpath("//*[contains(@class, 'callout--bad')]")[0].text_content()
    assert "本文已撤下" in notice
    assert "撤下说明：数字有误，另行公布" in notice
    assert page.xpath("//*[@data-article]/p/text()") == ["今天上午，县教育局召开开学工作会。"]
    assert metas(page)["ColumnName"] == "工作动态"
    month = timezone.localtime(live.published_at).strftime("%Y-%m")
    for other in ("/jyj/", "/jyj/gzdt/", f"/jyj/gzdt/{month}/", "/jyj/rss.xml", "/jyj/gzdt/rss.xml"):
        assert "开学工作会召开".encode() not in answer(other)[0].body, other
    assert render(Address(settings.PUBLIC_HOST, f"/jyj/sitemap-{month}.xml")) is None


def test_a_retracted_article_is_gone(world: World, live: Article) -> None:
    path = path_of(live)
    actions.retract(article=live, by=world.people["duty_officer"], reason="误发")
    rendered, read = answer(path)
    assert rendered.status == 410
    assert "开学工作会召开".encode() not in rendered.body
    assert "这个页面已经撤下".encode() in rendered.body
    assert tags.article(live.pk) in read


def test_a_draft_has_no_address(world: World, draft: Article) -> None:
    assert render(Address(settings.PUBLIC_HOST, f"/jyj/2026/06/{draft.pk}/")) is None


def test_a_document_shows_its_card_and_whether_it_holds(world: World) -> None:
    (document,) = list_articles(
        world,
        world.columns["jyj/tzgg"],
        1,
        genre=Genre.NORMATIVE,
        validity=Validity.REPEALED,
        index_number="YL-1",
        document_number="云教规〔2026〕1 号",
        issued_by="云岭县教育局",
        issued_on=date(2026, 5, 20),
        effective_on=date(2026, 6, 1),
        expires_on=date(2031, 5, 31),
        subject="教育",
    )
    page = tree(path_of(document))
    assert [d.text_content() for d in page.xpath("//*[@class='doc']//dl/div")] == [
        "索引号YL-1",
        "主题分类教育",
        "发文机关云岭县教育局",
        "成文日期2026-05-20",
        "发文字号云教规〔2026〕1 号",
        "施行日期2026-06-01",
        "有效期至2031-05-31",
    ]
    assert [t.text_content() for t in page.xpath("//p[@class='art-tags']/span")] == ["规范性文件", "已废止"]
    assert [t.text_content() for t in tree("/jyj/tzgg/").xpath("//main//li//span[@class='tag']")] == ["已废止"]


def test_document_and_interpretation_are_linked_both_ways(world: World) -> None:
    (document,) = list_articles(world, world.columns["jyj/tzgg"], 1, title="供水办法")
    (explaining,) = list_articles(
        world, world.columns["jyj/gzdt"], 1, title="一图读懂", genre=Genre.INTERPRETATION, interprets=document
    )
    own, back = tree(path_of(document)), tree(path_of(explaining))
    assert links(own, "//aside") == [(path_of(explaining), "一图读懂2026-06-01")]
    assert links(back, "//aside") == [(path_of(document), "供水办法2026-06-01")]
    assert own.xpath("//a[contains(@class, 'guide')]/@href") == [path_of(explaining)]
    assert tags.article(explaining.pk) in answer(path_of(document))[1]


def test_attachments_name_type_and_size(world: World) -> None:
    (article,) = list_articles(world, world.columns["jyj/gzdt"], 1)
    file = StoredFile.objects.create(
        unit=article.unit,
        kind=FileKind.DOCUMENT,
        name="原件.pdf",
        extension="pdf",
        content_type="application/pdf",
        size=421_888,
        sha256="ab" * 32,
    )
    Attachment.objects.create(article=article, file=file, title="原件")
    (link,) = tree(path_of(article)).xpath("//*[@class='files']//a")
    assert (link.get("href"), " ".join(link.text_content().split())) == (file.public_path, "原件PDF，412 KB")


def test_an_article_page_costs_no_more_than_fifteen_queries(world: World) -> None:
    document = list_articles(world, world.columns["jyj/tzgg"], 1)[0]
    middle = list_articles(world, world.columns["jyj/gzdt"], 3, interprets=document)[1]
    place(middle, world.columns["portal/gzdt"])
    explained = list_articles(world, world.columns["jyj/gzdt"], 3, interprets=middle)
    assert len(explained) == 3
    assert max(queries(row.path) for row in ArticleAddress.objects.filter(article=middle)) <= 15


@pytest.mark.parametrize(
    ("body", "drawn"),
    [
        ("<p>一</p>", "<p>一</p>"),
        ('<img src="/files/a.jpg" alt="">', '<img loading="lazy" decoding="async" src="/files/a.jpg" alt="">'),
        (
            "<table><tr><td><table></table></td></tr></table>",
            '<div class="scroll" role="region" aria-label="表格" tabindex="0">'
            "<table><tr><td><table></table></td></tr></table></div>",
        ),
    ],
)
def test_bodies_are_dressed(body: str, drawn: str) -> None:
    assert shown(body) == drawn


# Columns


def test_a_column_shows_the_newest_twenty_the_pinned_first_and_every_month(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    old = list_articles(world, column, 2, at=START - timedelta(days=40), title="旧闻")
    list_articles(world, column, 21)
    Placement.objects.filter(article=old[0]).update(is_pinned=True)
    page = tree("/jyj/gzdt/")
    titles = [t.text_content() for t in page.xpath("//main//span[@class='t']")]
    assert titles == ["旧闻", *(f"第{n}篇" for n in range(21, 1, -1))]
    assert links(page, "//nav[@aria-label='按月查看']") == [
        ("/jyj/gzdt/2026-06/", "6 月"),
        ("/jyj/gzdt/2026-04/", "4 月"),
    ]
    assert page.xpath("//link[@type='application/rss+xml']/@href") == ["/jyj/gzdt/rss.xml"]


@pytest.mark.parametrize("path", ["/jyj/gzdt/", "/jyj/gzdt/2026-06/", "/jyj/", "/jyj/gzdt/rss.xml", "/jyj/rss.xml"])
def test_lists_cost_the_same_at_one_row_and_at_a_full_page(world: World, path: str) -> None:
    list_articles(world, world.columns["jyj/gzdt"], 1)
    few = queries(path)
    list_articles(world, world.columns["jyj/gzdt"], 25, at=START + timedelta(hours=1))
    list_articles(world, world.columns["jyj/tzgg"], 25, at=START + timedelta(hours=2))
    assert queries(path) == few


def test_month_pages_lead_to_each_other_and_unknown_ones_do_not_exist(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    for days in (0, 31, 62):
        list_articles(world, column, 1, at=START - timedelta(days=days))
    page = tree("/jyj/gzdt/2026-05/")
    assert links(page, "//nav[@aria-label='按月翻页']") == [
        ("/jyj/gzdt/2026-06/", "2026 年 6 月"),
        ("/jyj/gzdt/2026-03/", "2026 年 3 月"),
    ]
    assert (page.findtext(".//title") or "").startswith("工作动态 2026 年 5 月 - ")
    assert metas(page)["ColumnName"] == "工作动态"
    for unknown in ("2026-04", "2026-13", "2026-06-2"):
        assert render(Address(settings.PUBLIC_HOST, f"/jyj/gzdt/{unknown}/")) is None


def test_a_crowded_month_has_numbered_parts(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    list_articles(world, column, 1)
    for part in range(2, 11):
        Bucket.objects.create(column=column, name=f"2026-06-{part}")
    labels = [text for _, text in links(tree("/jyj/gzdt/2026-06-10/"), "//nav[@aria-label='按月查看']")]
    assert labels == [*(f"6 月（{part}）" for part in range(10, 1, -1)), "6 月"]


def test_a_month_page_reads_its_bucket_and_not_the_whole_column(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    list_articles(world, column, 2)
    read = answer("/jyj/gzdt/2026-06/")[1]
    assert {site_tags.column_bucket(column.pk, "2026-06"), tags.archive(column.pk)} <= read
    assert site_tags.column_list(column.pk) not in read


def child_of(world: World, parent: Column, **fields: object) -> Column:
    slug = str(fields.pop("slug"))
    return ColumnFactory(site=parent.site, parent=parent, slug=slug, path=f"{parent.path}{slug}/", **fields)


def test_a_column_with_columns_below_shows_their_lists(world: World) -> None:
    top = world.columns["jyj/gzdt"]
    first = child_of(world, top, slug="yw", name="要闻")
    child_of(world, top, slug="ld", name="领导", form=ColumnForm.LEADERS)
    list_articles(world, first, 7)
    page = tree("/jyj/gzdt/")
    assert [h.text_content() for h in page.xpath("//main//h2")] == ["要闻"]
    assert len(page.xpath("//main//li//span[@class='t']")) == 5
    assert links(page, "//nav[@aria-label='同级栏目']") == [("/jyj/gzdt/yw/", "要闻"), ("/jyj/gzdt/ld/", "领导")]
    assert [text for _, text in links(tree("/jyj/gzdt/yw/"), "//nav[@aria-label='同级栏目']")] == ["要闻", "领导"]


def test_a_single_page_shows_its_newest_article(world: World) -> None:
    column = ColumnFactory(site=world.sites["jyj"], slug="jgzn", name="机构职能", form=ColumnForm.SINGLE)
    empty = tree("/jyj/jgzn/")
    assert empty.xpath("//*[@class='empty']/b/text()") == ["内容正在整理"]
    list_articles(world, column, 2, body="<p>职责。</p>")
    assert tree("/jyj/jgzn/").xpath("//*[@class='article']/p/text()") == ["职责。"]


def test_a_topic_has_its_own_face(world: World) -> None:
    column = ColumnFactory(site=world.sites["portal"], slug="fx", name="防汛减灾", form=ColumnForm.TOPIC)
    list_articles(world, column, 1)
    page = tree("/fx/")
    assert page.xpath("//h1")[0].text_content() == "防汛减灾"
    assert metas(page)["ColumnName"] == "防汛减灾"
    assert ("/fx/", "防汛减灾 栏目说明") in links(tree("/"), "//main")


def test_hidden_and_removed_columns_are_not_there(world: World) -> None:
    hidden = ColumnFactory(site=world.sites["jyj"], slug="yc", is_hidden=True)
    removed = ColumnFactory(site=world.sites["jyj"], slug="cx", removed_at=timezone.now())
    for column in (hidden, removed):
        for path in (f"/jyj{column.path}", f"/jyj{column.path}rss.xml"):
            assert render(Address(settings.PUBLIC_HOST, path)) is None


def test_columns_without_words_of_their_own_still_have_all_tags(world: World) -> None:
    kind = ColumnKindFactory(name="政策解读")
    ColumnFactory(site=world.sites["jyj"], slug="jd", name="解读", kind=kind, description="", keywords="")
    found = metas(tree("/jyj/jd/"))
    assert {name: found[name] for name in found if name.startswith("Column")} == {
        "ColumnName": "解读",
        "ColumnType": "政策解读",
        "ColumnDescription": "解读栏目，由云岭县教育局负责。",
        "ColumnKeywords": "解读",
    }


# Feeds and sitemaps


def test_feeds_carry_absolute_addresses_newest_first(world: World) -> None:
    older, newer = list_articles(world, world.columns["jyj/gzdt"], 2, summary="摘要<b>")
    root = etree.fromstring(answer("/jyj/gzdt/rss.xml")[0].body)
    base = settings.PUBLIC_BASE_URL
    assert [item.findtext("link") for item in root.iter("item")] == [base + path_of(newer), base + path_of(older)]
    assert [item.findtext("description") for item in root.iter("item")] == ["摘要<b>", "摘要<b>"]
    assert root.findtext("channel/lastBuildDate") == "Mon, 01 Jun 2026 08:01:00 +0800"


def test_the_feed_of_a_site_joins_its_columns_without_repeating(world: World) -> None:
    column, other = world.columns["jyj/gzdt"], world.columns["jyj/tzgg"]
    first = list_articles(world, column, 15)
    list_articles(world, other, 15, at=START + timedelta(hours=1), title="公告")
    place(first[-1], other)
    root = etree.fromstring(answer("/jyj/rss.xml")[0].body)
    titles = [item.findtext("title") for item in root.iter("item")]
    assert titles == ["公告"] * 15 + [f"第{n}篇" for n in range(15, 10, -1)]


def test_sitemaps_name_what_stands(world: World) -> None:
    articles = list_articles(world, world.columns["jyj/gzdt"], 11)
    list_articles(world, world.columns["jyj/gzdt"], 1, at=START - timedelta(days=40))
    base = settings.PUBLIC_BASE_URL

    def named(path: str) -> list[str | None]:
        return [e.text for e in etree.fromstring(answer(path)[0].body).iter("{*}loc")]

    assert named("/jyj/sitemap.xml") == [f"{base}/jyj/sitemap-{part}.xml" for part in ("pages", "2026-06", "2026-04")]
    assert named("/jyj/sitemap-2026-06.xml") == [f"{base}{path_of(article)}" for article in articles]
    assert named("/jyj/sitemap-pages.xml") == [
        f"{base}/jyj{path}" for path in ("/", "/map/", "/accessibility/", "/privacy/", "/gzdt/", "/tzgg/")
    ]
    for unknown in ("2026-05", "2026-99", "all"):
        assert render(Address(settings.PUBLIC_HOST, f"/jyj/sitemap-{unknown}.xml")) is None


# The whole


def test_every_address_that_is_named_is_answered_once_and_alike(world: World) -> None:
    """Full enumeration: no address twice, each answers 200, and a second render has the same bytes and tags."""
    list_articles(world, world.columns["jyj/gzdt"], 3)
    place(fresh(list_articles(world, world.columns["slj/gzdt"], 1)[0]), world.columns["portal/gzdt"])
    named = [address for source in sources() if source.name != "assets" for address in source.addresses()]
    assert len(named) == len(set(named))
    for address in named:
        first, again = render(address), render(address)
        assert first is not None, address
        assert first[1].status == 200
        assert first == again


def test_changed_tags_name_the_pages_that_may_be_new(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    (article,) = list_articles(world, column, 1)
    site = world.sites["jyj"]

    def born(*changed: str) -> set[str]:
        found = (source.addresses_for(frozenset(changed)) for source in sources())
        return {address.path for addresses in found for address in addresses}

    assert born(tags.article(article.pk)) == {path_of(article)}
    assert born(tags.archive(column.pk)) == {"/jyj/gzdt/2026-06/"}
    assert born(site_tags.column(column.pk)) == {"/jyj/gzdt/", "/jyj/gzdt/rss.xml", "/jyj/gzdt/2026-06/"}
    assert born(tags.sitemap(site.pk, "2026-06")) == {
        "/jyj/sitemap.xml",
        "/jyj/sitemap-pages.xml",
        "/jyj/sitemap-2026-06.xml",
    }
    assert {"/jyj/", "/jyj/map/", "/jyj/gzdt/", "/jyj/tzgg/", "/jyj/rss.xml", "/jyj/sitemap.xml"} <= born(
        site_tags.site(site.pk)
    )


# Previews


def test_a_preview_shows_what_is_in_memory_and_reads_nothing_public(world: World, draft: Article) -> None:
    draft.title, draft.body = "改了一半", "<p>新<script>x()</script></p>"
    response = render_preview(RequestFactory().get("/"), draft)
    page = html.document_fromstring(response.content.decode())
    assert page.xpath("//h1")[0].text_content() == "改了一半"
    assert etree.tostring(page.xpath("//*[@data-article]/p")[0], encoding="unicode") == "<p>新</p>"
    assert [e.text_content().strip() for e in page.xpath("//section[@class='alert']")] == [
        "预览：这一版还没有发布，公众看不到。"
    ]
    assert metas(page)["robots"] == "noindex"
    assert fresh(draft).title == "开学工作会召开"


def test_a_preview_of_an_unsaved_article_needs_no_words(world: World) -> None:
    article = Article(unit=world.units["jyj"], site=world.sites["jyj"])
    page = html.document_fromstring(render_preview(RequestFactory().get("/"), article).content.decode())
    assert page.xpath("//h1")[0].text_content() == "（还没有标题）"
    assert metas(page)["ContentSource"] == "云岭县教育局"
