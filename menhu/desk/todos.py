"""What waits for a person, from every app, in one list: oldest deadline first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles.enums import PlacementState
from menhu.articles.models import Placement
from menhu.articles.policies import WRITERS
from menhu.cases import todos as cases
from menhu.cases.actions.ending import BAD
from menhu.cases.lateness import WorkingDays, when_of
from menhu.cases.models import Case
from menhu.letters import todos as letters
from menhu.review import todos as review
from menhu.sites.enums import RequestState
from menhu.sites.models import ColumnRequest
from menhu.units.enums import Role
from menhu.units.policies import holds, scope_of
from menhu.workdays.deadlines import office_hours
from menhu.workdays.timing import due_label, urgency


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of the desk, ready to be shown."""

    title: str
    link: str
    kind: str
    verb: str
    due_label: str
    urgency: str
    notes: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures at the head of the desk, reviews and cases together; `handled` is this month's work."""

    waiting: int
    late: int
    today: int
    handled: int


def waiting(user: User, now: datetime, limit: int) -> list[Todo]:
    """Reviews and cases by deadline, then what has no deadline, oldest first."""
    dated = [*_reviews(user, now, limit), *_cases(user, now, limit), *_petitions(user, now, limit)]
    dated.sort(key=lambda todo: todo.due_at or now)
    return [*dated, *_proposals(user, limit), *_requests(user, limit)][:limit]


def counts(user: User, now: datetime) -> Counts:
    reviews, own_cases = review.counts(user, now), cases.counts(user, now)
    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    handled = review.decided_since(user, month)
    if cases.is_worker(user):
        handled += cases.handled_since(user, month)
    return Counts(
        waiting=reviews.waiting + own_cases.waiting,
        late=reviews.late + own_cases.late,
        today=reviews.today + own_cases.today,
        handled=handled,
    )


def _reviews(user: User, now: datetime, limit: int) -> Iterator[Todo]:
    for item in review.waiting_for(user, limit):
        major = (_("重大事项"),) if item.is_major else ()
        yield Todo(
            title=item.title,
            link=item.link,
            kind=_("待审"),
            verb=_("去审核"),
            due_label=due_label(item.due_at, now),
            urgency=urgency(item.due_at, now),
            notes=(f"{item.unit} {item.submitter}", str(item.step.label), *major),
            due_at=item.due_at,
        )


def _cases(user: User, now: datetime, limit: int) -> Iterator[Todo]:
    if not cases.is_worker(user):
        return
    found = cases.waiting_for(user, now, limit)
    days = WorkingDays([case.step_due_at for case in found], now)
    for case in found:
        when = when_of(case, days, now)
        yield Todo(
            title=case.title,
            link=reverse("cases:show", args=[case.pk]),
            kind=case.kind.name,
            verb=_("去办理"),
            due_label=when.label,
            urgency=when.urgency,
            notes=(case.number, _state_of(case), case.lead.short_name if case.lead else ""),
            due_at=case.step_due_at,
        )


def _petitions(user: User, now: datetime, limit: int) -> Iterator[Todo]:
    found = letters.petitions_waiting(user, now, limit)
    office, today = (office_hours() if found else None), timezone.localtime(now)
    for petition in found:
        day = letters.end_day(petition, today.date())
        yield Todo(
            title=petition.case.title,
            link=reverse("letters_office:petition", args=[petition.pk]),
            kind=_("信访包案"),
            verb=_("去督办"),
            due_label=day.label,
            urgency=day.urgency,
            notes=(petition.case.number, str(petition.leader)),
            due_at=office.closing(petition.ends_on, today) if office else None,
        )


def _state_of(case: Case) -> str:
    is_bad = case.rating is not None and case.rating <= BAD
    return _("差评待核实") if is_bad else str(case.get_state_display())


def _proposals(user: User, limit: int) -> Iterator[Todo]:
    scope = scope_of(user, WRITERS)
    if not scope:
        return
    rows = Placement.objects.filter(
        scope.condition("column__owner_id"), state=PlacementState.PROPOSED, article__live=True
    ).select_related("article__unit", "column__site")
    for row in rows.order_by("proposed_at", "pk")[:limit]:
        yield Todo(
            title=row.article.title,
            link=reverse("articles:proposals"),
            kind=_("报送"),
            verb=_("去采用"),
            due_label=f"{timezone.localtime(row.proposed_at):%m-%d}",
            urgency="ok",
            notes=(row.article.unit.short_name, _("报送到“%(column)s”") % {"column": row.column.name}),
        )


def _requests(user: User, limit: int) -> Iterator[Todo]:
    if not holds(user, Role.WEBMASTER):
        return
    rows = ColumnRequest.objects.filter(state=RequestState.WAITING).select_related("site", "unit", "column")
    for row in rows.order_by("pk")[:limit]:
        yield Todo(
            title=str(row),
            link=reverse("sites:request", args=[row.pk]),
            kind=_("栏目申请"),
            verb=_("去批复"),
            due_label=f"{timezone.localtime(row.requested_at):%m-%d}",
            urgency="ok",
            notes=(row.unit.short_name, row.site.name),
        )
