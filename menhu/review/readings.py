"""What a reviewer reads in a revision: its fields by the names of the editor, as plain words."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Field, ForeignKey, ManyToOneRel, Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from menhu.review.comparing import Change, Difference, Piece, compare, plain_text

Content = Mapping[str, Any]

# Facts about the row as a whole that Wagtail writes into every revision.
OF_THE_ROW: Final = frozenset({"first_published_at", "last_published_at", "latest_revision", "live_revision"})


def digest(content: Content) -> str:
    """The fingerprint of a revision as it stands in the database; Wagtail's autosave may overwrite one in place."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def differences(model: type[Model], old: Content, new: Content) -> tuple[Difference, ...]:
    """Field by field what differs between two revisions; at most one query for each changed relation."""
    return tuple(_all_differences(model, old, new))


def _all_differences(model: type[Model], old: Content, new: Content) -> Iterator[Difference]:
    for field in model._meta.concrete_fields:
        name = field.attname if field.attname in new else field.name
        if field.editable and field.name not in OF_THE_ROW and old.get(name) != new.get(name):
            before, after = _words(field, old.get(name)), _words(field, new.get(name))
            yield _difference(str(field.verbose_name), before, after)
    for relation in model._meta.related_objects:
        name = relation.get_accessor_name() or ""
        if isinstance(relation, ManyToOneRel) and name in new and old.get(name) != new.get(name):
            label = str(_model_of(relation)._meta.verbose_name)
            yield _difference(label, _children(relation, old), _children(relation, new))


def _difference(label: str, old: str, new: str) -> Difference:
    """Of two values that differ; where the words are the same, say that the form is not."""
    same_words = (Piece(Change.COME, _("字词未变，格式或版面有变化")),)
    return Difference(label, compare(old, new) or (same_words,))


def _words(field: "Field[Any, Any]", value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, ForeignKey):
        return _name_of(field, value)
    return _moment(value) or (plain_text(str(value)) if "<" in str(value) else str(value))


def _model_of(field: "ForeignKey[Any, Any] | ManyToOneRel") -> type[Model]:
    model = field.related_model
    assert not isinstance(model, str)  # noqa: S101 - only while models are still being loaded
    return model


def _name_of(field: "ForeignKey[Any, Any]", value: Any) -> str:
    found = _model_of(field)._base_manager.filter(pk=value).first()
    return str(value if found is None else found)


def _moment(value: Any) -> str:
    moment: datetime | None = parse_datetime(value) if isinstance(value, str) and "T" in value[:11] else None
    if moment is None:
        return ""
    return f"{timezone.localtime(moment) if timezone.is_aware(moment) else moment:%Y-%m-%d %H:%M}"


def _children(relation: ManyToOneRel, content: Content) -> str:
    """Child rows, a line each: their own values, without keys and positions."""
    skipped = {"pk", "id", "sort_order", relation.field.name}
    fields = [field for field in _model_of(relation)._meta.concrete_fields if field.name not in skipped]
    rows = content.get(relation.get_accessor_name() or "") or ()
    lines = (filter(None, (_words(field, row.get(field.name)) for field in fields)) for row in rows)
    return "\n".join("　".join(words) for words in lines)
