"""Others with the same matter: counted up by visitors, brought to the pages by the clock."""

from typing import Final

from django.db import transaction
from django.db.models import F

from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.models import PublicCopy, SameMatter

PORTION: Final = 500


@transaction.atomic
def count_same(*, copy: PublicCopy) -> int:
    """One more has the same matter; returns how many. Nothing is kept of who it was, and no page changes yet.

    Anybody may; the caller has asked the limits.
    """
    row, _made = SameMatter.objects.get_or_create(copy=copy)
    SameMatter.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db()
    return row.count


@transaction.atomic
def show_counts() -> int:
    """Let pages show what was counted meanwhile; returns how many letters changed."""
    rows = list(SameMatter.objects.exclude(count=F("shown")).order_by("pk").values_list("pk", "count")[:PORTION])
    for shown in {count for _pk, count in rows}:
        pks = [pk for pk, count in rows if count == shown]
        SameMatter.objects.filter(pk__in=pks).update(shown=shown)
    announce([tags.copy(pk) for pk, _count in rows], lane=Lane.BULK)
    return len(rows)
