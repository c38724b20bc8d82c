from typing import TYPE_CHECKING, Self

from django.db import models

from menhu.letters.enums import CopyState

if TYPE_CHECKING:
    from menhu.letters.models import Mailbox, PublicCopy  # noqa: F401 - named in quotes below


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class PublicCopyQuerySet(models.QuerySet["PublicCopy"]):
    def published(self) -> Self:
        """What the public may read."""
        return self.filter(state=CopyState.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")
