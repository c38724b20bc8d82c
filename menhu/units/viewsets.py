"""The only base class of back-office viewsets: every view of every model is scoped by the person's posts."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views import View
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import SnippetViewSet

from menhu.audit.trail import record

ACTION_OF_VIEW = {
    "DeleteView": "delete",
    "UnpublishView": "publish",
    "RevisionsUnscheduleView": "publish",
    "LockView": "lock",
    "UnlockView": "unlock",
    "HistoryView": "view",
    "UsageView": "view",
    "InspectView": "view",
    "RevisionsCompareView": "view",
    "PreviewRevisionView": "view",
    "PreviewOnEditView": "view",
    "WorkflowActionView": "view",
    "CollectWorkflowActionDataView": "view",
    "ConfirmWorkflowCancellationView": "change",
    "WorkflowPreviewView": "view",
    "WorkflowHistoryView": "view",
    "WorkflowHistoryDetailView": "view",
    "ReorderView": "change",
    "EditView": "change",
    "CopyView": "change",
}


class ScopedViewMixin:
    """Put before a Wagtail view class: a stranger's object answers 404, an insufficient role 403; both are recorded."""

    scoped_action: str = "change"
    model: type[Model]
    request: HttpRequest
    object: Model | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        subject = self.scoped_object(kwargs)
        if subject is not None:
            self.refuse_strangers(subject)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def scoped_object(self, kwargs: dict[str, Any]) -> Model | None:
        subject = getattr(self, "object", None)
        if isinstance(subject, Model) and subject.pk is not None:
            return subject
        key = kwargs.get("pk")
        return None if key is None else self.model._default_manager.filter(pk=key).first()

    def refuse_strangers(self, subject: Model) -> None:
        policy = policy_registry.get_by_type(self.model)
        user = self.request.user
        if policy.user_has_permission_for_instance(user, self.scoped_action, subject):
            return
        record(
            "access.refused", subject, by=user, data={"action": self.scoped_action, "address": self.request.path[:200]}
        )
        if policy.user_has_permission_for_instance(user, "view", subject):
            raise PermissionDenied
        raise Http404


class ScopedViewSet(SnippetViewSet):
    """A snippet viewset whose every view goes through `ScopedViewMixin` and whose lists show only rows in scope."""

    copy_view_enabled = False
    list_actions = ("view", "change")

    def construct_view(self, view_class: type[View], **kwargs: Any) -> Callable[..., HttpResponseBase]:
        scoped = type(view_class.__name__, (ScopedViewMixin, view_class), {"scoped_action": self.action_of(view_class)})
        view: Callable[..., HttpResponseBase] = super().construct_view(scoped, **kwargs)
        return view

    def action_of(self, view_class: type[View]) -> str:
        names = [base.__name__ for base in view_class.__mro__]
        return next((ACTION_OF_VIEW[name] for name in names if name in ACTION_OF_VIEW), "change")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        policy = policy_registry.get_by_type(self.model)
        rows: QuerySet[Any] = policy.instances_user_has_any_permission_for(request.user, self.list_actions)
        return rows
