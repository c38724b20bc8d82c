"""Thousands of waiting steps, made as rows: what the list reads is the app's own table."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Revision, TaskState, Workflow, WorkflowState

from menhu.articles.models import Article
from menhu.review.enums import Step
from menhu.review.models import Recusal, ReviewTask, ReviewTaskState
from menhu.review.rules import role_for
from menhu.review.seeds import WORKFLOW
from menhu.units.models import Unit

made = count(1).__next__


def many_waiting(number: int, *, due_step: timedelta = timedelta(minutes=1)) -> None:
    """Open office steps of all units, made as rows: what the list reads is the app's own table."""
    kind = ContentType.objects.get_for_model(Article)
    units = list(Unit.objects.filter(slug__in=["jyj", "slj", "sqz"]).order_by("pk"))
    workflow, task = Workflow.objects.get(name=WORKFLOW), ReviewTask.objects.get(step=Step.OFFICE)
    revision = Revision.objects.create(content_type=kind, object_id="0", content={}, object_str="")
    rounds = WorkflowState.objects.bulk_create(
        WorkflowState(content_type=kind, base_content_type=kind, object_id=f"9{made()}", workflow=workflow)
        for _ in range(number)
    )
    own_kind, now = ContentType.objects.get_for_model(ReviewTaskState), timezone.now()
    parents = TaskState.objects.bulk_create(
        TaskState(workflow_state=round_, revision=revision, task=task, content_type=own_kind, started_at=now)
        for round_ in rounds
    )
    states = [_waiting_row(parent, units[n % 3], kind, n, due_step) for n, parent in enumerate(parents)]
    _insert(states)
    Recusal.objects.bulk_create(Recusal(state_id=state.pk, user_id=state.submitter_id, why="wrote") for state in states)
    _analyse()


def _waiting_row(parent: TaskState, unit: Unit, kind: ContentType, number: int, due_step: timedelta) -> ReviewTaskState:
    base = timezone.now().replace(microsecond=0)
    return ReviewTaskState(
        taskstate_ptr_id=parent.pk,
        step=Step.OFFICE,
        role=role_for(Step.OFFICE, unit.side),
        unit=unit,
        unit_name=unit.short_name,
        title=f"第 {number} 号稿件",
        submitter_id=900_000 + number % 7,
        submitter_name="卓一帆",
        entered_at=base,
        due_at=base + due_step * number,
        digest=f"{number:064d}",
        subject_type=kind,
        subject_id=9_000_000 + made(),
    )


def _insert(states: Iterable[ReviewTaskState]) -> None:
    """Rows of the child table alone (Django's bulk_create takes no multi-table child)."""
    fields = list(ReviewTaskState._meta.local_concrete_fields)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    rows = [[field.get_db_prep_save(getattr(state, field.attname), connection) for field in fields] for state in states]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO review_reviewtaskstate ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def decided_before(number: int) -> None:
    """A past of closed steps, so that a scan of the table would show."""
    many_waiting(number)
    ReviewTaskState.objects.update(is_open=False)
    _analyse()
