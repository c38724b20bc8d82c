"""The manifest as publications write it, and what a verifier finds."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from menhu.delivery.manifest import intents
from menhu.delivery.manifest.keys import NotTrustedError, rotate, signer_in
from menhu.delivery.manifest.layout import FOLDER, OBJECTS, directory_of, object_file, parent_of
from menhu.delivery.manifest.memory import Memory
from menhu.delivery.manifest.verifying import Finding
from menhu.delivery.models import Directory, Lane, ManifestRoot, Page
from menhu.delivery.publishing.claims import claim_pages
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.publishing.rendering import render_page
from menhu.delivery.publishing.settling import settle
from menhu.delivery.publishing.turns import current
from tests.delivery import village as v
from tests.delivery.manifest.looks import alone, found, manifest, verify
from tests.delivery.village import HOST, Village

pytestmark = pytest.mark.django_db


def test_the_manifest_lists_every_file_and_nothing_else(published: Publisher) -> None:
    listed, waiting = set(), [""]
    while waiting:
        directory = waiting.pop()
        listing = manifest().listing(directory)
        assert listing is not None
        listed |= {f"{directory}/{name}" if directory else name for name in listing.files}
        waiting += [f"{directory}/{name}" if directory else name for name in listing.directories]
    assert listed == set(v.actual())
    assert found() == set()


@pytest.mark.parametrize(
    ("file", "directory"),
    [
        ("index.html", ""),
        ("jyj/index.html", "jyj"),
        ("jyj/2026/11/2276/index.html.br", "jyj/2026/11"),
        ("hant/jyj/2026/11/2276/index.html", "hant/jyj/2026/11"),
        ("files/ab/0123456789abcdef/7.pdf", "files/ab"),
        ("hant/index.html", "hant"),
    ],
)
def test_the_directory_that_lists_a_file(file: str, directory: str) -> None:
    assert directory_of(file) == directory
    assert parent_of(directory) == directory.rpartition("/")[0]


def test_a_flipped_byte_a_removed_and_a_planted_file_are_found_and_repaired(published: Publisher) -> None:
    before = v.actual()
    flipped = v.tree_root() / "a/4/index.html"
    body = bytearray(flipped.read_bytes())
    body[3] ^= 1
    flipped.write_bytes(body)
    (v.tree_root() / "hant/a/2/index.html").unlink()
    (v.tree_root() / "a/planted").mkdir()
    (v.tree_root() / "a/planted/index.html").write_bytes(b"<h1>planted</h1>")
    (v.tree_root() / "beta/index.html.gz").symlink_to("/etc/passwd")
    (v.tree_root() / "link").symlink_to("/etc")
    code, told = verify()
    assert code == 1
    assert {tuple(line.split()) for line in told.splitlines()} == {
        ("被改动", f"{HOST}/a/4/index.html"),
        ("缺失", f"{HOST}/hant/a/2/index.html"),
        ("多出", f"{HOST}/a/planted/index.html"),
        ("多出", f"{HOST}/beta/index.html.gz"),
        ("多出", f"{HOST}/link"),
    }
    code, told = verify("--repair")
    assert (code, v.actual()) == (0, before)
    aside = django_settings.HOME / "quarantine" / HOST / "a" / "planted"
    assert [path.read_bytes() for path in aside.iterdir()] == [b"<h1>planted</h1>"]
    assert verify() == (0, "")


def test_findings_are_one_json_object_a_line(published: Publisher) -> None:
    (v.tree_root() / "planted.html").write_bytes(b"x")
    code, told = verify("--json")
    assert (code, json.loads(told)) == (1, {"host": HOST, "file": "planted.html", "finding": "extra"})


def test_every_publication_keeps_tree_and_manifest_in_step(published: Publisher) -> None:
    serial = manifest().root().serial
    steps: list[Callable[[], None]] = [
        lambda: v.write(2, "a longer title"),
        lambda: v.write(9, "new"),
        lambda: v.retract(3),
        lambda: v.forget(4),
        lambda: v.set_footer("another"),
    ]
    for step in steps:
        step()
        published.drain()
        assert found() == set()
        assert manifest().root().serial > serial
        serial = manifest().root().serial
    assert not list((v.tree_root() / FOLDER / intents.INTENTS).iterdir())


def test_a_render_that_changes_nothing_makes_no_new_root(published: Publisher) -> None:
    serial = manifest().root().serial
    Page.objects.all().mark_due(Lane.BULK)
    published.drain()
    assert manifest().root().serial == serial
    assert not Directory.objects.stale().exists()


def test_objects_of_former_roots_are_cleared_away(published: Publisher) -> None:
    for number in range(5):
        v.write(1, f"version {number}")
        published.drain()
    objects = {path.stem for path in (v.tree_root() / FOLDER / OBJECTS).rglob("*.json")}
    assert objects == set(Directory.objects.exclude(digest="").values_list("digest", flat=True))


def test_a_rebuild_clears_objects_that_a_crash_left(published: Publisher) -> None:
    folder = v.tree_root() / FOLDER / OBJECTS / "ab"
    folder.mkdir(exist_ok=True)
    left, fresh = folder / f"{'ab' * 32}.json", folder / f"{'ac' * 32}.json"
    for file in (left, fresh):
        file.write_bytes(b"{}")
    os.utime(left, (1, 1))
    FullRebuild(published).run()
    assert (left.exists(), fresh.exists()) == (False, True)
    assert found() == set()


def test_files_may_be_ahead_of_the_root_only_as_announced(published: Publisher) -> None:
    """A publisher that is killed between renaming and committing, or before the next root."""
    v.write(2, "announced and renamed")
    while published._intake.take(Lane.APPROVAL):
        pass
    pages = claim_pages(Lane.APPROVAL, published.name, 20)
    settle([render_page(page, current()) for page in pages], published.name)
    assert found() == set()
    (v.tree_root() / "a/2/index.html").write_bytes(b"something else")
    assert found() == {("changed", "a/2/index.html")}


def test_a_killed_publisher_makes_nobody_cry_wolf(published: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    v.write(2, "renamed, never committed")
    while published._intake.take(Lane.APPROVAL):
        pass
    outcomes = [render_page(page, current()) for page in claim_pages(Lane.APPROVAL, published.name, 20)]

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("menhu.delivery.publishing.settling._store", die)
        with pytest.raises(KeyboardInterrupt):
            settle(outcomes, published.name)
    assert b"never committed" in v.pages()["/a/2/"]
    assert found() == set()
    for intent in (v.tree_root() / FOLDER / intents.INTENTS).iterdir():
        os.utime(intent, (1, 1))
    Page.objects.update(claimed_by="", claimed_at=None)
    other = Publisher()
    other.drain()
    assert found() == set()
    v.write(9, "and on it goes")
    other.drain()
    assert not list((v.tree_root() / FOLDER / intents.INTENTS).iterdir())


def test_an_intent_of_a_stranger_covers_nothing(published: Publisher, tmp_path: Path) -> None:
    (v.tree_root() / "a/2/index.html").unlink()
    forged = signer_in(tmp_path / "stranger").signed({"host": HOST, "changes": {"a/2/index.html": ""}})
    intents.put(v.tree_root() / FOLDER / intents.INTENTS / "forged.json", forged)
    assert found() == {("missing", "a/2/index.html")}


@pytest.mark.parametrize("damage", ["root", "object", "keys", "gone"])
def test_a_tampered_manifest_is_not_trusted_and_made_anew(published: Publisher, damage: str, tmp_path: Path) -> None:
    folder = v.tree_root() / FOLDER
    if damage == "root":
        content = {"host": HOST, "serial": 99, "object": manifest().root().object}
        (folder / "root.json").write_bytes(signer_in(tmp_path / "stranger").signed(content))
    elif damage == "object":
        file = folder / object_file(manifest().root().object)
        file.write_bytes(file.read_bytes().replace(b"index.html", b"lndex.html"))
    elif damage == "keys":
        (folder / "keys.json").write_bytes(b"{}")
    else:
        shutil.rmtree(folder)
    with pytest.raises(NotTrustedError):
        found()
    code, told = verify()
    assert code == 2
    assert "无法核对" in told
    assert verify("--repair")[0] == 0
    assert found() == set()


def test_an_older_tree_with_an_honest_signature_is_noticed(published: Publisher, tmp_path: Path) -> None:
    memory = tmp_path / "state.json"
    shutil.copytree(v.tree_root(), tmp_path / HOST)
    v.write(2, "newer")
    published.drain()
    Memory(memory).note(HOST, manifest().root())
    with pytest.raises(NotTrustedError):
        Memory(memory).note(HOST, manifest(tmp_path / HOST).root())


def test_a_new_key_signs_anew_and_the_old_public_key_still_leads_to_it(published: Publisher) -> None:
    old = signer_in(django_settings.KEYS_ROOT).name
    root = manifest().root()
    new = rotate(django_settings.KEYS_ROOT)
    published.drain()
    assert ManifestRoot.objects.get(host=HOST).key == new.name != old
    assert (manifest().root().keys, manifest().root().serial) == (2, root.serial + 1)
    assert found() == set()


@pytest.mark.parametrize(
    "arguments", [["--tree", "."], ["--public-key", "x.pem"], ["--host", "../x"], ["--tree", ".", "--public-key", "no"]]
)
def test_options_that_do_not_fit_are_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("verify", *arguments)
    assert refusal.value.returncode == 2


def test_a_web_server_alone_names_and_quarantines(
    published: Publisher, tmp_path: Path, django_assert_num_queries: Callable[[int], object]
) -> None:
    top, arguments = alone(tmp_path)
    (top / "planted.html").write_bytes(b"planted")
    (top / "a/1/index.html").write_bytes(b"defaced")
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        code, told = verify(*arguments, "--quarantine", str(tmp_path / "aside"))
    assert code == 1
    assert "planted.html" in told
    assert not (top / "planted.html").exists()
    assert not (top / "a/1/index.html").exists()
    assert len(list((tmp_path / "aside").rglob("*.html.*"))) == 2


def test_a_web_server_alone_repairs_from_another_copy(
    published: Publisher, tmp_path: Path, django_assert_num_queries: Callable[[int], object]
) -> None:
    top, arguments = alone(tmp_path)
    (top / "planted.html").write_bytes(b"planted")
    (top / "a/1/index.html").write_bytes(b"defaced")
    (top / "hant/a/2/index.html").unlink()
    source = ["--repair", "--from", str(django_settings.PUBLIC_ROOT), "--quarantine", str(tmp_path / "aside")]
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert verify(*arguments, *source)[0] == 0
        assert verify(*arguments) == (0, "")


def test_a_wrong_copy_repairs_nothing(published: Publisher, tmp_path: Path) -> None:
    top, arguments = alone(tmp_path)
    (top / "a/1/index.html").write_bytes(b"defaced")
    wrong = tmp_path / "wrong" / HOST / "a/1"
    wrong.mkdir(parents=True)
    (wrong / "index.html").write_bytes(b"just as wrong")
    assert verify(*arguments, "--repair", "--from", str(tmp_path / "wrong"))[0] == 1
    assert (top / "a/1/index.html").read_bytes() == b"defaced"


def test_one_publication_costs_the_same_however_large_the_archive(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    put = intents.put

    def noting(final: Path, body: bytes) -> None:
        written.append(final)
        put(final, body)

    monkeypatch.setattr(intents, "put", noting)
    publisher = Publisher()

    def cost_of(number: int) -> int:
        written.clear()
        v.write(number, f"t{number}")
        publisher.drain()
        return len(written)

    cost_of(1)
    at_two = cost_of(2)
    for number in range(3, 100):
        v.write(number, f"t{number}")
    publisher.drain()
    assert 0 < cost_of(100) == at_two


def test_findings_sort_by_host_and_name() -> None:
    assert sorted([Finding("b", "a", "extra"), Finding("a", "b", "missing")])[0].host == "a"
