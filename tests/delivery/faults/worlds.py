"""What must hold of the tree at any moment, and what must hold once the work is done."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from menhu.delivery.bundles import bundle
from menhu.delivery.manifest.keys import signer_in
from menhu.delivery.manifest.layout import FOLDER
from menhu.delivery.manifest.reading import Listing, Manifest
from menhu.delivery.manifest.verifying import Finding, Hashes, Verification
from menhu.delivery.models import (
    Change,
    Directory,
    ManifestRoot,
    Page,
    PageTag,
    PublishingState,
    TagVersion,
)
from menhu.delivery.publishing.claims import release_dead
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.sources import render, sources
from tests.delivery import village as v

Files = dict[str, bytes]


class History:
    """What each file may be while a change is under way: as before or as after it; absence (None) is one of these."""

    def __init__(self) -> None:
        self.now: Files = {}
        self._between: dict[str, set[bytes | None]] = {}

    def around(self, change: Callable[[], None]) -> None:
        """Make a change; until `arrive`, files may be as before it or as after it."""
        change()
        before = served()
        self.now = expected()
        self._between = {name: {before.get(name), self.now.get(name)} for name in before | self.now}

    def check(self) -> None:
        """What a visitor can get now is whole, old or new, and nothing that stands both before and after is missing."""
        found = served()
        wrong = [name for name in found | self._between if found.get(name) not in self._between.get(name, {None})]
        assert not wrong, f"neither old nor new: {wrong}"

    def gone(self) -> list[str]:
        """Files that are not to be, and are no more."""
        return [name for name in self._between if name not in self.now and not (top() / name).exists()]


def empty() -> None:
    """As before the first publication: no row of the publisher's, no file."""
    for model in (PageTag, Page, Change, TagVersion, PublishingState, Directory, ManifestRoot):
        model.objects.all().delete()  # type: ignore[attr-defined]
    shutil.rmtree(settings.PUBLIC_ROOT, ignore_errors=True)


def drain() -> None:
    """The work of one publisher, from its birth until nothing is left to do."""
    Publisher().drain()


def recover(history: History | None = None) -> None:
    """What a publisher does when it is started after a crash; what was gone never comes back meanwhile."""
    release_dead()
    publisher = Publisher()
    gone = history.gone() if history else ()
    while publisher.step():
        assert not [name for name in gone if (top() / name).exists()]


def expected() -> Files:
    """What a full rebuild from all sources would write: name below the host → bytes."""
    addresses = [address for source in sources() for address in source.addresses()]
    rendered = {address: found[1] for address in addresses if (found := render(address))}
    return {
        part.name: b"".join(part.pieces())
        for address, answer in rendered.items()
        if answer.status == 200
        for part in bundle(address, answer)
    }


def served() -> Files:
    """What a web server would give: no hidden file."""
    files = {}
    for path in top().rglob("*"):
        name = path.relative_to(top())
        if not any(part.startswith(".") for part in name.parts) and path.is_file():
            files[name.as_posix()] = path.read_bytes()
    return files


def check_arrived(wanted: Files | None = None) -> None:
    """The work is done: tree, rows and manifest say the same, and nothing is left lying about."""
    wanted = expected() if wanted is None else wanted
    assert v.actual() == wanted
    assert sealed() == {name: hashlib.sha256(body).hexdigest() for name, body in wanted.items()}
    assert findings() == []
    assert list(Path(settings.PUBLIC_ROOT).rglob("*.tmp")) == []
    assert not Change.objects.exists()
    assert not Page.objects.due().exists()
    assert not Page.objects.exclude(error="").exists()
    assert not Page.objects.exclude(claimed_by="").exists()
    assert not Directory.objects.stale().exists()


def top() -> Path:
    return v.tree_root()


def manifest() -> Manifest:
    return Manifest(top(), signer_in(settings.KEYS_ROOT).chain[0].key)


def findings() -> list[Finding]:
    """What a verifier finds, intents considered."""
    return list(Verification(manifest(), Hashes(), pause=lambda seconds: None).findings())


def has_root() -> bool:
    return (top() / FOLDER / "root.json").exists()


def sealed() -> dict[str, str]:
    """What the signed root says by itself, whatever the intents allow: name → SHA-256."""
    return dict(_listed(""))


def _listed(directory: str) -> list[tuple[str, str]]:
    listing: Listing | None = manifest().listing(directory)
    assert listing is not None
    prefix = f"{directory}/" if directory else ""
    files = [(prefix + name, facts[0]) for name, facts in listing.files.items()]
    return files + [item for name in listing.directories for item in _listed(prefix + name)]
