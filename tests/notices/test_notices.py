import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from menhu.notices.actions import mark_all_read, mark_read, notify, unread_count
from menhu.notices.models import Notice
from tests.conftest import SignedIn
from tests.factories import World


def test_each_person_is_told_once(world: World) -> None:
    editor, head = world.people["editor"], world.people["head"]
    assert notify([editor, head, editor], title="退回修改" * 60, body="请补充来源。", link="/office/articles/1/") == 2
    assert Notice.objects.count() == 2
    assert len(Notice.objects.of(editor).get().title) == 200


def test_nobody_to_tell(world: World) -> None:
    assert notify([], title="空") == 0


def test_only_my_own_notice_is_marked_and_only_once(world: World) -> None:
    editor = world.people["editor"]
    notify([editor], title="一")
    notice = Notice.objects.get()
    assert not mark_read(notice=notice, by=world.people["stranger"])
    assert unread_count(editor) == 1
    assert mark_read(notice=notice, by=editor)
    assert not mark_read(notice=notice, by=editor)
    assert unread_count(editor) == 0


def test_all_of_mine_are_marked(world: World) -> None:
    editor, stranger = world.people["editor"], world.people["stranger"]
    for title in ("一", "二"):
        notify([editor, stranger], title=title)
    assert mark_all_read(by=editor) == 2
    assert (unread_count(editor), unread_count(stranger)) == (0, 2)


def test_the_page_shows_mine_only(world: World) -> None:
    notify([world.people["editor"]], title="给信息员的")
    notify([world.people["stranger"]], title="给别人的")
    page = SignedIn(world.people["editor"]).get("/office/notices/").content.decode()
    assert "给信息员的" in page
    assert "给别人的" not in page
    assert "未读 1 条" in page


def test_opening_marks_and_leads_on(world: World) -> None:
    notify([world.people["editor"]], title="看", link="/office/notices/?before=9")
    notice = Notice.objects.get()
    response = SignedIn(world.people["editor"]).post(f"/office/notices/{notice.pk}/")
    assert (response.status_code, response.url) == (302, "/office/notices/?before=9")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_link_never_leads_elsewhere(world: World) -> None:
    notify([world.people["editor"]], title="看", link="https://elsewhere.example/")
    response = SignedIn(world.people["editor"]).post(f"/office/notices/{Notice.objects.get().pk}/")
    assert (response.status_code, response.url) == (302, "/office/notices/")


def test_anothers_notice_does_not_exist(world: World) -> None:
    notify([world.people["editor"]], title="看")
    notice = Notice.objects.get()
    assert SignedIn(world.people["webmaster"]).post(f"/office/notices/{notice.pk}/").status_code == 404
    assert Client().post(f"/office/notices/{notice.pk}/").status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_changes_nothing(world: World) -> None:
    notify([world.people["editor"]], title="看")
    notice = Notice.objects.get()
    assert SignedIn(world.people["editor"]).get(f"/office/notices/{notice.pk}/").status_code == 405
    assert unread_count(world.people["editor"]) == 1


def test_all_at_once_from_the_page(world: World) -> None:
    notify([world.people["editor"]], title="看")
    response = SignedIn(world.people["editor"]).post("/office/notices/read/", follow=True)
    assert "已将 1 条通知标为已读。" in response.content.decode()


@pytest.mark.parametrize("count", [29, 31])
def test_the_list_asks_as_much_for_a_page_as_for_a_row(world: World, count: int) -> None:
    browser = SignedIn(world.people["editor"])
    notify([world.people["editor"]], title="一")
    browser.get("/office/notices/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/office/notices/")
    for n in range(count):
        notify([world.people["editor"]], title=str(n))
    with CaptureQueriesContext(connection) as full:
        page = browser.get("/office/notices/").content.decode()
    assert len(full) == len(one)
    assert ("下一页" in page) is (count == 31)
