"""What a refusal must leave as it was: the business tables, row by row."""

from typing import Any

from django.apps import apps
from wagtail.models import Revision, TaskState, WorkflowState

LABELS = ("articles", "sites", "files", "review", "delivery", "notices")


def dump() -> dict[str, list[dict[str, Any]]]:
    """All rows of the tables in which articles live; the trail is left out, since a refusal is written there."""
    models = [model for label in LABELS for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in (*models, Revision, TaskState, WorkflowState)
    }
