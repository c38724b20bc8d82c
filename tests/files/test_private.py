"""Files of cases: sealed, shown by the case alone, removed with their bytes."""

import io
import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.http import Http404
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from menhu.audit.models import Event
from menhu.core.models import Confidence, Figure
from menhu.core.sealing import SEAL_BYTES, SealBroken
from menhu.files import storage
from menhu.files.actions import forget_orphans, remove_all_private, remove_private, store_private, store_upload
from menhu.files.enums import Audience, ScanState
from menhu.files.models import StoredFile
from menhu.files.policies import may_see, stored_file_policy
from menhu.files.rules import CITIZEN_KINDS, PICTURE_KINDS, UploadRefused
from menhu.files.views import private_bytes, private_thumbnail
from tests.conftest import SignedIn
from tests.factories import World
from tests.files import samples
from tests.files.test_uploads import private_files

SECRET = "门牌号二十二号，晚上十一点仍在施工。".encode()
PERSONAS = ("editor", "head", "government_reviewer", "webmaster", "auditor", "leader", "duty_officer", "stranger")


def send(world: World, name: str = "情况.txt", data: bytes = SECRET, **options: Any) -> StoredFile:
    """What a citizen sends in."""
    return store_private(SimpleUploadedFile(name, data), unit=world.units["jyj"], by=None, **options)


def age(name: str, **past: float) -> None:
    moment = (timezone.now() - timedelta(**past)).timestamp()
    os.utime(Path(settings.PRIVATE_ROOT) / name, (moment, moment))


def test_the_bytes_lie_sealed_and_open_again(world: World) -> None:
    file = send(world)
    assert (file.audience, file.scan_state, file.uploaded_by) == (Audience.CASE, ScanState.UNSCANNED, None)
    assert private_files() == [f"case/{file.sha256[:2]}/{file.sha256}.sealed"]
    on_disk = (Path(settings.PRIVATE_ROOT) / file.private_name).read_bytes()
    assert (len(on_disk), file.size) == (len(SECRET) + SEAL_BYTES, len(SECRET))
    assert SECRET[:12] not in on_disk
    assert private_bytes(file).content == SECRET


def test_another_install_opens_nothing_and_an_earlier_key_still_does(world: World) -> None:
    with override_settings(PERSONAL_DATA_KEY="old"):
        file = send(world)
    with override_settings(PERSONAL_DATA_KEY="new", PERSONAL_DATA_OLD_KEYS=["old"]):
        assert private_bytes(file).content == SECRET
    with override_settings(PERSONAL_DATA_KEY="new"), pytest.raises(Http404, match="已不在服务器上"):
        private_bytes(file)


def test_bytes_put_in_another_files_place_do_not_open(world: World) -> None:
    one, two = send(world), send(world, "b.txt", b"another letter")
    root = Path(settings.PRIVATE_ROOT)
    (root / one.private_name).write_bytes((root / two.private_name).read_bytes())
    with pytest.raises(SealBroken):
        storage.read_sealed(one.private_name)


def test_equal_bytes_are_kept_once_and_apart_from_a_units(world: World) -> None:
    mine = store_upload(SimpleUploadedFile("a.txt", SECRET), unit=world.units["jyj"], by=None)
    one, two = send(world), send(world, "同样.txt")
    assert one.private_name == two.private_name
    assert one.sha256 != mine.sha256
    assert private_files() == sorted([mine.private_name, one.private_name])


def test_a_photograph_loses_its_place_and_has_a_sealed_small_copy(world: World) -> None:
    file = send(world, "现场.jpg", samples.picture_of_a_place())
    shown, small = private_bytes(file), private_thumbnail(file)
    assert b"Exif" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as drawn, Image.open(io.BytesIO(small.content)) as thumbnail:
        assert (drawn.size, dict(drawn.getexif()), thumbnail.size) == ((30, 40), {}, (30, 40))
    assert shown.headers["Content-Disposition"].startswith("inline; filename")
    assert private_files() == [file.private_name, file.private_name + ".thumb"]
    assert b"JFIF" not in (Path(settings.PRIVATE_ROOT) / (file.private_name + ".thumb")).read_bytes()


