"""Wagtail's own workflow views, closed: every way into a review ends on our page and in our actions."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.models import TaskState
from wagtail.snippets.views import snippets

from menhu.review import actions
from menhu.review.links import decision_link
from menhu.review.models import ReviewTaskState
from menhu.review.policies import Refused
from menhu.review.views.reading import note_refusal, person_of

# What Wagtail's editor could do to a text around the three reviews.
AROUND = frozenset({"publish", "restart-workflow", "workflow-action"})


def refuse_foreign_step(request: HttpRequest, subject: Model, state: TaskState) -> None:
    """404, recorded, where a step named in the address is not a step of the object named in the address.

    Wagtail asks only whether the person may act on the object in the address, then acts on the step in the address.
    """
    if isinstance(state, ReviewTaskState) and state.belongs_to(subject):
        return
    note_refusal(request, subject, step=state.pk)
    raise Http404(_("没有这个页面。"))


class _ClosedView:
    """Put before Wagtail's view class: nothing is decided there, the person is led to the decision page."""

    object: Model
    task_state: TaskState

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_foreign_step(request, self.object, self.task_state)
        if request.method == "POST":
            messages.warning(request, _("请看过送审文本，再在这里给意见。"))
        return HttpResponseRedirect(decision_link(self.task_state.pk))


class WorkflowActionView(_ClosedView, snippets.WorkflowActionView):
    """For `workflow_action_view_class`."""


class CollectWorkflowActionDataView(_ClosedView, snippets.CollectWorkflowActionDataView):
    """For `collect_workflow_action_data_view_class`."""


class ReviewedEditMixin:
    """Put before Wagtail's create or edit view: submitting and taking back are our actions, the rest is closed."""

    object: Any
    request: HttpRequest

    def get_available_actions(self) -> list[str]:
        offered: Sequence[str] = super().get_available_actions()  # type: ignore[misc]
        return [name for name in offered if name not in AROUND]

    def submit_action(self) -> None:
        self._try(lambda: actions.submit(subject=self.object, by=person_of(self.request)))

    def cancel_workflow_action(self) -> None:
        self._try(lambda: actions.recall(subject=self.object, by=person_of(self.request)))

    def _try(self, act: Any) -> None:
        try:
            act()
        except Refused as refused:
            messages.error(self.request, refused.message)
