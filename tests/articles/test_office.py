"""The back-office pages of articles: who sees what, nothing typed is lost, no page grows with the archive."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from lxml.html import fromstring

from menhu.articles import actions
from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, Placement
from menhu.audit.models import Event
from menhu.files.actions import store_upload
from menhu.files.models import StoredFile
from menhu.review.policies import open_state
from tests.articles.conftest import BODY, fresh, pass_reviews, write
from tests.articles.documents import PICTURE, document, paragraph, table, text
from tests.articles.dumps import dump
from tests.conftest import SignedIn
from tests.factories import World
from tests.files.samples import docx, picture

ADD = "/office/articles/add/"


@pytest.fixture
def editor(world: World) -> SignedIn:
    return SignedIn(world.people["editor"])


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a new article."""
    given = {
        "genre": "news",
        "title": "手写的标题",
        "body": BODY,
        "source": "县教育局",
        "site": world.sites["jyj"].pk,
        "columns": [world.columns["jyj/gzdt"].pk],
        "do": "save",
    }
    return {**given, **changes}


def of(name: str, article: Article) -> str:
    return reverse(f"articles:{name}", args=[article.pk])


def revised(article: Article, world: World, **changes: Any) -> dict[str, Any]:
    given = typed(world, base=article.latest_revision_id)
    del given["site"]
    return {**given, **changes}


# list


def test_the_list_shows_ones_own_unit(world: World, editor: SignedIn, draft: Article) -> None:
    assert "开学工作会召开" in editor.get("/office/articles/").text
    assert "开学工作会召开" not in SignedIn(world.people["stranger"]).get("/office/articles/").text
    assert "开学工作会召开" in SignedIn(world.people["auditor"]).get("/office/articles/").text
    foreign = f"/office/articles/?unit={world.units['jyj'].pk}"
    assert SignedIn(world.people["stranger"]).get(foreign).status_code == 404


def test_filters_stand_in_the_address(world: World, editor: SignedIn, live: Article) -> None:
    write(world, title="还是草稿")
    column = world.columns["jyj/gzdt"].pk
    for query, titles in (
        ("state=live", {"开学工作会召开"}),
        ("state=draft", {"还是草稿"}),
        ("genre=notice", set()),
        (f"column={column}", {"开学工作会召开", "还是草稿"}),
        (f"column={column}&state=live", {"开学工作会召开"}),
    ):
        page = editor.get(f"/office/articles/?{query}").context["page"]
        assert {article.title for article in page.articles} == titles, query


@pytest.mark.parametrize("persona", ["editor", "webmaster"])
@pytest.mark.parametrize("query", ["", "?state=draft", "?column={column}"])
def test_as_many_queries_for_a_full_page_as_for_one_row(world: World, persona: str, query: str) -> None:
    client = SignedIn(world.people[persona])
    address = "/office/articles/" + query.format(column=world.columns["jyj/gzdt"].pk)
    write(world)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get(address).status_code == 200
    for number in range(25):
        write(world, title=f"第{number}篇")
    with CaptureQueriesContext(connection) as full:
        assert len(client.get(address).context["page"].articles) == 25
    assert len(full) == len(one)


def test_every_article_is_on_one_page(world: World, editor: SignedIn) -> None:
    for number in range(60):
        write(world, title=f"第{number}篇")
    for first in ("?", f"?column={world.columns['jyj/gzdt'].pk}&"):
        seen, address = [], first
        while address:
            page = editor.get("/office/articles/" + address)
            seen += [article.pk for article in page.context["page"].articles]
            address = page.context["next_page"]
        assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("after", ["x", "2026-06-18_1", "_", "2026-13-45T00:00:00+00:00_3", "-1", "9" * 30])
def test_a_mangled_cursor_is_no_error(editor: SignedIn, after: str) -> None:
    assert editor.get("/office/articles/", {"after": after}).status_code == 200


# write


