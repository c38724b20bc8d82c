"""A push to a folder: what, in which order, and what is left when it breaks off anywhere."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from menhu.delivery.manifest.keys import rotate
from menhu.delivery.manifest.layout import FOLDER, INTENTS, OBJECTS
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.targets import pushing
from menhu.delivery.targets.folders import FolderPlace
from menhu.delivery.targets.pushing import Push, PushError
from tests.delivery import village as v
from tests.delivery.manifest.looks import found
from tests.delivery.targets.places import Killed, Watched, is_same, lying, push
from tests.delivery.village import HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(tmp_path: Path, published: Publisher) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    return folder


def edit() -> None:
    """One page retracted, one changed, one so short now that it has no compressed form, one new."""
    v.retract(3)
    v.write(2, "a longer title")
    v.write(5, "x")
    v.write(9, "a new page")


def test_the_first_push_brings_everything_and_a_second_nothing(target: Path) -> None:
    place = Watched(FolderPlace(target))
    done = push(place)
    assert is_same(target / HOST)
    assert found(target / HOST) == set()
    assert (done.written, done.removed) == (len(v.actual()), 0)
    assert done.octets == sum(map(len, v.actual().values()))
    assert not list((target / HOST / FOLDER).glob(f"{INTENTS}/*"))
    before = len(place.steps)
    assert push(place).written == 0
    assert len(place.steps) == before


def test_only_what_changed_is_pushed_in_the_order_that_keeps_the_target_honest(
    target: Path, published: Publisher
) -> None:
    place = Watched(FolderPlace(target))
    push(place)
    before, names = v.actual(), len(place.steps)
    edit()
    published.drain()
    after = v.actual()
    push(place)
    steps = place.steps[names:]
    pages = [(kind, name) for kind, name in steps if not name.startswith(FOLDER)]
    gone = {name for name in before if name not in after}
    retracted = {name for name in gone if name.startswith(("a/3/", "hant/a/3/"))}
    assert {name for kind, name in pages if kind == "put"} == {n for n in after if before.get(n) != after[n]}
    assert {name for kind, name in pages if kind == "remove"} == gone
    assert gone > retracted != set()
    kinds = ["retraction" if name in retracted else "deletion" if kind == "remove" else "page" for kind, name in pages]
    assert kinds == sorted(kinds, key=["retraction", "page", "deletion"].index)
    manifest = [(kind, name.split("/")[1]) for kind, name in steps if name.startswith(FOLDER)]
    assert steps[0][1].startswith(f"{FOLDER}/{INTENTS}/")
    root = manifest.index(("put", "root.json"))
    assert all(kind == "put" for kind, _ in manifest[:root])
    assert {kind for kind, _ in manifest[root + 1 :]} == {"remove"}
    assert max(n for n, step in enumerate(steps) if step in pages) < steps.index(("put", f"{FOLDER}/root.json"))


def test_at_every_step_a_verifier_on_the_target_sees_an_honest_tree(target: Path, published: Publisher) -> None:
    place = Watched(FolderPlace(target))
    push(place)
    edit()
    published.drain()

    def look(number: int) -> None:
        assert found(target / HOST) == set(), place.steps[number]

    place.after = look
    push(place)
    assert is_same(target / HOST)


@pytest.mark.parametrize("kind", ["killed before", "killed after", "disk full"])
def test_broken_off_anywhere_it_is_honest_and_the_next_push_ends_it(
    target: Path, published: Publisher, kind: str
) -> None:
    push(FolderPlace(target))
    edit()
    published.drain()
    number = 0
    while True:
        shutil.copytree(target, target.with_name("copy"), dirs_exist_ok=False)
        place = Watched(FolderPlace(target.with_name("copy")))
        setattr(place, "after" if kind == "killed after" else "before", breaking(number, kind))
        try:
            push(place)
        except (Killed, OSError):
            check_and_finish(target.with_name("copy"), published)
        else:
            break
        shutil.rmtree(target.with_name("copy"))
        number += 1
    assert number > 20


def breaking(at: int, kind: str) -> Callable[[int], None]:
    def act(number: int) -> None:
        if number == at:
            raise OSError(28, "No space left on device") if kind == "disk full" else Killed

    return act


def check_and_finish(target: Path, published: Publisher) -> None:
    assert found(target / HOST) == set()
    push(FolderPlace(target))
    assert is_same(target / HOST)
    assert found(target / HOST) == set()
    assert not list((target / HOST / FOLDER).glob(f"{INTENTS}/*"))
    objects = {path.stem for path in (target / HOST / FOLDER / OBJECTS).rglob("*.json")}
    assert objects == {path.stem for path in (v.tree_root() / FOLDER / OBJECTS).rglob("*.json")}


def test_what_a_broken_push_brought_and_was_retracted_since_does_not_stay(target: Path, published: Publisher) -> None:
    """Neither the old root nor the new one names it: only the target's journal does."""
    push(FolderPlace(target))
    v.write(9, "here for a moment")
    published.drain()
    place = Watched(FolderPlace(target))
    place.before = lambda number: _die(place.steps[-1:] == [("put", "a/9/index.html")])
    with pytest.raises(Killed):
        push(place)
    assert (target / HOST / "a/9/index.html").exists()
    v.retract(9)
    published.drain()
    push(FolderPlace(target))
    assert is_same(target / HOST)
    assert found(target / HOST) == set()


