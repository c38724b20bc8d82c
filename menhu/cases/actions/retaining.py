"""Rules of keeping: who sets them, and how they are carried out, a portion a transaction, killed and taken up again."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases import rules
from menhu.cases.actions import erasing
from menhu.cases.actions.planning import Plan, due, plan, shape_of, terms_of
from menhu.cases.enums import RetentionDeed
from menhu.cases.models import Case, CaseKind, RetentionRule, RetentionRun
from menhu.cases.retention import Portion
from menhu.units.enums import Role
from menhu.units.policies import holds

PORTION: Final = 50
"""So many cases are looked at in one transaction."""
MOST_HELD: Final = 200
"""So many numbers that were passed over stand in a report; all are counted."""
TURN_SECONDS: Final = 2.0
"""After this long the clock begins no other portion in one turn."""
DAILY: Final = timedelta(hours=20)
MOST_FAILURES: Final = 10
"""After so many portions in a row that failed, a run is stopped."""

logger = logging.getLogger(__name__)


@transaction.atomic
def keep_rule(*, rule: RetentionRule, values: Mapping[str, Any], version: int, by: User) -> RetentionRule:
    """Make a rule (one without a key) or change one; all rules together must fit. What it was doing is stopped.

    Raises PermissionDenied for anybody but the webmaster, ValidationError for what does not fit or was changed
    meanwhile.
    """
    _demand_webmaster(by)
    standing = {row.pk: row for row in RetentionRule.objects.select_for_update().order_by("pk")}
    fresh = RetentionRule() if rule.pk is None else standing[rule.pk]
    if fresh.version != version:
        raise ValidationError(_("这条规则刚刚由别人修改过，请重新打开后再改。"))
    changed = _set(fresh, values)
    if changed:
        _require_fitting()
        _stop(RetentionRun.objects.open().filter(rule=fresh))
        record("cases.keep_retention_rule", fresh, by=by, data={"changed": changed})
    return fresh


def start(*, versions: Mapping[int, int], by: User) -> list[RetentionRun]:
    """Begin to carry out the rules in force, as they stood when their plan was shown (key → version). The clock, or
    the command, does the work.

    Raises PermissionDenied for anybody but the webmaster, ValidationError where a rule changed or is already running.
    """
    _demand_webmaster(by)
    with transaction.atomic():
        found = dict(RetentionRule.objects.select_for_update().in_force().order_by("pk").values_list("pk", "version"))
        if not versions or found != dict(versions):
            raise ValidationError(_("规则在预演之后改动过，没有开始。请看过新的预演再执行。"))
        return _begin(plan(timezone.now()), by)


def start_at_the_server() -> list[RetentionRun]:
    """The same from the server's own command line; rules that are running already go on. Returns all that run."""
    with transaction.atomic():
        standing = RetentionRule.objects.select_for_update().in_force().order_by("pk")
        keys = set(standing.exclude(pk__in=RetentionRun.objects.open().values("rule_id")).values_list("pk", flat=True))
        _begin([each for each in plan(timezone.now()) if each.rule.pk in keys], None, _("服务器命令行"))
        return list(RetentionRun.objects.open().order_by("pk"))


def start_automatic(now: datetime) -> int:
    """What the clock does: once a day, for rules that say so and have something to do; returns how many began."""
    if not RetentionRule.objects.in_force().filter(is_automatic=True).exists():
        return 0
    recent = RetentionRun.objects.filter(started_at__gt=now - DAILY).values("rule_id")
    with transaction.atomic():
        wanted = RetentionRule.objects.select_for_update().in_force().filter(is_automatic=True).exclude(pk__in=recent)
        running = RetentionRun.objects.open().values("rule_id")
        keys = set(wanted.exclude(pk__in=running).order_by("pk").values_list("pk", flat=True))
        return len(_begin([each for each in plan(now) if each.rule.pk in keys and each.planned], None, _("自动")))


def stop(*, run: RetentionRun, by: User) -> bool:
    """End a run where it is; what it has done stays done. False where it had ended already."""
    _demand_webmaster(by)
    with transaction.atomic():
        is_stopped = bool(_stop(RetentionRun.objects.open().filter(pk=run.pk)))
        if is_stopped:
            record("cases.stop_retention", run, by=by)
    return is_stopped


def take_turn(now: datetime) -> int:
    """Portions of what was begun, the oldest first, in bounded time; returns how many portions.

    A portion that fails ends the turn; its run comes after all others then, and is stopped when it keeps failing.
    """
    count, end = 0, monotonic() + TURN_SECONDS
    while monotonic() < end:
        run = RetentionRun.objects.open().order_by("failures", "pk").first()
        if run is None:
            break
        try:
            go_on(run)
        except Exception as error:  # whatever it is, other runs must not wait for it
            logger.exception("retention run %s failed", run.pk)
            _note_failure(run, type(error).__name__)
            break
        count += 1
    return count


