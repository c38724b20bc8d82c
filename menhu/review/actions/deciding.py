"""The opinions: each is one compare-and-set, so that two reviewers at once give one opinion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.notices.actions import notify
from menhu.review.actions.entering import authors_of, enter, tell_if_nobody
from menhu.review.actions.keeping import recorded, write_line
from menhu.review.enums import Recused, Step, Verb
from menhu.review.links import sheet_link
from menhu.review.models import Recusal, ReviewTaskState, SheetLine
from menhu.review.policies import Refused, acting_post, refusal
from menhu.review.readings import digest
from menhu.review.rules import is_complete, next_step
from menhu.review.subjects import hooks_for


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of approving many: each step is approved or refused with its reason."""

    approved: tuple[ReviewTaskState, ...]
    refused: tuple[tuple[ReviewTaskState, str], ...]


@recorded(Verb.APPROVE)
def approve(*, state: ReviewTaskState, by: User, opinion: str = "", seen: str = "") -> ReviewTaskState | None:
    """Approve the text of the step; returns the next step, None when the third approval has handed it over.

    `seen` is the digest of the text that the person was shown (default: that of `state` as the caller loaded it).
    """
    fresh = present(state, by=by, seen=seen)
    _require_unchanged(fresh)
    close(fresh, by=by, status=TaskState.STATUS_APPROVED, comment=opinion)
    write_line(fresh, Verb.APPROVE, by=by, post=_post(by, fresh), opinion=opinion.strip(), due_at=fresh.due_at)
    following = next_step(Step(fresh.step))
    if following is not None:
        return _advance(fresh, following, by)
    _finish(fresh.workflow_state, by)
    return None


@recorded(Verb.REJECT)
def reject(*, state: ReviewTaskState, by: User, reason: str, seen: str = "") -> None:
    """Send the text back to its author with reasons; the round ends, and a new submission passes all three again."""
    if not reason.strip():
        raise Refused(_("退回必须写明理由，作者才知道怎么改。"))
    fresh = present(state, by=by, seen=seen)
    close(fresh, by=by, status=TaskState.STATUS_REJECTED, comment=reason)
    end_round(fresh)
    write_line(fresh, Verb.REJECT, by=by, post=_post(by, fresh), opinion=reason.strip(), due_at=fresh.due_at)
    subject = fresh.subject
    hooks_for(subject).rejected(subject, by, reason.strip())
    _tell_rejected(fresh, by, reason.strip(), hooks_for(subject).edit_url(subject))


def approve_many(*, states: Iterable[ReviewTaskState], by: User, opinion: str = "") -> Batch:
    """Approve each step in a transaction of its own: what is refused stays behind with its reason, the rest goes on."""
    approved: list[ReviewTaskState] = []
    refused: list[tuple[ReviewTaskState, str]] = []
    for state in states:
        try:
            approve(state=state, by=by, opinion=opinion)
        except Refused as refusal_:
            refused.append((state, refusal_.message))
        else:
            approved.append(state)
    return Batch(tuple(approved), tuple(refused))


def complete(*, round_: WorkflowState, by: User | None) -> None:
    """Hand the approved revision to the subject's app. Raises Refused unless three people approved, none an author."""
    lines = list(SheetLine.objects.of_round(round_.pk).filter(verb=Verb.APPROVE).in_order())
    wrote = Recusal.objects.filter(state__workflow_state_id=round_.pk, why=Recused.WROTE)
    approvals = [(line.step, line.person_id or 0) for line in lines]
    if not is_complete(approvals, set(wrote.values_list("user_id", flat=True))):
        raise Refused(_("三级审核没有完成，不能发布。"))
    state = present_again(lines[-1].state_id)
    _require_unchanged(state)
    subject: Any = round_.content_object
    hooks_for(subject).finished(subject, state.revision, by)
    record("review.finish", subject, by=by, data={"round": round_.pk, "revision": state.revision_id})
    _tell(
        {state.submitter_id},
        title=_("三级审批已通过：%(title)s") % {"title": state.title},
        body=_("三级审核全部通过。"),
        link=sheet_link(subject),
    )


