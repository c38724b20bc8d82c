"""Articles and the search: in the transaction of their change, on the page and in JSON."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from lxml import html

from menhu.articles import actions
from menhu.articles.models import Article, Placement
from menhu.search.actions import rebuild
from menhu.search.asking import Scope, search
from menhu.search.models import Document, HotWord, Synonym, WrongWord
from tests.articles.conftest import approve, fresh, pass_reviews, write
from tests.articles.public_rows import list_articles
from tests.factories import World

ALL = Scope()
HITS = "//ol[@class='hits']/li"


def titles(text: str, scope: Scope = ALL) -> list[str]:
    return [hit.document.title for hit in search(text, scope).hits]


def page(path: str, **asked: str) -> html.HtmlElement:
    answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get(path, asked)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def test_an_approved_article_is_found_a_draft_is_not(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    assert titles("开学工作会") == []
    approve(world, draft, "head", "government_reviewer", "secrecy_reviewer")
    assert titles("开学工作会") == titles("开学 教育局") == titles("開學") == ["开学工作会召开"]


def test_a_correction_is_found_by_its_new_words_alone(world: World, live: Article) -> None:
    actions.revise(article=live, by=world.people["editor"], title="秋季招生政策", body="<p>见附件。</p>")
    assert titles("秋季招生") == []
    pass_reviews(world, fresh(live))
    assert (titles("秋季招生"), titles("开学工作会召开")) == (["秋季招生政策"], [])


@pytest.mark.parametrize("verb", ["withdraw", "retract"])
def test_taken_off_is_gone_in_the_same_transaction(world: World, live: Article, verb: str) -> None:
    person = world.people["head" if verb == "withdraw" else "duty_officer"]
    with transaction.atomic():
        getattr(actions, verb)(article=live, by=person, reason="有误")
        assert titles("开学") == []
        transaction.set_rollback(True)
    assert titles("开学") == ["开学工作会召开"]
    getattr(actions, verb)(article=fresh(live), by=person, reason="有误")
    assert titles("开学") == []
    assert not Document.objects.exists()


def test_expiry_takes_it_out(world: World, live: Article) -> None:
    Article.objects.filter(pk=live.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    actions.expire(article=fresh(live))
    assert titles("开学") == []


def test_it_is_found_by_site_column_type_and_month(world: World, live: Article) -> None:
    column, site = world.columns["jyj/gzdt"], world.sites["jyj"]
    month = f"{timezone.localtime(live.published_at):%Y-%m}"
    for scope in (
        Scope(site_id=site.pk),
        Scope(column_id=column.pk),
        Scope("news"),
        Scope(month=month),
        Scope(month=month[:4]),
    ):
        assert titles("开学", scope) == ["开学工作会召开"], scope
    for scope in (Scope(site_id=0), Scope(column_id=0), Scope("policy"), Scope(month="2001-01"), Scope(month="2001")):
        assert titles("开学", scope) == [], scope


def test_out_of_its_column_it_stands_but_not_there(world: World, live: Article) -> None:
    placement = Placement.objects.get(article=live)
    actions.remove(placement=placement, by=world.people["editor"])
    assert titles("开学", Scope(column_id=placement.column_id)) == []
    assert titles("开学") == ["开学工作会召开"]


def test_a_new_index_is_what_the_changes_made(world: World, live: Article) -> None:
    articles = list_articles(world, world.columns["jyj/tzgg"], 30)
    list(rebuild())
    assert Document.objects.filter(kind="article").count() == len(articles) + 1
    one = {(d.kind, d.key, d.number, d.title, d.body, d.url, tuple(d.columns)) for d in Document.objects.all()}
    list(rebuild())
    assert {(d.kind, d.key, d.number, d.title, d.body, d.url, tuple(d.columns)) for d in Document.objects.all()} == one
    assert str(live.pk) in {key for _, key, *_ in one}
    assert "开学工作会召开" in titles("开学")


def test_synonyms_and_mistyped_words(world: World, live: Article) -> None:
    Synonym.objects.create(words="开学 入学")
    WrongWord.objects.create(wrong="开雪", right="开学")
    assert titles("入学") == ["开学工作会召开"]
    assert search("开雪", ALL).meant == "开学"
    shown = page("/search/", q="开雪")
    assert "您是不是想找 开学" in " ".join(shown.text_content().split())


def test_the_page_shows_what_was_found(world: World, live: Article) -> None:
    HotWord.objects.create(word="学区划分")
    shown = page("/search/", q="开学")
    hit = shown.xpath(HITS)[0]
    assert hit.xpath("h2/a")[0].get("href").endswith(live.addresses.get().path)
    assert [mark.text for mark in hit.xpath("h2//mark")] == ["开学"]
    assert shown.xpath("//input[@id='question']")[0].get("value") == "开学"
    assert "学区划分" in shown.text_content()
    assert shown.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_whole_question_is_shown_and_marked_where_it_stands(world: World, draft: Article) -> None:
    body = "<p>开学。</p>" + "<p>另一段文字。</p>" * 50 + "<p>关于开学工作的通知如下。</p>" + "<p>又一段文字。</p>" * 50
    actions.revise(article=draft, by=world.people["editor"], body=body)
    pass_reviews(world, fresh(draft))
    hit = search("开学工作的通知", ALL).hits[0]
    assert [piece for piece, is_marked in hit.text.pieces if is_marked] == ["开学工作的通知"]


def test_a_unit_looks_at_its_own_site_unless_told_otherwise(world: World, live: Article) -> None:
    assert page("/jyj/search/", q="开学").xpath(HITS)
    assert not page("/slj/search/", q="开学").xpath(HITS)
    assert not page("/search/", q="开学", where="site").xpath(HITS)
    link = page("/search/", q="开学", where="site").xpath("//a[text()='到全部站点、全部类型里找']/@href")[0]
    assert page(link).xpath(HITS)


def test_where_nothing_is_found_ways_on_are_shown(world: World) -> None:
    shown = page("/search/", q="绝无此事")
    assert "没有找到“绝无此事”" in shown.text_content()
    assert shown.xpath("//a[contains(@href, '/map/')]")


def many(world: World, number: int) -> None:
    for at in range(number):
        pass_reviews(world, write(world, title=f"防汛通知第{at}号"))


def test_pages_follow_each_other_without_gap_or_repetition(world: World) -> None:
    many(world, 23)
    found: list[str] = []
    path = "/search/?q=防汛通知"
    while path:
        shown = page(path)
        found += [a.text_content() for a in shown.xpath(f"{HITS}/h2/a")]
        path = next(iter(shown.xpath("//a[@rel='next']/@href")), "")
    assert found == [f"防汛通知第{at}号" for at in range(22, -1, -1)]


def test_queries_do_not_grow_with_results(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as context:
            page("/search/", q="防汛通知")
        return len(context)

    many(world, 1)
    few = cost()
    many(world, 12)
    assert cost() <= few  # a full page needs no look at the ranks below


def test_json_says_the_same_as_the_page(world: World, live: Article) -> None:
    client = Client(SERVER_NAME=settings.PUBLIC_HOST)
    answer = client.get("/api/search", {"q": "开学"}).json()
    assert (answer["count"], answer["types"]["news"], answer["after"]) == ("1", "1", "")
    assert answer["hits"][0]["title"] == "开学工作会召开"
    assert client.get("/api/search/suggest", {"q": "开学"}).json() == {"titles": ["开学工作会召开"]}
    assert "/api/search" in client.get("/api/openapi.json").json()["paths"]
    assert json.loads(client.get("/api/search", {"q": ""}).content)["hits"] == []


ABSURD = [
    "\x00",
    "\ud800",
    "٣",
    "9" * 400,
    "-1",
    "1e3",
    "../..",
    "20१२",
    "9.99999999999999999999",
    "a\x00b",
    "\n",
    "[]",
]


@pytest.mark.parametrize("name", ["site", "type", "where", "column", "month", "sort", "after", "q", "\x00"])
def test_absurd_parameters_are_answered(world: World, live: Article, name: str) -> None:
    client = Client(SERVER_NAME=settings.PUBLIC_HOST)
    for value in ABSURD:
        asked = {"q": "开学", name: value.encode("utf-8", "surrogateescape" if value < "\ud800" else "surrogatepass")}
        for path in ("/search/", "/api/search", "/api/search/suggest"):
            answer = client.get(path, asked)
            assert answer.status_code == 200 or (name, answer.status_code) == ("site", 404), (path, value)


@pytest.mark.parametrize(
    "path",
    [
        "/%00/search/",
        "/a%00b/search/",
        "/%00",
        "/jyj%00/search/",
        "/%0a/search/",
        "/jyj/%00/",
        "/2026/06/%00/",
        "/jyj/2026/06/%00/rss.xml",
    ],
)
def test_absurd_addresses_are_not_found(world: World, path: str) -> None:
    assert Client(SERVER_NAME=settings.PUBLIC_HOST).get(path, {"q": "开学"}).status_code == 404


HOSTILE = [
    '"',
    "a OR b",
    "'; DROP TABLE x",
    "*",
    "\x00",
    "😀",
    "供" * 10_000,
    "%",
    "\\",
    "(",
    "NEAR(a b)",
    "<script>",
    " ",
    "１２",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", ["/search/", "/api/search", "/api/search/suggest"])
def test_any_question_is_answered(world: World, text: str, path: str) -> None:
    answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get(path, {"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@tried(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(
    st.dictionaries(st.sampled_from(["q", "type", "where", "column", "month", "sort", "after"]), st.text(max_size=30))
)
def test_any_parameters_are_answered(world: World, asked: dict[str, str]) -> None:
    safe = {name: value.encode("utf-8", "ignore").decode() for name, value in asked.items()}
    client: Callable[..., object] = Client(SERVER_NAME=settings.PUBLIC_HOST).get
    for path in ("/search/", "/api/search"):
        assert client(path, safe).status_code == 200  # type: ignore[attr-defined]


def test_search_speaks_one_script_but_understands_both(world: World, live: Article) -> None:
    answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get("/hant/search/", {"q": "開學"})
    assert (answer.status_code, answer["Location"]) == (302, "/search/?q=%E9%96%8B%E5%AD%B8")
    assert page("/search/", q="開學").xpath(HITS)


def test_no_search_where_there_is_no_site(world: World) -> None:
    assert Client(SERVER_NAME=settings.PUBLIC_HOST).get("/nosuch/search/").status_code == 404
    assert Client(SERVER_NAME=settings.PUBLIC_HOST).get("/api/search", {"site": "/../"}).status_code in {200, 404}
