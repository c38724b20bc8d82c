"""Sending a text to review, by our own action or by Wagtail's."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import Workflow, WorkflowState

from menhu.accounts.models import User
from menhu.review.actions.entering import authors_of, enter, somebody_may, tell_all_three
from menhu.review.actions.keeping import recorded, write_line
from menhu.review.enums import Step, Verb
from menhu.review.models import ReviewTaskState
from menhu.review.policies import Refused, may_submit, open_state
from menhu.review.rules import ORDER
from menhu.units.policies import post_label


@recorded(Verb.SUBMIT)
def submit(*, subject: Any, by: User) -> ReviewTaskState:
    """Begin a new round with all three reviews on the latest saved text; returns its first step."""
    workflow: Workflow | None = subject.get_workflow()
    if workflow is None:
        raise Refused(_("这类内容没有设置三级审批，请联系网站管理员。"))
    waiting = open_state(subject)
    if waiting is not None:
        raise Refused(_("已在审核中，现在是“%(step)s”一步。") % {"step": Step(waiting.step).label})
    round_ = _open_round(workflow, subject, by)
    state = begin(round_=round_, by=by)
    WorkflowState.objects.filter(pk=round_.pk).update(current_task_state_id=state.pk)
    return state


def begin(*, round_: WorkflowState, by: User | None) -> ReviewTaskState:
    """The first step of a round, after every check of a submission; also what Wagtail's own start leads to."""
    subject: Any = round_.content_object
    if by is None or not may_submit(by, subject):
        raise Refused(_("只有%(unit)s的信息员或负责人可以送审。") % {"unit": subject.unit.short_name})
    if round_.task_states.exists():
        raise Refused(_("审核只能一步一步进行。"))
    revision = subject.latest_revision
    if revision is None:
        raise Refused(_("还没有保存过内容，请先保存再送审。"))
    revision.refresh_from_db(fields=["content"])
    recused = authors_of(subject, revision)
    submitter = (by.pk, str(by))
    state = enter(
        round_=round_, subject=subject, step=ORDER[0], revision=revision, submitter=submitter, recused=recused
    )
    _require_head(state)
    write_line(state, Verb.SUBMIT, by=by, post=post_label(by), step="")
    if state.is_major:
        tell_all_three(state)
    return state


def _require_head(state: ReviewTaskState) -> None:
    if not somebody_may(state):
        asked = {"unit": state.unit_name}
        raise Refused(
            _("%(unit)s没有能审核这篇稿件的负责人（作者本人不能审），请联系网站管理员设置负责人或代理。") % asked
        )


def _open_round(workflow: Workflow, subject: Any, by: User) -> WorkflowState:
    """A round of the engine; the database lets only one be open for a subject."""
    round_ = WorkflowState(
        content_type=subject.get_content_type(),
        base_content_type=subject.get_base_content_type(),
        object_id=str(subject.pk),
        workflow=workflow,
        requested_by=by,
    )
    try:
        with transaction.atomic():
            round_.save()
    except (ValidationError, IntegrityError) as clash:
        raise Refused(_("这篇稿件刚刚已经送审。")) from clash
    return round_
