"""Petition cases: one leader answers for a hard matter until a day."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.enums import Party
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused, parties_of
from menhu.letters.models import PetitionCase
from menhu.units.models import Leader


@transaction.atomic
def take_charge(*, case: Case, leader: Leader, ends_on: date, measures: str, by: User) -> PetitionCase:
    """Name the one leader who answers for the case, and until when; named anew, both are on record."""
    _demand(by, case)
    if ends_on <= timezone.localdate():
        raise CaseRefused(_("办结期限应当在今天之后。"))
    before = PetitionCase.objects.filter(case=case).first()
    if before is not None and before.ended_on is not None:
        raise CaseRefused(_("这件已经化解。"))
    values = {"leader": leader, "ends_on": ends_on, "measures": measures.strip()}
    petition, _made = PetitionCase.objects.update_or_create(case=case, defaults=values)
    kept = {"leader": str(leader), "ends_on": ends_on.isoformat(), "before": str(before.leader) if before else ""}
    record("letters.take_charge", case, by=by, data=kept)
    return petition


@transaction.atomic
def settle(*, petition: PetitionCase, outcome: str, by: User) -> PetitionCase:
    """The matter is settled: what came of it."""
    _demand(by, petition.case)
    if not outcome.strip():
        raise CaseRefused(_("请写明化解结果。"))
    today = timezone.localdate()
    still_open = PetitionCase.objects.filter(pk=petition.pk, ended_on__isnull=True)
    if not still_open.update(outcome=outcome.strip(), ended_on=today):
        raise CaseRefused(_("这件已经化解。"))
    record("letters.settle", petition.case, by=by, data={"ended_on": today.isoformat()})
    petition.refresh_from_db()
    return petition


def _demand(by: User, case: Case) -> None:
    if not parties_of(by, case) & {Party.OPERATOR, Party.SUPERVISOR}:
        raise CaseRefused(_("包案由受理单位登记。"))
