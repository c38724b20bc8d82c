"""The arithmetic of the hash chain (GB/T 22239: audit records are protected against change and removal)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
MINIMUM_RETENTION_DAYS = 183  # six months: 网络安全法 §21(三) as enacted in 2016


def canonical(event: Mapping[str, Any]) -> bytes:
    """One spelling of an event, the same on every database: keys sorted, no spaces, times in UTC to the microsecond."""
    spelled = {key: _spell(value) for key, value in event.items()}
    return json.dumps(spelled, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _spell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def link(previous: str, event: Mapping[str, Any]) -> str:
    """The digest that seals an event to everything before it."""
    return hashlib.sha256(previous.encode() + canonical(event)).hexdigest()
