"""What strangers may put into the tree: links, pipes, directories named like files, names that are no text."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from menhu.delivery.manifest import verifying
from menhu.delivery.manifest.layout import FOLDER, INTENTS
from menhu.delivery.publishing.publisher import Publisher
from tests.delivery import village as v
from tests.delivery.conftest import ROOT, until
from tests.delivery.manifest.looks import alone, found, verify
from tests.delivery.village import HOST

pytestmark = pytest.mark.django_db
ODD = os.fsdecode(b"a/1/\xff\xfe odd\n\x1b[31m.html")


def link_page(top: Path) -> None:
    (top / "a/1/index.html").unlink()
    (top / "a/1/index.html").symlink_to(top / "a/2/index.html")


def link_directory(top: Path) -> None:
    shutil.move(top / "a/1", top.parent.parent / "elsewhere")
    (top / "a/1").symlink_to(top.parent.parent / "elsewhere")


def directory_for_page(top: Path) -> None:
    (top / "a/1/index.html").unlink()
    (top / "a/1/index.html/below").mkdir(parents=True)
    (top / "a/1/index.html/below/x.html").write_bytes(b"x")


def page_for_directory(top: Path) -> None:
    shutil.rmtree(top / "a/1")
    (top / "a/1").write_bytes(b"no directory")


def pipe_for_page(top: Path) -> None:
    (top / "a/1/index.html").unlink()
    os.mkfifo(top / "a/1/index.html")


def new_pipe(top: Path) -> None:
    os.mkfifo(top / "a/1/pipe")


def odd_name(top: Path) -> None:
    (top / ODD).write_bytes(b"odd")


def long_name(top: Path) -> None:
    (top / "a/1" / ("长" * 84)).write_bytes(b"as long as a name may be")


def broken_link(top: Path) -> None:
    (top / "a/1/nowhere").symlink_to("/nowhere/at/all")


STRANGERS: list[tuple[Callable[[Path], None], tuple[str, str]]] = [
    (link_page, ("changed", "a/1/index.html")),
    (link_directory, ("extra", "a/1")),
    (directory_for_page, ("changed", "a/1/index.html")),
    (page_for_directory, ("extra", "a/1")),
    (pipe_for_page, ("changed", "a/1/index.html")),
    (new_pipe, ("extra", "a/1/pipe")),
    (odd_name, ("extra", ODD)),
    (long_name, ("extra", f"a/1/{'长' * 84}")),
    (broken_link, ("extra", "a/1/nowhere")),
]


@pytest.mark.parametrize(("put", "finding"), STRANGERS, ids=[put.__name__ for put, _ in STRANGERS])
def test_it_is_named_and_repaired_on_the_publisher(
    published: Publisher, put: Callable[[Path], None], finding: tuple[str, str]
) -> None:
    before = v.actual()
    put(v.tree_root())
    assert finding in found()
    assert verify()[0] == 1
    assert verify("--repair")[0] == 0
    assert (found(), v.actual()) == (set(), before)


@pytest.mark.parametrize(("put", "finding"), STRANGERS, ids=[put.__name__ for put, _ in STRANGERS])
def test_it_is_named_and_repaired_on_a_web_server_alone(
    published: Publisher, tmp_path: Path, put: Callable[[Path], None], finding: tuple[str, str]
) -> None:
    top, arguments = alone(tmp_path)
    put(top)
    assert finding in found(top)
    repair = ["--repair", "--from", str(django_settings.PUBLIC_ROOT), "--quarantine", str(tmp_path / "aside")]
    for _ in range(2):  # what is set aside may have hidden what is missing
        verify(*arguments, *repair)
    assert (verify(*arguments), found(top)) == ((0, ""), set())


def test_a_name_that_is_no_text_is_shown_on_one_line_and_as_json(published: Publisher) -> None:
    odd_name(v.tree_root())
    told = verify()[1]
    assert told == f"多出  {HOST}/a/1/\\udcff\\udcfe odd\\n\\x1b[31m.html\n"
    assert json.loads(verify("--json")[1])["file"] == ODD


def test_a_file_that_cannot_be_read_counts_as_changed(published: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    read = verifying._sha256

    def refusing(file: Path) -> str:
        if file.name == "index.html" and file.parent.name == "1":
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(verifying, "_sha256", refusing)
    assert found() == {("changed", "a/1/index.html"), ("changed", "hant/a/1/index.html")}


@pytest.mark.parametrize("name", ["root.json", "keys.json"])
def test_a_pipe_in_place_of_the_manifest_is_not_waited_for(published: Publisher, name: str) -> None:
    file = v.tree_root() / FOLDER / name
    file.unlink()
    os.mkfifo(file)
    assert verify()[0] == 2
    assert verify("--repair")[0] == 0


def test_strangers_among_the_intents_count_for_nothing(published: Publisher) -> None:
    folder = v.tree_root() / FOLDER / INTENTS
    (folder / "directory.json").mkdir(parents=True)
    os.mkfifo(folder / "pipe.json")
    (folder / "link.json").symlink_to("/etc/passwd")
    assert found() == set()


def test_a_file_without_a_way_back_is_told_and_ends_nothing(published: Publisher, tmp_path: Path) -> None:
    top, arguments = alone(tmp_path)
    directory_for_page(top)
    (top / "a/2/index.html").unlink()
    code, told = verify(*arguments, "--repair", "--from", str(django_settings.PUBLIC_ROOT))
    assert code == 1
    assert f"取不回：{HOST}/a/1/index.html" in told
    assert (top / "a/2/index.html").is_file()


def test_a_watch_finds_a_change_that_is_made_while_it_watches(published: Publisher, tmp_path: Path) -> None:
    top, arguments = alone(tmp_path)
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from menhu.delivery.management.commands import verify\n"
        "import sys; verify.EACH = 0.2\n"
        "call_command('verify', *sys.argv[1:])"
    )
    log = tmp_path / "watch.txt"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        watching = subprocess.Popen(
            [sys.executable, "-c", code, *arguments, "--watch", "--json"], cwd=ROOT, env=environment, stdout=out
        )
    try:
        until(lambda: Path(arguments[3] + ".state.json").exists())
        time.sleep(0.5)
        assert log.read_bytes() == b""
        file = top / "a/3/index.html"
        about, body = file.stat(), file.read_bytes()
        file.write_bytes(body.replace(b"title", b"other"))
        os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
        until(lambda: b"a/3/index.html" in log.read_bytes(), 20)
    finally:
        watching.kill()
        watching.wait()
    assert json.loads(log.read_bytes().splitlines()[0]) == {
        "host": HOST,
        "file": "a/3/index.html",
        "finding": "changed",
    }
