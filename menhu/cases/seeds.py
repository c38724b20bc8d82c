"""Rules of keeping that every install begins with, switched off; what somebody edited is never touched."""

from dataclasses import asdict
from typing import Any

from menhu.cases.models import RetentionRule
from menhu.cases.presets import RETENTIONS


def seed(**_signal: Any) -> None:
    """Make the rules that are missing."""
    known = set(RetentionRule.objects.filter(code__isnull=False).values_list("code", flat=True))
    missing = [RetentionRule(**asdict(preset)) for preset in RETENTIONS if preset.code not in known]
    RetentionRule.objects.bulk_create(missing, ignore_conflicts=True)
