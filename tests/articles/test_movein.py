import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from menhu.articles import actions
from menhu.articles.actions import movein
from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, MoveInBatch, MoveInDecision, MoveInItem
from menhu.articles.movein import find_pages
from menhu.audit.models import Event
from menhu.files.models import StoredFile
from menhu.review.policies import Refused
from menhu.sites.models import Redirect
from tests.articles.conftest import pass_reviews
from tests.conftest import SignedIn
from tests.factories import World

TEXT = "为进一步做好全县冬春季森林草原防灭火工作，切实保障人民群众生命财产安全，现将有关事项公告如下。"
OLD = "http://www.yunling-old.example/tzgg/"


def page(title: str, *, body: str = "", date: str = "2023-12-01 09:30", source: str = "县林业局", url: str = "") -> str:
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{date}"><meta name="ContentSource" content="{source}">'
        f'<meta name="ColumnName" content="公告"><meta name="Url" content="{url}"></head>'
        f'<body><div class="TRS_Editor"><p>{TEXT}</p>{body}</div></body></html>'
    )


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return kept.getvalue()


def docx() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    return kept.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An old site as it was saved: one page good, one doubtful, three that are no use."""
    root = tmp_path / "old"
    (root / "tzgg" / "good_files").mkdir(parents=True)
    body = (
        '<p><img src="./a.jpg" alt="防火区"><img src="b.jpg"></p><p><a href="/files/list.docx">附件：名单.docx</a></p>'
    )
    good = page("森林防火公告", body=body, url=f"{OLD}t20231201_1.html?id=7")
    (root / "tzgg" / "good.html").write_text(good, encoding="utf-8")
    (root / "tzgg" / "a.jpg").write_bytes(picture())
    (root / "tzgg" / "good_files" / "b.jpg").write_bytes(picture())
    (root / "tzgg" / "good_files" / "frame.html").write_text("<html></html>", encoding="utf-8")
    (root / "files").mkdir()
    (root / "files" / "list.docx").write_bytes(docx())
    lost = page(
        "没有来源的公告", source="", body='<p><img src="lost.jpg"><a href="lost.pdf">附件</a></p>', url=f"{OLD}2.html"
    )
    (root / "doubtful.html").write_text(lost, encoding="utf-8")
    (root / "same.htm").write_text(good, encoding="utf-8")
    (root / "empty.html").write_bytes(b"")
    (root / "fake.html").write_bytes(b"%PDF-1.7")
    return root


def stage(world: World, folder: Path, **given: Any) -> MoveInBatch:
    fields = {"site": world.sites["jyj"], "column": world.columns["jyj/tzgg"], "by": world.people["webmaster"]}
    return movein.stage(root=folder, pages=find_pages(folder), **{**fields, **given})


@pytest.fixture
def batch(world: World, folder: Path) -> MoveInBatch:
    return stage(world, folder)


def item(batch: MoveInBatch, file: str) -> MoveInItem:
    return MoveInItem.objects.select_related("batch__unit").get(batch=batch, file=file)


def test_every_file_has_a_verdict_and_the_counts_add_up(batch: MoveInBatch) -> None:
    rows = MoveInItem.objects.filter(batch=batch).order_by("file")
    assert list(rows.values_list("file", "verdict", "reason")) == [
        ("doubtful.html", "doubtful", "没有找到来源；缺少 2 个图片或附件"),
        ("empty.html", "refused", "文件是空的"),
        ("fake.html", "refused", "文件内容是PDF 文件，不是网页"),
        ("same.htm", "doubtful", "缺少 2 个图片或附件"),
        ("tzgg/good.html", "refused", "与“same.htm”内容完全相同"),
    ]
    counts = movein.counts(batch)
    assert counts == {"taken": 0, "doubtful": 2, "refused": 3}
    assert batch.file_count == 5


def test_what_lies_beside_a_page_comes_along(world: World, folder: Path) -> None:
    (folder / "same.htm").unlink()
    found = item(stage(world, folder), "tzgg/good.html")
    files = {file.name: file for file in StoredFile.objects.all()}
    assert sorted(files) == ["a.jpg", "b.jpg", "附件：名单.docx"]
    assert {file.unit for file in files.values()} == {world.units["jyj"]}
    assert f'<img src="{files["a.jpg"].public_path}" alt="防火区">' in found.body
    assert f'<a href="{files["附件：名单.docx"].public_path}">附件：名单.docx</a>' in found.body
    assert found.data["missing"] == []
    assert (found.verdict, found.published_at) == (
        "taken",
        datetime(2023, 12, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    )


def test_what_is_missing_is_listed(batch: MoveInBatch) -> None:
    assert item(batch, "doubtful.html").data["missing"] == [
        {"name": "", "href": "lost.jpg", "reason": ""},
        {"name": "lost.pdf", "href": "lost.pdf", "reason": ""},
    ]


def test_a_file_that_may_not_be_kept_is_listed_with_the_reason(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("公告", body='<p><a href="run.zip">附件.zip</a></p>'), encoding="utf-8")
    (tmp_path / "run.zip").write_bytes(b"PK\x03\x04")
    found = item(stage(world, tmp_path), "a.html")
    assert (found.verdict, found.reason) == ("doubtful", "有 1 个图片或附件不能带入")
    assert found.data["missing"][0]["href"] == "run.zip"
    assert found.data["missing"][0]["reason"].startswith("不接受 .zip 文件")


def test_nothing_outside_the_folder_is_read(world: World, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(picture())
    root = tmp_path / "site"
    root.mkdir()
    body = '<p><img src="../secret.jpg"><img src="/../secret.jpg"><img src="link.jpg"></p>'
    (root / "a.html").write_text(page("公告", body=body), encoding="utf-8")
    (root / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "page.html").write_text(page("外面的"), encoding="utf-8")
    (root / "b.html").symlink_to(tmp_path / "page.html")
    batch = stage(world, root)
    assert len(item(batch, "a.html").data["missing"]) == 3
    assert item(batch, "b.html").reason == "文件是指向目录以外的链接，没有读取"
    assert StoredFile.objects.count() == 0


def test_a_page_is_moved_in_once(world: World, folder: Path, batch: MoveInBatch) -> None:
    again = stage(world, folder)
    on = batch.created_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
    assert item(again, "same.htm").reason == f"这个页面已在 {on} 的批次里迁入过（same.htm）"
    assert movein.counts(again) == {"taken": 0, "doubtful": 0, "refused": 5}
    movein.drop(items=[item(batch, "same.htm")], by=world.people["webmaster"])
    assert item(stage(world, folder), "same.htm").verdict == "doubtful"


def test_a_date_in_the_future_and_an_over_long_title_are_doubts(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("长" * 130, date="2099-01-01"), encoding="utf-8")
    batch = stage(world, tmp_path)
    found = item(batch, "a.html")
    assert (found.verdict, found.published_at) == ("doubtful", None)
    assert found.reason == "标题有 130 字，接收时只留前 120 字；发布时间在将来，没有采用"
    outcome = movein.accept(items=[found], by=world.people["webmaster"])
    assert [draft.title for draft in outcome.drafts] == ["长" * 120]


def test_accepted_pages_are_ordinary_drafts(world: World, batch: MoveInBatch) -> None:
    outcome = movein.accept(items=[item(batch, "same.htm")], by=world.people["editor"])
    draft = Article.objects.get(pk=outcome.drafts[0].pk)
    assert outcome.failures == []
    assert (draft.state, draft.live, draft.title, draft.source) == (
        ArticleState.DRAFT,
        False,
        "森林防火公告",
        "县林业局",
    )
    assert (draft.unit, draft.site, draft.created_by) == (
        world.units["jyj"],
        world.sites["jyj"],
        world.people["editor"],
    )
    assert draft.original_url == f"{OLD}t20231201_1.html?id=7"
    assert [(row.column, row.state) for row in draft.placements.all()] == [
        (world.columns["jyj/tzgg"], PlacementState.WANTED)
    ]
    accepted = item(batch, "same.htm")
    assert (accepted.decision, accepted.decided_by, accepted.article) == (
        MoveInDecision.ACCEPTED,
        world.people["editor"],
        draft,
    )


def test_a_page_without_source_is_given_the_unit_s_name(world: World, batch: MoveInBatch) -> None:
    outcome = movein.accept(items=[item(batch, "doubtful.html")], by=world.people["editor"])
    assert [draft.source for draft in outcome.drafts] == ["云岭县教育局"]


def test_attachments_outside_the_text_become_attachments(world: World, tmp_path: Path) -> None:
    html = page("公告").replace("</div></body>", '</div><div><a href="list.docx">名单</a></div></body>')
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    (tmp_path / "list.docx").write_bytes(docx())
    outcome = movein.accept(items=[item(stage(world, tmp_path), "a.html")], by=world.people["editor"])
    assert [(row.title, row.file.name) for row in outcome.drafts[0].attachments.all()] == [("名单", "名单.docx")]


def test_a_page_is_decided_about_once(world: World, batch: MoveInBatch) -> None:
    found = item(batch, "same.htm")
    movein.accept(items=[found], by=world.people["editor"])
    outcome = movein.accept(items=[found], by=world.people["head"])
    assert [reason for _item, reason in outcome.failures] == ["这个页面已经处理过了。"]
    assert movein.drop(items=[found], by=world.people["head"]) == 0
    assert Article.objects.count() == 1


def test_refused_pages_cannot_be_accepted(world: World, batch: MoveInBatch) -> None:
    outcome = movein.accept(items=[item(batch, "empty.html")], by=world.people["editor"])
    assert [reason for _item, reason in outcome.failures] == ["不收的页面不能接收：文件是空的"]
    assert Article.objects.count() == 0


def test_another_unit_may_neither_stage_nor_decide(world: World, folder: Path, batch: MoveInBatch) -> None:
    found = item(batch, "same.htm")
    for act in (movein.accept, movein.drop):
        with pytest.raises(Refused):
            act(items=[found], by=world.people["stranger"])
    with pytest.raises(Refused):
        stage(world, folder, by=world.people["stranger"])
    assert (MoveInBatch.objects.count(), Article.objects.count()) == (1, 0)
    assert item(batch, "same.htm").decision == MoveInDecision.WAITING


def test_a_column_of_another_site_takes_nothing(world: World, folder: Path) -> None:
    with pytest.raises(ValidationError, match="不收文章"):
        stage(world, folder, column=world.columns["slj/tzgg"])
    assert MoveInBatch.objects.count() == 0


@pytest.fixture
def moved(world: World, folder: Path, settings: Any) -> Article:
    """A moved-in page that has passed the reviews, on a server that also answers for the old host."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "www.yunling-old.example"]
    (folder / "same.htm").unlink()
    text = (folder / "tzgg" / "good.html").read_text(encoding="utf-8").replace('<img src="b.jpg">', "")
    (folder / "tzgg" / "good.html").write_text(text, encoding="utf-8")
    batch = stage(world, folder)
    draft = movein.accept(items=[item(batch, "tzgg/good.html")], by=world.people["editor"]).drafts[0]
    assert Redirect.objects.count() == 0
    pass_reviews(world, draft)
    return Article.objects.get(pk=draft.pk)


