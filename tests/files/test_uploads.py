import errno
import hashlib
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from menhu.audit.models import Event
from menhu.core.models import Confidence, Figure
from menhu.files import storage
from menhu.files.actions import store_upload
from menhu.files.models import FileKind, StoredFile
from menhu.files.rules import UploadRefused
from tests.factories import World
from tests.files import samples


def put(world: World, name: str, data: bytes, by: str = "editor", kind: FileKind | None = None) -> StoredFile:
    upload = SimpleUploadedFile(name, data)
    upload.name = name
    return store_upload(upload, unit=world.units["jyj"], by=world.people[by], kind=kind)


def kept(file: StoredFile) -> bytes:
    with storage.open_stored(file) as opened:
        return opened.read()


def private_files() -> list[str]:
    root = Path(settings.PRIVATE_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "data", "extension", "content_type"),
    [
        ("a.pdf", samples.PDF, "pdf", "application/pdf"),
        ("a.xlsx", samples.xlsx(), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "a.docx",
            samples.docx(),
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.doc", samples.compound("WordDocument"), "doc", "application/msword"),
        ("a.xls", samples.compound("Workbook"), "xls", "application/vnd.ms-excel"),
        ("a.ofd", samples.package("OFD.xml"), "ofd", "application/ofd"),
        ("a.txt", "通知正文".encode(), "txt", "text/plain"),
        ("a.csv", "甲,乙\n".encode("gb18030"), "csv", "text/csv"),
    ],
)
def test_documents_are_kept_as_they_are(
    world: World, name: str, data: bytes, extension: str, content_type: str
) -> None:
    file = put(world, name, data)
    assert (file.kind, file.extension, file.content_type) == (FileKind.DOCUMENT, extension, content_type)
    assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert kept(file) == data
    assert private_files() == [file.private_name]


def test_a_pdf_knows_its_pages(world: World) -> None:
    assert put(world, "a.pdf", samples.PDF).pages == 3


@pytest.mark.parametrize(
    ("form", "name", "extension"),
    [
        ("PNG", "图.png", "png"),
        ("JPEG", "图.jpeg", "jpg"),
        ("GIF", "图.gif", "png"),
        ("WEBP", "图.webp", "jpg"),
        ("BMP", "图.bmp", "jpg"),
    ],
)
def test_pictures_are_drawn_anew(world: World, form: str, name: str, extension: str) -> None:
    file = put(world, name, samples.picture(form))
    assert (file.kind, file.extension, file.width, file.height) == (FileKind.IMAGE, extension, 40, 30)
    with Image.open(io.BytesIO(kept(file))) as drawn:
        assert drawn.size == (40, 30)
        assert drawn.mode == "RGB"
    with storage.open_thumbnail(file) as opened, Image.open(opened) as small:
        assert small.size == (40, 30)


def test_the_place_of_a_photograph_is_not_kept_and_it_stands_upright(world: World) -> None:
    data = samples.picture_of_a_place()
    assert b"Somebody" in data
    file = put(world, "现场.jpg", data)
    stored = kept(file)
    assert (file.width, file.height) == (30, 40)
    assert b"Exif" not in stored
    with Image.open(io.BytesIO(stored)) as drawn:
        assert dict(drawn.getexif()) == {}
        assert "icc_profile" not in drawn.info
        assert "comment" not in drawn.info


def test_a_large_picture_is_made_smaller(world: World) -> None:
    file = put(world, "大图.png", samples.picture("PNG", (5_120, 100)))
    assert (file.width, file.height) == (2_560, 50)


def test_transparency_stays(world: World) -> None:
    file = put(world, "图.webp", samples.picture("WEBP", mode="RGBA"))
    assert file.extension == "png"
    with Image.open(io.BytesIO(kept(file))) as drawn:
        assert drawn.mode == "RGBA"


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", samples.docx(), b"MZ" + b"\0" * 99])
def test_nothing_hides_behind_a_picture(world: World, tail: bytes) -> None:
    file = put(world, "图.png", samples.picture("PNG") + tail)
    assert tail not in kept(file)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("空.pdf", b"", "文件是空的"),
        ("程序.exe", b"MZ" + b"\0" * 99, "不接受 .exe 文件"),
        ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "不接受 .svg 文件"),
        ("页.html", b"<html></html>", "不接受 .html 文件"),
        ("包.zip", samples.package("a.txt"), "不接受 .zip 文件"),
        ("宏.docm", samples.docx("word/vbaProject.bin"), "不接受 .docm 文件"),
        ("没有扩展名", samples.PDF, "没有扩展名"),
        (".htaccess", b"Deny", "没有扩展名"),
        ("程序.jpg", b"MZ" + b"\0" * 99, "不是 .jpg 格式"),
        ("程序.txt", b"MZ" + b"\0" * 99, "不是 .txt 格式"),
        ("页.jpg", b"<html><script>alert(1)</script></html>", "不是 .jpg 格式"),
        ("页.txt", b"<!DOCTYPE html><html><script>alert(1)</script>", "不是 .txt 格式"),
        ("图.pdf", samples.picture("PNG"), "不是 .pdf 格式"),
        ("图.jpg", samples.picture("PNG"), "不是 .jpg 格式"),
        ("半截.pdf", b"%PDF-1.7\n1 0 obj", "不是 .pdf 格式"),
        ("混合.pdf", b"<script>alert(1)</script>" + samples.PDF, "不是 .pdf 格式"),
        ("脚本.pdf", b"%PDF-1.7\n<</S/JavaScript/JS(app.alert(1))>>\n%%EOF", "含有脚本"),
        ("表.docx", samples.xlsx(), "不是 .docx 格式"),
        ("压缩包.docx", samples.package("a.txt"), "不是 .docx 格式"),
        ("图片加压缩包.docx", samples.picture("GIF") + samples.docx(), "不是 .docx 格式"),
        ("损坏.docx", samples.docx()[:-30], "不是 .docx 格式"),
        ("宏.docx", samples.docx("word/vbaProject.bin"), "含有宏或控件"),
        ("控件.docx", samples.docx("word/activeX/activeX1.bin"), "含有宏或控件"),
        ("宏.xls", samples.compound("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT"), "含有宏或控件"),
        ("加密.docx", samples.compound("EncryptedPackage"), "不是 .docx 格式"),
        ("表.doc", samples.compound("Workbook"), "不是 .doc 格式"),
        ("坏图.png", samples.picture("PNG")[:60], "图片损坏"),
        ("巨图.png", samples.bomb_png(), "图片超过 50 百万像素"),
        ("大图.png", samples.bomb_png(9_000, 9_000), "图片超过 50 百万像素"),
        ("二进制.csv", b"a,b\0c", "不是 .csv 格式"),
    ],
)
def test_hostile_uploads_are_refused_and_leave_nothing(world: World, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused, match=reason.replace(".", r"\.")):
        put(world, name, data)
    assert private_files() == []
    assert not StoredFile.objects.exists()


