"""What goes when a case's time of keeping is over, field by field (ADR 21): the part of cases, notices and files."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from menhu.audit.trail import record_all
from menhu.cases.actions.screening import link_of
from menhu.cases.enums import EventKind
from menhu.cases.models import (
    Answer,
    Assignment,
    Case,
    CaseEvent,
    CaseFile,
    CaseLink,
    Directive,
    Extension,
    Rating,
    RetentionRun,
    Sender,
)
from menhu.cases.retention import HIDDEN, Hold, Portion, Provider, providers
from menhu.cases.rules import FINAL
from menhu.files.actions import remove_all_private
from menhu.files.models import StoredFile
from menhu.notices import messages
from menhu.notices.actions import drop_notices, empty_notices

NOBODY = {"name": "", "phone": "", "email": "", "identity_number": "", "address": "", "phone_digest": ""}


def anonymise(cases: Sequence[Case], portion: Portion, run: RetentionRun) -> None:
    """Take away everything that may lead to a person; kinds, units, states, times and levels stay for the figures."""
    for provider in providers():
        provider.anonymise(portion)
    CaseEvent.objects.erase_words(portion.ids, run=run)
    hidden = {"title": str(HIDDEN), "text": "", "place": "", "code_digest": "", "anonymised_at": portion.now}
    Case.objects.filter(pk__in=portion.ids).update(**hidden, version=F("version") + 1)
    _note(cases, portion, run)
    record_all("cases.anonymise", cases, by=None, data={"run": run.pk})


def delete(cases: Sequence[Case], portion: Portion, run: RetentionRun) -> None:
    """Take away the cases with everything of theirs. Their numbers stay taken; an event of the trail names them."""
    for provider in providers():
        provider.delete(portion)
    record_all("cases.delete", cases, by=None, data={"run": run.pk})
    Case.objects.filter(pk__in=portion.ids).delete()


def overwrite_what_goes() -> None:
    """Have SQLite write zeros over what is erased: not every build does by itself. PostgreSQL's vacuum frees it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def empty_the_log() -> None:
    """Let SQLite cut its write-ahead log, which still has what was erased; while somebody reads it stays a little."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _note(cases: Sequence[Case], portion: Portion, run: RetentionRun) -> None:
    """A line of the timeline says why it has become silent."""
    lines = [
        CaseEvent(case=case, kind=EventKind.ANONYMISE, at=portion.now, note=run.name, is_public=False, round=case.round)
        for case in cases
    ]
    CaseEvent.objects.bulk_create(lines)


def _empty(portion: Portion) -> None:
    """Words go, of citizens and of staff alike: an opinion or an answer repeats names as a letter does."""
    ids = portion.ids
    Sender.objects.filter(case_id__in=ids).update(**NOBODY, citizen_id=None, erased_at=portion.now)
    Assignment.objects.filter(case_id__in=ids).update(note="", opinion="")
    Answer.objects.filter(case_id__in=ids).update(text="")
    Rating.objects.filter(case_id__in=ids).update(text="")
    Extension.objects.filter(case_id__in=ids).update(reason="", decision="")
    Directive.objects.filter(case_id__in=ids).update(text="", report="")


def _remove_files(portion: Portion) -> None:
    """Rows in the transaction, bytes after it; what a crash leaves there the clock sweeps up as orphans."""
    rows = CaseFile.objects.filter(case_id__in=portion.ids)
    files = list(StoredFile.case_files.filter(pk__in=rows.values("file_id")).order_by("pk"))
    if files:
        rows.delete()
        remove_all_private(files, by=None)


def _forget_messages(portion: Portion) -> None:
    messages.wipe_for(portion.numbers, portion.now)
    empty_notices(_links(portion))


def _drop_messages(portion: Portion) -> None:
    messages.drop_for(portion.numbers)
    drop_notices(_links(portion))


def _links(portion: Portion) -> list[str]:
    return [link_of(Case(pk=pk)) for pk in portion.ids]


def _nothing(_portion: Portion) -> None:
    """Goes by cascade."""


def _with_open_directive() -> QuerySet[Any, Any]:
    return Directive.objects.filter(reported_at__isnull=True).values("case_id")


def _with_open_followers() -> QuerySet[Any, Any]:
    open_links = CaseLink.objects.filter(ended_at__isnull=True).exclude(case__state__in=FINAL)
    return open_links.values("master_id")


OWN = (
    Provider(
        "cases",
        _empty,
        _nothing,
        (
            Hold("directive", _("批示或督办还没有反馈"), _with_open_directive),
            Hold("followers", _("并入或拆出的来信还没有办结"), _with_open_followers),
        ),
    ),
    Provider("files", _remove_files, _remove_files),
    Provider("messages", _forget_messages, _drop_messages),
)