@transaction.atomic
def _note_failure(run: RetentionRun, error: str) -> None:
    """Only the kind of the error is kept: its words may repeat a case. The log has them."""
    open_run = RetentionRun.objects.open().filter(pk=run.pk)
    open_run.update(failures=F("failures") + 1, error=error[:80])
    if _stop(open_run.filter(failures__gte=MOST_FAILURES)):
        record("cases.fail_retention", run, by=None, data={"error": error})


@transaction.atomic
def go_on(run: RetentionRun, *, portion: int = PORTION) -> bool:
    """One portion, whole or not at all; False where the run is over. Two that go on with one run take turns."""
    fresh = RetentionRun.objects.select_for_update(of=("self",)).select_related("rule").open().filter(pk=run.pk).first()
    if fresh is None:
        return False
    rows = _next(fresh, portion)
    if not rows:
        RetentionRun.objects.filter(pk=fresh.pk).update(finished_at=timezone.now(), failures=0, error="")
        transaction.on_commit(erasing.empty_the_log, robust=True)
        return False
    free, held = [case for case, why in rows if not why], [(case.number, why) for case, why in rows if why]
    _erase(free, fresh)
    _report(fresh, reached=rows[-1][0].pk, done=len(free), held=held)
    return True


def _next(run: RetentionRun, portion: int) -> list[tuple[Case, str]]:
    """The next cases of the run, held until the transaction ends, each with why it is passed over."""
    standing = list(RetentionRule.objects.in_order().prefetch_related("kinds"))
    kinds = CaseKind.objects.order_by("pk").values_list("pk", flat=True)
    terms = terms_of([row for row in standing if row.pk == run.rule_id], standing, kinds, run.started_at)
    rows = due(run.deed, terms).filter(pk__gt=run.reached).select_for_update(of=("self",))
    return [(case, case.why) for case in rows.order_by("pk")[:portion]]


def _erase(cases: Sequence[Case], run: RetentionRun) -> None:
    if not cases:
        return
    erasing.overwrite_what_goes()
    portion = Portion(tuple(case.pk for case in cases), tuple(case.number for case in cases), timezone.now())
    if run.deed == RetentionDeed.DELETE:
        erasing.delete(cases, portion, run)
    else:
        erasing.anonymise(cases, portion, run)


def _report(run: RetentionRun, *, reached: int, done: int, held: Sequence[tuple[str, str]]) -> None:
    skipped = dict(run.skipped)
    for _number, why in held:
        skipped[why] = skipped.get(why, 0) + 1
    listed = [*run.held, *held][:MOST_HELD]
    columns = {"reached": reached, "done": F("done") + done, "skipped": skipped, "held": listed}
    RetentionRun.objects.filter(pk=run.pk).update(**columns, failures=0, error="")


def _begin(plans: Iterable[Plan], by: User | None, name: str = "") -> list[RetentionRun]:
    """`name` says by what it was begun, where that was no person."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return [_begin_one(each, by, name, now) for each in plans]
    except IntegrityError as error:
        raise ValidationError(_("有规则正在执行，请等它结束，或先停止它。")) from error


def _begin_one(each: Plan, by: User | None, name: str, now: datetime) -> RetentionRun:
    run = RetentionRun.objects.create(
        rule=each.rule,
        name=each.rule.name,
        deed=each.rule.deed,
        days=each.rule.days,
        started_at=now,
        by_id=by.pk if by else None,
        by_name=str(by)[:80] if by else name,
        planned=each.planned,
    )
    record("cases.start_retention", run, by=by, data={"rule": each.rule.pk, "planned": each.planned})
    return run


def _stop(runs: Any) -> int:
    stopped: int = runs.update(finished_at=timezone.now(), is_stopped=True)
    return stopped


def _set(rule: RetentionRule, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write what differs; both values of each, as the trail keeps them."""
    plain = {name: value for name, value in values.items() if name != "kinds"}
    changed = {name: [getattr(rule, name), value] for name, value in plain.items() if getattr(rule, name) != value}
    before = set(rule.kinds.values_list("pk", flat=True)) if rule.pk else set()
    after = {kind.pk for kind in values.get("kinds", ())} if "kinds" in values else before
    if before != after:
        changed["kinds"] = [sorted(before), sorted(after)]
    for name, value in plain.items():
        setattr(rule, name, value)
    rule.full_clean()
    if changed or rule.pk is None:
        rule.version += 1
        rule.save()
        rule.kinds.set(after)
    return changed


def _require_fitting() -> None:
    standing = list(RetentionRule.objects.in_order().prefetch_related("kinds"))
    kinds = CaseKind.objects.order_by("pk").values_list("pk", flat=True)
    names = {rule.pk: rule.name for rule in standing}
    found = rules.faults([shape_of(rule) for rule in standing], kinds)
    words = {
        "twice": _("“%(rule)s”与另一条启用的规则管同一种来信、做同一件事，请只留一条。"),
        "order": _("“%(rule)s”要删除的来信，必须另有启用的规则先隐去个人信息，而且期限更短。"),
    }
    if found:
        raise ValidationError([words[code] % {"rule": names[key]} for code, key in found])


def _demand_webmaster(by: User) -> None:
    if not holds(by, Role.WEBMASTER):
        raise PermissionDenied(_("保存期限由网站管理员设定和执行。"))
