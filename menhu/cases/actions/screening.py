"""The desk's steps: take a case in or say where else to go, give it to a unit, rule on what came back."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions.moving import move, present, recorded, refuse, set_columns, write_event
from menhu.cases.enums import CaseVerb, EventKind, Party
from menhu.cases.models import Assignment, Case
from menhu.cases.policies import By, CaseRefused, parties_of
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import holders


@recorded("accept")
def accept(*, case: Case, by: By) -> Case:
    """Take the case in: from here on the sender's term runs."""
    return move(case, CaseVerb.ACCEPT, by, changes=lambda _case: {"accepted_at": timezone.now()})


@recorded("refuse")
def decline(*, case: Case, by: By, reason: str, right_place: str) -> Case:
    """Not accepted: the reason and the right place to go are both told to the sender."""
    if not right_place.strip():
        raise CaseRefused(_("请写明应当向哪里反映，来信人才不白跑。"))
    told = _("%(reason)s 您可以：%(place)s") % {"reason": reason.strip(), "place": right_place.strip()}
    return move(
        case, CaseVerb.REFUSE, by, reason=reason, public_text=told, changes=lambda _case: {"ended_at": timezone.now()}
    )


@recorded("assign")
def assign(*, case: Case, by: By, lead: Unit | None, partners: Iterable[Unit] = (), note: str = "") -> Case:
    """Give the case to a lead unit, with partners who give an opinion."""
    return _give(case, CaseVerb.ASSIGN, by, lead, partners, note=note)


@recorded("designate")
def designate(*, case: Case, by: By, lead: Unit | None, partners: Iterable[Unit] = (), reason: str) -> Case:
    """Rule on a case that came back: the unit named now may not return it."""
    return _give(case, CaseVerb.DESIGNATE, by, lead, partners, reason=reason, is_designated=True)


@recorded("complex")
def mark_complex(*, case: Case, by: By, reason: str) -> Case:
    """Give a case the longer term of complex matters, told to the sender with the reason."""
    now, fresh = timezone.now(), present(case.pk)
    if not parties_of(by, fresh) & {Party.OPERATOR, Party.SUPERVISOR}:
        raise CaseRefused(_("是否复杂事项由受理单位认定。"))
    if fresh.is_complex or not fresh.is_open or fresh.answered_at is not None:
        raise CaseRefused(_("这件不能再列为复杂事项。"))
    if not reason.strip():
        refuse("reason")
    moved = set_columns(fresh, {"is_complex": True}, now)
    write_event(moved, EventKind.COMPLEX, by, now, text=reason.strip())
    return moved


def _give(
    case: Case,
    verb: CaseVerb,
    by: By,
    lead: Unit | None,
    partners: Iterable[Unit],
    *,
    note: str = "",
    reason: str = "",
    is_designated: bool = False,
) -> Case:
    now = timezone.now()
    others = [unit for unit in dict.fromkeys(partners) if unit != lead]
    given = {"lead": lead, "assigned_at": now, "handler": None, "is_designated": is_designated}
    told = "、".join(unit.name for unit in (*([lead] if lead else []), *others))
    moved = move(
        case, verb, by, lead=lead, reason=reason, note=note or reason, public_text=told, changes=lambda _case: given
    )
    _write_assignments(moved, lead, others, note or reason)
    _tell_units(moved, others)
    return moved


def _write_assignments(case: Case, lead: Unit | None, others: list[Unit], note: str) -> None:
    """The new lines are the current ones; those before stay as they were."""
    Assignment.objects.filter(case=case, is_current=True).update(is_current=False)
    units = ([(lead, True)] if lead else []) + [(unit, False) for unit in others]
    at = case.assigned_at or timezone.now()
    Assignment.objects.bulk_create(
        [Assignment(case=case, unit=unit, is_lead=is_lead, note=note, assigned_at=at) for unit, is_lead in units]
    )


def _tell_units(case: Case, others: list[Unit]) -> None:
    """The handlers of the unit; where nobody holds that post, the desk is told that the case has no owner."""
    title = _("新交办：%(case)s") % {"case": case.number}
    for unit in filter(None, (case.lead, *others)):
        people = list(holders({Role.HANDLER, Role.HEAD}, unit))
        notify(people, title=title, body=case.title, link=link_of(case))
        if not people:
            desk = holders({Role.OPERATOR, Role.SUPERVISOR}, case.desk)
            alarm = _("%(unit)s没有承办员，%(case)s 无人办理") % {"unit": unit.short_name, "case": case.number}
            notify(desk, title=alarm, body=case.title, link=link_of(case))


def link_of(case: Case) -> str:
    """Where people of the house open the case."""
    return f"/office/cases/{case.pk}/"
