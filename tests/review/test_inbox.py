"""等我审核: who sees what, filters, paging, bulk approval, and a list that stays fast with thousands waiting."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.review import actions, todos
from menhu.review.enums import Step
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.views.inbox import PAGE
from menhu.units.actions import appoint
from menhu.units.enums import Role
from tests.conftest import SignedIn
from tests.factories import TERM_START, UserFactory, World
from tests.factories import article as make_article
from tests.review.conftest import Told, advanced, dump, saved
from tests.review.crowd import many_waiting

INBOX = "/office/review/"


def submitted(world: World, count: int) -> list[ReviewTaskState]:
    editor = world.people["editor"]
    articles = [saved(make_article(world, title=f"第 {n:03d} 号通知"), editor) for n in range(count)]
    return [actions.submit(subject=article, by=editor) for article in articles]


def titles(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/office/review/\d+/">(.*?)</a></h3>', page)


def opened(world: World, persona: str, address: str = INBOX) -> str:
    response = SignedIn(world.people[persona]).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_each_text_waits_for_the_reviewer_of_its_step_only(world: World, draft: Article) -> None:
    advanced(draft, world, Step.OFFICE)
    seen = {persona: titles(opened(world, persona)) for persona in world.people}
    assert {persona for persona, found in seen.items() if found} == {"government_reviewer"}
    assert seen["government_reviewer"] == ["春季开学安排"]


def test_own_texts_and_texts_already_signed_do_not_wait_for_me(world: World, draft: Article) -> None:
    head = world.people["head"]
    mine = saved(make_article(world, title="负责人写的", created_by=head), world.people["editor"])
    actions.submit(subject=draft, by=world.people["editor"])
    before = todos.count_waiting(head)
    appoint(
        user=UserFactory(username="h2", name="沈南枝"),
        unit=world.units["jyj"],
        role=Role.HEAD,
        by=None,
        starts_on=TERM_START,
    )
    actions.submit(subject=mine, by=world.people["editor"])
    assert todos.count_waiting(head) == before == 1
    assert [item.title for item in todos.waiting_for(head)] == ["春季开学安排"]


def test_the_oldest_deadline_comes_first(world: World, told: Told) -> None:
    states = submitted(world, 3)
    for state, hours in zip(states, (5, -3, 1), strict=True):
        ReviewTaskState.objects.filter(pk=state.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    page = opened(world, "head")
    assert titles(page) == ["第 001 号通知", "第 002 号通知", "第 000 号通知"]
    assert "超时 3 小时" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["甲", "乙", "丙", "丁"]),
        ("?due=late", ["甲"]),
        ("?due=today", ["乙"]),
        ("?major=on", ["丙"]),
        ("?step=office", ["甲", "乙", "丙", "丁"]),
        ("?step=secrecy", []),
        ("?unit=slj", ["丁"]),
        ("?unit=slj&major=on", []),
        ("?due=nonsense&unit=x&step=y&after=zzz~1&major=", ["甲", "乙", "丙", "丁"]),
    ],
)
def test_filters_stand_in_the_address(query: str, expected: list[str], world: World, told: Told) -> None:
    noon = timezone.localtime().replace(hour=12)
    rows = {"甲": (-48, False, "jyj"), "乙": (1, False, "jyj"), "丙": (48, True, "jyj"), "丁": (72, False, "slj")}
    for title, (hours, is_major, unit) in rows.items():
        by = world.people["editor" if unit == "jyj" else "stranger"]
        article = saved(make_article(world, title=title, site=world.sites[unit], created_by=by), by)
        state = actions.submit(subject=article, by=by)
        following = actions.approve(state=state, by=world.people["head" if unit == "jyj" else "stranger_head"])
        assert following is not None
        due = noon + timedelta(hours=hours)
        ReviewTaskState.objects.filter(pk=following.pk).update(due_at=due, is_major=is_major)
    with time_machine.travel(noon, tick=False):
        page = opened(world, "government_reviewer", INBOX + query.replace("slj", str(world.units["slj"].pk)))
    assert titles(page) == expected
    assert f"共 {len(expected)} 件" in page


def test_pages_follow_one_another_without_gap_or_overlap(world: World, told: Told) -> None:
    many_waiting(PAGE * 2 + 7, due_step=timedelta(0))
    seen: list[str] = []
    address = INBOX + "?step=office"
    for expected in (PAGE, PAGE, 7):
        page = opened(world, "government_reviewer", address)
        found = re.findall(r'name="state" value="(\d+):', page)
        assert len(found) == expected
        seen += found
        links = re.findall(r'href="([^"]+)" rel="next"', page)
        address = links[0].replace("&amp;", "&") if links else ""
    assert address == ""
    assert len(set(seen)) == PAGE * 2 + 7
    assert seen == sorted(seen, key=int)


def test_an_empty_inbox_says_so_and_a_narrowed_one_leads_back(world: World, told: Told) -> None:
    assert "没有等您审核的稿件" in opened(world, "head")
    assert "看全部待审稿件" in opened(world, "head", INBOX + "?due=late")


def test_the_inbox_is_in_the_menu_of_reviewers_only(world: World, told: Told) -> None:
    shown = set()
    for persona, user in world.people.items():
        page = SignedIn(user).get("/office/").content.decode()
        menu = page.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]
        assert "wagtail.sidebar.MainMenuModule" in menu
        if INBOX in menu:
            shown.add(persona)
    assert shown == {
        "head",
        "stranger_head",
        "party_head",
        "government_reviewer",
        "committee_reviewer",
        "secrecy_reviewer",
    }


def test_a_hundred_texts_are_approved_with_one_opinion(world: World, told: Told) -> None:
    states = submitted(world, 100)
    browser = SignedIn(world.people["head"])
    tokens = [f"{state.pk}:{state.digest}" for state in states]
    response = browser.post(INBOX + "approve/", {"state": tokens, "opinion": "同意发布", "next": INBOX + "?due=late"})
    assert response.status_code == 302
    assert response.url == INBOX + "?due=late"
    lines = SheetLine.objects.filter(verb="approve")
    assert set(lines.values_list("person_name", "opinion", "step")) == {("江怀川", "同意发布", "head")}
    assert lines.count() == 100
    assert todos.count_waiting(world.people["government_reviewer"]) == 100
    assert "已通过 100 件。" in browser.get(INBOX).content.decode()


def test_bulk_approval_leaves_behind_with_reasons_what_is_refused(world: World, told: Told) -> None:
    mine, corrected, foreign = *submitted(world, 2), None
    by = world.people["stranger"]
    foreign = actions.submit(
        subject=saved(make_article(world, title="外单位的", site=world.sites["slj"], created_by=by), by), by=by
    )
    tokens = [f"{mine.pk}:{mine.digest}", f"{corrected.pk}:{'0' * 64}", f"{foreign.pk}:{foreign.digest}"]
    browser = SignedIn(world.people["head"])
    browser.post(INBOX + "approve/", {"state": tokens})
    assert list(SheetLine.objects.filter(verb="approve").values_list("state_id", flat=True)) == [mine.pk]
    page = browser.get(INBOX).content.decode()
    assert "已通过 1 件。" in page
    assert "没有通过《第 001 号通知》：您打开之后，稿件已被其他审核人更正。" in page
    assert "没有通过《外单位的》：这是县水利局的稿件，不在您的审核范围内。" in page
    refusals = Event.objects.filter(verb="review.refused", actor_id=world.people["head"].pk)
    assert set(refusals.values_list("object_id", flat=True)) == {str(corrected.pk), str(foreign.pk)}


@pytest.mark.parametrize("tokens", [[], ["x:y"], ["1"], ["999999999999999:a"], [f"{n}:a" for n in range(1, 202)]])
def test_a_batch_that_makes_no_sense_changes_nothing(tokens: list[str], world: World, told: Told) -> None:
    submitted(world, 1)
    before = dump()
    response = SignedIn(world.people["head"]).post(INBOX + "approve/", {"state": tokens})
    assert response.status_code == 302
    assert dump() == before


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/office/review/", "/office/articles/"])
def test_after_a_batch_nobody_is_led_elsewhere(address: str, world: World, told: Told) -> None:
    response = SignedIn(world.people["head"]).post(INBOX + "approve/", {"next": address})
    assert response.url == INBOX


def test_counts_for_the_desk(world: World, told: Told) -> None:
    now = timezone.localtime().replace(hour=12)
    for state, hours in zip(submitted(world, 4), (-1, -50, 2, 30), strict=True):
        ReviewTaskState.objects.filter(pk=state.pk).update(due_at=now + timedelta(hours=hours))
    head = world.people["head"]
    assert todos.counts(head, now) == todos.Counts(waiting=4, late=2, today=1)
    assert todos.count_waiting(head) == 4
    assert todos.late_by_unit(now) == [todos.LateUnit("县教育局", Step.HEAD, 2)]
    first = todos.waiting_for(head, 1)[0]
    assert (first.title, first.unit, first.submitter) == ("第 001 号通知", "县教育局", "卓一帆")
    assert first.link == f"/office/review/{first.state_id}/"
    actions.approve(state=ReviewTaskState.objects.get(pk=first.state_id), by=head)
    assert todos.decided_since(head, timezone.now() - timedelta(minutes=1)) == 1
