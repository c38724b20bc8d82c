"""The beginning of a step: who may not decide it, until when, and whom to tell."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, WorkflowState

from menhu.notices.actions import notify
from menhu.review.deadlines import Terms
from menhu.review.enums import Recused, Step
from menhu.review.links import decision_link
from menhu.review.models import Recusal, ReviewTask, ReviewTaskState
from menhu.review.policies import Refused
from menhu.review.readings import digest
from menhu.review.rules import role_for, roles_for
from menhu.review.subjects import hooks_for
from menhu.units.enums import Role
from menhu.units.policies import holders
from menhu.workdays.calendar import CalendarMissing

BATCH = 500


def step_due_at(step: str, start: datetime, *, is_major: bool) -> datetime:
    """When the step is due. Raises Refused, and so undoes the action, for a year without a calendar."""
    try:
        return Terms().due_at(step, start, is_major=is_major)
    except CalendarMissing as missing:
        raise Refused(str(missing)) from missing


def enter(
    *,
    round_: WorkflowState,
    subject: Any,
    step: Step,
    revision: Revision,
    submitter: tuple[int, str],
    recused: Mapping[int, str],
) -> ReviewTaskState:
    """Open a step on a revision. `submitter` is (id, name); `recused` maps people to a value of Recused."""
    state = ReviewTaskState(
        workflow_state=round_,
        revision=revision,
        task=ReviewTask.objects.get(step=step),
        status=TaskState.STATUS_IN_PROGRESS,
        submitter_id=submitter[0],
        submitter_name=submitter[1][:80],
        **_columns(subject, step, revision),
    )
    state.save()
    Recusal.objects.bulk_create([Recusal(state=state, user_id=pk, why=why) for pk, why in sorted(recused.items())])
    hooks_for(subject).entered(subject, step)
    return state


def _columns(subject: Any, step: Step, revision: Revision) -> dict[str, Any]:
    """What the inbox shows and asks, as values."""
    now, is_major = timezone.now(), bool(revision.content.get("is_major"))
    return {
        "step": step,
        "role": role_for(step, subject.unit.side),
        "unit": subject.unit,
        "unit_name": subject.unit.short_name,
        "title": revision.object_str[:200],
        "is_major": is_major,
        "entered_at": now,
        "due_at": step_due_at(step, now, is_major=is_major),
        "digest": digest(revision.content),
        "subject_type": ContentType.objects.get_for_model(subject),
        "subject_id": subject.pk,
    }


def authors_of(subject: Any, revision: Revision) -> dict[int, str]:
    """Whoever may not review the revision because it is theirs, the account that last saved it included."""
    ids = {*hooks_for(subject).authors(subject, revision), revision.user_id}
    return dict.fromkeys((pk for pk in ids if pk is not None), Recused.WROTE.value)


def somebody_may(state: ReviewTaskState) -> bool:
    """Whether anybody at all can decide the step today."""
    recused = state.recusals.values("user_id")
    return holders({Role(state.role)}, state.unit).exclude(pk__in=recused).exists()


def tell_all_three(state: ReviewTaskState) -> None:
    """A major item is told to the reviewers of all three steps at once; the reviews stay one after another."""
    told = holders(roles_for(state.unit.side), state.unit).exclude(pk__in=state.recusals.values("user_id"))
    until = f"{timezone.localtime(state.due_at):%Y-%m-%d %H:%M}"
    body = _("%(unit)s送审的重大事项，三级审核时限都已缩短。第一步的期限是 %(until)s。")
    title = _("重大事项待审：%(title)s") % {"title": state.title}
    notify(told, title=title, body=body % {"unit": state.unit_name, "until": until}, link=decision_link(state.pk))


def tell_if_nobody(state: ReviewTaskState) -> None:
    """A step that nobody can decide today must not wait in silence: the webmaster is told."""
    if somebody_may(state):
        return
    asked = {"unit": state.unit_name, "step": Step(state.step).label, "role": Role(state.role).label}
    body = _("%(unit)s的稿件到了“%(step)s”一步，但眼下没有能审核它的%(role)s。请设置人员或代理。") % asked
    title = _("稿件无人可审：%(title)s") % {"title": state.title}
    notify(holders({Role.WEBMASTER}, state.unit), title=title, body=body, link=decision_link(state.pk))


def move_deadlines(days: Iterable[date]) -> None:
    """Compute open deadlines anew after these days of the calendar changed."""
    first = timezone.make_aware(datetime.combine(min(days), time.min))
    terms, moved = Terms(), []
    for state in ReviewTaskState.objects.open().filter(due_at__gte=first).order_by("pk").iterator(BATCH):
        due = terms.due_at(state.step, state.entered_at, is_major=state.is_major)
        if due != state.due_at:
            state.due_at = due
            moved.append(state)
    ReviewTaskState.objects.bulk_update(moved, ["due_at"], batch_size=BATCH)
