"""The verbs of articles. All are keyword-only, run in one transaction and raise Refused with a Chinese message."""

from menhu.articles.actions.drafting import amend, discard, draft, recall, revise, submit
from menhu.articles.actions.guarding import StaleEdit
from menhu.articles.actions.placing import STANDING, adopt, arrange_columns, decline, pin, place, propose, remove, unpin
from menhu.articles.actions.publishing import (
    expire,
    publish,
    publish_scheduled,
    restore,
    retract,
    unschedule,
    withdraw,
)
from menhu.articles.actions.timing import expire_due, publish_due

__all__ = [
    "STANDING",
    "StaleEdit",
    "adopt",
    "amend",
    "arrange_columns",
    "decline",
    "discard",
    "draft",
    "expire",
    "expire_due",
    "pin",
    "place",
    "propose",
    "publish",
    "publish_due",
    "publish_scheduled",
    "recall",
    "remove",
    "restore",
    "retract",
    "revise",
    "submit",
    "unpin",
    "unschedule",
    "withdraw",
]
