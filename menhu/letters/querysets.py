from datetime import datetime
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

    def known(self) -> Self:
        """The knowledge base: public letters whose answers are models."""
        return self.published().filter(is_model=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def after(self, published_at: "datetime", pk: int) -> Self:
        """What comes after this row, newest first."""
        older = models.Q(published_at__lt=published_at) | models.Q(published_at=published_at, pk__lt=pk)
        return self.filter(older)
