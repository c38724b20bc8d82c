"""The trail: who did what to which object, kept for ever as values."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone

from menhu.audit.models import Event

PostLabel = Callable[[Any], str]
_post_label: list[PostLabel] = []

client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


class Actor(Protocol):
    """Whoever acts: an account with a name and, where known, the post in which they act."""

    pk: Any


@contextmanager
def without_address() -> Iterator[None]:
    """Events recorded within do not keep from where: for one that says that somebody's data are gone."""
    token = client_address.set(None)
    try:
        yield
    finally:
        client_address.reset(token)


def name_posts_by(function: PostLabel) -> None:
    """Say how to name the posts in which somebody acts; the app that knows posts calls this in `AppConfig.ready`."""
    _post_label[:] = [function]


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
    event = _event(verb, subject, by, post or posts_of(by), unit_id, data)
    event.save(force_insert=True)
    return event


def record_all(
    verb: str, subjects: Iterable[Model], *, by: Actor | AnonymousUser | None, data: dict[str, Any] | None = None
) -> None:
    """Append one event for each subject, all alike, in as many queries as for one."""
    post = posts_of(by)
    Event.objects.bulk_create([_event(verb, subject, by, post, None, data) for subject in subjects])


def _event(
    verb: str,
    subject: Model | None,
    by: Actor | AnonymousUser | None,
    post: str,
    unit_id: int | None,
    data: dict[str, Any] | None,
) -> Event:
    return Event(
        verb=verb,
        at=timezone.now(),
        actor_id=getattr(by, "pk", None),
        actor_name=_name_of(by)[:80],
        actor_post=post[:200],
        address=client_address.get(),
        object_type="" if subject is None else subject._meta.label_lower,
        object_id="" if subject is None else str(subject.pk),
        object_label="" if subject is None else str(subject)[:300],
        unit_id=unit_id if unit_id is not None else getattr(subject, "unit_id", None),
        data=data or {},
    )


def posts_of(by: Actor | AnonymousUser | None) -> str:
    """The posts in which somebody acts, in words; empty for nobody."""
    return _post_label[0](by) if by is not None and by.pk is not None and _post_label else ""


def _name_of(by: Actor | AnonymousUser | None) -> str:
    if by is None or by.pk is None:
        return ""
    return str(getattr(by, "name", "") or by)
