from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from menhu.units.models import Post, Unit  # noqa: F401 - named in quotes below


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def within(self, *paths: str) -> Self:
        """Units whose path starts with one of the given paths; none for no path."""
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(path__startswith=path)
        return self.filter(condition)

    def in_order(self) -> Self:
        return self.order_by("path")


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, on: date) -> Self:
        """Posts in their term on that day; a deputy's post also needs the deputised post to stand."""
        in_term = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        principal_in_term = Q(deputy_for__isnull=True) | (
            Q(deputy_for__starts_on__lte=on) & (Q(deputy_for__ends_on__isnull=True) | Q(deputy_for__ends_on__gte=on))
        )
        return self.filter(in_term & principal_in_term, user__is_active=True)

    def holding(self, *roles: str) -> Self:
        return self.filter(role__in=roles)

    def over(self, unit: Any) -> Self:
        """Posts whose scope covers the unit."""
        parts = [part for part in unit.path.split(".") if part]
        prefixes = [".".join(parts[: depth + 1]) + "." for depth in range(len(parts))]
        return self.filter(scope__path__in=prefixes)
