"""What is done about findings: a publisher renders pages anew, a web server alone sets files aside or fetches them."""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from time import time
from typing import Final
from urllib.parse import quote
from urllib.request import Request, urlopen

from menhu.delivery import tree
from menhu.delivery.manifest.layout import FOLDER, directory_of
from menhu.delivery.manifest.marking import mark_directories
from menhu.delivery.manifest.reading import Manifest
from menhu.delivery.manifest.verifying import Finding, Hashes
from menhu.delivery.models import Directory, Lane, Page
from menhu.delivery.negotiation import CODINGS
from menhu.delivery.publishing.turns import turn
from menhu.delivery.rules import ENCODINGS, bundle_owner, file_path, page_path
from menhu.delivery.sources import Address

PORTION: Final = 200
_PATIENCE: Final = 30
_LONGEST_NAME: Final = 200

Fetch = Callable[[str, str], bytes]
"""The bytes of a file by host and name; raises OSError."""


def seal_owned(top: Path, findings: Sequence[Finding]) -> list[Finding]:
    """On the publisher: what lies there is what its page's row says, so the manifest is wrong, not the file.

    The directories of these files and all above are made anew; the other findings come back.
    """
    wrong = list[Finding]()
    for at in range(0, len(findings), PORTION):
        portion = findings[at : at + PORTION]
        owned = _owned(portion)
        wrong += (f for f in portion if Hashes().of(top / f.name) == owned.get(f.name, ""))
    if wrong:
        with turn():
            mark_directories(top.name, {path for f in wrong for path in _with_parents(directory_of(f.name))})
    found = set(wrong)
    return [finding for finding in findings if finding not in found]


def _owned(findings: Iterable[Finding]) -> dict[str, str]:
    """The files that pages own, of those named: name → SHA-256."""
    owners = {address for finding in findings if (address := _owner(finding)) is not None}
    rows = Page.objects.at(owners).filter(status=200).values_list("files", flat=True)
    return {name: sha256 for files in rows for name, sha256, _ in files}


def _owner(finding: Finding) -> Address | None:
    file = bundle_owner(finding.name)
    path = page_path(file)
    return Address(finding.host, path) if file_path(path) == file else None


def _with_parents(directory: str) -> list[str]:
    paths = [path.as_posix() for path in (PurePosixPath(directory), *PurePosixPath(directory).parents)]
    return [path.strip(".") for path in paths]


def ask_anew(findings: Iterable[Finding]) -> None:
    """On the publisher: the pages of these files are rendered and written once more, in the lane of approvals."""
    owners = sorted({address for f in findings if f.kind != "extra" and (address := _owner(f)) is not None})
    for at in range(0, len(owners), PORTION):
        with turn():
            Page.objects.at(owners[at : at + PORTION]).mark_due(Lane.APPROVAL)


def seal_anew(host: str) -> None:
    """On the publisher: every object of the host's manifest is made once more, from the rows."""
    shutil.rmtree(tree.root() / host / FOLDER, ignore_errors=True)
    with turn():
        Directory.objects.filter(host=host).update(digest="")
        Directory.objects.filter(host=host).mark_changed()
        mark_directories(host, {""})


def set_aside(top: Path, finding: Finding, quarantine: Path) -> bool:
    """Move a file out of the tree, under a name that tells when; links are moved as links, pipes and devices go.

    False where it is still there; what went meanwhile counts as set aside.
    """
    source = top / finding.name
    target = quarantine / finding.host / _kept_name(finding.name)
    try:
        if _is_empty_kind(source.lstat().st_mode):
            source.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
    except (FileNotFoundError, NotADirectoryError):
        return not os.path.lexists(source)
    except (OSError, shutil.Error):
        return False
    return True


def _is_empty_kind(mode: int) -> bool:
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def _kept_name(name: str) -> str:
    """With the time, and a long last part by its hash, so that file systems take it."""
    folder, slash, last = name.rpartition("/")
    if len(os.fsencode(last)) > _LONGEST_NAME:
        last = hashlib.sha256(os.fsencode(last)).hexdigest()
    return f"{folder}{slash}{last}.{time():.0f}"


def is_in_the_way(top: Path, finding: Finding) -> bool:
    """Whether no file can take this place before what lies there is gone."""
    with suppress(OSError):
        return not stat.S_ISREG((top / finding.name).lstat().st_mode)
    return False


def fetch_anew(manifest: Manifest, finding: Finding, fetch: Fetch) -> bool:
    """On a web server: get the file from the publisher; it takes its place only if it is what the manifest says.

    False where it could not be fetched whole or could not be written.
    """
    directory = directory_of(finding.name)
    listing = manifest.listing(directory)
    facts = listing.files.get(finding.name[len(directory) + bool(directory) :]) if listing else None
    if facts is None:
        return False
    try:
        body = fetch(finding.host, finding.name)
        if hashlib.sha256(body).hexdigest() != facts[0]:
            return False
        _put(manifest.top / finding.name, body)
    except OSError:
        return False
    return True


def _put(final: Path, body: bytes) -> None:
    fresh = final.with_name(f".{final.name}.repair.tmp")
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.write_bytes(body)
        fresh.replace(final)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def from_directory(folder: Path) -> Fetch:
    """Files of another copy of the tree: FOLDER/<host>/<name>."""
    return lambda host, name: (folder / host / name).read_bytes()


def from_address(base: str) -> Fetch:
    """Files as a web server gives them; compressed ones are asked for as the coding of their page.

    An answer that breaks off, or is none of HTTP, is an OSError like one that never came.
    """

    def fetch(host: str, name: str) -> bytes:
        ending = next((ending for ending in ENCODINGS if name.endswith(ending)), "")
        path = quote(page_path(name.removesuffix(ending)))
        headers = {"Host": host, "Accept-Encoding": CODINGS.get(ending, "identity")}
        try:
            with urlopen(Request(base.rstrip("/") + path, headers=headers), timeout=_PATIENCE) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body
        except (HTTPException, ValueError) as error:
            raise OSError(str(error)) from error

    return fetch
