"""A million cases: how fast the lists of the back office, the public list and a look by number and code answer.

Built once per data directory: a slice of ten years ago is written row by row and copied forward in the database; the
newest slice, in which cases are open, is written last. Then a changed calendar: how long until the dates of all open
cases are reckoned anew by the action and the clock.
"""

import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench.county import prepare
from bench.plans import asked

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

SEED: Final = 20261127
COUNT: Final = 1_000_000
NEWEST, SLICE = 40_000, 20_000
OPEN_SHARE: Final = 0.5
LATE_SHARE: Final = 0.08
YEARS: Final = 10
REQUESTS: Final = 200
WARM: Final = 3
PAGES: Final = 4
LISTS: Final = (
    ("handler, waiting", "jyj-handler", "?basket=mine"),
    ("handler, own unit", "jyj-handler", "?basket=unit"),
    ("handler, own unit, answered", "jyj-handler", "?basket=unit&state=closed"),
    ("head, waiting", "jyj-head", "?basket=mine"),
    ("head, all", "jyj-head", "?basket=all"),
    ("supervisor, overdue", "supervisor", "?basket=late"),
    ("supervisor, waiting", "supervisor", "?basket=mine"),
    ("operator, inbox", "operator", "?basket=mine"),
    ("operator, desk", "operator", "?basket=desk"),
    ("leader, all", "leader", "?basket=all"),
)
STATES: Final = {"received": 4, "screened": 4, "assigned": 10, "returned": 2, "handling": 60, "asked": 8, "drafted": 12}
TEXT: Final = "每天早上七点多，从城东来县医院看病的老人都在路边下车，要横穿两条车道，很不安全。" * 4


@dataclass
class Hands:
    """Units, people and kinds of the county by which rows are made."""

    chance: random.Random
    now: datetime
    desk: Any
    units: list[Any]
    weights: list[float]
    handlers: dict[int, Any]
    kinds: list[Any]
    box: Any

    @classmethod
    def of_the_county(cls, now: datetime) -> "Hands":
        from menhu.accounts.models import User
        from menhu.cases.models import CaseKind
        from menhu.letters.models import Mailbox
        from menhu.units.models import Unit

        box = Mailbox.objects.select_related("desk").get(slug="xzxx")
        people = {user.username: user for user in User.objects.all()}
        units = [unit for unit in Unit.objects.order_by("pk") if f"{unit.slug}-handler" in people]
        units.sort(key=lambda unit: unit.slug != "jyj")
        weights = [1 / (rank + 3) ** 0.8 for rank in range(len(units))]
        handlers = {unit.pk: people[f"{unit.slug}-handler"] for unit in units}
        kinds = list(CaseKind.objects.filter(code__in=("consultation", "advice", "complaint", "help")))
        return cls(random.Random(SEED), now, box.desk, units, weights, handlers, kinds, box)


def code_of(pk: int) -> str:
    """The query code of a case that was written here."""
    from menhu.cases.rules import code_from
    from menhu.core.sealing import fingerprint

    return code_from(fingerprint(f"bench-{pk}", "case-code"))


