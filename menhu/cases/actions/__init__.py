"""What may be done with a case: one keyword-only function a verb."""

from menhu.cases.actions.answering import draft, send_back, sign, signed_answer
from menhu.cases.actions.ending import close, rate, reopen
from menhu.cases.actions.handling import (
    ask,
    consult,
    give_back,
    give_opinion,
    hear,
    lapse,
    note_progress,
    pass_over,
    supplement,
    take,
)
from menhu.cases.actions.linking import followers, lead_unit, merge, parts, split, unmerge
from menhu.cases.actions.looking import reveal_sender
from menhu.cases.actions.pressing import ask_extension, decide_extension, press, report_back
from menhu.cases.actions.receiving import Matter, Receipt, SenderData, find_by_code, receive
from menhu.cases.actions.screening import accept, assign, decline, designate, mark_complex

__all__ = [
    "Matter",
    "Receipt",
    "SenderData",
    "accept",
    "ask",
    "ask_extension",
    "assign",
    "close",
    "consult",
    "decide_extension",
    "decline",
    "designate",
    "draft",
    "find_by_code",
    "followers",
    "give_back",
    "give_opinion",
    "hear",
    "lapse",
    "lead_unit",
    "mark_complex",
    "merge",
    "note_progress",
    "parts",
    "pass_over",
    "press",
    "rate",
    "receive",
    "reopen",
    "report_back",
    "reveal_sender",
    "send_back",
    "sign",
    "signed_answer",
    "split",
    "supplement",
    "take",
    "unmerge",
]
