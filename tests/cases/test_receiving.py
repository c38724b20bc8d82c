"""Numbers without gaps under any crowd, one case for each submission, and codes that open nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions import Matter, SenderData
from menhu.cases.models import Case, CaseEvent, DailySequence, Sender
from tests.cases.desk import SENDER, kind, received
from tests.factories import World

needs_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")


def test_a_letter_gets_number_code_sender_and_first_line(world: World) -> None:
    receipt = received(world)
    case = Case.objects.get()
    assert (receipt.case, receipt.is_new) == (case, True)
    assert case.number == "YL20260603-0001"
    assert case.code_digest not in receipt.code
    assert list(CaseEvent.objects.values_list("kind", "is_public", "actor_name")) == [("receive", True, "")]
    sender = Sender.objects.get()
    assert (sender.name, sender.phone, sender.address) == ("叶知秋", "13800001234", "城关镇东街 9 号")


def test_nothing_of_the_sender_lies_readable_in_the_tables(world: World) -> None:
    received(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_sender")
        raw = b"".join(
            bytes(value) for row in cursor.fetchall() for value in row if isinstance(value, bytes | memoryview)
        )
    assert len(raw) > 100
    for text in ("叶知秋", "13800001234", "ye@example.cn", "东街"):
        assert text.encode() not in raw
    assert "叶知秋" not in str(list(Event.objects.values()))


def test_numbers_count_by_prefix_and_day(world: World, clock: object) -> None:
    letters = [received(world).case.number for _ in range(3)]
    other = received(world, kind=kind(code="petition", prefix="XF")).case.number
    clock.shift(24 * 3600)  # type: ignore[attr-defined]
    tomorrow = received(world).case.number
    assert letters == ["YL20260603-0001", "YL20260603-0002", "YL20260603-0003"]
    assert (other, tomorrow) == ("XF20260603-0001", "YL20260604-0001")


def test_the_same_submission_again_is_the_same_case(world: World) -> None:
    first = received(world, key="double click")
    again = received(world, key="double click", title="另一个标题")
    assert (again.case, again.code, again.is_new) == (first.case, first.code, False)
    assert Case.objects.count() == Sender.objects.count() == 1
    assert received(world, key="another").code != first.code


def test_a_failed_submission_leaves_no_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    received(world)
    with monkeypatch.context() as patch:
        patch.setattr("menhu.cases.actions.receiving.write_event", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            received(world)
    assert received(world).case.number == "YL20260603-0002"


@pytest.mark.parametrize(
    "words", [{"title": "题" * 10_000}, {"title": " "}, {"text": ""}, {"text": "字" * 20_001}, {"text": "a\0b"}]
)
def test_words_that_cannot_be_kept_are_refused_plainly(world: World, words: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        received(world, **words)
    assert Case.objects.count() == DailySequence.objects.count() == 0


def test_rare_characters_emoji_and_markup_are_kept_as_they_are(world: World) -> None:
    text = "𬱖㛃䶮𠮷🙂 <script>alert(1)</script> &amp; ﷽"
    case = received(world, title="𬱖家巷的路灯🙂", text=text, sender=SenderData(name="欧阳㛃")).case
    case.refresh_from_db()
    assert (case.title, case.text, case.sender.name) == ("𬱖家巷的路灯🙂", text, "欧阳㛃")


def test_a_case_is_opened_by_number_and_code_as_people_type_them(world: World) -> None:
    receipt = received(world)
    assert actions.find_by_code("yl20260603—0001", f" {receipt.code[:5].lower()}-{receipt.code[5:]}") == receipt.case
    other = received(world)
    for number, code in (
        (receipt.case.number, other.code),
        (receipt.case.number, ""),
        ("YL20260603-9999", receipt.code),
        ("", ""),
        (receipt.case.number, receipt.code[:-1]),
    ):
        assert actions.find_by_code(number, code) is None


def test_a_wrong_number_costs_the_same_queries_as_a_wrong_code(world: World, django_assert_num_queries: object) -> None:
    receipt = received(world)
    for number in (receipt.case.number, "YL20260603-9999"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert actions.find_by_code(number, "2222222222") is None


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_get_fifty_numbers_without_a_gap() -> None:
    from tests.factories import build_world

    world, gate, letter = build_world(), Barrier(50), kind()
    failures: list[Exception] = []

    def write(number: int) -> None:
        gate.wait()
        try:
            matter = Matter(kind=letter, desk=world.units["zfb"], title=f"第{number}封", text="内容")
            actions.receive(matter=matter, sender=SENDER, key=f"crowd-{number}")
        except Exception as error:  # noqa: BLE001 - none may fail, whatever it is
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"YL20260603-{n:04d}" for n in range(1, 51)]


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_the_same_submission_ten_times_at_once_is_one_case() -> None:
    from tests.factories import build_world

    world, gate, letter = build_world(), Barrier(10), kind()
    codes: list[str] = []

    def write() -> None:
        gate.wait()
        matter = Matter(kind=letter, desk=world.units["zfb"], title="同一封", text="内容")
        codes.append(actions.receive(matter=matter, sender=SENDER, key="same").code)
        connections.close_all()

    threads = [Thread(target=write) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 10
    assert len(set(codes)) == Case.objects.count() == 1
    assert DailySequence.objects.get().last == 1


WRITER = """
import os, sys
import django
django.setup()
from menhu.cases.actions import Matter, SenderData, receive
from menhu.cases.models import CaseKind
from menhu.units.models import Unit
kind, unit = CaseKind.objects.get(code="sample"), Unit.objects.get()
for n in range(int(sys.argv[2])):
    matter = Matter(kind=kind, desk=unit, title=f"{sys.argv[1]}-{n}", text="内容")
    receive(matter=matter, sender=SenderData(name="叶知秋"), key=f"{sys.argv[1]}-{n}")
"""


def test_processes_on_one_sqlite_file_leave_no_gap(tmp_path: Path) -> None:
    """Five processes, ten letters each, one file: as `menhu serve` with several workers."""
    environment = {**os.environ, "MENHU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    setup = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from menhu.units.actions import add_unit; from menhu.units.enums import UnitKind\n"
        "add_unit(parent=None, by=None, name='云岭县', short_name='云岭县', slug='county', kind=UnitKind.COUNTY)\n"
        "from menhu.cases.models import CaseKind\n"
        "CaseKind.objects.create(code='sample', prefix='YL', confidence='house')\n"
    )
    subprocess.run([sys.executable, "-c", setup], env=environment, check=True, timeout=300)
    crowd = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(number), "10"], env=environment) for number in range(5)
    ]
    assert [process.wait(timeout=300) for process in crowd] == [0] * len(crowd)
    count = (
        "import django; django.setup()\n"
        "from menhu.cases.models import Case\n"
        "print(*sorted(Case.objects.values_list('number', flat=True)))"
    )
    found = subprocess.run([sys.executable, "-c", count], env=environment, check=True, capture_output=True, text=True)
    numbers = found.stdout.split()
    assert len(numbers) == 50
    assert {number.split("-")[1] for number in numbers} == {f"{n:04d}" for n in range(1, 51)}
