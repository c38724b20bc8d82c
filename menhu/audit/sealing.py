"""Sealing: a moment after they were written, events become links of a hash chain; no writer waits for another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from menhu.audit.models import Event, Seal, Unsealed
from menhu.audit.rules import FIRST, link

BATCH = 200
FIELDS = (
    "id",
    "verb",
    "at",
    "actor_id",
    "actor_name",
    "actor_post",
    "address",
    "object_type",
    "object_id",
    "object_label",
    "unit_id",
    "data",
)
PURGE_VERB = "audit.purge"


def values_of(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}


def seal(now: datetime) -> int:
    """Seal whatever waits, in batches of short transactions; returns how many. Called by the clock each second.

    The question comes before the transaction: on SQLite each one takes the write lock, needed or not.
    """
    sealed = 0
    while Unsealed.objects.exists():
        sealed += _seal_batch()
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    waiting = list(Event.objects.filter(pk__in=_oldest_waiting()).order_by("pk"))
    last = Seal.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, FIRST)
    seals = []
    for event in waiting:
        position, digest = position + 1, link(digest, values_of(event))
        seals.append(Seal(event=event, position=position, digest=digest))
    Seal.objects.bulk_create(seals)
    Unsealed.objects.filter(pk__in=[event.pk for event in waiting]).delete()
    return len(seals)


def _oldest_waiting() -> list[int]:
    return list(Unsealed.objects.order_by("pk").values_list("pk", flat=True)[:BATCH])


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk along the chain found: the head it reached, or the first place where it does not hold."""

    sealed: int
    waiting: int
    head: str
    fault: str = ""
    position: int | None = None
    event_id: int | None = None

    @property
    def holds(self) -> bool:
        return not self.fault


def verify() -> Proof:
    """Walk the whole chain and recompute every link, then look for events that were never sealed nor wait."""
    waiting = Unsealed.objects.count()
    expected, digest, count = 1, FIRST, 0
    for seal_row in _links():
        if count == 0 and (purged := _digest_before(seal_row.position)):
            expected, digest = seal_row.position, purged
        fault = _fault(seal_row, expected, digest)
        if fault:
            return Proof(count, waiting, digest, fault, seal_row.position, seal_row.event_id)
        expected, digest, count = expected + 1, seal_row.digest, count + 1
    loose = Event.objects.filter(seal=None).exclude(pk__in=Unsealed.objects.values("pk")).order_by("pk").first()
    if loose is not None:
        return Proof(count, waiting, digest, "unsealed", None, loose.pk)
    return Proof(count, waiting, digest)


def _links() -> Iterator[Seal]:
    return Seal.objects.select_related("event").order_by("position").iterator(chunk_size=2_000)


def _fault(seal_row: Seal, expected: int, previous: str) -> str:
    if seal_row.position != expected:
        return "gap"
    return "" if seal_row.digest == link(previous, values_of(seal_row.event)) else "changed"


def _digest_before(position: int) -> str:
    """Where old events were let go, the chain starts from the digest that the purge itself recorded."""
    purge = Event.objects.filter(verb=PURGE_VERB, data__position=position - 1).first()
    return str(purge.data["digest"]) if purge else ""
