from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import connection, models
from django.db.models import Q

from menhu.cases.rules import FINAL

if TYPE_CHECKING:
    from menhu.cases.models import Case, CaseEvent, RetentionRule, RetentionRun  # noqa: F401 - named in quotes below


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """Cases whose sender has no answer yet."""
        return self.filter(is_open=True)

    def overdue(self, now: datetime) -> Self:
        """Open cases of which somebody of ours has let a term pass."""
        return self.open().filter(step_due_at__lt=now)

    def ended(self) -> Self:
        """Cases of which nothing more is to come: closed or refused, never to be opened again."""
        return self.filter(state__in=FINAL, ended_at__isnull=False)

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

    def erase_words(self, cases: Iterable[int], *, run: "RetentionRun") -> int:
        """Empty what was said on timelines whose time of keeping is over: the one change there is (ADR 21).

        Who did what and when stays. Raises TypeError for a run that does not stand open in this transaction.
        """
        is_running = connection.in_atomic_block and type(run)._default_manager.filter(pk=run.pk).open().exists()
        if not is_running:
            raise TypeError("words of a timeline are erased by a running retention run only")
        return models.QuerySet(self.model, using=self.db).filter(case_id__in=cases).update(text="", note="")

    def in_order(self) -> Self:
        return self.order_by("pk")


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def in_force(self) -> Self:
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        """Anonymising comes before deleting, the shorter term before the longer."""
        return self.order_by("deed", "days", "pk")


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    def open(self) -> Self:
        """Started and not yet ended."""
        return self.filter(finished_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-pk")
