"""Rounds that end without an opinion: taken back by the author, or called off."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import TaskState

from menhu.accounts.models import User
from menhu.review.actions.deciding import close, end_round, present_again
from menhu.review.actions.keeping import recorded, write_line
from menhu.review.enums import Verb
from menhu.review.models import ReviewTaskState
from menhu.review.policies import Refused, may_recall, open_state
from menhu.review.subjects import hooks_for
from menhu.units.policies import post_label


@recorded(Verb.RECALL)
def recall(*, subject: Any, by: User) -> None:
    """The author takes a text back before the third opinion; it is theirs to edit again."""
    state = open_state(subject)
    if state is None:
        raise Refused(_("这篇稿件不在审核中，无需撤回。"))
    if not may_recall(by, state):
        raise Refused(_("只有送审人或%(unit)s的信息员可以撤回。") % {"unit": state.unit_name})
    _end(state, Verb.RECALL, by=by)


@recorded(Verb.CANCEL)
def cancel(*, subject: Any, by: User | None, reason: str = "") -> bool:
    """Call off a review because the subject's app ends the text itself (e.g. retracts it); False when none was open.

    Whether the person may do that is the caller's to decide.
    """
    state = open_state(subject)
    if state is None:
        return False
    _end(state, Verb.CANCEL, by=by, reason=reason)
    return True


def cancelled(*, state: ReviewTaskState, by: User | None) -> None:
    """Wagtail has cancelled the workflow itself: the step and the subject follow, and the sheet says so."""
    if state.is_open:
        _end(state, Verb.CANCEL, by=by)


def _end(state: ReviewTaskState, verb: Verb, *, by: User | None, reason: str = "") -> None:
    state = present_again(state.pk)
    close(state, by=by, status=TaskState.STATUS_CANCELLED, comment=reason)
    end_round(state)
    write_line(state, verb, by=by, post=post_label(by) if by else "", opinion=reason)
    subject = state.subject
    hooks_for(subject).cancelled(subject)
