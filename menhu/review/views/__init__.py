"""Back-office pages of the reviews, and the classes that close Wagtail's own."""

from menhu.review.views.closing import (
    CollectWorkflowActionDataView,
    ReviewedEditMixin,
    WorkflowActionView,
    refuse_foreign_step,
)
from menhu.review.views.deciding import DecisionView, PreviewView
from menhu.review.views.inbox import ApproveManyView, InboxView
from menhu.review.views.sheets import DifferenceView, SheetView

__all__ = [
    "ApproveManyView",
    "CollectWorkflowActionDataView",
    "DecisionView",
    "DifferenceView",
    "InboxView",
    "PreviewView",
    "ReviewedEditMixin",
    "SheetView",
    "WorkflowActionView",
    "refuse_foreign_step",
]