def _die(is_time: bool) -> None:
    if is_time:
        raise Killed


def test_a_first_push_that_is_killed_again_and_again_goes_on_where_it_stood(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "PORTION", 4)
    written: list[str] = []
    for _ in range(100):
        place = Watched(FolderPlace(target))
        place.before = lambda number: _die(number == 9)
        try:
            push(place)
        except Killed:
            pages = [name for kind, name in place.steps if kind == "put" and not name.startswith(FOLDER)]
            written += pages
        else:
            break
    assert is_same(target / HOST)
    assert found(target / HOST) == set()
    assert len(written) < 3 * len(v.actual())


def test_a_retraction_overtakes_a_push_under_way(
    target: Path, published: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "PORTION", 4)
    push(FolderPlace(target))
    v.set_footer("every page changes")
    published.drain()
    place = Watched(FolderPlace(target))

    def retract(number: int) -> None:
        if number == 5:
            v.retract(4)
            published.drain()

    place.after = retract
    push(place)
    removed = place.steps.index(("remove", "a/4/index.html"))
    assert len([kind for kind, name in place.steps[:removed] if kind == "put" and FOLDER not in name]) <= 8
    assert ("put", "a/4/index.html") not in place.steps[removed:]
    assert found(target / HOST) == set()
    push(place)
    assert is_same(target / HOST)
    assert found(target / HOST) == set()


def test_a_page_that_changes_while_it_is_pushed_is_explained_until_the_next_push(
    target: Path, published: Publisher
) -> None:
    place = Watched(FolderPlace(target))
    push(place)
    v.write(1, "first change")
    published.drain()
    first = len(place.steps)

    def change(number: int) -> None:
        if number == first:
            v.write(2, "second change")
            v.write(1, "third change")
            published.drain()

    place.after = change
    push(place)
    assert found(target / HOST) == set()
    push(place)
    assert is_same(target / HOST)
    assert not list((target / HOST / FOLDER).glob(f"{INTENTS}/*"))


def test_a_defaced_file_of_the_publisher_is_never_passed_on(target: Path, published: Publisher) -> None:
    push(FolderPlace(target))
    before = lying(target / HOST)
    v.write(1, "an honest change")
    v.write(2, "to be defaced")
    v.retract(3)
    published.drain()
    (v.tree_root() / "a/2/index.html").write_bytes(b"defaced")
    with pytest.raises(PushError, match="menhu verify"):
        push(FolderPlace(target))
    now = lying(target / HOST)
    assert now["a/2/index.html"] == before["a/2/index.html"]
    assert b"an honest change" in now["a/1/index.html"]
    assert "a/3/index.html" not in now
    assert found(target / HOST) == set()


def test_a_new_key_is_believed_at_every_step(target: Path, published: Publisher) -> None:
    place = Watched(FolderPlace(target))
    push(place)
    rotate(django_settings.KEYS_ROOT)
    v.write(2, "signed by the new key")
    published.drain()

    def look(number: int) -> None:
        assert found(target / HOST) == set(), place.steps[number]

    place.after = look
    push(place)
    assert is_same(target / HOST)


def test_a_push_that_dies_between_new_keys_and_new_root_is_taken_up(target: Path, published: Publisher) -> None:
    push(FolderPlace(target))
    for _ in range(2):
        rotate(django_settings.KEYS_ROOT)
        published.drain()
    place = Watched(FolderPlace(target))
    place.after = lambda number: _die(place.steps[number] == ("put", f"{FOLDER}/keys.json"))
    with pytest.raises(Killed):
        push(place)
    v.retract(3)
    published.drain()
    place = Watched(FolderPlace(target))
    assert push(place).written < 10
    assert is_same(target / HOST)
    assert found(target / HOST) == set()


