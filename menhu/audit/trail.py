"""The trail: who did what to which object, kept for ever as values."""

from contextvars import ContextVar
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone

from menhu.audit.models import Event

client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


class Actor(Protocol):
    """Whoever acts: an account with a name and, where known, the post in which they act."""

    pk: Any


def record(
    verb: str,
    subject: Model | None,
    *,
    by: Actor | AnonymousUser | None,
    post: str = "",
    unit_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Append one event. `verb` is "app.verb" (e.g. "articles.retract"); call it inside the action's transaction."""
    return Event.objects.create(
        verb=verb,
        at=timezone.now(),
        actor_id=getattr(by, "pk", None),
        actor_name=str(getattr(by, "name", "") or ("" if by is None else by))[:80],
        actor_post=(post or str(getattr(by, "post_label", "")))[:200],
        address=client_address.get(),
        object_type="" if subject is None else subject._meta.label_lower,
        object_id="" if subject is None else str(subject.pk),
        object_label="" if subject is None else str(subject)[:300],
        unit_id=unit_id if unit_id is not None else getattr(subject, "unit_id", None),
        data=data or {},
    )
