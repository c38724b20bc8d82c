from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from menhu.cases.models import Case, CaseEvent  # noqa: F401 - named in quotes below


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """Cases whose sender has no answer yet."""
        return self.filter(is_open=True)

    def overdue(self, now: datetime) -> Self:
        """Open cases of which somebody of ours has let a term pass."""
        return self.open().filter(step_due_at__lt=now)

    def in_turn(self) -> Self:
        """Oldest deadline first."""
        return self.order_by("step_due_at", "pk")

    def newest_first(self, before: int | None = None) -> Self:
        """Newest first, from below the id `before` on: paging without counting."""
        cases = self if before is None else self.filter(pk__lt=before)
        return cases.order_by("-pk")

    def after(self, due_at: datetime, pk: int) -> Self:
        """What comes after this row in turn."""
        return self.filter(Q(step_due_at__gt=due_at) | Q(step_due_at=due_at, pk__gt=pk), step_due_at__gte=due_at)


class AppendOnlyQuerySet(models.QuerySet["CaseEvent"]):
    """A timeline is only ever added to; a case that is removed takes its timeline with it by cascade."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("events of a case are only ever added")

    def delete(self) -> NoReturn:
        raise TypeError("events of a case are only ever added")

    def in_order(self) -> Self:
        return self.order_by("pk")
