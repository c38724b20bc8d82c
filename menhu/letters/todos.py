"""What of letters waits for a person besides the cases themselves: petitions whose day is near or past."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.core.figures import figure
from menhu.letters.models import PetitionCase
from menhu.units.enums import Role
from menhu.units.policies import scope_of

KEEPERS: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class EndDay:
    """How far the end day of a petition is: "late", "today" or "ok", and words."""

    urgency: str
    label: str


def soon(today: date) -> date:
    """The last day that counts as soon."""
    return today + timedelta(days=int(figure("letters.petition_soon_days")))


def end_day(petition: PetitionCase, today: date) -> EndDay:
    """Days left or past, by the calendar as the end day is."""
    if petition.ended_on is not None:
        return EndDay("ok", _("%(day)s 化解") % {"day": petition.ended_on.isoformat()})
    left = (petition.ends_on - today).days
    if left < 0:
        return EndDay("late", _("超期 %(n)d 天") % {"n": -left})
    return EndDay("ok", _("还剩 %(n)d 天") % {"n": left}) if left else EndDay("today", _("今天到期"))


def petitions_waiting(user: User, now: datetime, limit: int) -> list[PetitionCase]:
    """Open petitions of the person's desk that are past their day or near it, the longest past first."""
    desk = scope_of(user, KEEPERS)
    if not desk:
        return []
    rows = PetitionCase.objects.filter(desk.condition("case__desk_id"), ended_on__isnull=True)
    rows = rows.filter(ends_on__lte=soon(timezone.localdate(now)))
    return list(rows.select_related("leader", "case").order_by("ends_on", "pk")[:limit])
