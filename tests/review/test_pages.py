"""The decision page, the frame, the review sheet and the differences: who sees what, what each button does."""

import re

import pytest
from django.test import Client

from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.review import actions
from menhu.review.enums import Step
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import open_state, refusal
from tests.conftest import SignedIn
from tests.factories import World
from tests.factories import article as make_article
from tests.review.conftest import Told, advanced, dump, saved

READERS_OF_JYJ = {
    "editor",
    "head",
    "government_reviewer",
    "secrecy_reviewer",
    "webmaster",
    "duty_officer",
    "leader",
    "auditor",
}


def page_of(state: ReviewTaskState) -> str:
    return f"/office/review/{state.pk}/"


def corrected(world: World, draft: Article) -> SheetLine:
    state = advanced(draft, world, Step.OFFICE)
    saved(draft, world.people["government_reviewer"], title="春季学期开学安排")
    return actions.correct(state=state, by=world.people["government_reviewer"])


def test_readers_see_every_page_strangers_none_and_each_refusal_is_recorded(world: World, draft: Article) -> None:
    line = corrected(world, draft)
    state = open_state(draft)
    assert state is not None
    pages = [
        page_of(state),
        page_of(state) + "preview/",
        f"/office/review/sheet/articles/article/{draft.pk}/",
        f"/office/review/changes/{line.pk}/",
    ]
    for page in pages:
        codes = {persona: SignedIn(user).get(page).status_code for persona, user in world.people.items()}
        assert {persona for persona, code in codes.items() if code == 200} == READERS_OF_JYJ, page
        assert {code for persona, code in codes.items() if persona not in READERS_OF_JYJ} == {404}, page
    refused = Event.objects.filter(verb="access.refused")
    assert refused.count() == len(pages) * (len(world.people) - len(READERS_OF_JYJ))
    letters = {"罗明远", "顾清让", "陶然", "温书白"}  # posts that deal with letters open no texts
    others = {"于归", "苏映雪", "孟夏", "贺长庚", "骆青"}
    assert set(refused.values_list("actor_name", flat=True)) == others | letters


@pytest.mark.parametrize(
    "page",
    [
        "/office/review/999/",
        "/office/review/999/preview/",
        "/office/review/changes/999/",
        "/office/review/sheet/articles/article/999/",
        "/office/review/sheet/accounts/user/1/",
        "/office/review/sheet/articles/placement/1/",
    ],
)
def test_what_does_not_exist_is_not_found(page: str, world: World, told: Told) -> None:
    assert SignedIn(world.people["webmaster"]).get(page).status_code == 404


def test_a_line_that_is_no_correction_has_no_difference_page(world: World, draft: Article) -> None:
    actions.submit(subject=draft, by=world.people["editor"])
    line = SheetLine.objects.get()
    assert SignedIn(world.people["webmaster"]).get(f"/office/review/changes/{line.pk}/").status_code == 404


def test_only_the_reviewer_of_the_step_is_offered_an_opinion(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.OFFICE)
    offered = set()
    for persona in READERS_OF_JYJ:
        page = SignedIn(world.people[persona]).get(page_of(state)).content.decode()
        if 'value="approve"' in page:
            offered.add(persona)
        else:
            assert refusal(world.people[persona], state) in page, persona
    assert offered == {"government_reviewer"}


