"""Sealing that is cut short: killed, stopped, robbed of its lease, without disk or key."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from menhu.delivery.manifest import intents, sealing
from menhu.delivery.manifest.keys import FILE, KeyLostError, signer_in
from menhu.delivery.manifest.layout import FOLDER, INTENTS
from menhu.delivery.manifest.sealing import LEASE, Sealer
from menhu.delivery.models import Directory, ManifestRoot
from menhu.delivery.publishing.names import MACHINE
from menhu.delivery.publishing.publisher import Publisher
from tests.delivery import village as v
from tests.delivery.conftest import Start, is_quiet, until
from tests.delivery.manifest.looks import found, manifest, verify
from tests.delivery.village import HOST

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


def publish_unsealed(publisher: Publisher) -> None:
    """New, changed and retracted pages are in place; no root covers them yet."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publisher._sealer, "step", lambda: False)
        v.write(2, "a changed title")
        v.write(9, "a new page")
        v.retract(4)
        publisher.drain()


def kill_at(patched: pytest.MonkeyPatch, number: int, *, after: bool) -> None:
    """Die at the n-th file that the sealer writes, before or after it is there."""
    put, calls = intents.put, iter(range(10_000))

    def dying(final: Path, body: bytes) -> None:
        is_last = next(calls) == number
        if is_last and not after:
            raise Killed
        put(final, body)
        if is_last:
            raise Killed

    patched.setattr(sealing.intents, "put", dying)


DEATHS = [(number, after) for number in range(12) for after in (False, True)]


@pytest.mark.parametrize(("number", "after"), DEATHS)
def test_a_sealer_killed_anywhere_leaves_nothing_out_of_later_roots(
    published: Publisher, number: int, after: bool
) -> None:
    publish_unsealed(published)
    with pytest.MonkeyPatch.context() as patched:
        kill_at(patched, number, after=after)
        with pytest.raises(Killed):
            Sealer("the one that dies").drain()
    assert found() == set()
    ManifestRoot.objects.update(claimed_at=timezone.now() - 2 * LEASE)
    Sealer("the next one").drain()
    assert not Directory.objects.stale().exists()
    assert not list((v.tree_root() / FOLDER / INTENTS).iterdir())
    assert found() == set()


def test_a_database_that_fails_in_mid_pass_lets_no_root_forget_a_directory(
    published: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BITE", 1)
    publish_unsealed(published)
    sealer, made = Sealer("one"), sealing._Pass._made

    def failing(self: "sealing._Pass", rows: Sequence[Directory]) -> list[str]:
        if any(row.path == "a/9" for row in rows):
            raise RuntimeError("away")
        return made(self, rows)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing._Pass, "_made", failing)
        with pytest.raises(RuntimeError):
            sealer.drain()
    sealer.drain()
    shutil.rmtree(v.tree_root() / FOLDER / INTENTS)
    assert found() == set()


def test_a_disk_error_stops_no_publisher_and_is_tried_again(
    published: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "REST", 0)
    publish_unsealed(published)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing.intents, "put", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        published.drain()
    assert Directory.objects.stale().exists()
    published.drain()
    assert not Directory.objects.stale().exists()
    assert found() == set()


def test_whoever_lost_the_lease_signs_no_root(published: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_unsealed(published)
    before, slow = manifest().root(), Sealer("slow")
    monkeypatch.setattr(sealing, "BITE", 1)
    assert slow.step()
    ManifestRoot.objects.update(claimed_by="quick", claimed_at=timezone.now())
    slow.drain()
    assert manifest().root() == before
    Sealer("quick").drain()
    assert manifest().root().serial == before.serial + 1
    assert found() == set()


def test_a_lease_lost_within_a_bite_signs_no_root_either(published: Publisher) -> None:
    publish_unsealed(published)
    before, made = manifest().root(), sealing._Pass._made

    def robbed(self: "sealing._Pass", rows: Sequence[Directory]) -> list[str]:
        ManifestRoot.objects.update(claimed_by="quick", claimed_at=timezone.now())
        return made(self, rows)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing._Pass, "_made", robbed)
        Sealer("slow").drain()
    assert manifest().root() == before
    Sealer("quick").drain()
    assert found() == set()


