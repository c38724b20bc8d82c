"""Rounds from submission to publication: three people, rejection, correction, what is approved is what goes on."""

import pytest
from wagtail.models import Revision, WorkflowState

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.notices.models import Notice
from menhu.review import actions
from menhu.review.enums import Recused, Step, Verb
from menhu.review.models import Recusal, ReviewTaskState, SheetLine
from menhu.review.policies import Refused, may_correct, may_decide, open_state, refusal
from menhu.units.actions import appoint
from menhu.units.enums import Role
from tests.factories import TERM_START, UserFactory, World
from tests.factories import article as make_article
from tests.review.conftest import Told, advanced, dump, saved


def titles_for(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def second_head(world: World, name: str = "second_head") -> User:
    user = UserFactory(username=name, name="沈南枝")
    appoint(user=user, unit=world.units["jyj"], role=Role.HEAD, by=None, starts_on=TERM_START)
    return user


def test_three_people_approve_and_the_approved_text_is_handed_over(world: World, draft: Article, told: Told) -> None:
    people = world.people
    first = actions.submit(subject=draft, by=people["editor"])
    assert (first.step, first.role, first.unit, first.title) == ("head", "head", world.units["jyj"], "春季开学安排")
    second = actions.approve(state=first, by=people["head"], opinion="同意")
    assert second is not None
    third = actions.approve(state=second, by=people["government_reviewer"])
    assert third is not None
    assert actions.approve(state=third, by=people["secrecy_reviewer"]) is None
    assert told.calls == [
        ("entered", draft.pk, Step.HEAD),
        ("entered", draft.pk, Step.OFFICE),
        ("entered", draft.pk, Step.SECRECY),
        ("finished", draft.pk, draft.latest_revision_id, people["secrecy_reviewer"].pk),
    ]
    assert [state.status for state in ReviewTaskState.objects.order_by("pk")] == ["approved"] * 3
    assert WorkflowState.objects.get().status == "approved"
    assert titles_for(people["editor"]) == ["三级审批已通过：春季开学安排"]


def test_the_sheet_keeps_who_when_and_what_as_values(world: World, draft: Article) -> None:
    state = actions.submit(subject=draft, by=world.people["editor"])
    actions.approve(state=state, by=world.people["head"], opinion="同意发布 ")
    submitted, approved = SheetLine.objects.of(draft).in_order()
    assert (submitted.verb, submitted.step, submitted.person_name) == ("submit", "", "卓一帆")
    assert submitted.person_post == "县教育局 信息员"
    assert (approved.verb, approved.step, approved.opinion) == ("approve", "head", "同意发布")
    assert (approved.person_id, approved.person_name) == (world.people["head"].pk, "江怀川")
    assert approved.person_post == "县教育局 单位负责人"
    assert approved.revision_id == draft.latest_revision_id
    assert approved.due_at == state.due_at


def test_a_party_units_text_goes_to_the_committee_office(world: World, told: Told) -> None:
    site, by = world.sites["xcb"], world.people["party_editor"]
    article = saved(make_article(world, site=site, created_by=by), by)
    state = actions.submit(subject=article, by=by)
    following = actions.approve(state=state, by=world.people["party_head"])
    assert following is not None
    assert following.role == Role.COMMITTEE_REVIEWER
    assert not may_decide(world.people["government_reviewer"], following)
    assert may_decide(world.people["committee_reviewer"], following)


def test_the_same_person_never_gives_two_opinions_in_a_round(world: World, draft: Article) -> None:
    head = world.people["head"]
    appoint(
        user=head,
        unit=world.units["zfb"],
        role=Role.GOVERNMENT_REVIEWER,
        by=None,
        starts_on=TERM_START,
        scope=world.units["county"],
    )
    state = actions.submit(subject=draft, by=world.people["editor"])
    following = actions.approve(state=state, by=head)
    assert following is not None
    before = dump()
    with pytest.raises(Refused, match="您在本轮已经给过意见，三级审核须由三个不同的人完成。"):
        actions.approve(state=following, by=head)
    assert dump() == before


def test_whoever_wrote_or_last_saved_the_text_may_not_review_it(world: World, draft: Article) -> None:
    head = world.people["head"]
    other = second_head(world)
    saved(draft, head, title="负责人改过的标题")
    state = actions.submit(subject=draft, by=world.people["editor"])
    assert dict(Recusal.objects.values_list("user_id", "why")) == {
        world.people["editor"].pk: Recused.WROTE,
        head.pk: Recused.WROTE,
    }
    assert refusal(head, state) == "您撰写或修改过这篇稿件，不能再审核它，请由其他审核人审核。"
    assert refusal(other, state) == ""


def test_a_unit_whose_only_head_wrote_the_text_is_told_at_once(world: World, draft: Article) -> None:
    saved(draft, world.people["head"])
    before = dump()
    with pytest.raises(Refused, match="县教育局没有能审核这篇稿件的负责人（作者本人不能审）"):
        actions.submit(subject=draft, by=world.people["editor"])
    assert dump() == before


def test_a_step_without_anybody_is_told_to_the_webmaster(world: World, draft: Article) -> None:
    state = actions.submit(subject=draft, by=world.people["editor"])
    world.people["government_reviewer"].posts.all().delete()
    following = actions.approve(state=state, by=world.people["head"])
    assert following is not None
    assert titles_for(world.people["webmaster"]) == ["稿件无人可审：春季开学安排"]


def test_rejection_returns_reasons_to_the_author_and_to_those_who_signed(
    world: World, draft: Article, told: Told
) -> None:
    people = world.people
    state = advanced(draft, world, Step.OFFICE)
    actions.reject(state=state, by=people["government_reviewer"], reason="  第二段的数字与统计公报不符。 ")
    assert told.calls[-1] == ("rejected", draft.pk, people["government_reviewer"].pk, "第二段的数字与统计公报不符。")
    assert open_state(draft) is None
    assert draft.current_workflow_state is None
    for persona in ("editor", "head"):
        notice = Notice.objects.get(user=people[persona])
        assert notice.title == "稿件被退回：春季开学安排"
        assert notice.body == "办公室审核 林若溪 退回，理由：第二段的数字与统计公报不符。"
        assert notice.link == f"/office/articles/{draft.pk}/"
    assert not Notice.objects.filter(user=people["government_reviewer"]).exists()


@pytest.mark.parametrize("reason", ["", " \n　"])
def test_rejection_without_reasons_is_refused(reason: str, world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    with pytest.raises(Refused, match="退回必须写明理由"):
        actions.reject(state=state, by=world.people["head"], reason=reason)
    assert dump() == before


def test_resubmission_is_a_new_round_that_passes_all_three_again(world: World, draft: Article, told: Told) -> None:
    people = world.people
    actions.reject(state=advanced(draft, world, Step.SECRECY), by=people["secrecy_reviewer"], reason="含内部电话")
    first_round = WorkflowState.objects.get()
    saved(draft, people["editor"], body="<p>改好了。</p>")
    state = actions.submit(subject=draft, by=people["editor"])
    assert state.step == Step.HEAD
    assert state.workflow_state_id != first_round.pk
    assert WorkflowState.objects.count() == 2
    for persona in ("head", "government_reviewer", "secrecy_reviewer"):
        state = actions.approve(state=state, by=people[persona])  # type: ignore[assignment]
    assert told.calls[-1] == ("finished", draft.pk, draft.latest_revision_id, people["secrecy_reviewer"].pk)
    second = SheetLine.objects.filter(round_id=WorkflowState.objects.latest("pk").pk)
    assert [line.verb for line in second.in_order()] == ["submit", "approve", "approve", "approve"]


def test_a_published_text_passes_all_three_again(world: World, draft: Article, told: Told) -> None:
    advanced(draft, world, None)
    Article.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    saved(draft, world.people["editor"], title="春季开学安排（更正）")
    state = actions.submit(subject=draft, by=world.people["editor"])
    assert (state.step, state.title) == (Step.HEAD, "春季开学安排（更正）")


def test_nothing_is_submitted_twice(world: World, draft: Article) -> None:
    actions.submit(subject=draft, by=world.people["editor"])
    before = dump()
    with pytest.raises(Refused, match="已在审核中，现在是“单位审核”一步。"):
        actions.submit(subject=draft, by=world.people["editor"])
    assert dump() == before


def test_a_text_that_was_never_saved_is_not_submitted(world: World, told: Told) -> None:
    with pytest.raises(Refused, match="还没有保存过内容"):
        actions.submit(subject=make_article(world), by=world.people["editor"])


def test_text_saved_after_submission_is_not_what_was_approved(world: World, draft: Article, told: Told) -> None:
    people = world.people
    state = actions.submit(subject=draft, by=people["editor"])
    submitted = draft.latest_revision_id
    saved(draft, people["editor"], title="送审后偷改的标题")
    assert draft.latest_revision_id != submitted
    for persona in ("head", "government_reviewer", "secrecy_reviewer"):
        state = actions.approve(state=state, by=people[persona])  # type: ignore[assignment]
    assert told.calls[-1] == ("finished", draft.pk, submitted, people["secrecy_reviewer"].pk)
    assert [line.revision_id for line in SheetLine.objects.of(draft)] == [submitted] * 4


def test_a_submitted_revision_overwritten_in_place_is_never_approved(world: World, draft: Article) -> None:
    """Wagtail's autosave rewrites the newest revision of the same account; the fingerprint notices."""
    people = world.people
    state = advanced(draft, world, Step.OFFICE)
    text = draft.get_latest_revision_as_object()
    text.title = "自动保存覆盖的标题"
    text.save_revision(user=people["editor"], clean=False, overwrite_revision=draft.latest_revision)
    before = dump()
    with pytest.raises(Refused, match="送审的文本在审核中被改动过，不能通过"):
        actions.approve(state=state, by=people["government_reviewer"])
    assert dump() == before
    actions.reject(state=state, by=people["government_reviewer"], reason="文本被改动")
    assert open_state(draft) is None


def test_under_review_only_the_reviewer_of_the_step_may_edit(world: World, draft: Article) -> None:
    advanced(draft, world, Step.OFFICE)
    lock = draft.get_lock()
    may = {persona for persona in world.people if may_correct(world.people[persona], draft)}
    open_to = {persona for persona in world.people if not lock.for_user(world.people[persona])}
    assert may == open_to == {"government_reviewer"}


def test_a_correction_takes_the_place_of_the_text_and_everybody_who_signed_is_told(
    world: World, draft: Article, told: Told
) -> None:
    people = world.people
    state = advanced(draft, world, Step.OFFICE)
    old = state.revision_id
    saved(draft, people["government_reviewer"], title="春季学期开学安排")
    line = actions.correct(state=state, by=people["government_reviewer"])
    assert (line.old_revision_id, line.revision_id) == (old, draft.latest_revision_id)
    link = f"/office/review/changes/{line.pk}/"
    assert list(Notice.objects.order_by("user_id").values_list("user_id", "link")) == [
        (people["editor"].pk, link),
        (people["head"].pk, link),
    ]
    fresh = ReviewTaskState.objects.get(pk=state.pk)
    assert (fresh.title, fresh.revision_id, fresh.is_open) == ("春季学期开学安排", draft.latest_revision_id, True)
    following = actions.approve(state=fresh, by=people["government_reviewer"])
    assert following is not None
    assert following.revision_id == draft.latest_revision_id
    actions.approve(state=following, by=people["secrecy_reviewer"])
    assert told.calls[-1][2] == draft.latest_revision_id


def test_whoever_corrected_does_not_also_review_a_later_step(world: World, draft: Article) -> None:
    people, other = world.people, second_head(world)
    for role in (Role.SECRECY_REVIEWER,):
        appoint(
            user=people["head"],
            unit=world.units["bmj"],
            role=role,
            by=None,
            starts_on=TERM_START,
            scope=world.units["county"],
        )
    state = actions.submit(subject=draft, by=people["editor"])
    saved(draft, people["head"], title="负责人更正")
    actions.correct(state=state, by=people["head"])
    following = actions.approve(state=ReviewTaskState.objects.get(pk=state.pk), by=other)
    assert following is not None
    last = actions.approve(state=following, by=people["government_reviewer"])
    assert last is not None
    assert refusal(people["head"], last) == "您撰写或修改过这篇稿件，不能再审核它，请由其他审核人审核。"


def test_an_opinion_on_a_text_that_was_corrected_meanwhile_is_refused(world: World, draft: Article) -> None:
    people, other = world.people, second_head(world)
    opened = actions.submit(subject=draft, by=people["editor"])
    saved(draft, people["head"], title="更正后的标题")
    actions.correct(state=opened, by=people["head"])
    before = dump()
    stale = ReviewTaskState.objects.get(pk=opened.pk)
    for act in (actions.approve, lambda **given: actions.reject(reason="不妥", **given)):
        with pytest.raises(Refused, match="您打开之后，稿件已被其他审核人更正"):
            act(state=stale, by=other, seen=opened.digest)
    assert dump() == before


@pytest.mark.parametrize("whose", ["nobody", "author", "other_article"])
def test_only_the_reviewers_own_later_revision_of_this_text_is_a_correction(
    whose: str, world: World, draft: Article
) -> None:
    people = world.people
    state = actions.submit(subject=draft, by=people["editor"])
    revision: Revision | None = None
    if whose == "author":
        revision = saved(draft, people["editor"], title="作者的新稿").latest_revision
    if whose == "other_article":
        revision = saved(make_article(world), people["head"]).latest_revision
    before = dump()
    with pytest.raises(Refused, match="没有找到您保存的更正稿"):
        actions.correct(state=state, by=people["head"], revision=revision)
    assert dump() == before


def test_a_major_item_is_told_to_all_three_at_once_and_still_passes_all_three(
    world: World, draft: Article, told: Told
) -> None:
    people = world.people
    saved(draft, people["editor"], is_major=True)
    ordinary = advanced(saved(make_article(world), people["editor"]), world, Step.HEAD)
    state = actions.submit(subject=draft, by=people["editor"])
    assert state.is_major
    assert state.due_at < ordinary.due_at
    reviewers = ("head", "government_reviewer", "secrecy_reviewer")
    assert set(Notice.objects.values_list("user_id", flat=True)) == {people[p].pk for p in reviewers}
    assert set(Notice.objects.values_list("title", flat=True)) == {"重大事项待审：春季开学安排"}
    before = dump()
    with pytest.raises(Refused, match="这篇稿件现在是“单位审核”一步，由单位负责人给意见。"):
        actions.approve(state=state, by=people["secrecy_reviewer"])
    assert dump() == before
    for persona in reviewers:
        assert told.calls[-1][0] == "entered"
        state = actions.approve(state=state, by=people[persona])  # type: ignore[assignment]
    assert told.calls[-1][0] == "finished"


def test_the_author_takes_a_text_back_and_may_submit_it_again(world: World, draft: Article, told: Told) -> None:
    state = advanced(draft, world, Step.OFFICE)
    actions.recall(subject=draft, by=world.people["editor"])
    assert told.calls[-1] == ("cancelled", draft.pk)
    assert not ReviewTaskState.objects.get(pk=state.pk).is_open
    assert draft.get_lock() is None
    assert actions.submit(subject=draft, by=world.people["editor"]).step == Step.HEAD


def test_a_review_is_called_off_by_the_app_that_ends_the_text(world: World, draft: Article, told: Told) -> None:
    by = world.people["duty_officer"]
    assert actions.cancel(subject=draft, by=by, reason="紧急撤稿") is False
    advanced(draft, world, Step.SECRECY)
    assert actions.cancel(subject=draft, by=by, reason="紧急撤稿") is True
    line = SheetLine.objects.of(draft).latest("pk")
    assert (line.verb, line.person_name, line.opinion) == (Verb.CANCEL, "纪晚舟", "紧急撤稿")
    assert told.calls[-1] == ("cancelled", draft.pk)


def test_finishing_without_three_opinions_is_refused(world: World, draft: Article, told: Told) -> None:
    advanced(draft, world, Step.OFFICE)
    before = dump()
    with pytest.raises(Refused, match="三级审核没有完成，不能发布。"):
        WorkflowState.objects.get().finish(user=world.people["head"])
    assert dump() == before


def test_every_refusal_names_person_and_reason_in_the_trail(world: World, draft: Article) -> None:
    state = actions.submit(subject=draft, by=world.people["editor"])
    with pytest.raises(Refused):
        actions.approve(state=state, by=world.people["stranger_head"], opinion="看过")
    event = Event.objects.get(verb="review.refused")
    assert (event.actor_name, event.actor_post) == ("苏映雪", "县水利局 单位负责人")
    assert event.unit_id == world.units["jyj"].pk
    assert event.data == {"verb": "approve", "reason": "这是县教育局的稿件，不在您的审核范围内。", "opinion": "看过"}


def test_after_an_opinion_the_next_one_is_told_who_gave_it(world: World, draft: Article) -> None:
    other = second_head(world)
    state = actions.submit(subject=draft, by=world.people["editor"])
    actions.approve(state=state, by=world.people["head"])
    with pytest.raises(Refused, match=r"这一步已由江怀川于 \d{4}-\d\d-\d\d \d\d:\d\d 处理（通过）。"):
        actions.approve(state=state, by=other)
