"""Petition cases: one leader answers for a hard matter until a day; the clock reminds on the way there."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.actions.moving import recorded
from menhu.cases.deadlines import SHARES, Reckoning
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused, owners
from menhu.letters.models import Letter, PetitionCase
from menhu.letters.policies import may_take_charge
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.models import Leader
from menhu.units.policies import holders
from menhu.workdays.rules import working_time

MOST_REMINDED: Final = 1_000


@recorded("take_charge")
def take_charge(*, case: Case, leader: Leader, ends_on: date, measures: str, by: User) -> PetitionCase:
    """Name the one leader who answers for the letter, and until when; named anew, both are on record."""
    _demand(by, case)
    if not Letter.objects.filter(case=case).exists():
        raise CaseRefused(_("只有来信可以包案。"))
    if ends_on <= timezone.localdate():
        raise CaseRefused(_("办结期限应当在今天之后。"))
    before = PetitionCase.objects.select_for_update().filter(case=case).select_related("leader").first()
    if before is not None and before.ended_on is not None:
        raise CaseRefused(_("这件已经化解。"))
    values = {"leader": leader, "ends_on": ends_on, "measures": measures.strip()}
    if before is None or before.ends_on != ends_on:
        values |= {"taken_at": timezone.now(), "told_share": 0}
    petition, _made = PetitionCase.objects.update_or_create(case=case, defaults=values)
    kept = {"leader": str(leader), "ends_on": ends_on.isoformat()}
    if before is not None:
        kept |= {"before": str(before.leader), "ends_on_before": before.ends_on.isoformat()}
    record("letters.take_charge", case, by=by, unit_id=case.unit_id, data=kept)
    return petition


@recorded("settle")
def settle(*, case: Case, outcome: str, by: User) -> PetitionCase:
    """The matter is settled: what came of it. Once."""
    _demand(by, case)
    if not outcome.strip():
        raise CaseRefused(_("请写明化解结果。"))
    today = timezone.localdate()
    still_open = PetitionCase.objects.filter(case=case, ended_on__isnull=True)
    if not still_open.update(outcome=outcome.strip(), ended_on=today):
        raise CaseRefused(_("这件没有包案，或者已经化解。"))
    record("letters.settle", case, by=by, unit_id=case.unit_id, data={"ended_on": today.isoformat()})
    return PetitionCase.objects.get(case=case)


def _demand(by: User, case: Case) -> None:
    if not may_take_charge(by, case):
        raise CaseRefused(_("包案由受理单位登记。"))


def remind(now: datetime) -> int:
    """Tell people, in office time, of the gravest share of the term that has passed; how many were told of.

    Reckoned anew at each call, so that a changed calendar needs no second look; told once by compare-and-set.
    """
    reckoning = Reckoning()
    if not reckoning.is_office_time(now):
        return 0
    rows = PetitionCase.objects.filter(ended_on__isnull=True, told_share__lt=max(SHARES)).order_by("ends_on", "pk")
    found = rows.select_related("leader", "case__kind", "case__lead", "case__desk", "case__handler")[:MOST_REMINDED]
    return sum(_remind(petition, passed(petition, reckoning, now)) for petition in found)


def passed(petition: PetitionCase, reckoning: Reckoning, now: datetime) -> int:
    """The gravest of 50, 80 and 100 percent of the working time up to the end day that has passed; 0 for none."""
    start = timezone.localtime(petition.taken_at)
    end, is_working = reckoning.office.closing(petition.ends_on, start), reckoning.calendar.is_working
    if now >= end:
        return max(SHARES)
    total = working_time(start, end, reckoning.office, is_working, ())
    gone = working_time(start, timezone.localtime(now), reckoning.office, is_working, ())
    return max((share for share in SHARES if total and gone * 100 >= total * share), default=0)


@transaction.atomic
def _remind(petition: PetitionCase, share: int) -> bool:
    claimed = PetitionCase.objects.filter(pk=petition.pk, told_share=petition.told_share, ended_on__isnull=True)
    if share <= petition.told_share or not claimed.update(told_share=share):
        return False
    link = reverse("letters_office:petition", args=[petition.pk])
    notify(to_be_told(petition, share), title=_words(petition, share), body=petition.case.title, link=link)
    return True


def to_be_told(petition: PetitionCase, share: int) -> Iterator[User]:
    """Who has the case and the desk that watches; from 80 % the unit's head too; at 100 % the leaders over the desk."""
    case = petition.case
    yield from [case.handler] if case.handler is not None else owners(case)
    yield from holders({Role.OPERATOR, Role.SUPERVISOR}, case.desk)
    if share >= 80 and case.lead is not None:
        yield from holders({Role.HEAD}, case.lead)
    if share >= 100:
        yield from holders({Role.LEADER}, case.desk)


def _words(petition: PetitionCase, share: int) -> str:
    values = {"case": petition.case.number, "leader": petition.leader.name, "share": share}
    if share >= 100:
        return _("信访包案已过办结期限：%(case)s（%(leader)s）") % values
    return _("信访包案期限已过 %(share)d%%：%(case)s（%(leader)s）") % values
