"""Wagtail's own ways into a workflow end in our actions or are refused; none of them goes around the three reviews."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Task, TaskState, Workflow, WorkflowState

from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.review import actions
from menhu.review.enums import Step
from menhu.review.models import ReviewTask, ReviewTaskState, SheetLine
from menhu.review.policies import Refused, open_state
from menhu.review.seeds import WORKFLOW, seed
from tests.factories import World
from tests.review.conftest import Told, advanced, dump


def test_one_workflow_with_three_tasks_serves_all_units(world: World, told: Told) -> None:
    seed()
    workflow = Workflow.objects.get(name=WORKFLOW)
    assert Article.get_default_workflow() == workflow
    assert [task.specific.step for task in workflow.tasks] == list(Step)
    assert ReviewTask.objects.count() == 3


def test_wagtails_start_is_our_submission(world: World, draft: Article, told: Told) -> None:
    workflow = Workflow.objects.get(name=WORKFLOW)
    round_ = workflow.start(draft, world.people["editor"])
    state = open_state(draft)
    assert state is not None
    assert round_.current_task_state_id == state.pk
    assert (state.step, state.submitter_name) == (Step.HEAD, "卓一帆")
    assert [line.verb for line in SheetLine.objects.of(draft)] == ["submit"]
    following = actions.approve(state=state, by=world.people["head"])
    assert following is not None
    assert following.step == Step.OFFICE


@pytest.mark.parametrize("persona", ["stranger", "webmaster", "leader"])
def test_wagtails_start_refuses_whom_our_submission_refuses(persona: str, world: World, draft: Article) -> None:
    before = dump()
    with pytest.raises(Refused, match="只有县教育局的信息员或负责人可以送审。"):
        Workflow.objects.get(name=WORKFLOW).start(draft, world.people[persona])
    assert dump() == before


def test_wagtail_cannot_start_a_later_step(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    task = ReviewTask.objects.get(step=Step.SECRECY)
    before = dump()
    with pytest.raises(Refused, match="审核只能一步一步进行。"):
        task.start(state.workflow_state, world.people["editor"])
    assert dump() == before


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_an_opinion_given_to_the_task_state_itself_is_refused_and_recorded(
    verb: str, world: World, draft: Article
) -> None:
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    with pytest.raises(PermissionDenied):
        getattr(state, verb)(user=world.people["head"], comment="可以")
    assert dump() == before
    event = Event.objects.get(verb="review.refused")
    assert (event.actor_name, event.data["verb"]) == ("江怀川", verb)


def test_a_task_state_treated_as_wagtails_own_kind_is_not_approved_either(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    with pytest.raises(Refused):
        TaskState.objects.get(pk=state.pk).approve(user=world.people["head"])
    assert dump() == before


def test_wagtails_action_is_ours(world: World, draft: Article, told: Told) -> None:
    state = advanced(draft, world, Step.HEAD)
    task = Task.objects.get(pk=state.task_id).specific
    task.on_action(TaskState.objects.get(pk=state.pk), world.people["head"], "approve", comment="同意")
    line = SheetLine.objects.of(draft).latest("pk")
    assert (line.verb, line.person_name, line.opinion) == ("approve", "江怀川", "同意")
    following = open_state(draft)
    assert following is not None
    task.on_action(following, world.people["government_reviewer"], "reject", comment="数字有误")
    assert told.calls[-1] == ("rejected", draft.pk, world.people["government_reviewer"].pk, "数字有误")


@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.parametrize("persona", ["editor", "stranger_head", "government_reviewer", "webmaster"])
def test_wagtails_action_asks_our_policy(verb: str, persona: str, world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    before = dump()
    with pytest.raises(Refused):
        state.task.specific.on_action(state, world.people[persona], verb, comment="看过")
    assert dump() == before
    assert Event.objects.filter(verb="review.refused", actor_id=world.people[persona].pk).count() == 1


def test_wagtail_offers_its_actions_to_the_reviewer_of_the_step_only(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.OFFICE)
    task = state.task.specific
    offered = {persona for persona in world.people if task.get_actions(draft, world.people[persona])}
    assert offered == {"government_reviewer"}
    names = [name for name, _label, _modal in task.get_actions(draft, world.people["government_reviewer"])]
    assert names == ["reject", "approve"]
    earlier = ReviewTask.objects.get(step=Step.HEAD)
    assert earlier.get_actions(draft, world.people["head"]) == []


def test_nobody_locks_or_unlocks_a_text_under_review_in_wagtails_way(world: World, draft: Article) -> None:
    task = advanced(draft, world, Step.HEAD).task.specific
    head = world.people["head"]
    assert not task.user_can_lock(draft, head)
    assert not task.user_can_unlock(draft, head)
    assert task.user_can_access_editor(draft, head)
    assert not task.user_can_access_editor(draft, world.people["stranger_head"])


def test_a_superuser_flag_opens_no_step(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.HEAD)
    leader = world.people["leader"]
    leader.is_superuser = True
    leader.save()
    assert state.task.specific.locked_for_user(draft, leader)
    with pytest.raises(Refused):
        actions.approve(state=state, by=leader)


def test_wagtails_moderation_list_is_the_inbox(world: World, draft: Article) -> None:
    state = advanced(draft, world, Step.OFFICE)
    found = {p: set(TaskState.objects.reviewable_by(u).values_list("pk", flat=True)) for p, u in world.people.items()}
    assert {persona for persona, pks in found.items() if pks} == {"government_reviewer"}
    assert found["government_reviewer"] == {state.pk}


def test_a_workflow_that_wagtail_cancels_ends_the_step_and_tells_the_app(
    world: World, draft: Article, told: Told
) -> None:
    state = advanced(draft, world, Step.OFFICE)
    WorkflowState.objects.get().cancel(user=world.people["editor"])
    fresh = ReviewTaskState.objects.get(pk=state.pk)
    assert (fresh.is_open, fresh.status) == (False, "cancelled")
    assert told.calls[-1] == ("cancelled", draft.pk)
    assert SheetLine.objects.of(draft).latest("pk").verb == "cancel"


def test_the_last_approver_needs_no_publish_right(world: World, draft: Article, told: Told) -> None:
    assert not world.people["secrecy_reviewer"].has_perm("articles.publish_article")
    advanced(draft, world, None)
    assert told.calls[-1][0] == "finished"
