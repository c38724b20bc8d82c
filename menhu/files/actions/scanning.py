import time
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from menhu.audit.trail import record
from menhu.core.figures import figure
from menhu.core.sealing import SealBroken
from menhu.files import alarms, storage
from menhu.files.actions.removing import forget_bytes
from menhu.files.clamav import NotScanned, ScannerAway, virus_in
from menhu.files.enums import ScanState
from menhu.files.models import StoredFile
from menhu.files.querysets import StoredFileQuerySet
from menhu.files.rules import scan_pause

BUDGET: Final = 8.0
"""Seconds of one round, so that the clock's other jobs are not held up."""


def scan_waiting(*, now: datetime) -> int:
    """Have clamd judge the files that are due; returns how many were judged. Without clamd none are.

    Where clamd broke off comes last the next time, so that one file holds up no other.
    """
    judged, end = 0, time.monotonic() + BUDGET
    while settings.CLAMD_SOCKET and time.monotonic() < end:
        file = _due(now).order_by(F("scan_after").asc(nulls_first=True), "pk").first()
        if file is None:
            break
        try:
            judged += _judge(file, now)
        except ScannerAway as away:
            _postpone_all(file, now, str(away))
            break
    return judged


def alarm_overdue(*, now: datetime) -> int:
    """Tell the webmaster once in the figure's hours that files wait too long; returns how many waited untold."""
    limit = now - timedelta(hours=float(figure("files.scan_alarm_hours")))
    overdue = StoredFile.case_files.waiting().filter(uploaded_at__lt=limit, scan_alarmed_at=None)
    if not overdue.exists() or StoredFile.case_files.waiting().filter(scan_alarmed_at__gt=limit).exists():
        return 0
    with transaction.atomic():
        eldest = overdue.order_by("pk").first()
        count = overdue.update(scan_alarmed_at=now)
        if eldest is not None and count:
            alarms.sound(
                _("有 %(count)d 个来件附件查毒未完成") % {"count": count},
                _("这些附件在查毒完成前不能查看。最近一次的原因：%(reason)s。请检查 clamd 是否正常运行。")
                % {"reason": eldest.scan_detail or _("没有配置查毒服务")},
            )
    return count


def _due(now: datetime) -> StoredFileQuerySet:
    return StoredFile.case_files.waiting().filter(Q(scan_after=None) | Q(scan_after__lte=now))


def _judge(file: StoredFile, now: datetime) -> bool:
    try:
        virus = virus_in(storage.read_sealed(file.private_name))
    except (NotScanned, SealBroken, FileNotFoundError) as error:
        reason = str(error) if isinstance(error, NotScanned) else _("服务器上的文件内容已丢失或无法解密")
        _postpone(_due(now).filter(pk=file.pk), now, file.scan_attempts + 1, reason)
        return False
    if virus:
        _condemn(file, virus)
        return True
    passed = {"scan_state": ScanState.CLEAN, "scan_detail": "", "scan_after": None}
    return bool(StoredFile.case_files.waiting().filter(pk=file.pk).update(**passed))


def _postpone_all(tried: StoredFile, now: datetime, reason: str) -> None:
    attempts = _due(now).order_by("-scan_attempts").values_list("scan_attempts", flat=True).first() or 0
    _postpone(_due(now), now, attempts + 1, reason)
    last = now + scan_pause(attempts + 1) + timedelta(seconds=1)
    StoredFile.case_files.waiting().filter(pk=tried.pk).update(scan_after=last)


def _postpone(files: StoredFileQuerySet, now: datetime, attempts: int, reason: str) -> None:
    later = now + scan_pause(attempts)
    files.waiting().update(scan_attempts=F("scan_attempts") + 1, scan_after=later, scan_detail=reason[:200])


def _condemn(file: StoredFile, virus: str) -> None:
    """Equal bytes are equally bad: every row that has them loses them, each with the reason and an event."""
    with transaction.atomic():
        same = list(StoredFile.case_files.with_bytes().filter(sha256=file.sha256).order_by("pk"))
        StoredFile.case_files.filter(pk__in=[each.pk for each in same]).update(
            scan_state=ScanState.INFECTED, scan_detail=virus[:200], scan_after=None
        )
        for each in same:
            record("files.infected", each, by=None, unit_id=each.unit_id, data={"virus": virus[:200]})
        alarms.sound(
            _("来件附件中发现病毒，已删除"),
            _("%(files)s 含有病毒 %(virus)s，文件内容已删除，记录保留。")
            % {"files": "、".join(map(str, same)), "virus": virus[:200]},
        )
        transaction.on_commit(partial(forget_bytes, file.private_name), robust=True)
