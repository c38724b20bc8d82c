"""Everything that can be done in a review. Keyword-only; each is one transaction with its trail and its notices.

A refusal raises `menhu.review.policies.Refused`, changes nothing and is recorded. Call these outside a transaction of
your own, or the record of a refusal is rolled back with it.
"""

from menhu.review.actions.correcting import correct
from menhu.review.actions.deciding import Batch, approve, approve_many, complete, reject
from menhu.review.actions.ending import cancel, cancelled, recall
from menhu.review.actions.entering import move_deadlines
from menhu.review.actions.keeping import refuse
from menhu.review.actions.submitting import begin, submit

__all__ = [
    "Batch",
    "approve",
    "approve_many",
    "begin",
    "cancel",
    "cancelled",
    "complete",
    "correct",
    "move_deadlines",
    "recall",
    "refuse",
    "reject",
    "submit",
]
