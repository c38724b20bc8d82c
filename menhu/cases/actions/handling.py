"""The unit's steps: sign for a case or send it back, work on it, ask the sender or a third party."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions.moving import move, person_of, present, recorded, refuse, write_event
from menhu.cases.actions.screening import link_of
from menhu.cases.enums import CaseState, CaseVerb, EventKind, Party
from menhu.cases.models import Assignment, Case, CaseEvent
from menhu.cases.policies import By, CaseRefused, current_partners, parties_of
from menhu.cases.rules import FINAL, OPEN
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.policies import holders, scope_of


@recorded("take")
def take(*, case: Case, by: By) -> Case:
    """Sign for the case; whoever does is its handler."""
    return move(case, CaseVerb.TAKE, by, changes=lambda _case: {"handler": person_of(by)})


@recorded("return")
def give_back(*, case: Case, by: By, reason: str) -> Case:
    """Say that the case belongs elsewhere: once, in time, with a reason. The desk has it again."""
    moved = move(
        case,
        CaseVerb.RETURN,
        by,
        reason=reason,
        note=reason,
        public_text="",
        changes=lambda fresh: {"returns": fresh.returns + 1, "lead": None, "handler": None},
    )
    Assignment.objects.filter(case=case, is_current=True).update(is_current=False)
    desk = holders({Role.OPERATOR, Role.SUPERVISOR}, moved.desk)
    notify(desk, title=_("退回待裁定：%(case)s") % {"case": moved.number}, body=reason, link=link_of(moved))
    return moved


@recorded("ask")
def ask(*, case: Case, by: By, text: str) -> Case:
    """Ask the sender for what is missing: the clock stands still until they answer or their time is over."""
    return move(case, CaseVerb.ASK, by, text=text.strip(), changes=lambda fresh: {"asks": fresh.asks + 1})


@recorded("supplement")
def supplement(*, case: Case, by: By, text: str) -> Case:
    """What the sender adds, by themselves or through the desk; the clock goes on."""
    moved = move(case, CaseVerb.SUPPLEMENT, by, text=text.strip())
    tell_owner(moved, _("来信人已补充：%(case)s") % {"case": moved.number})
    return moved


@recorded("lapse")
def lapse(*, case: Case, by: By = Party.CLOCK) -> Case:
    """The sender did not answer in time: the case goes on without, or ends where a law says so."""
    gives_up = case.kind.gives_up_in_silence
    if not gives_up:
        moved = move(case, CaseVerb.LAPSE, by)
        tell_owner(moved, _("来信人逾期未补充，请继续办理：%(case)s") % {"case": moved.number})
        return moved
    return move(case, CaseVerb.ABANDON, by, changes=lambda _case: {"ended_at": timezone.now()})


@recorded("consult")
def consult(*, case: Case, by: By, text: str) -> Case:
    """Ask a third party whose interests are at stake; that time does not count. Who it is stays inside."""
    return move(
        case,
        CaseVerb.CONSULT,
        by,
        text=text.strip(),
        note=text.strip(),
        public_text="",
        changes=lambda fresh: {"consults": fresh.consults + 1},
    )


@recorded("hear")
def hear(*, case: Case, by: By, text: str) -> Case:
    """What the third party said; the clock goes on."""
    return move(case, CaseVerb.HEAR, by, text=text.strip(), note=text.strip(), public_text="")


@recorded("silence")
def pass_over(*, case: Case, by: By = Party.CLOCK) -> Case:
    """The third party did not answer in time: the house decides itself."""
    moved = move(case, CaseVerb.SILENCE, by)
    tell_owner(moved, _("第三方逾期未答复，请自行决定：%(case)s") % {"case": moved.number})
    return moved


@recorded("progress")
def note_progress(*, case: Case, by: User, text: str, is_public: bool) -> CaseEvent:
    """A line about the work: for the sender too, or for the house only."""
    fresh = present(case.pk)
    if not parties_of(by, fresh) & {Party.HANDLER, Party.HEAD, Party.OPERATOR, Party.SUPERVISOR}:
        raise CaseRefused(_("您的岗位不涉及这一件。"))
    if CaseState(fresh.state) in FINAL:
        raise CaseRefused(_("这件已经办结，不再记录进展。"))
    if not text.strip():
        refuse("text")
    shown, kept = (text.strip(), "") if is_public else ("", text.strip())
    return write_event(fresh, EventKind.PROGRESS, by, timezone.now(), text=shown, note=kept, public=is_public)


@recorded("partner")
def give_opinion(*, case: Case, by: User, text: str) -> Assignment:
    """A partner unit's opinion for the lead, once; it stays inside the house."""
    fresh, now = present(case.pk), timezone.now()
    own = current_partners(fresh).filter(scope_of(by, {Role.HANDLER, Role.HEAD}).condition("unit_id"))
    row = own.filter(opinion_at__isnull=True).select_related("unit").order_by("pk").first()
    if row is None or CaseState(fresh.state) not in OPEN:
        raise CaseRefused(_("您的单位没有待填的协办意见。"))
    if not text.strip():
        refuse("text")
    _keep_opinion(row, text.strip(), now)
    write_event(fresh, EventKind.PARTNER, by, now, note=text.strip(), public=False, unit=row.unit)
    tell_owner(fresh, _("协办意见：%(case)s") % {"case": fresh.number})
    return row


def _keep_opinion(row: Assignment, text: str, now: datetime) -> None:
    if not Assignment.objects.filter(pk=row.pk, opinion_at__isnull=True).update(opinion=text, opinion_at=now):
        refuse("moved")
    row.opinion, row.opinion_at = text, now


def tell_owner(case: Case, title: str) -> None:
    """A notice to the handler, or to all handlers of the unit where none has signed for it."""
    if case.handler is not None:
        notify([case.handler], title=title, body=case.title, link=link_of(case))
    elif case.lead is not None:
        notify(holders({Role.HANDLER}, case.lead), title=title, body=case.title, link=link_of(case))
