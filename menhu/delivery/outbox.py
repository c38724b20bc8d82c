"""Outbox: whoever changes what the public can see announces the tags in the same transaction."""

from collections.abc import Iterable

from django.db import connection

from menhu.delivery.models import Change, Lane


def announce(tags: Iterable[str], *, lane: Lane = Lane.APPROVAL) -> None:
    """Say which tags changed. Must be called inside the transaction that changes them."""
    if not connection.in_atomic_block:
        raise RuntimeError("announce() outside a transaction: the change and its tags must be one")
    Change.objects.bulk_create([Change(tag=tag, lane=lane) for tag in dict.fromkeys(tags)])
