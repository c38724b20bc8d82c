"""A basket as a spreadsheet: titles and dates, never a word about senders."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from menhu.cases.lateness import WorkingDays
from menhu.cases.models import Case
from menhu.core.spreadsheets import Sheet, write_workbook

MOST_ROWS: Final = 5_000
COLUMNS: Final = (
    ("编号", 20),
    ("种类", 12),
    ("标题", 48),
    ("状态", 14),
    ("来源", 8),
    ("受理单位", 18),
    ("承办单位", 18),
    ("承办人", 10),
    ("收到时间", 18),
    ("受理时间", 18),
    ("答复期限", 18),
    ("本步期限", 18),
    ("超时工作日", 12),
    ("答复时间", 18),
    ("办结时间", 18),
    ("第几次办理", 12),
    ("评价", 8),
)


def workbook_of(title: str, cases: Sequence[Case], now: datetime) -> bytes:
    """The .xlsx file; `cases` come with kind, lead, desk and handler."""
    days = WorkingDays([case.step_due_at for case in cases if case.is_open], now)
    headings, widths = zip(*COLUMNS, strict=True)
    rows = (tuple(_row(case, days, now)) for case in cases)
    return write_workbook([Sheet(title, headings, widths, rows)])


def _row(case: Case, days: WorkingDays, now: datetime) -> Iterator[Any]:
    yield case.number
    yield case.kind.name
    yield case.title
    yield str(case.get_state_display())
    yield str(case.get_channel_display())
    yield case.desk.short_name
    yield case.lead.short_name if case.lead else ""
    yield str(case.handler) if case.handler else ""
    yield from (_moment(moment) for moment in (case.received_at, case.accepted_at, case.due_at, case.step_due_at))
    yield days.past(case.step_due_at) if case.is_open and case.step_due_at and case.step_due_at < now else ""
    yield _moment(case.answered_at)
    yield _moment(case.ended_at)
    yield case.round
    yield "" if case.rating is None else case.rating


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
