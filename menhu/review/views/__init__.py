"""Back-office pages of the reviews."""

from menhu.review.views.deciding import DecisionView, PreviewView
from menhu.review.views.inbox import ApproveManyView, InboxView
from menhu.review.views.sheets import DifferenceView, SheetView

__all__ = [
    "ApproveManyView",
    "DecisionView",
    "DifferenceView",
    "InboxView",
    "PreviewView",
    "SheetView",
]
