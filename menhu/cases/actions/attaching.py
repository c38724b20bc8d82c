"""Files of a case: those that came with it, kept before it is written, and those that go out with an answer."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.actions.moving import present, recorded, set_columns
from menhu.cases.enums import AnswerState, CaseState, Party
from menhu.cases.models import Answer, Case, CaseFile
from menhu.cases.policies import CaseRefused, parties_of
from menhu.files.actions import remove_private, store_private
from menhu.files.enums import ScanState
from menhu.files.models import StoredFile
from menhu.units.models import Unit

MOST_ANSWER_FILES: Final = 10
WRITTEN: Final = frozenset({CaseState.HANDLING})
"""Where files are added to an answer; once it is submitted the head, who reads it, can only take some out."""
CHECKED: Final = WRITTEN | {CaseState.DRAFTED}


@contextmanager
def kept(uploads: Sequence[File[bytes]], *, unit: Unit, by: User | None) -> Iterator[list[StoredFile]]:
    """Keep uploads while the block writes what they belong to; what it leaves unjoined, or if it fails, is removed.

    Raises UploadRefused with a message for the sender, nothing kept.
    """
    files: list[StoredFile] = []
    try:
        files.extend(store_private(upload, unit=unit, by=by) for upload in uploads)
        yield files
    finally:
        joined = set(CaseFile.objects.filter(file__in=files).values_list("file_id", flat=True))
        for file in files:
            if file.pk not in joined:
                remove_private(file, by=by)


def attach(case: Case, files: Iterable[StoredFile], *, is_from_sender: bool = True) -> None:
    """Join kept files to the case, inside the caller's transaction."""
    CaseFile.objects.bulk_create(
        [CaseFile(case=case, file=file, is_from_sender=is_from_sender, round=case.round) for file in files]
    )


def attach_to_answer(*, case: Case, by: User, uploads: Sequence[File[bytes]]) -> Case:
    """Add files to the answer being written; a file that is already there is not added again.

    Raises UploadRefused with a message for the person, CaseRefused; then nothing is kept.
    """
    _require_writing(case=case, by=by)
    with kept(uploads, unit=case.lead or case.desk, by=by) as files:
        return _attach_to_answer(case=case, by=by, files=files)


@recorded("attach")
def _require_writing(*, case: Case, by: User) -> None:
    """Asked before anything is stored, and again when it is joined."""
    _writable(case, by, WRITTEN, {Party.HANDLER, Party.HEAD})


@recorded("attach")
def _attach_to_answer(*, case: Case, by: User, files: Sequence[StoredFile]) -> Case:
    fresh = _writable(case, by, WRITTEN, {Party.HANDLER, Party.HEAD})
    there = {(row.file.sha256, row.file.name) for row in unsent_files(fresh)}
    new = [file for file in files if (file.sha256, file.name) not in there]
    if len(there) + len(new) > MOST_ANSWER_FILES:
        raise CaseRefused(_("一次答复最多附 %(most)d 个文件。") % {"most": MOST_ANSWER_FILES})
    moved = set_columns(fresh, {}, timezone.now())
    attach(moved, new, is_from_sender=False)
    record("cases.attach_file", moved, by=by, data={"files": [file.pk for file in new]})
    return moved


@recorded("detach")
def detach_from_answer(*, case: Case, by: User, file: int) -> Case:
    """Take a file out of an answer that is not sent; `file` is the number of its `CaseFile`."""
    fresh = _writable(case, by, CHECKED, {Party.HANDLER, Party.HEAD})
    if fresh.state == CaseState.DRAFTED and Party.HEAD not in parties_of(by, fresh):
        raise CaseRefused(_("答复已提交签发，附件由签发的负责人移除；或请负责人退回修改。"))
    row = next((row for row in unsent_files(fresh) if row.pk == file), None)
    if row is None:
        raise CaseRefused(_("这个附件已经不在答复里，请刷新后再看。"))
    moved = set_columns(fresh, {}, timezone.now())
    _drop(row, by)
    record("cases.detach_file", moved, by=by, data={"file": row.file_id})
    return moved


def require_shown(case: Case, shown: Collection[int] | None) -> None:
    """What is signed is what was on the screen: the same files, none of them infected. Raises CaseRefused."""
    rows = unsent_files(case)
    if shown is not None and {row.pk for row in rows} != set(shown):
        raise CaseRefused(_("答复的附件刚刚有变动，请核对后再签发。"))
    if any(row.file.scan_state == ScanState.INFECTED for row in rows):
        raise CaseRefused(_("有附件查出病毒，请先移除再签发。"))


def follow_files(case: Case, master: Case, by: User | None) -> None:
    """Give a duplicate the files of its master's answer as its own; what was prepared for it alone is dropped."""
    for row in unsent_files(case):
        _drop(row, by)
    copies = []
    for row in answer_files(master, rounds={master.round}):
        file = row.file
        file.pk, file._state.adding = None, True
        file.save(force_insert=True)
        copies.append(file)
    attach(case, copies, is_from_sender=False)


def files_of(case: Case) -> list[CaseFile]:
    """What came with the case from its sender, in the order in which it came: two queries."""
    return _with_files(CaseFile.objects.filter(case=case, is_from_sender=True).order_by("pk"))


def answer_files(case: Case, rounds: Collection[int] | None = None) -> list[CaseFile]:
    """Files of answers, sent or not, of some rounds or of all: two queries. For people of the house."""
    rows = CaseFile.objects.filter(case=case, is_from_sender=False).order_by("round", "pk")
    return _with_files(rows if rounds is None else rows.filter(round__in=rounds))


def unsent_files(case: Case) -> list[CaseFile]:
    """Files of the answer of this round; the caller knows that it is not signed."""
    return answer_files(case, rounds={case.round})


def sent_files(*cases: Case) -> list[CaseFile]:
    """Files of the cases' answers that were signed: what their sender may have, three queries."""
    signed = Answer.objects.filter(case__in=cases, state=AnswerState.SIGNED)
    rounds = set(signed.values_list("case_id", "round"))
    rows = CaseFile.objects.filter(case__in=cases, is_from_sender=False).order_by("round", "pk")
    return _with_files(row for row in rows if (row.case_id, row.round) in rounds)


def _with_files(rows: Iterable[CaseFile]) -> list[CaseFile]:
    found = list(rows)
    kept_files = StoredFile.case_files.in_bulk([row.file_id for row in found])
    for row in found:
        row.file = kept_files[row.file_id]
    return found


def _writable(case: Case, by: User, states: Collection[CaseState], parties: Collection[Party]) -> Case:
    fresh = present(case.pk)
    if not parties_of(by, fresh) & set(parties):
        raise CaseRefused(_("答复的附件由承办单位添加和移除。"))
    if CaseState(fresh.state) not in states:
        raise CaseRefused(_("答复不在起草中，不能改动附件。"))
    return fresh


def _drop(row: CaseFile, by: User | None) -> None:
    file = row.file
    row.delete()
    remove_private(file, by=by)