def test_the_old_address_leads_to_the_published_page(moved: Article, settings: Any) -> None:
    path = f"/jyj/2023/12/{moved.pk}/"
    row = Redirect.objects.get()
    assert (row.host, row.path) == ("www.yunling-old.example", "/tzgg/t20231201_1.html?id=7")
    assert row.target == f"{settings.PUBLIC_BASE_URL}{path}"
    answer = Client(headers={"host": "www.yunling-old.example"}).get("/tzgg/t20231201_1.html?id=7")
    assert (answer.status_code, answer.headers["Location"]) == (301, row.target)
    assert (moved.live, moved.published_at) == (True, moved.original_published_at)


def test_a_correction_changes_no_redirect(world: World, moved: Article) -> None:
    actions.revise(article=moved, by=world.people["editor"], title="森林防火公告（更正）")
    pass_reviews(world, moved)
    assert Redirect.objects.count() == 1


def run(folder: Path, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("move-in", str(folder), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_trial_run_touches_no_database(folder: Path) -> None:
    out, _err = run(folder, "--dry-run", "--json")
    lines = json.loads(out)
    assert [sorted(line) for line in lines] == [
        ["body", "column", "file", "pub_date", "reason", "source", "title", "verdict"]
    ] * 5
    good = next(line for line in lines if line["file"] == "same.htm")
    assert {name: good[name] for name in ("verdict", "reason", "title", "pub_date", "source", "column")} == {
        "verdict": "doubtful",
        "reason": "缺少 2 个图片或附件",
        "title": "森林防火公告",
        "pub_date": "2023-12-01 09:30",
        "source": "县林业局",
        "column": "公告",
    }
    assert good["body"] == f"{TEXT}\n附件：名单.docx"


def test_the_report_has_a_line_for_each_file_and_sums_up(folder: Path) -> None:
    out, err = run(folder, "--dry-run")
    assert "[不收] empty.html  文件是空的" in out
    assert "    缺少：lost.pdf" in out
    assert "共 5 个网页：可用 0，存疑 2，不收 3。" in out
    assert "已读取 5 / 5" in err


def test_staging_from_the_command_line(world: World, folder: Path) -> None:
    out, _err = run(folder, "--site", "jyj", "--column", "tzgg", "--json")
    batch = MoveInBatch.objects.get()
    assert (batch.site, batch.column, batch.unit, batch.created_by) == (
        world.sites["jyj"],
        world.columns["jyj/tzgg"],
        world.units["jyj"],
        None,
    )
    assert len(json.loads(out)) == MoveInItem.objects.filter(batch=batch).count() == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--site", "nowhere", "--column", "tzgg"], "没有这个网站：nowhere。可以是：portal、jyj、slj、xcb"),
        (["--site", "jyj", "--column", "none"], "网站“云岭县教育局”没有这个栏目：none。可以是：gzdt、tzgg"),
        ([], "请用 --site 和 --column 写明迁入哪个网站的哪个栏目；只想看结果请加 --dry-run。"),
    ],
)
def test_bad_input_is_one_clear_line(world: World, folder: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(folder, *arguments)
    assert str(refused.value) == message
    assert MoveInBatch.objects.count() == 0


def test_a_missing_or_empty_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有这个目录"):
        run(tmp_path / "none", "--dry-run")
    with pytest.raises(CommandError, match="目录里没有网页文件"):
        run(tmp_path, "--dry-run")


def test_the_pages_of_a_batch_are_looked_at_and_accepted(world: World, batch: MoveInBatch) -> None:
    browser = SignedIn(world.people["editor"])
    listing = browser.get("/office/articles/move-in/")
    assert f"第 {batch.pk} 批" in listing.content.decode()
    found = item(batch, "same.htm")
    shown = browser.get(f"/office/articles/move-in/{batch.pk}/?show=doubtful").content.decode()
    assert "没有来源的公告" in shown
    assert "缺少 2 个图片或附件" in shown
    one = browser.get(f"/office/articles/move-in/pages/{found.pk}/")
    assert TEXT in one.content.decode()
    answer = browser.post(f"/office/articles/move-in/{batch.pk}/decide/", {"verb": "accept", "item": [found.pk]})
    assert answer.status_code == 302
    assert Article.objects.get().title == "森林防火公告"


def test_all_that_is_ready_is_accepted_at_once(world: World, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.html").write_text(page(f"公告{number}"), encoding="utf-8")
    batch = stage(world, tmp_path)
    browser = SignedIn(world.people["webmaster"])
    browser.post(f"/office/articles/move-in/{batch.pk}/decide/", {"verb": "accept_all"})
    assert Article.objects.count() == 30
    browser.post(f"/office/articles/move-in/{batch.pk}/decide/", {"verb": "accept_all"})
    assert Article.objects.count() == 30


def test_strangers_see_and_change_nothing(world: World, batch: MoveInBatch) -> None:
    browser = SignedIn(world.people["stranger"])
    found = item(batch, "same.htm")
    assert f"第 {batch.pk} 批" not in browser.get("/office/articles/move-in/").content.decode()
    assert browser.get(f"/office/articles/move-in/{batch.pk}/").status_code == 404
    assert browser.get(f"/office/articles/move-in/pages/{found.pk}/").status_code == 404
    decided = browser.post(f"/office/articles/move-in/{batch.pk}/decide/", {"verb": "accept", "item": [found.pk]})
    assert decided.status_code == 404
    assert SignedIn(world.people["leader"]).get("/office/articles/move-in/").status_code == 403
    assert (Article.objects.count(), item(batch, "same.htm").decision) == (0, MoveInDecision.WAITING)


def test_a_page_of_another_batch_is_not_decided_through_one_s_own(world: World, folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.html").write_text(page("自己的"), encoding="utf-8")
    mine = stage(world, own, site=world.sites["slj"], column=world.columns["slj/tzgg"])
    other = item(stage(world, folder), "same.htm")
    browser = SignedIn(world.people["stranger"])
    browser.post(f"/office/articles/move-in/{mine.pk}/decide/", {"verb": "accept", "item": [other.pk]})
    assert Article.objects.count() == 0
    assert item(other.batch, "same.htm").decision == MoveInDecision.WAITING


def test_lists_cost_the_same_for_one_row_and_a_full_page(world: World, tmp_path: Path) -> None:
    browser = SignedIn(world.people["webmaster"])

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    (tmp_path / "00.html").write_text(page("公告"), encoding="utf-8")
    first = stage(world, tmp_path)
    cost("/office/articles/move-in/")
    one = (cost("/office/articles/move-in/"), cost(f"/office/articles/move-in/{first.pk}/"))
    for number in range(1, 30):
        (tmp_path / f"{number:02}.html").write_text(page(f"公告{number}", body=f"<p>{number}</p>"), encoding="utf-8")
    batches = [stage(world, tmp_path) for _ in range(26)]
    full = (cost("/office/articles/move-in/"), cost(f"/office/articles/move-in/{batches[0].pk}/"))
    assert full == one


def test_every_step_is_in_the_trail(world: World, batch: MoveInBatch) -> None:
    movein.accept(items=[item(batch, "same.htm")], by=world.people["editor"])
    movein.drop(items=[item(batch, "doubtful.html")], by=world.people["editor"])
    verbs = list(Event.objects.filter(verb__startswith="articles.movein").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["articles.movein_stage", "articles.movein_accept", "articles.movein_drop"]
