"""The one way by which a case moves: table, guards, compare-and-set, timeline, trail, listeners, recorded refusals."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases import rules
from menhu.cases.deadlines import Reckoning
from menhu.cases.enums import CaseState, CaseVerb, ClockEffect, EventKind, Party
from menhu.cases.listeners import Step, tell
from menhu.cases.models import Answer, Case, CaseEvent, Extension
from menhu.cases.policies import By, CaseRefused, parties_of
from menhu.cases.rules import Standing, Transition
from menhu.units.models import Unit
from menhu.units.policies import post_label

P = ParamSpec("P")
R = TypeVar("R")
Changes = Callable[[Case], dict[str, Any]]
"""Columns that a step sets besides those of the table, from the case as it stands."""

MESSAGES: Final[dict[str, str | Promise]] = {
    "reason": gettext_lazy("请写明理由。"),
    "text": gettext_lazy("请填写内容。"),
    "lead": gettext_lazy("请选定承办单位。"),
    "designated": gettext_lazy("已由督办员裁定承办，不能再退回。"),
    "returned_before": gettext_lazy("已退回过一次，不能再退回；如有异议请与受理单位协商。"),
    "return_late": gettext_lazy("已超过退回时限，请签收办理。"),
    "own_draft": gettext_lazy("不能签发自己拟写的答复，请由另一位负责人签发。"),
    "rating": gettext_lazy("请在五级评价中选一级。"),
    "reopened_before": gettext_lazy("已经再次办理过，不能再申请；可以另写一封信。"),
    "reopen_late": gettext_lazy("已超过可以申请再次办理的时间；可以另写一封信。"),
    "asked_before": gettext_lazy("已请来信人补充过，不能再要求补充。"),
    "ask_late": gettext_lazy("已超过可以要求补充的时限。"),
    "gives_up": gettext_lazy("这类事项逾期不补正视为放弃。"),
    "goes_on": gettext_lazy("这类事项逾期不补充仍要办理。"),
    "no_third_party": gettext_lazy("这类事项没有征求第三方意见的步骤。"),
    "consulted_before": gettext_lazy("已征求过第三方意见。"),
    "master": gettext_lazy("请选定并入的主件。"),
    "moved": gettext_lazy("这件刚刚已由别人处理，请刷新后再看。"),
}
"""What a guard's name says to a person."""