def test_a_target_that_lost_its_root_is_filled_anew_and_strangers_go(target: Path, published: Publisher) -> None:
    push(FolderPlace(target))
    outside = target.parent / "outside"
    outside.mkdir()
    (outside / "kept.html").write_bytes(b"not ours")
    (target / HOST / FOLDER / "root.json").unlink()
    (target / HOST / "a/1/index.html").write_bytes(b"defaced")
    (target / HOST / "planted.html").write_bytes(b"planted")
    (target / HOST / os.fsdecode(b"\xff odd\n.html")).write_bytes(b"odd")
    shutil.rmtree(target / HOST / "a/2")
    (target / HOST / "a/2").symlink_to(outside)
    (target / HOST / "elsewhere").symlink_to(outside)
    (target / "other.example.cn").mkdir()
    (target / "other.example.cn/index.html").write_bytes(b"another host")
    push(FolderPlace(target))
    assert is_same(target / HOST)
    assert found(target / HOST) == set()
    assert [path.name for path in outside.iterdir()] == ["kept.html"]
    assert (target / "other.example.cn/index.html").read_bytes() == b"another host"


def test_anew_mends_what_the_root_does_not_tell(target: Path, published: Publisher) -> None:
    push(FolderPlace(target))
    (target / HOST / "a/1/index.html").write_bytes(b"defaced")
    (target / HOST / "planted.html").write_bytes(b"planted")
    assert push(FolderPlace(target)).written == 0
    push(FolderPlace(target), anew=True)
    assert is_same(target / HOST)
    assert found(target / HOST) == set()


def test_a_target_with_a_newer_root_is_left_alone(target: Path, published: Publisher, tmp_path: Path) -> None:
    shutil.copytree(v.tree_root(), tmp_path / "older")
    v.write(2, "newer")
    published.drain()
    push(FolderPlace(target))
    before = lying(target / HOST)
    shutil.rmtree(v.tree_root())
    shutil.copytree(tmp_path / "older", v.tree_root())
    with pytest.raises(PushError, match="--anew"):
        push(FolderPlace(target))
    assert lying(target / HOST) == before
    push(FolderPlace(target), anew=True)
    assert is_same(target / HOST)


def test_links_in_the_way_are_replaced_and_never_followed(target: Path, published: Publisher, tmp_path: Path) -> None:
    push(FolderPlace(target))
    outside = tmp_path / "outside"
    shutil.move(target / HOST / "a/3", outside)
    (target / HOST / "a/3").symlink_to(outside)
    shutil.rmtree(target / HOST / "a/2")
    (target / HOST / "a/2").symlink_to(outside)
    (target / HOST / "a/1/index.html").unlink()
    (target / HOST / "a/1/index.html/x").mkdir(parents=True)
    for number in (1, 2):
        v.write(number, f"changed {number}")
    v.retract(3)
    published.drain()
    kept = lying(outside)
    push(FolderPlace(target))
    assert lying(outside) == kept
    assert (target / HOST / "a/2").is_dir()
    assert not (target / HOST / "a/2").is_symlink()
    assert is_same(target / HOST) or found(target / HOST) == {("extra", "a/3")}


def test_a_host_that_is_a_link_is_refused(target: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (target / HOST).symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="链接"):
        push(FolderPlace(target))
    assert not list((tmp_path / "outside").iterdir())


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, published: Publisher) -> None:
    with pytest.raises(FileNotFoundError, match="目标目录不存在"):
        push(FolderPlace(tmp_path / "not mounted"))
    assert not (tmp_path / "not mounted").exists()


@pytest.mark.parametrize("name", ["../x.html", "a/../../x", "/etc/passwd", ".menhu/root.json", "a//b", "a/./b", "a\nb"])
def test_names_that_lead_astray_are_refused(name: str) -> None:
    with pytest.raises(PushError):
        pushing._safe({name: "00"})


def test_a_lost_lease_ends_a_push_between_portions(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "PORTION", 4)

    def lost() -> None:
        raise PushError("another took over")

    with pytest.raises(PushError):
        Push(FolderPlace(target), HOST, lost).run()
    assert not (target / HOST / FOLDER / "root.json").exists()
