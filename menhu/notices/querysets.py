from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from menhu.accounts.models import User
    from menhu.notices.models import Notice  # noqa: F401 - named in quotes below


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: "User") -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def newest_first(self, before: int | None = None) -> Self:
        """Newest first, from below the id `before` on: paging without counting."""
        notices = self if before is None else self.filter(pk__lt=before)
        return notices.order_by("-pk")
