"""Until when a step is to be decided: figures of the house on the working calendar."""

from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from menhu.core.figures import declare, figure
from menhu.core.models import Confidence
from menhu.review.enums import Step
from menhu.review.rules import MAJOR_HOURS, ORDER, ORDINARY_HOURS, hours_key
from menhu.workdays.calendar import Calendar
from menhu.workdays.deadlines import office_hours
from menhu.workdays.rules import OfficeHours, add_working_time

SOURCE = "本平台默认；公开前须审查（政府信息公开条例第十七条），时限未见统一规定"


def declare_figures() -> None:
    """Working hours of each step: no rule names them, so a county sets its own."""
    for step in ORDER:
        label = f"{step.label}时限（工作时）"
        declare(hours_key(step, is_major=False), label, ORDINARY_HOURS[step], "小时", SOURCE, Confidence.HOUSE)
    declare(
        hours_key(ORDER[0], is_major=True),
        "重大事项每步审核时限（工作时）",
        MAJOR_HOURS,
        "小时",
        SOURCE,
        Confidence.HOUSE,
    )


class Terms:
    """The figures, office hours and calendar in force, each read once for however many steps."""

    def __init__(self) -> None:
        self.calendar = Calendar()
        self._hours: dict[str, timedelta] = {}

    def due_at(self, step: str, start: datetime, *, is_major: bool) -> datetime:
        """When the step's working time ends. Raises CalendarMissing for a year that nobody has entered."""
        term = self._term(hours_key(Step(step), is_major=is_major))
        return add_working_time(timezone.localtime(start), term, self._office, self.calendar.is_working)

    @cached_property
    def _office(self) -> OfficeHours:
        return office_hours()

    def _term(self, key: str) -> timedelta:
        if key not in self._hours:
            self._hours[key] = timedelta(hours=float(figure(key)))
        return self._hours[key]