def build(count: int) -> None:
    """All cases that are missing; nothing where they stand."""
    from django.conf import settings
    from django.utils import timezone

    marker = settings.HOME / "caseload.done"
    if marker.exists() and marker.read_text() == str(count):
        return
    hands = Hands.of_the_county(timezone.now().replace(microsecond=0))
    newest, size = min(NEWEST, count // 5), min(SLICE, count // 10)
    copies = (count - newest) // size
    days = YEARS * 365 / copies
    first = hands.now - timedelta(days=YEARS * 365 + 60)
    write(hands, range(1, size + 1), lambda n: first + timedelta(days=days * n / size), is_new=False)
    for copy in range(1, copies):
        multiply(copy, size, round(days * copy))
        sys.stderr.write(f"\r{size * (copy + 1):,} cases   ")
    last = size * copies
    start = hands.now - timedelta(days=60)
    write(hands, range(last + 1, last + newest + 1), lambda n: start + timedelta(days=60 * (n - last) / newest), True)
    set_month_pages()
    settle()
    marker.write_text(str(count))


def write(hands: Hands, ids: range, received: Callable[[int], datetime], is_new: bool) -> None:
    """One slice, row by row, in portions."""
    from django.db import transaction

    from menhu.core.portions import portions

    for portion in portions(iter(ids), 2_000):
        rows: dict[type[Model], list[Any]] = {}
        for pk in portion:
            for row in rows_of(hands, pk, received(pk), is_new):
                rows.setdefault(type(row), []).append(row)
        with transaction.atomic():
            for model, found in rows.items():
                model._default_manager.bulk_create(found, batch_size=500)


def rows_of(hands: Hands, pk: int, at: datetime, is_new: bool) -> "Iterator[Model]":
    """A case with what hangs on it."""
    chance = hands.chance
    is_open = is_new and chance.random() < OPEN_SHARE
    state = chance.choices(list(STATES), list(STATES.values()))[0] if is_open else closed_state(chance, is_new)
    unit = None if state in ("received", "screened", "returned", "refused") else draw_unit(hands)
    case = case_row(hands, pk, at.replace(microsecond=0), state, unit)
    yield case
    yield from around(hands, case)


def closed_state(chance: random.Random, is_new: bool) -> str:
    if is_new:
        return chance.choices(("answered", "rated", "closed", "refused"), (30, 20, 46, 4))[0]
    return chance.choices(("closed", "refused"), (96, 4))[0]


def draw_unit(hands: Hands) -> Any:
    return hands.chance.choices(hands.units, hands.weights)[0]


def case_row(hands: Hands, pk: int, at: datetime, state: str, unit: Any) -> Any:
    from menhu.cases.models import Case
    from menhu.cases.rules import OPEN
    from menhu.core.sealing import fingerprint

    chance, is_open = hands.chance, state in OPEN
    late = is_open and chance.random() < LATE_SHARE
    due_at = hands.now + timedelta(days=chance.uniform(-12, 0) if late else chance.uniform(0.1, 14))
    answered = at + timedelta(days=chance.uniform(1, 9))
    is_answered = not is_open and state != "refused"
    waits = state in ("answered", "rated")
    return Case(
        pk=pk,
        number=f"LX{at:%Y%m%d}-{pk:07d}",
        key_digest=fingerprint(f"bench-{pk}", "case-key"),
        code_digest=fingerprint(code_of(pk), "case-code-kept"),
        kind=chance.choice(hands.kinds),
        channel=chance.choice(("web", "web", "phone", "app")),
        desk=hands.desk,
        lead=unit,
        handler=hands.handlers[unit.pk] if unit is not None and state != "assigned" else None,
        state=state,
        is_open=is_open,
        title=f"建议在县医院门口增设公交站（{pk}）",
        text=TEXT,
        received_at=at,
        accepted_at=None if state == "received" else at,
        assigned_at=at if unit is not None else None,
        started_at=None if state in ("received", "refused") else at,
        answered_at=answered.replace(microsecond=0) if is_answered else None,
        ended_at=answered.replace(microsecond=0) if state in ("closed", "refused") else None,
        due_at=due_at if is_open and state != "received" else answered if is_answered else None,
        step_at=at,
        step_due_at=due_at if is_open else hands.now + timedelta(days=5) if waits else None,
        next_alarm_at=due_at + timedelta(days=1) if is_open and not late else None,
        paused_at=at if state == "asked" else None,
        rating=chance.randint(2, 5) if state == "rated" else None,
    )


def around(hands: Hands, case: Any) -> "Iterator[Model]":
    """Sender, letter, timeline, assignment, answer, directive and public copy of a case."""
    from menhu.cases.models import Answer, Assignment, CaseEvent, Directive, Extension, Sender
    from menhu.letters.models import Letter, PublicCopy

    chance, at = hands.chance, case.received_at
    by = hands.handlers[case.lead_id] if case.lead_id else None
    yield Sender(case=case, name="叶知秋", phone="13800001234", phone_digest=f"{chance.randrange(300_000):064d}")
    yield Letter(case=case, mailbox=hands.box, wants_publication=True)
    for kind in ("receive", "accept", "assign", "sign")[: 4 if case.answered_at else 2]:
        yield CaseEvent(case=case, kind=kind, at=at, actor_id=by.pk if by and kind == "sign" else None)
    if case.lead_id is None:
        return
    yield Assignment(case=case, unit=case.lead, is_lead=True, assigned_at=at)
    partner = draw_unit(hands)
    if chance.random() < 0.12 and partner != case.lead:
        opinion_at = None if case.is_open else at
        yield Assignment(case=case, unit=partner, is_lead=False, assigned_at=at, opinion_at=opinion_at)
    if chance.random() < 0.04:
        reported = None if case.is_open else at
        yield Directive(
            case=case, kind="urge", text="请按期办结。", by_id=1, given_at=at, due_at=at, reported_at=reported
        )
    if case.is_open and case.state == "handling" and chance.random() < 0.01:
        yield Extension(case=case, days=5, reason="等待检测报告。", asked_by_id=1, asked_at=at)
    if case.answered_at is None:
        return
    signed = {"signed_at": case.answered_at, "signed_by_name": "负责人"}
    yield Answer(
        case=case, round=1, state="signed", text=TEXT, unit=case.lead, drafted_by_id=1, drafted_at=at, **signed
    )
    if chance.random() < 0.4:
        published = case.answered_at + timedelta(days=1)
        yield PublicCopy(
            letter_id=case.pk,
            state="published",
            title=case.title,
            question=TEXT,
            answer=TEXT,
            kind=case.kind,
            unit=case.lead,
            written_on=at.date(),
            answered_at=case.answered_at,
            prepared_by_id=1,
            published_at=published,
            bucket=f"{published:%Y-%m}",
        )


def multiply(copy: int, size: int, days: int) -> None:
    """One copy of the first slice, so many days later, in one transaction."""
    from django.db import connection, transaction

    from menhu.cases.models import Answer, Assignment, Case, CaseEvent, Directive, Sender
    from menhu.letters.models import Letter, PublicCopy

    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Case, Sender, Letter, CaseEvent, Assignment, Directive, Answer, PublicCopy):
            table, key = model._meta.db_table, model._meta.pk.column
            fields = [field for field in model._meta.concrete_fields if field.column != "id" or model is Case]
            names = ", ".join(f'"{field.column}"' for field in fields)
            values = ", ".join(_value(field, copy, size, days, connection.vendor) for field in fields)
            of_slice = {"cases_case": "id", "letters_publiccopy": "letter_id"}.get(table, "case_id")
            assert key
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {of_slice} <= {size}")


