"""Fetch and authorise in one step: strangers get 404, readers who may not act 403, both leave an event."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowMixin, WorkflowState
from wagtail.permissions import policy_registry

from menhu.audit.trail import record
from menhu.core.office import answers_refusals as answers_refusals

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]


def fetch(request: HttpRequest, model: type[M], pk: object, action: str) -> M:
    """The row on which the person may act; Http404 for a stranger, PermissionDenied for a reader, both recorded."""
    subject = find(model, pk)
    demand(request, action, subject)
    return subject


def find(model: type[M], pk: object) -> M:
    """The row, or Http404 also for an id that is none."""
    try:
        found = model._default_manager.filter(pk=model._meta.pk.to_python(pk)).first()
    except ValidationError as no_id:
        raise Http404 from no_id
    if found is None:
        raise Http404
    return found


def demand(request: HttpRequest, action: str, subject: Model) -> None:
    """Raise and record unless the person may do the action to this row."""
    policy = policy_registry.get_by_type(type(subject))
    if policy.user_has_permission_for_instance(request.user, action, subject):
        return
    record_refusal(request, subject, action)
    if policy.user_has_permission_for_instance(request.user, "view", subject):
        raise PermissionDenied(_("您可以查看“%(subject)s”，但您的岗位不能办理这一步。") % {"subject": subject})
    raise Http404


def record_refusal(request: HttpRequest, subject: Model | None, action: str) -> None:
    """A refused attempt, with the address that was tried."""
    record("access.refused", subject, by=request.user, data={"action": action, "address": request.path[:200]})


def scoped(view: View, model: type[Model], action: str, *, opens_for_reviewers: bool = False) -> View:
    """Wrap a view of one row (`pk` in its address): authorised before the view touches anything."""

    @answers_refusals
    @wraps(view)
    def checking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "pk" in kwargs:
            subject = find(model, kwargs["pk"])
            if not (opens_for_reviewers and workflow_opens(request, subject)):
                demand(request, action, subject)
            _refuse_borrowed_task(request, subject, kwargs.get("task_state_id"))
        return view(request, *args, **kwargs)

    return checking


def workflow_opens(request: HttpRequest, subject: Model) -> bool:
    """Whether the task that the row is waiting in lets this person into the editor."""
    task = subject.current_workflow_task if isinstance(subject, WorkflowMixin) else None
    return task is not None and bool(task.user_can_access_editor(subject, request.user))


def _refuse_borrowed_task(request: HttpRequest, subject: Model, task_state_id: int | None) -> None:
    """A task state of another row must not be acted on through the address of one's own."""
    if task_state_id is None:
        return
    own = WorkflowState.objects.for_instance(subject)
    if not TaskState.objects.filter(pk=task_state_id, workflow_state__in=own).exists():
        record_refusal(request, subject, f"task-state:{task_state_id}")
        raise Http404
