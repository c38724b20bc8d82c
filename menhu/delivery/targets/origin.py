"""The publisher's side of a push: what the signed root says, and the bytes that fit it."""

import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from menhu.delivery import tree
from menhu.delivery.manifest.keys import NotTrustedError, signer_in
from menhu.delivery.manifest.layout import FOLDER, KEYS, ROOT, directory_of, object_file
from menhu.delivery.manifest.reading import Manifest, Root, read_plain, root_of
from menhu.delivery.rules import is_host

_TRIES: Final = 4
_PAUSE: Final = 0.2


class MovedOnError(Exception):
    """A newer root took the place of the one that was followed; begin again."""


class UnfitError(Exception):
    """A file of the publisher is not what its manifest says; it is never passed on."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A signed root with the bytes that prove it."""

    root: Root
    body: bytes
    keys: bytes


class Origin:
    """The tree of one host as its publisher keeps it."""

    def __init__(self, host: str) -> None:
        self.host, self.signer = host, signer_in(settings.KEYS_ROOT)
        self._top = tree.root() / host
        self._folder = self._top / FOLDER
        self._trusted = self.signer.chain[0].key
        self._manifest = Manifest(self._top, self._trusted)

    def snapshot(self) -> Snapshot:
        """The root as it is now; raises NotTrustedError, or OSError where there is none."""
        for attempt in range(_TRIES):
            keys, body = read_plain(self._folder / KEYS), read_plain(self._folder / ROOT)
            try:
                return Snapshot(root_of(self.host, body, keys, self._trusted), body, keys)
            except NotTrustedError:  # the key is just being changed, or something is wrong
                if attempt == _TRIES - 1:
                    raise
                time.sleep(_PAUSE * attempt)
        raise AssertionError("unreachable")

    def objects(self, names: Collection[str]) -> dict[str, bytes]:
        """Objects by their names; raises MovedOnError where one is gone."""
        try:
            return {name: read_plain(self._folder / object_file(name)) for name in names}
        except FileNotFoundError as error:
            raise MovedOnError from error

    def has(self, file: str) -> bool:
        """Whether a file of the manifest, named from the host on, is still needed here."""
        return (self._top / file).exists()

    def fitting(self, name: str, wanted: str) -> tuple[str, bytes]:
        """SHA-256 and bytes of a file, ("", b"") once it is gone: as wanted, or as an intent or a newer root has it.

        Raises UnfitError where nothing explains what lies there.
        """
        for attempt in range(_TRIES):
            sha256, body = self._lying(name)
            if sha256 == wanted or sha256 in self._explained(name):
                return sha256, body
            time.sleep(_PAUSE * attempt)
        raise UnfitError(name)

    def _lying(self, name: str) -> tuple[str, bytes]:
        try:
            body = read_plain(self._top / name)
        except (FileNotFoundError, NotADirectoryError):
            return "", b""
        except OSError as error:
            raise UnfitError(name) from error
        return hashlib.sha256(body).hexdigest(), body

    def _explained(self, name: str) -> set[str]:
        intended = self._manifest.intended().get(name, set())
        directory = directory_of(name)
        listing = self._manifest.listing(directory)
        facts = listing.files.get(name[len(directory) + bool(directory) :]) if listing else None
        return intended | {facts[0] if facts else ""}


def hosts() -> list[str]:
    """The hosts that have a signed root."""
    return [host for host in tree.hosts() if is_host(host) and (tree.root() / host / FOLDER / ROOT).is_file()]
