"""More time, and pressure: extensions by approval; instructions, urges and supervisions with clocks of their own."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions.handling import tell_owner
from menhu.cases.actions.moving import present, recorded, refuse, set_columns, write_event
from menhu.cases.actions.screening import link_of
from menhu.cases.deadlines import Reckoning
from menhu.cases.enums import CaseState, DirectiveKind, EventKind, Party
from menhu.cases.models import Case, Directive, Extension
from menhu.cases.policies import CaseRefused, may_decide_extension, may_instruct, may_press, parties_of
from menhu.core.figures import figure
from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.policies import holders, post_label

EXTENDABLE = frozenset({CaseState.HANDLING, CaseState.DRAFTED})
KINDS_OF_EVENT = {
    DirectiveKind.INSTRUCT: EventKind.INSTRUCT,
    DirectiveKind.URGE: EventKind.URGE,
    DirectiveKind.SUPERVISE: EventKind.SUPERVISE,
}


@recorded("extend")
def ask_extension(*, case: Case, by: User, days: int, reason: str) -> Extension:
    """Ask for more working days before the term is over: once for each handling, at most what the kind allows."""
    fresh, now = present(case.pk), timezone.now()
    if not parties_of(by, fresh) & {Party.HANDLER, Party.HEAD}:
        raise CaseRefused(_("延期由承办单位申请。"))
    _require_extendable(fresh, days, now)
    if not reason.strip():
        refuse("reason")
    words = {"reason": reason.strip(), "asked_by_id": by.pk, "asked_by_name": str(by)[:80], "asked_at": now}
    try:
        with transaction.atomic():
            row = Extension.objects.create(case=fresh, days=days, **words)
    except IntegrityError as error:
        raise CaseRefused(_("这件已有一份延期申请等待批准。")) from error
    write_event(fresh, EventKind.EXTEND, by, now, note=reason.strip(), public=False)
    title = _("延期申请：%(case)s") % {"case": fresh.number}
    notify(holders({Role.SUPERVISOR}, fresh.desk), title=title, body=reason.strip(), link=link_of(fresh))
    return row


@recorded("decide_extension")
def decide_extension(*, case: Case, by: User, is_granted: bool, decision: str) -> Case:
    """Grant or deny the open request; the sender is told of a new date and why."""
    fresh, now = present(case.pk), timezone.now()
    row = Extension.objects.filter(case=fresh, is_granted__isnull=True).first()
    if not may_decide_extension(by, fresh):
        raise CaseRefused(_("延期由督办员批准。"))
    if row is None or row.asked_by_id == by.pk:
        raise CaseRefused(_("没有等您批准的延期申请。"))
    if not decision.strip():
        refuse("reason")
    _keep_decision(row, by, is_granted, decision.strip(), now)
    if is_granted:
        more = {"extra_days": fresh.extra_days + row.days, "extensions": fresh.extensions + 1}
        fresh = set_columns(fresh, more, now)
    kind = EventKind.GRANT if is_granted else EventKind.DENY
    write_event(fresh, kind, by, now, text=row.reason if is_granted else "", note=decision.strip(), public=is_granted)
    tell_owner(fresh, f"{kind.label}：{fresh.number}")
    return fresh


@recorded("press")
def press(*, case: Case, by: User, kind: DirectiveKind, text: str, days: int | None = None) -> Directive:
    """A leader's instruction, an urge or a supervision; the unit reports back within `days` working days."""
    fresh, now = present(case.pk), timezone.now()
    _require_pressing(by, fresh, kind)
    if not text.strip():
        refuse("text")
    term = days or int(figure(f"cases.{kind.value}_days"))
    row = Directive.objects.create(
        case=fresh,
        kind=kind,
        text=text.strip(),
        by_id=by.pk,
        by_name=str(by)[:80],
        by_post=post_label(by)[:200],
        given_at=now,
        due_at=Reckoning().in_days(now, term),
    )
    write_event(fresh, KINDS_OF_EVENT[kind], by, now, note=text.strip(), public=False, unit=fresh.desk)
    _tell_pressed(fresh, kind, text.strip())
    return row


@recorded("report_back")
def report_back(*, case: Case, directive: Directive, by: User, text: str) -> Directive:
    """The unit's report on an instruction or urge, told to whoever gave it."""
    fresh, now = present(case.pk), timezone.now()
    if directive.case_id != fresh.pk or not parties_of(by, fresh) & {Party.HANDLER, Party.HEAD}:
        raise CaseRefused(_("反馈由承办单位填写。"))
    if not text.strip():
        refuse("text")
    words = {"report": text.strip(), "reported_by_name": str(by)[:80], "reported_at": now}
    if not Directive.objects.filter(pk=directive.pk, reported_at__isnull=True).update(**words):
        refuse("moved")
    write_event(fresh, EventKind.REPORT_BACK, by, now, note=text.strip(), public=False)
    giver = User.objects.filter(pk=directive.by_id, is_active=True)
    notify(giver, title=_("已反馈：%(case)s") % {"case": fresh.number}, body=text.strip(), link=link_of(fresh))
    directive.refresh_from_db()
    return directive


def _require_extendable(case: Case, days: int, now: datetime) -> None:
    most = case.kind.extension_days
    if CaseState(case.state) not in EXTENDABLE or case.due_at is None or case.due_at < now:
        raise CaseRefused(_("延期应当在办理期间、期限届满之前申请。"))
    if case.extra_days:
        raise CaseRefused(_("已延期过一次，不能再延。"))
    if not 1 <= days <= most:
        raise CaseRefused(_("最多可延长 %(most)d 个工作日。") % {"most": most})


def _keep_decision(row: Extension, by: User, is_granted: bool, decision: str, now: datetime) -> None:
    words = {"is_granted": is_granted, "decided_by_name": str(by)[:80], "decided_at": now, "decision": decision}
    if not Extension.objects.filter(pk=row.pk, is_granted__isnull=True).update(**words):
        refuse("moved")


def _require_pressing(by: User, case: Case, kind: DirectiveKind) -> None:
    allowed = may_instruct(by, case) if kind is DirectiveKind.INSTRUCT else may_press(by, case)
    if kind is DirectiveKind.SUPERVISE:
        allowed = may_decide_extension(by, case)
    if not allowed:
        raise CaseRefused(_("您的岗位不能%(kind)s这一件。") % {"kind": kind.label})
    if not case.is_open:
        raise CaseRefused(_("这件已经答复或办结。"))


def _tell_pressed(case: Case, kind: DirectiveKind, text: str) -> None:
    title = f"{kind.label}：{case.number}"
    if case.lead is not None:
        notify(holders({Role.HANDLER, Role.HEAD}, case.lead), title=title, body=text, link=link_of(case))
    else:
        notify(holders({Role.OPERATOR}, case.desk), title=title, body=text, link=link_of(case))