def test_what_is_written_is_kept(world: World, editor: SignedIn) -> None:
    answer = editor.post(ADD, typed(world, proposals=[world.columns["portal/gzdt"].pk]))
    article = Article.objects.get()
    assert answer.headers["Location"] == of("edit", article)
    assert (article.title, article.state, article.created_by) == ("手写的标题", "draft", world.people["editor"])
    states = dict(article.placements.values_list("column", "state"))
    assert states == {
        world.columns["jyj/gzdt"].pk: PlacementState.WANTED,
        world.columns["portal/gzdt"].pk: PlacementState.PROPOSED,
    }


def test_save_and_submit(world: World, editor: SignedIn) -> None:
    editor.post(ADD, typed(world, do="submit"))
    assert Article.objects.get().state == ArticleState.HEAD


def test_a_text_not_fit_for_review_is_kept_and_the_reason_told(world: World, editor: SignedIn) -> None:
    answer = editor.post(ADD, typed(world, do="submit", columns=[]), follow=True)
    assert Article.objects.get().state == ArticleState.DRAFT
    assert "还没有选择栏目" in answer.text


def test_an_error_gives_everything_back(world: World, editor: SignedIn) -> None:
    given = typed(world, title="", body="<p>写了很久的正文</p>", summary="写好的摘要", expire_at="2020-01-01T00:00")
    answer = editor.post(ADD, {**given, "proposals": [world.columns["slj/gzdt"].pk]})
    assert (answer.status_code, Article.objects.count()) == (400, 0)
    form = answer.context["form"]
    assert set(form.errors) == {"title", "expire_at"}
    for kept in ("写了很久的正文", "写好的摘要", "2020-01-01T00:00"):
        assert kept in answer.text
    ticked = [option.data["value"].value for option in form["proposals"] if option.data["selected"]]
    assert ticked == [world.columns["slj/gzdt"].pk]


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ('<img src="{own}">', "没有说明文字"),
        ('<img src="{own}" alt=" ">', "没有说明文字"),
        ('<img src="data:image/png;base64,AAAA" alt="图">', "不在本站文件库"),
        ('<img src="file:///C:/1.png" alt="图">', "不在本站文件库"),
        ('<img src="https://example.com/1.png" alt="图">', "不在本站文件库"),
    ],
)
def test_pictures_need_words_and_our_own_store(world: World, editor: SignedIn, picture: str, words: str) -> None:
    own = upload(world, "jyj").public_path
    answer = editor.post(ADD, typed(world, body=f"<p>正文</p>{picture.format(own=own)}"))
    assert (answer.status_code, Article.objects.count()) == (400, 0)
    assert words in str(answer.context["form"].errors["body"])
    assert "正文" in answer.context["form"]["body"].value()


def test_a_file_of_another_unit_cannot_be_used(world: World, editor: SignedIn) -> None:
    foreign = upload(world, "slj").public_path
    answer = editor.post(ADD, typed(world, body=f'<p>正文</p><img src="{foreign}" alt="图">'))
    assert (answer.status_code, Article.objects.count()) == (400, 0)
    assert "本单位没有的文件" in str(answer.context["form"].errors["body"])


def test_a_normative_document_needs_its_card(world: World, editor: SignedIn) -> None:
    answer = editor.post(ADD, typed(world, genre="normative"))
    assert set(answer.context["form"].errors) == {"document_number", "issued_by", "issued_on", "validity"}


def test_attachments_survive_an_error_elsewhere(world: World, editor: SignedIn) -> None:
    files = [SimpleUploadedFile("报名表.docx", docx())]
    answer = editor.post(ADD, typed(world, title="", new_files=files))
    assert answer.status_code == 400
    kept = StoredFile.objects.get()
    assert f'name="attachment" value="{kept.pk}"' in answer.text
    given = typed(world, attachment=[kept.pk], attachment_title=["报名表（2026 年）"])
    editor.post(ADD, given)
    assert [(row.file, row.title) for row in Article.objects.get().attachments.all()] == [(kept, "报名表（2026 年）")]


