from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from menhu.articles.models import Article, Placement  # noqa: F401 - named in quotes below


class ArticleQuerySet(models.QuerySet["Article"]):
    def live(self) -> Self:
        """Articles whose page stands (withdrawn ones with their notice); drafts never."""
        return self.filter(live=True, retracted_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-pk")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def listed(self) -> Self:
        """What the public list of a column shows."""
        return self.filter(is_listed=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")