def test_the_lease_of_a_dead_publisher_of_this_machine_is_free_at_once(published: Publisher) -> None:
    publish_unsealed(published)
    ManifestRoot.objects.update(claimed_by=f"{MACHINE}-999999999-00000000", claimed_at=timezone.now())
    Sealer("next").drain()
    assert not Directory.objects.stale().exists()


def test_what_a_stopped_publisher_cannot_seal_in_time_is_left_to_the_next(
    published: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_unsealed(published)
    monkeypatch.setattr(sealing, "BITE", 1)
    published._sealer.step()
    began = monotonic()
    published._sealer.finish(0.0)
    assert monotonic() - began < 1
    assert list(ManifestRoot.objects.values_list("claimed_by", flat=True)) == [""]
    Sealer("next").drain()
    assert found() == set()


def test_the_last_thing_a_stopped_publisher_does_is_to_seal(published: Publisher) -> None:
    publish_unsealed(published)
    published.stop()
    published.run()
    assert not Directory.objects.stale().exists()
    assert found() == set()


@pytest.mark.django_db(transaction=True)
def test_a_publisher_process_that_is_stopped_leaves_nothing_unsealed(start: Start) -> None:
    for number in range(1, 6):
        v.write(number, f"title {number}")
    process = start(pause=0.05)
    until(lambda: bool(v.pages()))
    until(is_quiet)
    process.terminate()
    process.join(10)
    assert process.exitcode == 0
    assert not Directory.objects.stale().exists()
    assert set(ManifestRoot.objects.values_list("claimed_by", flat=True)) == {""}
    assert found() == set()


def damage_as_of_old(published: Publisher) -> None:
    """What a killed sealer used to leave: directories sealed, those above them not stale, no intent any more."""
    publish_unsealed(published)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealing, "mark_directories", lambda host, paths: None)
        kill_at(patched, 2, after=False)
        with pytest.raises(Killed):
            Sealer("of old").drain()
    Directory.objects.filter(path__in=["", "a", "hant", "hant/a"]).update(sealed=10_000, changes=10_000)
    ManifestRoot.objects.update(claimed_by="", claimed_at=None)
    shutil.rmtree(v.tree_root() / FOLDER / INTENTS)


def test_repair_makes_the_manifest_right_where_pages_own_what_it_does_not_list(published: Publisher) -> None:
    damage_as_of_old(published)
    before = v.actual()
    assert {kind for kind, _ in found()} >= {"extra"}
    assert verify("--repair")[0] == 0
    assert (found(), v.actual()) == (set(), before)
    assert not (django_settings.HOME / "quarantine" / HOST).exists()


def test_repair_tells_a_wrong_manifest_from_wrong_files(published: Publisher) -> None:
    damage_as_of_old(published)
    before = v.actual()
    (v.tree_root() / "a/9/planted.html").write_bytes(b"planted")
    (v.tree_root() / "a/1/index.html").write_bytes(b"defaced")
    assert verify("--repair")[0] == 0
    assert (found(), v.actual()) == (set(), before)
    assert [path.name.rpartition(".")[0] for path in (django_settings.HOME / "quarantine").rglob("*.html.*")] == [
        "planted.html"
    ]


@pytest.mark.parametrize("kept", [b"", b"{}", b'{"private": "AAAA", "keys": []}', b"\xff"])
def test_a_broken_key_file_is_told_plainly_and_keeps_no_page_from_its_place(
    published: Publisher, kept: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "REST", 0)
    file = Path(django_settings.KEYS_ROOT) / FILE
    good = file.read_bytes()
    file.write_bytes(kept)
    with pytest.raises(KeyLostError):
        signer_in(django_settings.KEYS_ROOT)
    for command in ("verify", "keys"):
        with pytest.raises(CommandError, match=r"签名密钥 .* 读不出"):
            call_command(command)
    v.write(9, "published all the same")
    published.drain()
    assert b"all the same" in v.pages()["/a/9/"]
    file.write_bytes(good)
    published.drain()
    assert found() == set()


def test_a_key_that_is_gone_is_told_and_replaced(published: Publisher, caplog: pytest.LogCaptureFixture) -> None:
    (Path(django_settings.KEYS_ROOT) / FILE).unlink()
    code, told = verify()
    assert code == 2
    assert "密钥链里没有所信任的公钥" in told
    assert verify("--repair")[0] == 0
    assert "was lost" in caplog.text
    assert found() == set()