def present_again(pk: Any) -> ReviewTaskState:
    """The step as the database has it now, with what deciding it needs."""
    rows = ReviewTaskState.objects.select_related("unit", "revision", "workflow_state", "subject_type")
    found: ReviewTaskState = rows.get(pk=pk)
    return found


def present(state: ReviewTaskState, *, by: User, seen: str) -> ReviewTaskState:
    """The step as it is now, if the person may decide it and has seen its present text; raises Refused."""
    fresh = present_again(state.pk)
    why = refusal(by, fresh)
    if why:
        raise Refused(why)
    if (seen or state.digest) != fresh.digest:
        raise Refused(_("您打开之后，稿件已被其他审核人更正。请看过新的文本再给意见。"))
    return fresh


def close(state: ReviewTaskState, *, by: User | None, status: str, comment: str) -> None:
    """Compare-and-set: end an open step whose text is still this one, or raise Refused."""
    now = timezone.now()
    rows = ReviewTaskState.objects.filter(pk=state.pk, is_open=True, digest=state.digest)
    if not rows.update(is_open=False):
        raise Refused(_("这一步刚刚已由别人处理，或稿件刚被更正，请刷新后再看。"))
    person = None if by is None else by.pk
    TaskState.objects.filter(pk=state.pk).update(status=status, finished_at=now, finished_by_id=person, comment=comment)
    state.is_open, state.status, state.finished_at = False, status, now


def end_round(state: ReviewTaskState) -> None:
    """Close the engine's workflow for good, so that the next submission begins a new one."""
    WorkflowState.objects.filter(pk=state.workflow_state_id).update(status=WorkflowState.STATUS_CANCELLED)


def _require_unchanged(state: ReviewTaskState) -> None:
    """What was submitted must still be what stands there: Wagtail can overwrite a saved revision in place."""
    if digest(state.revision.content) != state.digest:
        raise Refused(_("送审的文本在审核中被改动过，不能通过。请退回，由作者重新送审。"))


def _post(by: User, state: ReviewTaskState) -> str:
    return str(acting_post(by, state) or "")


def _advance(state: ReviewTaskState, step: Step, by: User) -> ReviewTaskState:
    """Open the next step on the same text; whoever wrote, corrected or signed may not decide it."""
    subject = state.subject
    correctors = SheetLine.objects.of_round(state.workflow_state_id).filter(verb=Verb.CORRECT)
    recused = {
        **authors_of(subject, state.revision),
        **dict.fromkeys(filter(None, correctors.values_list("person_id", flat=True)), Recused.WROTE.value),
        **dict(state.recusals.values_list("user_id", "why")),
        by.pk: Recused.SIGNED.value,
    }
    following = enter(
        round_=state.workflow_state,
        subject=subject,
        step=step,
        revision=state.revision,
        submitter=(state.submitter_id, state.submitter_name),
        recused=recused,
    )
    WorkflowState.objects.filter(pk=state.workflow_state_id).update(current_task_state_id=following.pk)
    tell_if_nobody(following)
    return following


def _finish(round_: WorkflowState, by: User) -> None:
    """End the engine's workflow well, by the action that the settings name."""
    rows = WorkflowState.objects.filter(pk=round_.pk, status=WorkflowState.STATUS_IN_PROGRESS)
    if not rows.update(status=WorkflowState.STATUS_APPROVED):
        raise Refused(_("这一轮审核已经结束。"))
    round_.status = WorkflowState.STATUS_APPROVED
    round_.on_finish(user=by)


def _tell_rejected(state: ReviewTaskState, by: User, reason: str, link: str) -> None:
    """Reasons to the authors, and to those who had already signed."""
    authors = set(state.recusals.values_list("user_id", flat=True)) | {state.submitter_id}
    body = _("%(step)s %(name)s 退回，理由：%(reason)s") % {
        "step": Step(state.step).label,
        "name": str(by),
        "reason": reason,
    }
    _tell(authors, title=_("稿件被退回：%(title)s") % {"title": state.title}, body=body, link=link)


def _tell(user_ids: set[int], *, title: str, body: str, link: str) -> None:
    people = User.objects.filter(pk__in=user_ids, is_active=True).order_by("pk")
    notify(people, title=title, body=body, link=link)
