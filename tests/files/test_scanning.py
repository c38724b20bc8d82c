"""Files of cases wait for the scanner: nothing passes that clamd has not called clean."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clamd import EICAR
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.files import clamav
from menhu.files.actions import alarm_overdue, scan_waiting, store_private, store_upload
from menhu.files.enums import ScanState
from menhu.files.models import StoredFile
from menhu.files.rules import LONGEST_SCAN_PAUSE, scan_pause
from menhu.files.views import private_bytes, private_thumbnail
from menhu.notices.models import Notice
from tests.factories import World
from tests.files import samples
from tests.files.clamd_double import Clamd, started
from tests.files.test_uploads import private_files


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    double = Clamd()
    server = started(double)
    settings.CLAMD_SOCKET = double.address
    yield double
    double.closing.set()
    server.shutdown()
    server.server_close()


def send(world: World, name: str = "a.txt", data: bytes = b"letter") -> StoredFile:
    return store_private(SimpleUploadedFile(name, data), unit=world.units["jyj"], by=None)


def state(file: StoredFile) -> tuple[str, str]:
    file.refresh_from_db()
    return file.scan_state, file.scan_detail


def test_a_file_waits_unseen_until_it_is_clean(world: World, clamd: Clamd) -> None:
    file, picture = send(world), send(world, "a.png", samples.picture())
    assert state(file) == (ScanState.WAITING, "")
    for opened in (private_bytes, private_thumbnail):
        with pytest.raises(Http404, match="正在等待查毒"):
            opened(picture)
    assert scan_waiting(now=timezone.now()) == 2
    assert state(file) == state(picture) == (ScanState.CLEAN, "")
    assert clamd.received == [b"letter", private_bytes(picture).content]
    assert private_bytes(file).content == b"letter"
    assert scan_waiting(now=timezone.now()) == 0


def test_clamd_is_asked_over_a_socket_of_the_machine_too(world: World, tmp_path: Path, settings: Any) -> None:
    double = Clamd()
    server = started(double, str(tmp_path / "clamd.ctl"))
    settings.CLAMD_SOCKET = double.address
    data = b"x" * 3_000_000
    assert clamav.virus_in(data) == ""
    assert double.received == [data]
    server.shutdown()
    server.server_close()


def test_a_virus_takes_the_bytes_of_every_equal_file_and_the_webmaster_hears(
    world: World, clamd: Clamd, django_capture_on_commit_callbacks: Any
) -> None:
    one, same, other = send(world, "a.txt", EICAR), send(world, "b.txt", EICAR), send(world)
    with django_capture_on_commit_callbacks(execute=True):
        assert scan_waiting(now=timezone.now()) == 2
    assert state(one) == state(same) == (ScanState.INFECTED, "Win.Test.EICAR_HDB-1")
    assert state(other) == (ScanState.CLEAN, "")
    assert private_files() == [other.private_name]
    with pytest.raises(Http404, match="含有病毒"):
        private_bytes(one)
    events = Event.objects.filter(verb="files.infected").order_by("pk")
    assert [(event.object_id, event.data) for event in events] == [
        (str(file.pk), {"virus": "Win.Test.EICAR_HDB-1"}) for file in (one, same)
    ]
    notice = Notice.objects.get()
    assert (notice.user, notice.title) == (world.people["webmaster"], "来件附件中发现病毒，已删除")
    assert notice.body == (f"{one}、{same} 含有病毒 Win.Test.EICAR_HDB-1，文件内容已删除，记录保留。")


def test_infected_bytes_sent_again_are_judged_again(
    world: World, clamd: Clamd, django_capture_on_commit_callbacks: Any
) -> None:
    for _round in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            file = send(world, "a.txt", EICAR)
            assert private_files() == [file.private_name]
            assert scan_waiting(now=timezone.now()) == 1
        assert private_files() == []
    assert StoredFile.case_files.filter(scan_state=ScanState.INFECTED).count() == 2


def deaf(clamd: Clamd) -> None:
    clamd.is_deaf = True


def hanging_up(clamd: Clamd) -> None:
    clamd.hangs_up_after = 3


def silent(clamd: Clamd) -> None:
    clamd.says = b""


def cut_short(clamd: Clamd) -> None:
    clamd.says = b"stream: O"


def garbled(clamd: Clamd) -> None:
    clamd.says = b"\xff\xfe\n"


@pytest.mark.parametrize("fault", [deaf, hanging_up, silent, cut_short, garbled])
def test_a_scanner_that_breaks_off_passes_nothing_and_is_asked_later(
    world: World, clamd: Clamd, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr(clamav, "SECONDS", 0.2)
    fault(clamd)
    file, other, now = send(world), send(world, "b.txt", b"other"), timezone.now()
    assert scan_waiting(now=now) == 0
    assert len(clamd.received) <= 1
    for each, pause in ((file, 31), (other, 30)):
        each.refresh_from_db()
        assert (each.scan_state, each.scan_attempts) == (ScanState.WAITING, 1)
        assert each.scan_after == now + timedelta(seconds=pause)
        assert each.scan_detail != ""
    clamd.is_deaf, clamd.hangs_up_after, clamd.says = False, None, None
    assert scan_waiting(now=now + timedelta(seconds=29)) == 0
    assert scan_waiting(now=now + timedelta(seconds=31)) == 2
    assert state(file) == state(other) == (ScanState.CLEAN, "")


def test_one_file_at_which_clamd_breaks_off_holds_up_no_other(world: World, clamd: Clamd) -> None:
    clamd.chokes_on = b"poison"
    bad, now = send(world, data=b"poison"), timezone.now()
    others = [send(world, data=b"letter %d" % number) for number in range(3)]
    assert scan_waiting(now=now) == 0
    assert scan_waiting(now=now + timedelta(minutes=1)) == 3
    others.append(send(world, data=b"letter 4"))
    assert scan_waiting(now=now + timedelta(minutes=5)) == 1
    assert [state(other)[0] for other in others] == [ScanState.CLEAN] * 4
    bad.refresh_from_db()
    assert (bad.scan_state, bad.scan_attempts) == (ScanState.WAITING, 3)


def test_a_file_over_the_limit_of_clamd_is_told_by_its_answer(settings: Any, tmp_path: Path) -> None:
    double = Clamd(stream_limit=2_000)
    server = started(double, str(tmp_path / "clamd.ctl"))
    settings.CLAMD_SOCKET = double.address
    with pytest.raises(clamav.NotScanned, match="StreamMaxLength"):
        clamav.virus_in(b"x" * 3_000_000)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "no port"])
def test_no_scanner_at_the_address_passes_nothing(world: World, settings: Any, address: str) -> None:
    settings.CLAMD_SOCKET = address
    file = send(world)
    assert scan_waiting(now=timezone.now()) == 0
    assert state(file)[0] == ScanState.WAITING


def test_what_clamd_refuses_waits_while_others_are_judged(world: World, clamd: Clamd) -> None:
    large, small = send(world, "大.txt", b"x" * 5_000), send(world)
    clamd.stream_limit = 2_000
    assert scan_waiting(now=timezone.now()) == 1
    assert state(large) == (ScanState.WAITING, "文件超过 clamd 的 StreamMaxLength")
    assert state(small) == (ScanState.CLEAN, "")


def test_an_error_of_the_scanner_is_no_judgement(world: World, clamd: Clamd) -> None:
    clamd.says = b"stream: Can't allocate memory ERROR\n"
    file = send(world)
    assert scan_waiting(now=timezone.now()) == 0
    assert state(file) == (ScanState.WAITING, "Can't allocate memory")


def test_a_file_whose_bytes_are_lost_waits_and_says_why(world: World, clamd: Clamd) -> None:
    file = send(world)
    (Path(str(settings_root())) / file.private_name).unlink()
    assert scan_waiting(now=timezone.now()) == 0
    assert state(file) == (ScanState.WAITING, "服务器上的文件内容已丢失或无法解密")
    assert clamd.received == []


def settings_root() -> object:
    from django.conf import settings

    return settings.PRIVATE_ROOT


def test_the_webmaster_hears_once_that_files_wait_too_long(world: World, settings: Any) -> None:
    settings.CLAMD_SOCKET = "127.0.0.1:1"
    file, now = send(world), timezone.now()
    scan_waiting(now=now)
    assert alarm_overdue(now=now + timedelta(minutes=119)) == 0
    assert alarm_overdue(now=now + timedelta(minutes=121)) == 1
    late = send(world, "b.txt", b"later")
    StoredFile.case_files.filter(pk=late.pk).update(uploaded_at=now)
    assert alarm_overdue(now=now + timedelta(minutes=122)) == 0
    notice = Notice.objects.get()
    assert (notice.user, notice.title) == (world.people["webmaster"], "有 1 个来件附件查毒未完成")
    assert state(file)[1] in notice.body
    assert alarm_overdue(now=now + timedelta(minutes=250)) == 1
    assert Notice.objects.count() == 2
    assert state(file)[0] == state(late)[0] == ScanState.WAITING


def test_files_that_wait_stay_unseen_when_the_setting_is_taken_away(world: World, clamd: Clamd, settings: Any) -> None:
    file = send(world)
    settings.CLAMD_SOCKET = ""
    assert scan_waiting(now=timezone.now()) == 0
    assert state(file) == (ScanState.WAITING, "")
    assert alarm_overdue(now=timezone.now() + timedelta(hours=3)) == 1
    assert "没有配置查毒服务" in Notice.objects.get().body


def test_without_a_scanner_files_are_shown_and_say_so(world: World) -> None:
    file = send(world)
    assert state(file) == (ScanState.UNSCANNED, "")
    assert scan_waiting(now=timezone.now()) == 0
    assert private_bytes(file).content == b"letter"


def test_files_of_units_do_not_wait(world: World, clamd: Clamd) -> None:
    file = store_upload(SimpleUploadedFile("a.txt", b"letter"), unit=world.units["jyj"], by=None)
    assert file.scan_state == ScanState.UNSCANNED
    assert scan_waiting(now=timezone.now()) == 0
    assert clamd.received == []


def test_an_idle_round_costs_three_queries_however_many_files_are_clean(world: World, clamd: Clamd) -> None:
    for number in range(20):
        send(world, data=b"letter %d" % number)
    scan_waiting(now=timezone.now())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        scan_waiting(now=timezone.now())
        alarm_overdue(now=timezone.now())
    assert len(queries) == 3


@given(st.integers(min_value=1, max_value=10**9))
def test_pauses_grow_and_end(attempts: int) -> None:
    assert timedelta(seconds=30) <= scan_pause(attempts) <= scan_pause(attempts + 1) <= LONGEST_SCAN_PAUSE
