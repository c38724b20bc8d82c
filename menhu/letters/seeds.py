"""Kinds of letters that every install begins with; what somebody edited is never touched."""

from typing import Any

from menhu.cases.models import CaseKind
from menhu.letters import kinds
from menhu.letters.openness import terms


def seed(**_signal: Any) -> None:
    """Make the kinds that are missing."""
    wanted = {**kinds.seeded(), terms.CODE: terms.seeded()}
    known = set(CaseKind.objects.values_list("code", flat=True))
    missing = [CaseKind(code=code, **values) for code, values in wanted.items() if code not in known]
    CaseKind.objects.bulk_create(missing, ignore_conflicts=True)
