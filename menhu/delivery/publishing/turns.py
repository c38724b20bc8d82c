"""The one lock that orders intakes and settlements of all publishers; held for milliseconds, never while rendering."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from menhu.delivery.models import PublishingState

_ROW = 1


def current() -> int:
    """The number of the last intake that a render beginning now is sure to have seen."""
    return PublishingState.objects.filter(pk=_ROW).values_list("intake", flat=True).first() or 0


@contextmanager
def turn() -> Iterator[PublishingState]:
    """A short transaction that excludes all other turns, whichever process they are in."""
    with transaction.atomic():
        yield _locked()


def _locked() -> PublishingState:
    state = PublishingState.objects.select_for_update().filter(pk=_ROW).first()
    if state is None:
        PublishingState.objects.bulk_create([PublishingState(pk=_ROW)], ignore_conflicts=True)
        state = PublishingState.objects.select_for_update().get(pk=_ROW)
    return state


def next_intake(state: PublishingState) -> int:
    """Count one more intake; the caller holds the turn."""
    state.intake += 1
    state.save(update_fields=["intake"])
    return state.intake