def recorded(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run an action on `case` in one transaction; a refusal undoes all of it and is itself recorded."""

    def wrap(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except CaseRefused as refusal:
                by = kwargs.get("by")
                data = {"verb": verb, "reason": refusal.message, "as": by.value if isinstance(by, Party) else ""}
                subject: Any = kwargs.get("case")
                record("cases.refused", subject, by=person_of(by), data=data)
                raise

        return run

    return wrap


def move(
    case: Case, verb: CaseVerb, by: By, *, changes: Changes | None = None, through: Case | None = None, **facts: Any
) -> Case:
    """Take one step of the table. `facts` are text, reason, rating …; returns the case as it is now.

    `note` (internal) and `public_text` (what the timeline shows the sender) may be among the facts. `through` is the
    case whose people act, where that is another one (a duplicate is answered by those of its master).
    Raises CaseRefused; call it inside an action wrapped by `recorded`.
    """
    now = timezone.now()
    fresh = present(case.pk)
    line = _allowed(fresh, verb, parties_of(by, through or fresh))
    standing = standing_of(fresh, by, now, facts)
    why = line.refusal(standing)
    if why:
        refuse(why)
    before, unit = CaseState(fresh.state), _acting_unit(fresh, by)
    columns = {**_clock(fresh, line, now), **(changes(fresh) if changes else {})}
    moved = set_columns(fresh, columns, now, line.target)
    event = write_event(moved, verb, by, now, unit=unit, **_words(facts))
    if not moved.is_open:
        _end_request(moved, now)
    tell(Step(moved, before, event, now))
    return moved


def present(pk: int) -> Case:
    """The case as the database has it now, with what deciding a step needs."""
    return Case.objects.select_related("kind", "lead", "desk", "handler").get(pk=pk)


def refuse(why: str) -> NoReturn:
    raise CaseRefused(str(MESSAGES[why]))


def _allowed(case: Case, verb: CaseVerb, parties: frozenset[Party]) -> Transition:
    line = rules.transition(CaseState(case.state), verb)
    if not parties:
        raise CaseRefused(_("您的岗位不涉及这一件。"))
    if line is None:
        values = {"state": case.get_state_display(), "verb": verb.label}
        raise CaseRefused(_("这件现在“%(state)s”，不能%(verb)s。") % values)
    if not parties & line.parties:
        who = "、".join(str(party.label) for party in Party if party in line.parties)
        raise CaseRefused(_("这一步由%(who)s办理。") % {"who": who})
    return line


def standing_of(case: Case, by: By, now: datetime, facts: dict[str, Any]) -> Standing:
    """What the guards look at, as the case stands."""
    kind, state, reckoning = case.kind, CaseState(case.state), Reckoning()
    answered = case.answered_at
    asked_until = reckoning.in_days(case.received_at, kind.ask_within_days) if kind.ask_within_days else None
    return Standing(
        now=now,
        return_until=reckoning.return_until(case) if state is CaseState.ASSIGNED else None,
        returns=case.returns,
        is_designated=case.is_designated,
        reopens=case.round - 1,
        most_reopens=kind.most_reopens,
        reopen_until=case.step_due_at if answered and not case.is_open else None,
        drafted_by=_drafter(case) if state is CaseState.DRAFTED else None,
        by=by.pk if isinstance(by, User) else None,
        reason=str(facts.get("reason", "")),
        text=str(facts.get("text", "")),
        rating=facts.get("rating"),
        has_lead=facts.get("lead") is not None,
        asks=case.asks,
        most_asks=kind.most_asks,
        ask_until=asked_until,
        gives_up=kind.gives_up_in_silence,
        may_consult=kind.consult_days > 0,
        consults=case.consults,
        has_master=facts.get("master") is not None,
    )


def _drafter(case: Case) -> int | None:
    drafts = Answer.objects.filter(case=case, round=case.round)
    return drafts.values_list("drafted_by_id", flat=True).first()


def _clock(case: Case, line: Transition, now: datetime) -> dict[str, Any]:
    """Columns that the effect on the clock changes."""
    effect = line.clock
    if effect is ClockEffect.RESUME and case.kind.restarts_on_supplement and line.verb is CaseVerb.SUPPLEMENT:
        effect = ClockEffect.RESTART
    if effect is ClockEffect.START:
        return {"started_at": case.received_at if case.kind.counts_from_receipt else now}
    if effect is ClockEffect.PAUSE:
        return {"paused_at": now}
    if effect is ClockEffect.RESTART:
        return {"started_at": now, "paused_at": None, "pauses": [], "extra_days": 0}
    if effect in (ClockEffect.RESUME, ClockEffect.STOP) and case.paused_at is not None:
        return {"paused_at": None, "pauses": [*case.pauses, [case.paused_at.isoformat(), now.isoformat()]]}
    return {}


def set_columns(case: Case, changes: dict[str, Any], now: datetime, target: CaseState | None = None) -> Case:
    """Compare-and-set: write the changes with the dates that follow from them, or refuse if somebody was faster."""
    seen = {"pk": case.pk, "state": case.state, "version": case.version}
    if target is not None:
        changes = {"step_at": now, **changes, "state": target, "is_open": target in rules.OPEN}
    for name, value in changes.items():
        setattr(case, name, value)
    dates = Reckoning().dates(case, now).as_columns()
    if not Case.objects.filter(**seen).update(**changes, **dates, version=F("version") + 1):
        refuse("moved")
    for name, value in dates.items():
        setattr(case, name, value)
    case.version += 1
    return case


def write_event(
    case: Case,
    kind: CaseVerb | EventKind,
    by: By | None,
    now: datetime,
    *,
    text: str = "",
    note: str = "",
    public: bool = True,
    unit: Unit | None = None,
) -> CaseEvent:
    """Add a line to the timeline and the same, without its words, to the trail."""
    person = person_of(by)
    event = CaseEvent.objects.create(
        case=case,
        kind=kind,
        at=now,
        actor_id=person.pk if person else None,
        actor_name=str(person)[:80] if person else "",
        actor_post=post_label(person)[:200] if person else "",
        unit=unit or _acting_unit(case, by),
        text=text,
        note=note,
        is_public=public,
        round=case.round,
    )
    party = by.value if isinstance(by, Party) else ""
    record(f"cases.{kind.value}", case, by=person, data={"event": event.pk, "state": case.state, "as": party})
    return event


def person_of(by: object) -> User | None:
    return by if isinstance(by, User) else None


def _end_request(case: Case, now: datetime) -> None:
    """More time is of no use to a case that is answered or over: what nobody decided is declined, by nobody."""
    words = _("这件已经答复或办结，申请自动终止。")
    ended = {"is_granted": False, "decided_by_name": str(Party.CLOCK.label), "decided_at": now, "decision": words}
    if Extension.objects.filter(case=case, is_granted__isnull=True).update(**ended):
        write_event(case, EventKind.DENY, Party.CLOCK, now, note=words, public=False)


def _acting_unit(case: Case, by: By | None) -> Unit | None:
    """For whom somebody acts: the unit in charge where its people act, else the desk; nobody for the outside."""
    if not isinstance(by, User):
        return None
    parties = parties_of(by, case)
    return case.lead if parties & {Party.HANDLER, Party.HEAD} else case.desk


def _words(facts: dict[str, Any]) -> dict[str, Any]:
    """What the timeline keeps of the facts: `public_text` is what the sender reads, `note` stays inside."""
    text = facts.get("public_text")
    shown = facts.get("reason") or facts.get("text") or "" if text is None else text
    return {"text": str(shown), "note": str(facts.get("note", "")), "public": facts.get("is_public", True)}
