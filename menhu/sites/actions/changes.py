"""Which tags a change touches, and what the trail keeps of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from menhu.sites import tags
from menhu.sites.models import Column


def set_fields(row: Model, fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Set the fields; returns {name: [old, new]} as texts for those that differ."""
    differences = {}
    for name, value in fields.items():
        old = getattr(row, name)
        if old != value:
            differences[name] = [_text(old), _text(value)]
            setattr(row, name, value)
    return differences


def save_new(row: Model, taken: dict[str, Any] | str) -> None:
    """Insert the row; where another one was quicker, the constraint's refusal becomes a ValidationError."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(taken) from error


def tree_tags(columns: Iterable[Column]) -> set[str]:
    """What a change in the tree touches: the columns, those above, the tree; with a section every page's header."""
    changed: set[str] = set()
    for column in columns:
        changed |= {tags.column(column.pk), tags.columns(column.site_id)}
        if column.parent_id is not None:
            changed.add(tags.column(column.parent_id))
        if column.is_section:
            changed.add(tags.site(column.site_id))
    return changed


def _text(value: Any) -> str:
    return "" if value is None else str(value)
