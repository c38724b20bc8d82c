"""Subjects: apps register the models that pass the three reviews; review knows none of them by name.

A subject's model carries Wagtail's WorkflowMixin, DraftStateMixin and RevisionMixin and a foreign key `unit`. Whether
an item is major is read from `is_major` of the revision under review.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.review.comparing import Difference
from menhu.review.enums import Step
from menhu.review.readings import differences


class Hooks(ABC):
    """What review asks of, and tells to, the app that owns a subject; every call is inside the action's transaction."""

    @abstractmethod
    def entered(self, subject: Any, step: Step) -> None:
        """A step began."""

    @abstractmethod
    def rejected(self, subject: Any, by: User, reason: str) -> None:
        """The text went back to its author."""

    @abstractmethod
    def cancelled(self, subject: Any) -> None:
        """The author took the text back, or the review was called off."""

    @abstractmethod
    def finished(self, subject: Any, revision: Revision, by: User | None) -> None:
        """All three approved `revision`: make exactly this text public."""

    @abstractmethod
    def edit_url(self, subject: Any) -> str:
        """Where a person entitled to edits the text."""

    @abstractmethod
    def authors(self, subject: Any, revision: Revision) -> set[int]:
        """Ids of the accounts that may give no opinion because the text is theirs."""

    def preview(self, request: HttpRequest, subject: Any, revision: Revision) -> HttpResponse:
        """The revision as the public will see it."""
        drawn: Any = revision.as_object()
        response: HttpResponse = drawn.serve_preview(request, drawn.default_preview_mode)
        return response

    def compare(self, subject: Any, old: Revision, new: Revision) -> Sequence[Difference]:
        """What changed from one revision to another, field by field, in words that a reviewer knows."""
        return differences(type(subject), old.content, new.content)


_registered: dict[type[Model], Hooks] = {}


def register(model: type[Model], hooks: Hooks) -> None:
    """Called in `AppConfig.ready`; the workflow is tied to the model after migrations."""
    _registered[model] = hooks


def hooks_for(subject: Model) -> Hooks:
    """Raises KeyError for a model that no app registered."""
    return _registered[type(subject)]


def models() -> tuple[type[Model], ...]:
    return tuple(_registered)