def test_a_package_that_unpacks_to_too_much_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.files.inspection.UNPACKED_LIMIT", 1_000)
    with pytest.raises(UploadRefused, match="解压后超过 500 MB"):
        put(world, "a.docx", samples.package("[Content_Types].xml", "word/document.xml", fill=b"x" * 600))


def test_51_megabytes_are_refused_before_they_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = SimpleUploadedFile("大.pdf", samples.PDF)
    upload.size = 51 * 1024 * 1024
    monkeypatch.setattr(upload, "file", None)
    with pytest.raises(UploadRefused, match=r"文件有 51\.0 MB，超过 50\.0 MB 的上限"):
        store_upload(upload, unit=world.units["jyj"], by=world.people["editor"])


def test_the_limit_is_a_figure_but_never_above_the_setting(world: World) -> None:
    row, _ = Figure.objects.update_or_create(
        key="files.limit_mb",
        defaults={"label": "上限", "value": 0, "source": "", "confidence": Confidence.HOUSE},
    )
    Figure.objects.filter(pk=row.pk).update(value="0.0001")
    with pytest.raises(UploadRefused, match="上限"):
        put(world, "a.txt", b"x" * 200)
    Figure.objects.filter(pk=row.pk).update(value=9_999)
    upload = SimpleUploadedFile("大.pdf", samples.PDF)
    upload.size = 51 * 1024 * 1024
    with pytest.raises(UploadRefused, match="上限"):
        store_upload(upload, unit=world.units["jyj"], by=None)


def test_only_pictures_where_a_picture_is_wanted(world: World) -> None:
    with pytest.raises(UploadRefused, match="只能上传图片"):
        put(world, "a.pdf", samples.PDF, kind=FileKind.IMAGE)
    assert put(world, "a.png", samples.picture(), kind=FileKind.IMAGE).kind == FileKind.IMAGE


def test_a_full_disk_leaves_no_row_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UploadRefused, match="服务器存不下这个文件"):
        put(world, "a.pdf", samples.PDF)
    assert private_files() == []
    assert not StoredFile.objects.exists()


def test_equal_bytes_are_kept_once_and_lost_ones_come_back(world: World) -> None:
    first, second = put(world, "a.pdf", samples.PDF), put(world, "b.pdf", samples.PDF)
    assert first.pk != second.pk
    assert first.private_name == second.private_name
    assert private_files() == [first.private_name]
    (Path(settings.PRIVATE_ROOT) / first.private_name).unlink()
    put(world, "c.pdf", samples.PDF)
    assert kept(first) == samples.PDF


@pytest.mark.parametrize(
    ("persona", "is_taken"),
    [
        ("editor", True),
        ("head", True),
        ("government_reviewer", True),
        ("committee_reviewer", True),
        ("secrecy_reviewer", True),
        ("webmaster", True),
        ("stranger", False),
        ("stranger_head", False),
        ("party_editor", False),
        ("duty_officer", False),
        ("leader", False),
        ("auditor", False),
    ],
)
def test_who_may_upload_for_the_education_bureau(world: World, persona: str, is_taken: bool) -> None:
    if is_taken:
        assert put(world, "a.pdf", samples.PDF, by=persona).uploaded_by == world.people[persona]
        return
    with pytest.raises(PermissionDenied):
        put(world, "a.pdf", samples.PDF, by=persona)
    assert not StoredFile.objects.exists()
    assert private_files() == []


def test_an_upload_is_on_the_trail(world: World) -> None:
    file = put(world, "../名单.pdf", samples.PDF)
    event = Event.objects.get(verb="files.upload")
    assert (event.object_id, event.object_label, event.actor_id) == (
        str(file.pk),
        "名单.pdf",
        world.people["editor"].pk,
    )
    assert (event.unit_id, event.data) == (world.units["jyj"].pk, {"sha256": file.sha256, "size": file.size})
