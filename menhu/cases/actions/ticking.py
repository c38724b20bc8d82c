"""What the clock does: ends waiting that nobody ends, closes what is over, reminds in office time, reckons again."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions.ending import close
from menhu.cases.actions.handling import lapse, pass_over
from menhu.cases.actions.moving import write_event
from menhu.cases.actions.screening import link_of
from menhu.cases.deadlines import Alarm, Matter, Reckoning
from menhu.cases.enums import CaseState, EventKind, Party
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused, owners
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.policies import holders

PORTION: Final = 200
LONG_AGO: Final = timedelta(days=400)
ENDINGS: Final = {
    CaseState.ASKED: lapse,
    CaseState.CONSULTED: pass_over,
    CaseState.ANSWERED: close,
    CaseState.RATED: close,
}


def end_waiting(now: datetime) -> int:
    """Go on where somebody outside let their time pass; returns how many cases moved. One transaction each."""
    rows = Case.objects.filter(state__in=ENDINGS, step_due_at__lt=now).select_related("kind").order_by("step_due_at")
    return sum(_end(case) for case in rows[:PORTION])


def _end(case: Case) -> bool:
    """Somebody may have been faster; then there is nothing to end."""
    try:
        ENDINGS[CaseState(case.state)](case=case, by=Party.CLOCK)
    except CaseRefused:
        return False
    return True


def remind(now: datetime) -> int:
    """Tell people of terms that run out, in office time only; returns how many cases were told of."""
    reckoning = Reckoning()
    if not reckoning.is_office_time(now):
        return 0
    rows = Case.objects.filter(next_alarm_at__lte=now).select_related("kind", "lead", "desk", "handler")
    return sum(_remind(case, reckoning, now) for case in rows.order_by("next_alarm_at")[:PORTION])


@transaction.atomic
def _remind(case: Case, reckoning: Reckoning, now: datetime) -> bool:
    """Claim the alarm by compare-and-set, then tell of the gravest one that is due."""
    alarms = reckoning.alarms(case, case.due_at, case.step_due_at)
    due = [alarm for alarm in alarms if alarm.at <= now and alarm.at >= (case.next_alarm_at or now)]
    coming = min((alarm.at for alarm in alarms if alarm.at > now), default=None)
    claimed = Case.objects.filter(pk=case.pk, version=case.version, next_alarm_at=case.next_alarm_at)
    if not claimed.update(next_alarm_at=coming) or not due:
        return False
    alarm = max(due, key=lambda alarm: (alarm.share, alarm.matter is Matter.VETO))
    people = list(to_be_told(case, alarm))
    notify(people, title=words_of(case, alarm), body=case.title, link=link_of(case))
    write_event(case, EventKind.ALARM, Party.CLOCK, now, note=words_of(case, alarm), public=False)
    return True


def to_be_told(case: Case, alarm: Alarm) -> Iterator[User]:
    """The owner; from 80 % the head too; at 100 % whoever supervises; a case without an owner is theirs at once."""
    own = [case.handler] if case.handler is not None else list(owners(case))
    yield from own
    if alarm.share >= 80 and case.lead is not None:
        yield from holders({Role.HEAD}, case.lead)
    if alarm.share >= 100 or not own:
        yield from holders({Role.SUPERVISOR, Role.OPERATOR}, case.desk)
    if alarm.matter is Matter.VETO:
        yield from holders({Role.LEADER}, case.desk)


def words_of(case: Case, alarm: Alarm) -> str:
    """The alarm in one line."""
    values = {"case": case.number, "share": alarm.share, "state": case.get_state_display()}
    if alarm.matter is Matter.VETO:
        return _("久拖未决：%(case)s") % values
    if alarm.matter is Matter.STEP:
        return _("“%(state)s”已超时：%(case)s") % values
    if alarm.share >= 100:
        return _("已过答复期限：%(case)s") % values
    return _("答复期限已过 %(share)d%%：%(case)s") % values


def calendar_changed(days: frozenset[date]) -> None:
    """Mark the dates that a changed calendar may move; the clock reckons them in portions, so that nobody waits."""
    first = min(days) - timedelta(days=1)
    touched = Q(is_open=True) | Q(state__in=ENDINGS)
    running = Q(step_due_at__date__gte=first) | Q(due_at__date__gte=first) | Q(is_provisional=True)
    Case.objects.filter(touched & running, received_at__gte=timezone.now() - LONG_AGO).update(is_reckoned=False)


def reckon(now: datetime, *, portion: int = PORTION) -> int:
    """Reckon one portion of the marked cases again; returns how many. Changed meanwhile, a case reckons itself."""
    rows = Case.objects.filter(is_reckoned=False).select_related("kind").order_by("pk")[:portion]
    found = list(rows)
    _keep_dates(found, Reckoning(), now)
    return len(found)


@transaction.atomic
def _keep_dates(cases: Iterable[Case], reckoning: Reckoning, now: datetime) -> None:
    for case in cases:
        columns = reckoning.dates(case, now).as_columns()
        Case.objects.filter(pk=case.pk, version=case.version).update(**columns)
