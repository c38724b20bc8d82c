"""A reviewer's correction: a new revision takes the place of the one under review, and everybody who signed is told."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState

from menhu.accounts.models import User
from menhu.notices.actions import notify
from menhu.review.actions.deciding import present
from menhu.review.actions.entering import step_due_at, tell_all_three
from menhu.review.actions.keeping import recorded, write_line
from menhu.review.enums import Step, Verb
from menhu.review.links import difference_link
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import Refused, acting_post
from menhu.review.readings import digest


@recorded(Verb.CORRECT)
def correct(*, state: ReviewTaskState, by: User, revision: Revision | None = None, seen: str = "") -> SheetLine:
    """Put the reviewer's own saved revision (default: their latest) under review instead of the submitted one.

    It is what goes on from here; earlier signatories and the submitter are told with a link to the difference.
    """
    fresh = present(state, by=by, seen=seen)
    new = _own_revision(fresh, by, revision)
    old_id, old_digest, was_major = fresh.revision_id, fresh.digest, fresh.is_major
    _take_over(fresh, new, old_digest)
    post = str(acting_post(by, fresh) or "")
    line = write_line(fresh, Verb.CORRECT, by=by, post=post, old_revision_id=old_id)
    _tell(fresh, line)
    if fresh.is_major and not was_major:
        tell_all_three(fresh)
    return line


def _own_revision(state: ReviewTaskState, by: User, revision: Revision | None) -> Revision:
    """The revision that the reviewer saved for this subject, as the database has it; raises Refused."""
    subject: Any = state.subject
    rows = Revision.objects.for_instance(subject).filter(user_id=by.pk, pk__gte=state.revision_id)
    found: Revision | None = (rows.filter(pk=revision.pk) if revision else rows.order_by("-pk")).first()
    if found is None or digest(found.content) == state.digest:
        raise Refused(_("没有找到您保存的更正稿。请先打开“更正”，改好并保存，再采用。"))
    return found


def _take_over(state: ReviewTaskState, new: Revision, old_digest: str) -> None:
    """Compare-and-set the text under review; the step and its clock stay, unless the item became major."""
    state.digest, state.title = digest(new.content), new.object_str[:200]
    is_major = bool(new.content.get("is_major"))
    if is_major != state.is_major:
        state.is_major = is_major
        state.due_at = step_due_at(state.step, state.entered_at, is_major=is_major)
    changes = {name: getattr(state, name) for name in ("digest", "title", "is_major", "due_at")}
    if not ReviewTaskState.objects.filter(pk=state.pk, is_open=True, digest=old_digest).update(**changes):
        raise Refused(_("这一步刚刚已由别人处理，或稿件刚被更正，请刷新后再看。"))
    TaskState.objects.filter(pk=state.pk).update(revision_id=new.pk)
    state.revision = new


def _tell(state: ReviewTaskState, line: SheetLine) -> None:
    signed = SheetLine.objects.of_round(state.workflow_state_id).filter(verb=Verb.APPROVE)
    told = [*signed.values_list("person_id", flat=True), state.submitter_id]
    people = User.objects.filter(pk__in=told, is_active=True).order_by("pk")
    body = _("%(step)s %(name)s 更正了送审文本，以后各步以更正后的文本为准。请看改了什么。")
    asked = {"step": Step(state.step).label, "name": line.person_name}
    title = _("稿件在审核中被更正：%(title)s") % {"title": state.title}
    notify(people, title=title, body=body % asked, link=difference_link(line.pk))