def _value(field: Any, copy: int, size: int, days: int, vendor: str) -> str:
    """What stands in a column of a copy: ids and days moved on, keys and numbers made different."""
    column, kind = field.column, field.get_internal_type()
    if column in ("id", "case_id", "letter_id"):
        return f"{column} + {copy * size}"
    if column in ("number", "key_digest"):
        return f"substr({column}, 1, 60) || '-{copy}'"
    if column == "bucket":
        moved = f"published_at + interval '{days} days'"
        return (
            f"to_char({moved}, 'YYYY-MM')"
            if vendor == "postgresql"
            else f"strftime('%Y-%m', published_at, '+{days} days')"
        )
    if kind == "DateTimeField":
        return f"{column} + interval '{days} days'" if vendor == "postgresql" else f"datetime({column}, '+{days} days')"
    if kind == "DateField":
        return f"{column} + {days}" if vendor == "postgresql" else f"date({column}, '+{days} days')"
    return f'"{column}"'


def set_month_pages() -> None:
    """Put the public letters of a month on its pages, as publishing one by one does."""
    from django.db import connection

    from menhu.articles.rules import BUCKET_SIZE

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE letters_publiccopy SET part = numbered.part FROM (SELECT id,"
            f" 1 + (row_number() OVER (PARTITION BY bucket ORDER BY published_at, id) - 1) / {BUCKET_SIZE} AS part"
            " FROM letters_publiccopy) AS numbered WHERE letters_publiccopy.id = numbered.id"
        )


def settle() -> None:
    """Ids go on after those given here, and the planner knows the new sizes."""
    from django.core.management.color import no_style
    from django.db import connection

    from menhu.cases.models import Case
    from menhu.core import figures
    from menhu.core.models import Figure

    figures.seed()
    Figure.objects.filter(key__startswith="letters.").update(value=100_000_000)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Case]):
            cursor.execute(sql)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def main(scale: str, count: int = COUNT) -> None:
    prepare(scale)
    build(count)
    rows = {name: measured(user, f"/office/cases/{query}") for name, user, query in LISTS}
    rows |= public_pages()
    rows["look by number and code"] = looks()
    figures = {"rows": rows, "recomputed": recomputed()}
    sys.stdout.write("\n" + json.dumps(figures, ensure_ascii=False) + "\n")


def browser(username: str = "") -> "Client":
    from django.conf import settings
    from django.test import Client

    from menhu.accounts.models import User

    client = Client(HTTP_HOST=settings.PUBLIC_HOST)
    if username:
        client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client


