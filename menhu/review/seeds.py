"""The workflow 三级审批 with its three steps, tied to every registered subject; idempotent, after each migration."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from menhu.review.enums import Step
from menhu.review.models import ReviewTask
from menhu.review.rules import ORDER
from menhu.review.subjects import models

WORKFLOW = "三级审批"


def seed(**_signal: Any) -> None:
    """Make what is missing; what stands is left as it is."""
    tables = {ReviewTask._meta.db_table, WorkflowContentType._meta.db_table, ContentType._meta.db_table}
    if not tables <= set(connection.introspection.table_names()):
        return  # a migration of single apps: the others are not there yet
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW)
    for number, step in enumerate(ORDER):
        _tie_step(workflow, step, number)
    for model in models():
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        WorkflowContentType.objects.update_or_create(content_type=kind, defaults={"workflow": workflow})


def _tie_step(workflow: Workflow, step: Step, number: int) -> None:
    task, _made = ReviewTask.objects.get_or_create(step=step, defaults={"name": str(step.label)})
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": number})
