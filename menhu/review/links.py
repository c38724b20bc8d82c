"""Addresses of the review pages, for notices and to-dos."""

from typing import Any

from django.db.models import Model
from django.urls import reverse


def inbox_link() -> str:
    return reverse("review:inbox")


def decision_link(state_id: int) -> str:
    return reverse("review:decide", args=[state_id])


def difference_link(line_id: int) -> str:
    """Where a correction is shown: what the text was and what it became."""
    return reverse("review:difference", args=[line_id])


def sheet_link(subject: Model | type[Model], pk: Any = None) -> str:
    """The review sheet of a subject."""
    key = getattr(subject, "pk", None) if pk is None else pk
    return reverse("review:sheet", args=[subject._meta.app_label, subject._meta.model_name, key])
