"""Personal data in Chinese text: found, and masked by two policies.

`shown` masks are for staff lists: enough stays to tell one sender from another (叶**, 138****1234). `published` masks
are for public copies: nothing that leads to a person stays (叶某某, 138********). Every scan takes time linear in
the text.
Finding is a help for the person who edits the public copy, never a replacement for that look.
"""

from menhu.core.personal.finding import Finding, find, propose
from menhu.core.personal.kinds import KINDS, Kind
from menhu.core.personal.masks import (
    masked_address,
    masked_email,
    masked_identity,
    masked_name,
    masked_phone,
    published,
)

__all__ = [
    "KINDS",
    "Finding",
    "Kind",
    "find",
    "masked_address",
    "masked_email",
    "masked_identity",
    "masked_name",
    "masked_phone",
    "propose",
    "published",
]
