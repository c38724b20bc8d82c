"""What is done about findings: a publisher renders pages anew, a web server alone sets files aside or fetches them."""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from time import time
from typing import Final
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from menhu.delivery import tree
from menhu.delivery.manifest.layout import FOLDER, directory_of
from menhu.delivery.manifest.marking import mark_directories
from menhu.delivery.manifest.reading import Manifest
from menhu.delivery.manifest.verifying import Finding
from menhu.delivery.models import Directory, Lane, Page
from menhu.delivery.negotiation import CODINGS
from menhu.delivery.publishing.turns import turn
from menhu.delivery.rules import ENCODINGS, bundle_owner, page_path
from menhu.delivery.sources import Address

PORTION: Final = 200
_PATIENCE: Final = 30

Fetch = Callable[[str, str], bytes]
"""The bytes of a file by host and name; raises OSError."""


def ask_anew(findings: Iterable[Finding]) -> None:
    """On the publisher: the pages of these files are rendered and written once more, in the lane of approvals."""
    owners = sorted({Address(f.host, page_path(bundle_owner(f.name))) for f in findings if f.kind != "extra"})
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


def set_aside(top: Path, finding: Finding, quarantine: Path) -> None:
    """Move a file out of the tree, under a name that tells when; links are moved as links."""
    source = top / finding.name
    target = quarantine / finding.host / f"{finding.name}.{time():.0f}"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def fetch_anew(manifest: Manifest, finding: Finding, fetch: Fetch) -> bool:
    """On a web server: get the file from the publisher; it takes its place only if it is what the manifest says."""
    directory = directory_of(finding.name)
    listing = manifest.listing(directory)
    facts = listing.files.get(finding.name[len(directory) + bool(directory) :]) if listing else None
    if facts is None:
        return False
    try:
        body = fetch(finding.host, finding.name)
    except OSError:
        return False
    if hashlib.sha256(body).hexdigest() != facts[0]:
        return False
    final = manifest.top / finding.name
    fresh = final.with_name(f".{final.name}.repair.tmp")
    final.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_bytes(body)
    fresh.replace(final)
    return True


def from_directory(folder: Path) -> Fetch:
    """Files of another copy of the tree: FOLDER/<host>/<name>."""
    return lambda host, name: (folder / host / name).read_bytes()


def from_address(base: str) -> Fetch:
    """Files as a web server gives them; compressed ones are asked for as the coding of their page."""

    def fetch(host: str, name: str) -> bytes:
        ending = next((ending for ending in ENCODINGS if name.endswith(ending)), "")
        path = quote(page_path(name.removesuffix(ending)))
        headers = {"Host": host, "Accept-Encoding": CODINGS.get(ending, "identity")}
        try:
            with urlopen(Request(base.rstrip("/") + path, headers=headers), timeout=_PATIENCE) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body
        except URLError as error:
            raise OSError(str(error)) from error

    return fetch
