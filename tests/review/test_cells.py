"""Every cell of (where the text stands, verb, persona): what is allowed changes exactly what the table says; what is
refused changes nothing and is recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.review import actions
from menhu.review.enums import Step, Verb
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import Refused, open_state
from menhu.review.rules import TRANSITIONS
from tests.factories import PEOPLE, World
from tests.review.conftest import advanced, dump, saved

PERSONAS = [persona for persona, *_rest in PEOPLE]
REVIEWS = (Verb.APPROVE, Verb.REJECT, Verb.CORRECT)
ALLOWED: dict[tuple[str, Verb], set[str]] = {
    ("draft", Verb.SUBMIT): {"editor", "head"},
    **{("head", verb): {"head"} for verb in REVIEWS},
    **{("office", verb): {"government_reviewer"} for verb in REVIEWS},
    **{("secrecy", verb): {"secrecy_reviewer"} for verb in REVIEWS},
    **{(step, Verb.RECALL): {"editor"} for step in ("head", "office", "secrecy")},
    # A published text may be sent to review again; whether that makes sense is its own app's rule.
    ("done", Verb.SUBMIT): {"editor", "head"},
}
STAGES = ("draft", "head", "office", "secrecy", "done")
VERBS = (Verb.SUBMIT, *REVIEWS, Verb.RECALL)
CELLS = [(stage, verb) for stage in STAGES for verb in VERBS if not (stage == "draft" and verb in REVIEWS)]


class UndoError(Exception):
    """Ends a trial inside a transaction and takes everything back."""


def brought_to(stage: str, draft: Article, world: World) -> ReviewTaskState | None:
    if stage == "draft":
        return None
    return advanced(draft, world, None if stage == "done" else Step(stage))


def doing(verb: Verb, subject: Article, state: ReviewTaskState | None, by: User) -> Callable[[], Any]:
    given: dict[Verb, Callable[[], Any]] = {
        Verb.SUBMIT: lambda: actions.submit(subject=subject, by=by),
        Verb.APPROVE: lambda: actions.approve(state=state, by=by, opinion="可以发布"),
        Verb.REJECT: lambda: actions.reject(state=state, by=by, reason="日期不对"),
        Verb.CORRECT: lambda: actions.correct(state=state, by=by),
        Verb.RECALL: lambda: actions.recall(subject=subject, by=by),
    }
    return given[verb]


@pytest.mark.parametrize(("stage", "verb"), CELLS)
def test_cell(stage: str, verb: Verb, draft: Article, world: World) -> None:
    state = brought_to(stage, draft, world)
    for persona in PERSONAS:
        try:
            with transaction.atomic():
                by = world.people[persona]
                if verb is Verb.CORRECT:
                    saved(draft, by, title=f"{persona}的更正稿")
                    draft.refresh_from_db()
                act = doing(verb, draft, state, by)
                if persona in ALLOWED.get((stage, verb), set()):
                    moves_as_the_table_says(act, stage, verb, draft, by)
                else:
                    is_refused_and_recorded(act, verb, by)
                raise UndoError
        except UndoError:
            draft.refresh_from_db()


def moves_as_the_table_says(act: Callable[[], Any], stage: str, verb: Verb, subject: Article, by: User) -> None:
    before, lines = open_state(subject), set(SheetLine.objects.values_list("pk", flat=True))
    trail = set(Event.objects.values_list("pk", flat=True))
    act()
    after = open_state(subject)
    step = None if before is None else Step(before.step)
    assert (None if after is None else after.step) == TRANSITIONS[(step, verb)][0]
    line = SheetLine.objects.exclude(pk__in=lines).get()
    assert (line.verb, line.person_id, line.step) == (verb, by.pk, "" if step is None else step)
    kept = Event.objects.exclude(pk__in=trail).filter(verb=f"review.{verb.value}").get()
    assert (kept.actor_id, kept.actor_name) == (by.pk, by.name)
    assert not Event.objects.exclude(pk__in=trail).filter(verb="review.refused").exists()


def is_refused_and_recorded(act: Callable[[], Any], verb: Verb, by: User) -> None:
    before, trail = dump(), set(Event.objects.values_list("pk", flat=True))
    with pytest.raises(Refused) as refused:
        act()
    assert dump() == before
    event = Event.objects.exclude(pk__in=trail).get()
    assert (event.verb, event.actor_id) == ("review.refused", by.pk)
    assert (event.data["verb"], event.data["reason"]) == (verb.value, refused.value.message)
    assert refused.value.message.endswith("。")