def measured(username: str, path: str) -> dict[str, object]:
    """The first pages of a list, one after another."""
    client = browser(username)
    paths = [path]
    for _page in range(PAGES - 1):
        body = client.get(paths[-1]).content.decode()
        found = re.search(r'href="(\?[^"]*after=[^"]+)"', body)
        if found is None:
            break
        paths.append(path.partition("?")[0] + found[1].replace("&amp;", "&"))
    return timed([lambda p=p: client.get(p) for p in paths])  # type: ignore[misc]


def timed(requests: list[Callable[[], Any]]) -> dict[str, object]:
    """Milliseconds of at least REQUESTS requests, and what the first of them scans."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for request in requests * WARM:
        response = request()
        if response.status_code != 200:
            raise SystemExit(f"answers {response.status_code}")
    with CaptureQueriesContext(connection) as captured:
        requests[0]()
    plan = asked(captured)
    taken = []
    for number in range(max(REQUESTS, len(requests))):
        started = time.perf_counter()
        requests[number % len(requests)]()
        taken.append((time.perf_counter() - started) * 1_000)
    taken.sort()
    return {
        "median, ms": round(statistics.median(taken), 1),
        "p95, ms": round(taken[int(len(taken) * 0.95)], 1),
        "queries": plan.queries,
        "scans": ", ".join(plan.scans) or "none",
    }


def public_pages() -> dict[str, dict[str, object]]:
    """The public list and a month, as the app draws them; afterwards they are files."""
    from django.conf import settings
    from django.utils import timezone

    from menhu.delivery.sources import Address, render
    from menhu.letters.actions.counting import take_figures
    from menhu.letters.models import PublicCopy

    started = time.perf_counter()
    take_figures(timezone.now())
    counting = time.perf_counter() - started
    newest = PublicCopy.objects.published().order_by("-pk").values_list("pk", flat=True)[0]
    bucket = PublicCopy.objects.published().filter(pk__lte=newest // 2).order_by("-pk")[0].month_page

    class Shown:
        status_code = 200

        def __init__(self, path: str) -> None:
            assert render(Address(settings.PUBLIC_HOST, path)) is not None

    return {
        "public list": timed([lambda: Shown("/letters/")]),
        "public list of a month": timed([lambda: Shown(f"/letters/{bucket}/")]),
        "the public numbers, counted every ten minutes": {"median, ms": round(counting * 1_000)},
    }


def looks() -> dict[str, object]:
    """By number and code through the public form, at cases of all ages."""
    from menhu.cases.models import Case

    client, chance = browser(), random.Random(SEED)
    size = min(SLICE, Case.objects.count() // 10)
    last = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chosen = [chance.randint(1, last) for _ in range(REQUESTS)]
    numbers = dict(Case.objects.filter(pk__in=chosen).values_list("pk", "number"))
    newest = last - min(NEWEST, last // 5)
    pairs = [(number, code_of(pk if pk > newest else (pk - 1) % size + 1)) for pk, number in numbers.items()]
    return timed([lambda p=p: client.post("/letters/check/", {"number": p[0], "code": p[1]}) for p in pairs])  # type: ignore[misc]


def recomputed() -> dict[str, object]:
    """A day off is put into the calendar: until every open case has its new date, by the action and the clock's job."""
    from django.utils import timezone

    from menhu.accounts.models import User
    from menhu.cases import jobs
    from menhu.cases.models import Case
    from menhu.workdays.actions import set_day

    webmaster = User.objects.get(username="webmaster")
    day = _free_day()
    started = time.perf_counter()
    set_day(day=day, is_working=False, note="全县放假一天", by=webmaster)
    marking = time.perf_counter() - started
    marked, ticks = Case.objects.filter(is_reckoned=False).count(), 0
    started, longest = time.perf_counter(), 0.0
    while Case.objects.filter(is_reckoned=False).exists():
        tick = time.perf_counter()
        jobs.reckon(timezone.now())
        longest, ticks = max(longest, time.perf_counter() - tick), ticks + 1
    spent = time.perf_counter() - started
    return {
        "open deadlines marked": marked,
        "the webmaster waits, s": round(marking, 2),
        "reckoned anew, s": round(spent, 1),
        "ticks of the clock, the longest, s": f"{ticks}, {longest:.2f}",
        "with a second between ticks, s": round(max(spent, ticks * 1.0), 1),
    }


def _free_day() -> date:
    """The next working day that the calendar still has as usual."""
    from django.utils import timezone

    from menhu.workdays.calendar import Calendar

    day, calendar = timezone.localdate() + timedelta(days=1), Calendar()
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
