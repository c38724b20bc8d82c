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
        """What is to be sent, the longest due first; what a sender took and left is due again after its term."""
        open_states = (MessageState.WAITING, MessageState.SENDING)
        return self.filter(state__in=open_states, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def awaited(self) -> Self:
        return self.filter(useful_until__isnull=False)

    def ended(self) -> Self:
        return self.filter(state__in=(MessageState.SENT, MessageState.GIVEN_UP))

    def given_up(self) -> Self:
        return self.filter(state=MessageState.GIVEN_UP)

    def unwiped(self) -> Self:
        return self.filter(wiped_at__isnull=True)