def test_the_answer_can_neither_run_nor_stay_in_a_cache(world: World) -> None:
    headers = private_bytes(send(world, "情 况.txt")).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''%E6%83%85%20%E5%86%B5.txt"
    assert headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("表.csv", b"a,b\n", "不接受 .csv 文件"),
        ("讲稿.pptx", samples.package("[Content_Types].xml", "ppt/presentation.xml"), "不接受 .pptx 文件"),
        ("包.zip", samples.package("a.txt"), "不接受 .zip 文件"),
        ("包.rar", b"Rar!\x1a\x07\x00", "不接受 .rar 文件"),
        ("宏.docx", samples.docx("word/vbaProject.bin"), "含有宏或控件"),
        ("脚本.pdf", b"%PDF-1.7\n<</S/JavaScript/JS(app.alert(1))>>\n%%EOF", "含有脚本"),
        ("程序.jpg", b"MZ" + b"\0" * 99, "不是 .jpg 格式"),
        ("空.txt", b"", "文件是空的"),
    ],
)
def test_what_citizens_may_not_send_is_refused_and_leaves_nothing(
    world: World, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason.replace(".", r"\.")):
        send(world, name, data)
    assert private_files() == []
    assert not StoredFile.case_files.exists()
    assert not Event.objects.filter(verb="files.upload").exists()


def test_the_caller_may_take_pictures_alone_and_is_believed(world: World) -> None:
    with pytest.raises(UploadRefused, match="可以上传：jpg、png、gif、webp、bmp。"):
        send(world, kinds=PICTURE_KINDS)
    assert send(world, "a.png", samples.picture(), kinds=PICTURE_KINDS).extension == "png"
    assert PICTURE_KINDS | {"pdf", "docx", "doc", "wps", "xlsx", "xls", "ofd", "txt"} == CITIZEN_KINDS


def test_the_limit_is_a_figure_of_its_own(world: World) -> None:
    upload = SimpleUploadedFile("大.pdf", samples.PDF)
    upload.size = 11 * 1024 * 1024
    with pytest.raises(UploadRefused, match=r"文件有 11\.0 MB，超过 10\.0 MB 的上限"):
        store_private(upload, unit=world.units["jyj"], by=None)
    Figure.objects.update_or_create(
        key="files.case_limit_mb",
        defaults={"label": "上限", "value": 12, "source": "", "confidence": Confidence.HOUSE},
    )
    assert store_private(upload, unit=world.units["jyj"], by=None).extension == "pdf"


def test_the_trail_keeps_no_name_that_a_citizen_gave(world: World) -> None:
    file = send(world, "叶知秋的身份证.txt")
    event = Event.objects.get(verb="files.upload")
    assert (event.object_label, event.actor_id) == (f"来件附件 {file.pk}.txt", None)
    assert event.data == {"sha256": file.sha256, "size": file.size}
    assert file.name == "叶知秋的身份证.txt"


# Nobody meets it outside its case.


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_list_chooser_or_page_shows_it(world: World, persona: str) -> None:
    file, mine = send(world, "私.png", samples.picture()), world.units["jyj"].pk
    browser = SignedIn(world.people[persona])
    listed = browser.get(f"/office/files/?unit={mine}")
    assert (listed.status_code, "私.png" in listed.text) == (404 if persona == "stranger" else 200, False)
    chosen = browser.get(f"/office/files/choose/?unit={mine}")
    assert chosen.status_code == 404 if persona == "stranger" else chosen.json() == {"files": [], "next": ""}
    assert browser.get(f"/office/files/{file.pk}/thumbnail/").status_code == 404


@pytest.mark.parametrize("persona", PERSONAS)
def test_neither_scope_nor_a_guessed_address_opens_it(world: World, persona: str) -> None:
    file, user = send(world), world.people[persona]
    assert file.public_path == ""
    assert not may_see(user, file)
    assert not stored_file_policy.user_has_permission_for_instance(user, "view", file)
    assert list(stored_file_policy.instances_user_has_any_permission_for(user, ["view"])) == []
    guessed = f"/files/{file.sha256[:2]}/{file.sha256[2:18]}/{file.pk}.{file.extension}"
    assert SignedIn(user).get(guessed).status_code == 404


def test_whoever_asks_for_files_without_a_thought_gets_those_of_units(world: World) -> None:
    file = send(world)
    mine = store_upload(SimpleUploadedFile("a.txt", SECRET), unit=world.units["jyj"], by=None)
    assert list(StoredFile.objects.all()) == list(StoredFile._default_manager.all()) == [mine]
    assert list(StoredFile.case_files.all()) == [file]


