"""The one lock that orders intakes and settlements of all publishers; held for milliseconds, never while rendering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction
from django.utils import timezone

from menhu.delivery.models import PublishingState

_ROW = 1
WINDOW: Final = 5.0
"""Seconds over which published pages are counted."""
RESTED: Final = 60.0
MANY: Final = 50
"""Fewer pages than this in a window say nothing of speed."""


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


def count_settled(state: PublishingState, pages: int) -> None:
    """Keep how many pages a second are published; after a rest counting begins anew. The caller holds the turn."""
    now = timezone.now()
    since = (now - state.counted_from).total_seconds() if state.counted_from else RESTED
    if since >= RESTED:
        state.counted_from, state.counted = now, pages
    elif since >= WINDOW:
        many = state.counted + pages
        state.rate = many / since if many >= MANY else state.rate
        state.counted_from, state.counted = now, 0
    else:
        state.counted += pages
    state.save(update_fields=["counted", "counted_from", "rate"])