def test_a_refused_upload_says_which_and_why(world: World, editor: SignedIn) -> None:
    files = [SimpleUploadedFile("程序.exe", b"MZ")]
    answer = editor.post(ADD, typed(world, new_files=files))
    assert (answer.status_code, Article.objects.count()) == (400, 0)
    assert "程序.exe" in str(answer.context["form"].errors["new_files"])


def test_a_document_becomes_the_body(world: World, editor: SignedIn) -> None:
    data = document(paragraph(text("第一段")), table(("学校", "人数"), ("白河中学", "1200")))
    html = editor.post("/office/articles/docx/", {"docx": SimpleUploadedFile("稿.docx", data)}).json()["html"]
    assert html.startswith("<p>第一段</p>")
    assert "<td>" in html
    assert "白河中学" in html
    again = SimpleUploadedFile("稿.docx", data)
    answer = editor.post(ADD, typed(world, do="docx", title="", docx=again))
    assert (answer.status_code, answer.context["form"].errors) == (200, {})
    assert answer.context["form"]["body"].value() == BODY + html


def test_pictures_of_a_document_go_to_the_units_store(world: World, editor: SignedIn) -> None:
    data = document(paragraph(text("看图") + PICTURE.format(alt="一块蓝色")), image=("p.png", picture()))
    html = editor.post("/office/articles/docx/", {"docx": SimpleUploadedFile("稿.docx", data)}).json()["html"]
    file = StoredFile.objects.get()
    assert file.unit == world.units["jyj"]
    assert f'src="{file.public_path}"' in html
    assert 'alt="一块蓝色"' in html


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken", docx()])
def test_a_broken_document_is_refused_in_words(editor: SignedIn, data: bytes) -> None:
    answer = editor.post("/office/articles/docx/", {"docx": SimpleUploadedFile("稿.docx", data)})
    assert answer.status_code == 400
    assert answer.json()["error"]


# change


def test_a_stale_edit_is_told_and_overwrites_nothing(world: World, editor: SignedIn, draft: Article) -> None:
    mine = revised(draft, world, title="我的标题")
    actions.revise(article=draft, by=world.people["head"], title="负责人先存的标题")
    answer = editor.post(of("edit", draft), mine)
    assert answer.status_code == 409
    assert fresh(draft).title == "负责人先存的标题"
    assert "我的标题" in answer.text
    newest = fresh(draft).latest_revision_id
    assert fromstring(answer.text).xpath("//*[@name='base']/@value") == [str(newest)]
    assert editor.post(of("edit", draft), {**mine, "base": newest}).status_code == 302
    assert fresh(draft).title == "我的标题"


def test_an_older_version_is_taken_up_again(world: World, editor: SignedIn, draft: Article) -> None:
    first = draft.latest_revision_id
    actions.revise(article=draft, by=world.people["editor"], title="第二版", body="<p>第二版</p>")
    page = editor.get(of("edit", draft), {"version": first})
    assert page.context["form"]["title"].value() == "开学工作会召开"
    given = revised(fresh(draft), world, title=page.context["form"]["title"].value())
    given["body"] = page.context["form"]["body"].value()
    editor.post(f"{of('edit', draft)}?version={first}", given)
    after = fresh(draft)
    assert (after.title, after.body, after.revisions.count()) == ("开学工作会召开", BODY, 3)


def test_versions_are_compared_in_words(world: World, editor: SignedIn, draft: Article) -> None:
    first = draft.latest_revision_id
    actions.revise(article=draft, by=world.people["editor"], title="开学工作会延期")
    second = fresh(draft).latest_revision_id
    assert "比较" in editor.get(of("history", draft)).text
    answer = editor.get(of("compare", draft), {"old": first, "new": second})
    assert [difference.label for difference in answer.context["differences"]] == ["标题"]
    other = write(world, title="别的").latest_revision_id
    assert editor.get(of("compare", draft), {"old": first, "new": other}).status_code == 404


