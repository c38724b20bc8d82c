from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from menhu.files.actions import store_upload
from menhu.files.models import StoredFile
from tests.conftest import SignedIn
from tests.factories import World
from tests.files import samples


def put(world: World, name: str = "a.pdf", data: bytes = samples.PDF, unit: str = "jyj") -> StoredFile:
    return store_upload(SimpleUploadedFile(name, data), unit=world.units[unit], by=None)


def post(world: World, persona: str, address: str, name: str, data: bytes, **fields: Any) -> Any:
    fields.setdefault("unit", world.units["jyj"].pk)
    return SignedIn(world.people[persona]).post(address, {"file": SimpleUploadedFile(name, data), **fields})


@pytest.mark.parametrize("persona", ["editor", "head", "government_reviewer", "auditor", "leader", "duty_officer"])
def test_staff_in_scope_see_a_draft_file_at_its_public_address(world: World, persona: str) -> None:
    file = put(world, "通知 附件.pdf")
    response = SignedIn(world.people[persona]).get(file.public_path)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == samples.PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].endswith("sandbox")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%80%9A%E7%9F%A5")


def test_pictures_are_shown_in_place(world: World) -> None:
    file = put(world, "a.png", samples.picture())
    response = SignedIn(world.people["editor"]).get(file.public_path)
    assert response.headers["Content-Disposition"] == 'inline; filename="a.png"'
    response.close()


@pytest.mark.parametrize("persona", ["stranger", "stranger_head", "party_editor", None])
def test_a_draft_file_does_not_exist_for_others(world: World, persona: str | None) -> None:
    file = put(world)
    browser = Client() if persona is None else SignedIn(world.people[persona])
    assert browser.get(file.public_path).status_code == 404


def test_an_address_that_is_not_the_files_own_does_not_exist(world: World) -> None:
    file, other = put(world), put(world, "b.txt", b"text")
    browser = SignedIn(world.people["editor"])
    assert browser.get(file.public_path.replace(f"/{file.pk}.", f"/{other.pk}.")).status_code == 404
    assert browser.get(file.public_path.replace(".pdf", ".html")).status_code == 404


def test_a_file_whose_bytes_are_gone_answers_404(world: World) -> None:
    file = put(world)
    (settings.PRIVATE_ROOT / file.private_name).unlink()
    assert SignedIn(world.people["editor"]).get(file.public_path).status_code == 404


def test_the_editor_uploads_by_json(world: World) -> None:
    response = post(world, "editor", "/office/files/upload/", "图.png", samples.picture())
    file = StoredFile.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": file.pk,
        "name": "图.png",
        "kind": "image",
        "url": file.public_path,
        "thumbnail": f"/office/files/{file.pk}/thumbnail/",
        "extension": "png",
        "size": file.size,
        "width": 40,
        "height": 30,
        "pages": None,
    }
    thumbnail = SignedIn(world.people["editor"]).get(response.json()["thumbnail"])
    assert thumbnail.status_code == 200
    assert SignedIn(world.people["stranger"]).get(response.json()["thumbnail"]).status_code == 404
    thumbnail.close()


@pytest.mark.parametrize(
    ("name", "data", "fields", "error"),
    [
        ("空.pdf", b"", {}, "文件是空的，请重新选择。"),
        ("a.exe", b"MZ", {}, "不接受 .exe 文件。"),
        ("a.pdf", samples.PDF, {"kind": "image"}, "这里只能上传图片。"),
        ("a.pdf", samples.PDF, {"unit": ""}, "请选择单位。"),
        ("a.pdf", samples.PDF, {"unit": "x"}, "请选择您所在的单位。"),
        ("a.pdf", samples.PDF, {"kind": "video"}, "选择一个有效的选项"),
    ],
)
def test_a_refused_upload_says_why(world: World, name: str, data: bytes, fields: dict[str, str], error: str) -> None:
    response = post(world, "editor", "/office/files/upload/", name, data, **fields)
    assert response.status_code == 400
    assert response.json()["error"].startswith(error)
    assert not StoredFile.objects.exists()


def test_no_file_at_all(world: World) -> None:
    response = SignedIn(world.people["editor"]).post("/office/files/upload/", {"unit": world.units["jyj"].pk})
    assert (response.status_code, response.json()) == (400, {"error": "请选择文件。"})


@pytest.mark.parametrize("persona", ["stranger", "leader", "auditor", "duty_officer"])
def test_nobody_uploads_for_a_unit_that_is_not_theirs(world: World, persona: str) -> None:
    response = post(world, persona, "/office/files/upload/", "a.pdf", samples.PDF)
    assert (response.status_code, response.json()) == (400, {"error": "请选择您所在的单位。"})
    assert not StoredFile.objects.exists()


def test_the_page_takes_an_upload_and_keeps_what_was_chosen(world: World) -> None:
    taken = post(world, "editor", "/office/files/add/", "名单.pdf", samples.PDF)
    assert (taken.status_code, taken.url) == (302, f"/office/files/?unit={world.units['jyj'].pk}")
    refused = post(world, "editor", "/office/files/add/", "名单.exe", samples.PDF)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "不接受 .exe 文件" in page
    assert f'<option value="{world.units["jyj"].pk}" selected>' in page
    assert StoredFile.objects.count() == 1


def test_the_list_shows_one_unit_only(world: World) -> None:
    put(world, "教育局.pdf")
    put(world, "水利局.pdf", unit="slj")
    page = SignedIn(world.people["editor"]).get("/office/files/").content.decode()
    assert "教育局.pdf" in page
    assert "水利局.pdf" not in page
    assert SignedIn(world.people["editor"]).get(f"/office/files/?unit={world.units['slj'].pk}").status_code == 404
    reviewer = SignedIn(world.people["government_reviewer"]).get(f"/office/files/?unit={world.units['slj'].pk}")
    assert "水利局.pdf" in reviewer.content.decode()


def test_the_chooser_pages_without_counting(world: World) -> None:
    files = [put(world, f"{n}.txt", b"text %d" % n) for n in range(26)]
    put(world, "图.png", samples.picture())
    browser = SignedIn(world.people["editor"])
    first = browser.get("/office/files/choose/?kind=document").json()
    assert [file["id"] for file in first["files"]] == [file.pk for file in files[:1:-1]]
    second = browser.get(first["next"]).json()
    assert [file["id"] for file in second["files"]] == [file.pk for file in files[1::-1]]
    assert second["next"] == ""
    assert [file["name"] for file in browser.get("/office/files/choose/?kind=image").json()["files"]] == ["图.png"]


def test_the_list_asks_as_much_for_a_page_as_for_a_row(world: World) -> None:
    browser = SignedIn(world.people["editor"])
    put(world)
    browser.get("/office/files/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/office/files/")
    for n in range(24):
        file = put(world, f"{n}.txt", b"text %d" % n)
        StoredFile.objects.filter(pk=file.pk).update(uploaded_by=world.people["head"])
    with CaptureQueriesContext(connection) as full:
        browser.get("/office/files/")
    assert len(full) == len(one)


def test_addresses_refuse_other_methods(world: World) -> None:
    browser = SignedIn(world.people["editor"])
    assert browser.get("/office/files/upload/").status_code == 405
    assert browser.get("/office/files/add/").status_code == 405
    assert browser.post("/office/files/").status_code == 405