# Removal.


def test_a_removed_file_leaves_neither_row_nor_bytes(world: World, django_capture_on_commit_callbacks: Any) -> None:
    file = send(world, "a.png", samples.picture())
    with django_capture_on_commit_callbacks(execute=True):
        remove_private(file, by=world.people["editor"])
        assert not StoredFile.case_files.exists()
        assert len(private_files()) == 2
    assert private_files() == []
    event = Event.objects.get(verb="files.remove")
    assert (event.object_id, event.object_label, event.unit_id) == (
        str(file.pk),
        f"来件附件 {file.pk}.png",
        file.unit_id,
    )
    assert event.actor_id == world.people["editor"].pk


def test_bytes_stay_while_another_row_has_them(world: World, django_capture_on_commit_callbacks: Any) -> None:
    one, two = send(world), send(world)
    with django_capture_on_commit_callbacks(execute=True):
        remove_private(one, by=None)
    assert private_bytes(two).content == SECRET
    assert private_files() == [two.private_name]


def test_a_units_file_of_equal_bytes_is_untouched(world: World, django_capture_on_commit_callbacks: Any) -> None:
    mine = store_upload(SimpleUploadedFile("a.txt", SECRET), unit=world.units["jyj"], by=None)
    file = send(world)
    with django_capture_on_commit_callbacks(execute=True):
        remove_private(file, by=None)
    assert private_files() == [mine.private_name]


def test_a_units_file_is_not_removed_this_way(world: World) -> None:
    mine = store_upload(SimpleUploadedFile("a.txt", SECRET), unit=world.units["jyj"], by=None)
    with pytest.raises(ValueError, match="belongs to a unit"):
        remove_private(mine, by=None)
    assert (StoredFile.objects.get(), private_files()) == (mine, [mine.private_name])


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_is_rolled_back_keeps_everything(transactional_db: None) -> None:
    from tests.factories import build_world

    file = send(build_world())
    with transaction.atomic():
        remove_private(file, by=None)
        transaction.set_rollback(True)
    assert StoredFile.case_files.get().pk == file.pk
    assert private_bytes(file).content == SECRET
    assert not Event.objects.filter(verb="files.remove").exists()


def test_an_upload_in_the_moment_of_a_removal_keeps_its_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """The removal has found no row and set the bytes aside; now an equal upload commits."""
    one, late, set_aside = send(world), [], storage.set_aside

    def raced(name: str) -> None:
        set_aside(name)
        if not late:
            monkeypatch.setattr(storage, "set_aside", set_aside)
            late.append(send(world))

    with django_capture_on_commit_callbacks(execute=True):
        remove_private(one, by=None)
        monkeypatch.setattr(storage, "set_aside", raced)
    assert private_bytes(late[0]).content == SECRET
    assert private_files() == [late[0].private_name]


