from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from wagtail.models import TaskStateQuerySet

if TYPE_CHECKING:
    from menhu.review.models import ReviewTaskState, SheetLine  # noqa: F401 - SheetLine is named in a string

# The inbox, oldest deadline first: the order of two partial indexes.
IN_TURN = ("due_at", "taskstate_ptr_id")


class ReviewTaskStateQuerySet(TaskStateQuerySet):
    """Steps under review. Filters touch the app's own table only, so that the inbox needs no join."""

    if TYPE_CHECKING:

        def get(self, *args: object, **kwargs: object) -> "ReviewTaskState": ...

    def open(self) -> Self:
        return self.filter(is_open=True)

    def of(self, subject: Model) -> Self:
        """Steps of one subject."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)

    def overdue(self, now: datetime) -> Self:
        return self.filter(due_at__lt=now)

    def not_recused(self, user_id: int) -> Self:
        """Without steps on which this person may give no opinion: their own texts and those they have signed."""
        recusals = self.model._meta.get_field("recusals").related_model
        return self.filter(~Exists(recusals._base_manager.filter(state_id=OuterRef("pk"), user_id=user_id)))

    def in_turn(self) -> Self:
        return self.order_by(*IN_TURN)

    def after(self, due_at: datetime, pk: int) -> Self:
        """What comes after this row in turn (keyset paging)."""
        return self.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, taskstate_ptr_id__gt=pk), due_at__gte=due_at)


class SheetLineQuerySet(QuerySet["SheetLine"]):
    def of(self, subject: Model) -> Self:
        """All lines about a subject."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def of_round(self, round_id: int) -> Self:
        return self.filter(round_id=round_id)

    def in_order(self) -> Self:
        return self.order_by("pk")
