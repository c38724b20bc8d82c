"""Who may do what in a review; used by actions, views and templates alike. Every refusal says why, in Chinese."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.review.enums import Recused, Step
from menhu.review.models import Recusal, ReviewTaskState, SheetLine
from menhu.review.querysets import ReviewTaskStateQuerySet
from menhu.review.rules import REVIEWERS, SUBMITTERS, readers_of, steps_of
from menhu.units.enums import Role
from menhu.units.models import Post, Unit
from menhu.units.policies import current_posts, holds, may, scope_of

Person = User | AnonymousUser


class Refused(PermissionDenied):
    """An action that may not be done; the message tells the person why and who may."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def acting_post(user: Person, state: ReviewTaskState) -> Post | None:
    """The post in which the person decides this step; a deputy's post counts within its dates."""
    posts = (post for post in current_posts(user) if post.role == state.role and post.scope.covers(state.unit))
    return next(posts, None)


def refusal(user: Person, state: ReviewTaskState) -> str:
    """Why the person may not decide the step; empty where they may."""
    if acting_post(user, state) is None:
        return _out_of_place(user, state)
    if not state.is_open:
        return _already_decided(state)
    recusal = Recusal.objects.filter(state_id=state.pk, user_id=user.pk or 0).first()
    if recusal is None:
        return ""
    if recusal.why == Recused.WROTE:
        return _("您撰写或修改过这篇稿件，不能再审核它，请由其他审核人审核。")
    return _("您在本轮已经给过意见，三级审核须由三个不同的人完成。")


def _out_of_place(user: Person, state: ReviewTaskState) -> str:
    asked = {"step": Step(state.step).label, "role": Role(state.role).label, "unit": state.unit_name}
    if holds(user, Role(state.role)):
        return _("这是%(unit)s的稿件，不在您的审核范围内。") % asked
    if may(user, REVIEWERS, state.unit):
        return _("这篇稿件现在是“%(step)s”一步，由%(role)s给意见。") % asked
    return _("这篇稿件由%(unit)s的%(role)s审核，您没有这个岗位。") % asked


def _already_decided(state: ReviewTaskState) -> str:
    line = SheetLine.objects.filter(state_id=state.pk).exclude(verb="correct").order_by("-pk").first()
    if line is None:
        return _("这一步已经结束。")
    return _("这一步已由%(name)s于 %(at)s 处理（%(verb)s）。") % {
        "name": line.person_name,
        "at": f"{timezone.localtime(line.at):%Y-%m-%d %H:%M}",
        "verb": line.get_verb_display(),
    }


def may_decide(user: Person, state: ReviewTaskState) -> bool:
    """Whether the person may approve, reject or correct at this step now."""
    return not refusal(user, state)


def may_correct(user: Person, subject: Model) -> bool:
    """Whether the person may edit a text under review: only the reviewer of its present step."""
    state = open_state(subject)
    return state is not None and may_decide(user, state)


def open_state(subject: Model) -> ReviewTaskState | None:
    """The step at which a subject waits; None when it is not under review."""
    found: ReviewTaskState | None = ReviewTaskState.objects.open().of(subject).select_related("unit").first()
    return found


def may_submit(user: Person, subject: Any) -> bool:
    """Editors and the head of the unit send its texts to review."""
    return may(user, SUBMITTERS, subject.unit)


def may_recall(user: Person, state: ReviewTaskState) -> bool:
    """Whoever submitted it, or an editor of its unit, takes a text back while it waits."""
    return state.is_open and (user.pk == state.submitter_id or may(user, {Role.EDITOR}, state.unit))


def may_read(user: Person, unit: Unit) -> bool:
    """Whether the person may read drafts and review sheets of a unit."""
    return may(user, readers_of(unit.side), unit)


def is_reviewer(user: Person) -> bool:
    """Whether any post of the person reviews anything."""
    return holds(user, *REVIEWERS)


def review_steps(user: Person) -> tuple[Step, ...]:
    """The steps that the person's posts decide, in order."""
    steps = {step for post in current_posts(user) for step in steps_of(post.role)}
    return tuple(step for step in Step if step in steps)


def waiting(user: Person) -> ReviewTaskStateQuerySet:
    """Steps that wait for this person's opinion: open, of their role, within their scope, not their own text."""
    condition = Q(pk__in=[])
    for role in sorted({post.role for post in current_posts(user)} & REVIEWERS):
        scope = scope_of(user, {Role(role)})
        if scope:
            condition |= Q(role=role) & scope.condition("unit_id")
    rows: ReviewTaskStateQuerySet = ReviewTaskState.objects.open().filter(condition)
    return rows.not_recused(user.pk or 0)
