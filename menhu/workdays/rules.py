"""Arithmetic of working time: office hours, working days and pauses over any calendar."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

IsWorking = Callable[[date], bool]
Span = tuple[datetime, datetime]

DAY = timedelta(days=1)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When an office is open on a working day: spans in order that do not touch, e.g. 8:30–12:00 and 14:00–17:30."""

    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("office hours must be spans in order that do not touch")

    def on(self, day: date, like: datetime) -> Iterator[Span]:
        """The spans of one day in the time zone of `like`."""
        for opens, closes in self.spans:
            yield datetime.combine(day, opens, like.tzinfo), datetime.combine(day, closes, like.tzinfo)

    def closing(self, day: date, like: datetime) -> datetime:
        """When the office closes for the day: the last moment of a deadline that falls on it."""
        return datetime.combine(day, self.spans[-1][1], like.tzinfo)


def without(span: Span, pauses: Iterable[Span]) -> Iterator[Span]:
    """The parts of a span that no pause covers. Pauses are half-open and may overlap."""
    opens, closes = span
    for begins, ends in sorted(pauses):
        if ends <= opens or begins >= closes:
            continue
        if begins > opens:
            yield opens, begins
        opens = ends
        if opens >= closes:
            return
    yield opens, closes


def open_spans(start: datetime, office: OfficeHours, is_working: IsWorking, pauses: Iterable[Span]) -> Iterator[Span]:
    """Office time from `start` on, without end: each span lies within one half-day and outside every pause."""
    kept, day = tuple(pauses), start.date()
    while True:
        if is_working(day):
            for opens, closes in office.on(day, start):
                if closes >= start:
                    yield from without((max(opens, start), closes), kept)
        day += DAY


def add_working_time(
    start: datetime, amount: timedelta, office: OfficeHours, is_working: IsWorking, pauses: Iterable[Span] = ()
) -> datetime:
    """The first moment at which `amount` of office time has passed; for nothing, the next office moment."""
    if amount < NOTHING:
        raise ValueError("a deadline lies ahead")
    for opens, closes in open_spans(start, office, is_working, pauses):
        if amount <= closes - opens:
            return opens + amount
        amount -= closes - opens
    raise AssertionError("working time never ends")


def add_working_days(
    start: datetime, days: int, office: OfficeHours, is_working: IsWorking, pauses: Iterable[Span] = ()
) -> datetime:
    """Closing time of the n-th working day after `start`.

    The day of the start does not count, and the last day ends with office hours (Civil Code §201, §203). A working day
    at whose closing the clock was paused does not count either.
    """
    if days < 1:
        raise ValueError("a deadline in days needs at least one day")
    kept, day = tuple(pauses), start.date()
    while days:
        day += DAY
        closing = office.closing(day, start)
        if is_working(day) and not any(begins <= closing < ends for begins, ends in kept):
            days -= 1
    return office.closing(day, start)


def working_time(
    start: datetime, end: datetime, office: OfficeHours, is_working: IsWorking, pauses: Iterable[Span] = ()
) -> timedelta:
    """How much office time lies between two moments."""
    total = NOTHING
    if end <= start:
        return total
    for opens, closes in open_spans(start, office, is_working, pauses):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    raise AssertionError("working time never ends")
