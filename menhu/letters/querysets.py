from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q

from menhu.articles.rules import bucket_key, bucket_name
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

    def on_page(self, name: str) -> Self:
        """Those that one page of a month lists."""
        month, part = bucket_key(name)
        return self.filter(bucket=month, part=part)

    def beside(self, month: str | OuterRef, part: int | OuterRef, *, is_newer: bool) -> Self:
        """Those on the pages before or after this one, the nearest page first."""
        if is_newer:
            return self.filter(Q(bucket__gt=month) | Q(part__gt=part), bucket__gte=month).order_by("bucket", "part")
        return self.filter(Q(bucket__lt=month) | Q(part__lt=part), bucket__lte=month).order_by("-bucket", "-part")

    def page_beside(self, name: str, *, is_newer: bool) -> str | None:
        """The page before or after this one among those that list something: one indexed probe."""
        found = self.beside(*bucket_key(name), is_newer=is_newer).values_list("bucket", "part").first()
        return bucket_name(*found) if found else None

    def after(self, published_at: "datetime", pk: int) -> Self:
        """What comes after this row, newest first."""
        older = models.Q(published_at__lt=published_at) | models.Q(published_at=published_at, pk__lt=pk)
        return self.filter(older)