def test_a_text_in_review_is_read_only_for_its_author(world: World, editor: SignedIn, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    for answer in (editor.get(of("edit", draft)), editor.post(of("edit", draft), revised(draft, world, title="偷改"))):
        assert answer.headers["Location"] == of("show", draft)
    assert fresh(draft).get_latest_revision_as_object().title == "开学工作会召开"


def test_the_reviewer_of_the_step_corrects_in_the_same_form(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    head = SignedIn(world.people["head"])
    assert "更正送审稿" in head.get(of("edit", draft)).text
    head.post(of("edit", draft), revised(draft, world, title="负责人更正"))
    state = open_state(draft)
    assert state is not None
    assert (state.title, fresh(draft).state) == ("负责人更正", ArticleState.HEAD)
    office = SignedIn(world.people["government_reviewer"])
    assert office.get(of("edit", draft)).status_code == 403


# steps


def test_withdrawal_needs_a_reason_that_stays_typed(world: World, live: Article) -> None:
    head = SignedIn(world.people["head"])
    assert head.get(of("withdraw", live)).status_code == 200
    assert head.post(of("withdraw", live), {"reason": " "}).status_code == 400
    assert fresh(live).withdrawn_at is None
    head.post(of("withdraw", live), {"reason": "数据核实有误"})
    assert fresh(live).withdrawn_reason == "数据核实有误"
    assert "数据核实有误" in head.get(of("show", live)).text


def test_retraction_is_confirmed_once(world: World, live: Article) -> None:
    officer = SignedIn(world.people["duty_officer"])
    assert "立即生效" in officer.get(of("retract", live)).text
    officer.post(of("retract", live), {"reason": "内容有害"})
    assert fresh(live).state == ArticleState.RETRACTED


@pytest.mark.parametrize(
    ("persona", "name", "status"),
    [
        ("stranger", "show", 404),
        ("stranger", "edit", 404),
        ("stranger", "withdraw", 404),
        ("stranger", "retract", 404),
        ("stranger", "placements", 404),
        ("leader", "show", 200),
        ("leader", "edit", 403),
        ("leader", "withdraw", 403),
        ("editor", "withdraw", 403),
        ("editor", "retract", 403),
        ("webmaster", "retract", 403),
        ("auditor", "discard", 403),
    ],
)
def test_pages_by_persona(world: World, live: Article, persona: str, name: str, status: int) -> None:
    client = SignedIn(world.people[persona])
    before = dump()
    assert client.get(of(name, live)).status_code == status
    if name != "show":
        assert client.post(of(name, live), {"reason": "试"}).status_code in {status, 405}
    assert dump() == before


@pytest.mark.parametrize("name", ["unpublish", "delete", "lock", "revisions_unschedule", "workflow_action"])
def test_wagtails_own_views_do_not_exist(name: str) -> None:
    for namespace in ("articles", "wagtailsnippets_articles_article"):
        with pytest.raises(NoReverseMatch):
            reverse(f"{namespace}:{name}", args=[1])


# placements


def test_proposals_are_answered_in_bulk(world: World, editor: SignedIn) -> None:
    articles = [write(world, title=f"第{number}篇") for number in range(3)]
    for article in articles:
        actions.propose(article=article, column=world.columns["slj/gzdt"], by=world.people["editor"])
    pass_reviews(world, articles[0])
    pass_reviews(world, articles[1])
    neighbour = SignedIn(world.people["stranger"])
    page = neighbour.get("/office/articles/proposals/")
    rows = page.context["rows"]
    assert [row.article.title for row in rows] == ["第0篇", "第1篇"]
    assert editor.get("/office/articles/proposals/").context["rows"] == []
    ticked = [row.pk for row in rows]
    answer = neighbour.post("/office/articles/proposals/", {"placement": ticked, "do": "decline", "reason": ""})
    assert (answer.status_code, answer.context["ticked"]) == (400, {str(pk) for pk in ticked})
    neighbour.post("/office/articles/proposals/", {"placement": ticked[:1], "do": "adopt"})
    neighbour.post("/office/articles/proposals/", {"placement": ticked[1:], "do": "decline", "reason": "已有同类稿"})
    states = Placement.objects.filter(pk__in=ticked).order_by("pk").values_list("state", "is_listed", "reason")
    assert list(states) == [("placed", True, ""), ("declined", False, "已有同类稿")]
    ran = editor.get(of("placements", articles[1])).text
    assert "未采用" in ran
    assert "已有同类稿" in ran


def test_the_proposer_is_told(world: World, live: Article) -> None:
    actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])
    actions.adopt(placement=live.placements.get(column=world.columns["slj/gzdt"]), by=world.people["stranger"])
    told = world.people["editor"].notices.order_by("pk").last()
    assert told.title == "已采用：开学工作会召开"


