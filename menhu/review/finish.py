"""What Wagtail calls when a workflow ends well (WAGTAIL_FINISH_WORKFLOW_ACTION).

Wagtail reads this module while its models load, so nothing of Wagtail may be imported at the top.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from menhu.accounts.models import User


def finish(workflow_state: "WorkflowState", user: "User | None" = None) -> None:
    """Hand over the approved revision, never the latest. Raises Refused where three opinions are not complete."""
    from menhu.review.actions import complete

    complete(round_=workflow_state, by=user)