def test_an_upload_whose_bytes_were_just_taken_writes_them_again(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        file = send(world)
        (Path(settings.PRIVATE_ROOT) / file.private_name).unlink()
    assert private_bytes(file).content == SECRET


# What a crash leaves.


def litter(world: World) -> tuple[StoredFile, list[str]]:
    """A file that is needed, and bytes without a row: an old unit's one, an old case's one, a young one, a torn one."""
    kept = send(world)
    orphan = f"case/{kept.sha256[:2]}/{kept.sha256[:2]}{'0' * 62}.sealed"
    plain = f"ab/ab{'1' * 62}.pdf"
    young = f"ab/ab{'2' * 62}.pdf"
    torn = "ab/.upload-x1"
    for name in (orphan, plain, young, torn):
        path = Path(settings.PRIVATE_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for name in (kept.private_name, orphan, plain, torn):
        age(name, hours=25)
    return kept, [young]


def test_bytes_without_a_row_go_after_a_day(world: World) -> None:
    kept, stay = litter(world)
    foreign = Path(settings.PRIVATE_ROOT) / "ab" / "photo.jpg"
    foreign.write_bytes(b"not ours")
    age("ab/photo.jpg", days=9)
    before, now = private_files(), timezone.now()
    would = forget_orphans(now=now, dry_run=True)
    assert (len(would), private_files()) == (3, before)
    assert forget_orphans(now=now, prefix="ac") == []
    assert forget_orphans(now=now) == sorted(would)
    assert private_files() == sorted([kept.private_name, *stay, "ab/photo.jpg"])
    assert forget_orphans(now=now) == []


def test_the_command_lists_before_it_removes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    litter(world)
    call_command("forget-orphans", "--dry-run")
    assert capsys.readouterr().out.splitlines()[-1] == "将删除 3 个文件。"
    call_command("forget-orphans")
    assert capsys.readouterr().out.splitlines()[-1] == "已删除 3 个文件。"


def test_bytes_that_a_crash_left_aside_come_back_or_go(world: World) -> None:
    needed, gone = send(world, "a.png", samples.picture()), send(world)
    storage.set_aside(needed.private_name)
    storage.set_aside(gone.private_name)
    age(gone.private_name + ".leaving", hours=25)
    StoredFile.case_files.filter(pk=gone.pk).delete()
    assert forget_orphans(now=timezone.now()) == [gone.private_name + ".leaving"]
    assert private_files() == [needed.private_name, needed.private_name + ".thumb"]


def test_the_clock_goes_round_every_folder(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from menhu.files import jobs

    seen: list[str] = []
    monkeypatch.setattr("menhu.files.actions.forget_orphans", lambda *, now, prefix: seen.append(prefix))
    start = timezone.now()
    for step in range(256):
        jobs.forget_orphans(start + timedelta(seconds=step * jobs.FOLDER_SECONDS))
    assert sorted(seen) == [f"{number:02x}" for number in range(256)]


def test_names_of_files_that_came_before_are_sealed_by_the_migration(world: World) -> None:
    migration = import_module("menhu.files.migrations.0006_seal_names_of_case_files")
    file = send(world, "叶知秋的证明.txt")
    StoredFile.case_files.filter(pk=file.pk).update(name="叶知秋的证明.txt", sealed_name="")
    for _twice in range(2):
        migration.seal_names(apps, None)
        assert names_in_rows() == [("附件.txt", "叶知秋的证明.txt")]
    migration.open_names(apps, None)
    assert names_in_rows() == [("叶知秋的证明.txt", "")]


def names_in_rows() -> list[tuple[str, str]]:
    return list(StoredFile.case_files.order_by("pk").values_list("name", "sealed_name"))


def test_whoever_saves_a_citizens_file_its_name_lies_sealed(world: World) -> None:
    file = send(world, "叶知秋的证明.txt")
    again = StoredFile.case_files.get()
    assert (file.name, again.name) == ("叶知秋的证明.txt", "叶知秋的证明.txt")
    again.save()
    again.pk, again._state.adding = None, True
    again.save(force_insert=True)
    StoredFile.case_files.model._base_manager.bulk_create([again.__class__(**facts_of(again))])
    assert names_in_rows() == [("附件.txt", "叶知秋的证明.txt")] * 3
    assert [each.name for each in StoredFile.case_files.only("name", "sealed_name")] == ["叶知秋的证明.txt"] * 3
    plain = store_upload(SimpleUploadedFile("说明.txt", b"c" * 90), unit=world.units["jyj"], by=None)
    plain.refresh_from_db()
    assert (plain.name, plain.sealed_name) == ("说明.txt", "")


def facts_of(file: StoredFile) -> dict[str, Any]:
    return {
        field.attname: getattr(file, field.attname) for field in file._meta.concrete_fields if field.attname != "id"
    }


def test_many_are_removed_at_once_and_shared_bytes_stay(world: World, django_capture_on_commit_callbacks: Any) -> None:
    one, same, two, kept = send(world), send(world), send(world, data=b"a" * 90), send(world, data=b"b" * 90)
    plain = store_upload(SimpleUploadedFile("说明.txt", b"c" * 90), unit=world.units["jyj"], by=None)
    with pytest.raises(ValueError, match="file of a unit"):
        remove_all_private([one, plain], by=None)
    assert StoredFile.case_files.count() == 4
    with django_capture_on_commit_callbacks(execute=True):
        remove_all_private([one, two], by=None)
    assert set(StoredFile.case_files.all()) == {same, kept}
    assert private_files() == sorted([one.private_name, kept.private_name, plain.private_name])
    assert Event.objects.filter(verb="files.remove").count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        remove_all_private([same], by=None)
    assert private_files() == sorted([kept.private_name, plain.private_name])
