"""What every action keeps: lines of the sheet, the trail, and the refusals."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.review.enums import Verb
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import Refused
from menhu.units.policies import post_label

P = ParamSpec("P")
R = TypeVar("R")


def recorded(verb: Verb) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run the action in one transaction; a refusal undoes all of it and is itself recorded."""

    def wrap(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except Refused as refusal:
                note_refusal(verb, refusal.message, kwargs)
                raise

        return run

    return wrap


def note_refusal(verb: Verb, why: str, given: dict[str, Any]) -> None:
    """Write a refusal into the trail, outside the transaction that it undid."""
    state, by = given.get("state"), given.get("by")
    subject: Model | None = state or given.get("subject")
    data = {"verb": str(verb.value), "reason": why, "opinion": given.get("opinion") or given.get("reason") or ""}
    record("review.refused", subject, by=by, post=post_label(by) if by else "", data=data)


def refuse(*, state: ReviewTaskState, by: User | None, verb: Verb) -> NoReturn:
    """An opinion that came by another way than our actions: recorded and refused."""
    why = _("意见只能通过审核页面提交。")
    note_refusal(verb, why, {"state": state, "by": by})
    raise Refused(why)


def write_line(state: ReviewTaskState, verb: Verb, *, by: User | None, post: str, **values: Any) -> SheetLine:
    """Add a line about a step to the review sheet, and the same to the trail."""
    line = SheetLine.objects.create(
        subject_type=f"{state.subject_type.app_label}.{state.subject_type.model}",
        subject_id=state.subject_id,
        round_id=state.workflow_state_id,
        state_id=state.pk,
        verb=verb,
        person_id=by.pk if by else None,
        person_name=str(by)[:80] if by else "",
        person_post=post[:200],
        at=timezone.now(),
        title=state.title,
        unit_id=state.unit_id,
        **{"step": state.step, "revision_id": state.revision_id, "digest": state.digest, **values},
    )
    kept = {"step": line.step, "round": line.round_id, "revision": line.revision_id, "opinion": line.opinion}
    record(f"review.{verb.value}", state, by=by, post=post, data=kept)
    return line