def test_an_approval_from_the_page(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    browser = SignedIn(world.people["head"])
    given = {"digest": state.digest, "verb": "approve", "opinion": "同意发布。"}
    response = browser.post(page_of(state), given)
    assert (response.status_code, response.url) == (302, "/office/review/")
    line = SheetLine.objects.latest("pk")
    assert (line.verb, line.opinion, line.person_name) == ("approve", "同意发布。", "江怀川")
    assert "已通过：《春季开学安排》，转到“办公室审核”。" in browser.get("/office/review/").content.decode()
    after = browser.get(page_of(state)).content.decode()
    assert "这一步已由江怀川于" in after
    assert 'value="approve"' not in after


def test_a_rejection_from_the_page_needs_reasons_and_loses_nothing_typed(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    browser, before = SignedIn(world.people["head"]), dump()
    empty = browser.post(page_of(state), {"digest": state.digest, "verb": "reject", "opinion": " "})
    assert empty.status_code == 422
    assert "退回必须写明理由，作者才知道怎么改。" in empty.content.decode()
    assert dump() == before
    browser.post(page_of(state), {"digest": state.digest, "verb": "reject", "opinion": "日期写错了"})
    assert SheetLine.objects.latest("pk").opinion == "日期写错了"
    assert open_state(draft) is None


@pytest.mark.parametrize("verb", ["", "publish", "submit"])
def test_a_verb_that_is_none_changes_nothing_and_keeps_what_was_typed(verb: str, world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    given = {"digest": state.digest, "verb": verb, "opinion": "写了很久的意见"}
    response = SignedIn(world.people["head"]).post(page_of(state), given)
    assert response.status_code == 422
    assert "写了很久的意见" in response.content.decode()
    assert dump() == before


def test_an_opinion_beyond_the_limit_is_told_with_both_numbers(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    given = {"digest": state.digest, "verb": "approve", "opinion": "字" * 1_001}
    page = SignedIn(world.people["head"]).post(page_of(state), given).content.decode()
    assert "意见最多 1000 字，现在有 1001 字。" in page


def test_an_opinion_on_a_text_that_was_changed_meanwhile_is_refused_and_kept(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    given = {"digest": "0" * 64, "verb": "approve", "opinion": "同意"}
    before = dump()
    response = SignedIn(world.people["head"]).post(page_of(state), given)
    assert response.status_code == 409
    assert "您打开之后，稿件已被其他审核人更正。" in response.content.decode()
    assert "同意</textarea>" in response.content.decode()
    assert dump() == before


@pytest.mark.parametrize("verb", ["approve", "reject", "correct", "recall"])
def test_another_units_text_is_neither_decided_nor_found_and_the_attempt_is_recorded(
    verb: str, world: World, draft: Article
) -> None:
    """A reviewer of one unit posts to the step of another unit's text."""
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    given = {"digest": state.digest, "verb": verb, "opinion": "同意"}
    assert SignedIn(world.people["stranger_head"]).post(page_of(state), given).status_code == 404
    assert dump() == before
    event = Event.objects.get(verb="access.refused")
    assert (event.actor_name, event.object_id) == ("苏映雪", str(state.pk))
    assert event.unit_id == world.units["jyj"].pk


def test_the_digest_of_another_text_opens_nothing(world: World, draft: Article) -> None:
    """One's own address with what belongs to another text: refused and recorded, both stay as they were."""
    by = world.people["stranger"]
    foreign = actions.submit(
        subject=saved(make_article(world, title="外单位", site=world.sites["slj"], created_by=by), by), by=by
    )
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    given = {"digest": foreign.digest, "verb": "approve", "state": str(foreign.pk), "task_state_id": str(foreign.pk)}
    assert SignedIn(world.people["head"]).post(page_of(state), given).status_code == 409
    assert dump() == before
    assert Event.objects.get(verb="review.refused").actor_name == "江怀川"


def test_a_correction_is_shown_before_it_is_taken_over(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.OFFICE)
    reviewer = world.people["government_reviewer"]
    browser = SignedIn(reviewer)
    assert 'value="correct"' not in browser.get(page_of(state)).content.decode()
    saved(draft, reviewer, title="春季学期开学安排")
    page = browser.get(page_of(state)).content.decode()
    assert "您保存了更正稿，还没有采用" in page
    assert '<ins><span class="vh">增加：</span>学期</ins>' in page
    response = browser.post(page_of(state), {"digest": state.digest, "verb": "correct"})
    assert (response.status_code, response.url) == (302, page_of(state))
    assert ReviewTaskState.objects.get(pk=state.pk).revision_id == draft.latest_revision_id


def test_the_author_takes_the_text_back_from_the_page(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.OFFICE)
    browser = SignedIn(world.people["editor"])
    assert 'value="recall"' in browser.get(page_of(state)).content.decode()
    response = browser.post(page_of(state), {"verb": "recall"})
    assert (response.status_code, response.url) == (302, f"/office/articles/{draft.pk}/")
    assert open_state(draft) is None


def test_the_frame_shows_the_text_under_review_not_the_latest(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    saved(draft, world.people["editor"], title="送审后改的标题")
    shown = SignedIn(world.people["head"]).get(page_of(state) + "preview/")
    assert shown.content.decode() == "<h1>春季开学安排</h1><p>正文内容。</p>"


def test_a_text_sent_again_is_compared_with_the_text_of_the_round_before(world: World, draft: Article) -> None:
    actions.reject(state=advanced(draft, world, Step.HEAD), by=world.people["head"], reason="日期不对")
    saved(draft, world.people["editor"], body="<p>正文内容，3月2日。</p>")
    state = actions.submit(subject=draft, by=world.people["editor"])
    page = SignedIn(world.people["head"]).get(page_of(state)).content.decode()
    assert "与上次送审的文本相比" in page
    assert "，3月2日</ins>" in page


def test_a_correction_of_a_published_text_is_compared_with_what_is_public(world: World, draft: Article) -> None:
    advanced(draft, world, None)
    Article.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    saved(draft, world.people["editor"], title="春季开学安排（补充）")
    state = actions.submit(subject=draft, by=world.people["editor"])
    page = SignedIn(world.people["head"]).get(page_of(state)).content.decode()
    assert "与已发布的文本相比" in page
    assert "（补充）</ins>" in page


def test_the_sheet_shows_every_round_with_names_posts_opinions_and_corrections(world: World, draft: Article) -> None:
    people = world.people
    state = advanced(draft, world, Step.HEAD)
    actions.reject(state=state, by=people["head"], reason="缺少联系电话")
    corrected(world, draft)
    actions.approve(state=open_state(draft), by=people["government_reviewer"], opinion="标题已改规范")  # type: ignore[arg-type]
    page = SignedIn(people["editor"]).get(f"/office/review/sheet/articles/article/{draft.pk}/").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert text.index("第 2 轮") < text.index("第 1 轮")
    for words in (
        "缺少联系电话",
        "标题已改规范",
        "林若溪",
        "县政府办公室 政府办审核员",
        "江怀川",
        "卓一帆",
        "更正文本",
    ):
        assert words in text
    assert '<ins><span class="vh">增加：</span>学期</ins>' in page
    assert "现在是“保密审查”，由保密审查员给意见" in text


def test_a_text_never_submitted_has_an_empty_sheet(world: World, draft: Article) -> None:
    page = SignedIn(world.people["editor"]).get(f"/office/review/sheet/articles/article/{draft.pk}/").content.decode()
    assert "还没有送审过" in page


def test_words_of_people_are_never_markup(world: World, draft: Article) -> None:
    saved(draft, world.people["editor"], title="<script>alert(1)</script>")
    state = advanced(draft, world, Step.HEAD)
    actions.approve(state=state, by=world.people["head"], opinion="<img src=x onerror=alert(1)>")
    for page in (f"/office/review/sheet/articles/article/{draft.pk}/", page_of(state), "/office/review/"):
        text = SignedIn(world.people["government_reviewer"]).get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_no_page_lets_anybody_in_without_signing_in(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    for page in ("/office/review/", page_of(state), page_of(state) + "preview/"):
        response = Client().get(page)
        assert (response.status_code, response.url) == (302, f"/office/login/?next={page}")
