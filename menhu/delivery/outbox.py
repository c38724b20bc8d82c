"""Outbox: whoever changes what the public can see announces the tags in the same transaction."""

from collections.abc import Iterable

from django.db import connection

from menhu.delivery.models import Change, Lane

CHANNEL = "menhu_delivery"
EVERYTHING = "*"


def announce(tags: Iterable[str], *, lane: Lane = Lane.APPROVAL) -> None:
    """Say which tags changed. Must be called inside the transaction that changes them.

    `EVERYTHING` stands for every page there is (a new release of the templates).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("announce() outside a transaction: the change and its tags must be one")
    changes = [Change(tag=tag, lane=lane) for tag in dict.fromkeys(tags)]
    Change.objects.bulk_create(changes, batch_size=500)
    if changes and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
