"""What a citizen sends along: stripped, sealed, seen by those who handle the case, kept only with the letter."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.enums import CaseState
from menhu.cases.models import Case, CaseFile
from menhu.files.models import StoredFile
from menhu.letters.models import Mailbox
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.factories import World
from tests.files.samples import picture_of_a_place
from tests.letters.post import TYPED, Citizen, boxes, receipt

pytestmark = pytest.mark.usefixtures("post")


@pytest.fixture
def post(world: World) -> dict[str, Mailbox]:
    return boxes(world)


def photo(name: str = "路口.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_of_a_place(), "image/jpeg")


def fetched(citizen: Citizen, number: str, code: str, row: int) -> Any:
    form = citizen.form("/letters/check/")
    return citizen.post("/letters/check/", {**form, "number": number, "code": code, "act": "file", "file": row})


def test_a_photograph_comes_with_the_letter_without_its_place(desk: Desk) -> None:
    citizen = Citizen()
    number, code = receipt(citizen.send(files=[photo()]).content.decode())
    row = CaseFile.objects.get()
    answer = fetched(citizen, number, code, row.pk)
    assert answer["Content-Type"] == "image/jpeg"
    assert b"GPS" not in answer.content
    assert b"Exif" not in answer.content
    assert StoredFile.objects.count() == 0
    case = Case.objects.get()
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    address = f"/office/cases/{case.pk}/files/{row.pk}/"
    assert SignedIn(desk.handler).get(address).status_code == 200
    assert Event.objects.filter(verb="cases.open_file").count() == 1
    for stranger in (desk.stranger_handler, desk.editor, desk.webmaster):
        assert SignedIn(stranger).get(address).status_code in (403, 404)
    assert Event.objects.filter(verb="cases.open_file").count() == 1


def test_a_file_of_another_letter_is_not_given() -> None:
    first, second = Citizen(), Citizen()
    first.send(files=[photo()])
    row = CaseFile.objects.get()
    number, code = receipt(second.send().content.decode())
    assert fetched(second, number, code, row.pk).status_code == 404
    assert fetched(first, number, "2222222222", row.pk).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("病毒.exe", b"MZ\x90\x00"),
        ("页面.html", b"<script>alert(1)</script>"),
        ("空.txt", b""),
        ("假.jpg", b"not a picture"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_is_kept(name: str, data: bytes) -> None:
    answer = Citizen().send(files=[photo(), SimpleUploadedFile(name, data)])
    assert answer.status_code == 400
    assert "请重新选择文件" in answer.content.decode()
    assert Case.objects.count() == StoredFile.case_files.count() == 0


def test_not_more_than_five() -> None:
    answer = Citizen().send(files=[photo(f"{n}.jpg") for n in range(6)])
    assert "最多 5 个文件" in answer.content.decode()
    assert StoredFile.case_files.count() == 0


def test_a_double_click_keeps_the_files_once() -> None:
    citizen = Citizen()
    typed = {**citizen.form(), **TYPED}
    for _time in range(2):
        citizen.post("/letters/write/", {**typed, "files": [photo()]})
    assert CaseFile.objects.count() == StoredFile.case_files.count() == 1


def test_a_letter_that_fails_keeps_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.letters.actions.writing._keep_letter", lambda *_args: 1 / 0)
    citizen = Citizen(raise_request_exception=False)
    assert citizen.send(files=[photo()]).status_code == 500
    assert Case.objects.count() == StoredFile.case_files.count() == 0


def test_while_a_file_waits_for_the_scanner_it_is_not_given(settings: Any) -> None:
    settings.CLAMD_SOCKET = "127.0.0.1:9"
    citizen = Citizen()
    number, code = receipt(citizen.send(files=[photo()]).content.decode())
    assert fetched(citizen, number, code, CaseFile.objects.get().pk).status_code == 404
    assert Case.objects.get().state == CaseState.RECEIVED
