from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from menhu.notices.enums import MessageState

if TYPE_CHECKING:
    from menhu.accounts.models import User
    from menhu.notices.models import Message, Notice  # noqa: F401 - named in quotes below


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: "User") -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def newest_first(self, before: int | None = None) -> Self:
        """Newest first, from below the id `before` on: paging without counting."""
        notices = self if before is None else self.filter(pk__lt=before)
        return notices.order_by("-pk")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """What is to be sent, the longest due first."""
        return self.filter(state=MessageState.WAITING, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def abandoned(self, now: datetime) -> Self:
        """What a sender took and did not bring to an end in its term."""
        return self.filter(state=MessageState.SENDING, next_attempt_at__lte=now)

    def awaited(self) -> Self:
        return self.filter(useful_until__isnull=False)

    def unhurried(self) -> Self:
        return self.filter(useful_until__isnull=True)

    def delayed(self) -> Self:
        """What failed and will be tried again, the most often tried first."""
        return self.filter(state=MessageState.WAITING, attempts__gt=0).order_by("-attempts", "-pk")

    def ended(self) -> Self:
        return self.filter(state__in=(MessageState.SENT, MessageState.GIVEN_UP))

    def given_up(self) -> Self:
        return self.filter(state=MessageState.GIVEN_UP)

    def unwiped(self) -> Self:
        return self.filter(wiped_at__isnull=True)