def test_someone_elses_placement_is_not_to_be_found(world: World, live: Article) -> None:
    row = live.placements.get()
    before = dump()
    address = reverse("articles:decide", args=[row.pk, "remove"])
    assert SignedIn(world.people["stranger"]).post(address).status_code == 404
    assert SignedIn(world.people["leader"]).post(address).status_code == 302
    assert dump() == before
    assert Event.objects.filter(verb="articles.refused", actor_id=world.people["leader"].pk).count() == 1


def test_columns_to_propose_to_are_found_by_words(world: World, editor: SignedIn) -> None:
    unit = world.units["jyj"].pk
    found = editor.get("/office/articles/columns/", {"unit": unit, "q": "水利 通知"}).context["columns"]
    assert list(found) == [world.columns["slj/tzgg"]]
    assert list(editor.get("/office/articles/columns/", {"unit": unit, "q": "教育局"}).context["columns"]) == []
    assert editor.get("/office/articles/columns/", {"unit": world.units["slj"].pk, "q": "x"}).status_code == 404


def upload(world: World, unit: str) -> StoredFile:
    return store_upload(SimpleUploadedFile("图.png", picture()), unit=world.units[unit], by=None)


def test_a_preview_shows_what_was_typed_and_saves_nothing(world: World, editor: SignedIn, draft: Article) -> None:
    before = dump()
    for address, given in (
        (ADD, typed(world, do="preview", title="还没保存的标题")),
        (of("edit", draft), revised(draft, world, do="preview", title="还没保存的标题")),
    ):
        answer = editor.post(address, given)
        assert answer.status_code == 200
        assert "还没保存的标题" in answer.text
        assert "还没有发布" in answer.text
    assert dump() == before
    assert "开学工作会召开" in editor.get(of("preview", draft)).text
    first = draft.latest_revision_id
    actions.revise(article=draft, by=world.people["editor"], title="第二版")
    assert "开学工作会召开" in editor.get(of("preview", draft), {"version": first}).text
    assert SignedIn(world.people["stranger"]).get(of("preview", draft)).status_code == 404


def test_one_proposal_is_adopted_by_its_own_button(world: World, live: Article) -> None:
    for column in ("slj/gzdt", "slj/tzgg"):
        actions.propose(article=live, column=world.columns[column], by=world.people["editor"])
    row, other = (live.placements.get(column=world.columns[column]) for column in ("slj/gzdt", "slj/tzgg"))
    SignedIn(world.people["stranger"]).post("/office/articles/proposals/", {"adopt": row.pk, "placement": [other.pk]})
    states = live.placements.filter(pk__in=[row.pk, other.pk]).order_by("pk").values_list("state", flat=True)
    assert list(states) == [PlacementState.PLACED, PlacementState.PROPOSED]
