"""The manifest of one host as it lies on disk, proven from a public key alone."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from menhu.delivery.manifest.keys import NotTrustedError, chain_of, opened_by
from menhu.delivery.manifest.layout import FOLDER, INTENTS, KEYS, ROOT, object_file, object_name

_TRIES: Final = 5
_PAUSE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Root:
    """A proven root: how many roots came before it, its top object, and how long the chain of keys was."""

    serial: int
    object: str
    keys: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What one directory must hold: names → [SHA-256, octets, version], and names of directories → objects."""

    files: Mapping[str, tuple[str, int, int]]
    directories: Mapping[str, str]


class Manifest:
    """Reads roots, listings and intents of a host; all raise NotTrustedError where proof is missing."""

    def __init__(self, top: Path, trusted: bytes) -> None:
        self.top, self._trusted = top, trusted
        self._folder = top / FOLDER

    def root(self) -> Root:
        """The signed root as it is now."""
        keys = _read(self._folder / KEYS)
        return root_of(self.top.name, _read(self._folder / ROOT), keys, self._trusted)

    def listing(self, directory: str) -> Listing | None:
        """The listing of a directory in the newest root; None where the root knows no such directory.

        A root may be replaced while it is followed: then the way is begun again.
        """
        for _attempt in range(_TRIES):
            root = self.root()
            try:
                return self._followed(root.object, directory)
            except FileNotFoundError:
                time.sleep(_PAUSE if self.root() == root else 0)
        raise NotTrustedError(_("清单缺少目录"))

    def _followed(self, name: str, directory: str) -> Listing | None:
        found = self._object(name, "")
        at = ""
        for step in directory.split("/") if directory else ():
            at = f"{at}/{step}" if at else step
            below = found.directories.get(step)
            if below is None:
                return None
            found = self._object(below, at)
        return found

    def _object(self, name: str, directory: str) -> Listing:
        try:
            body = read_plain(self._folder / object_file(name))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise NotTrustedError(_("%s 读不出") % object_file(name)) from error
        return listing_of(body, name, directory)

    def intended(self) -> dict[str, set[str]]:
        """What files may be besides what the root says: name → SHA-256s, "" for absent.

        An intent that is not proven counts for nothing.
        """
        chain = chain_of(_read(self._folder / KEYS))
        allowed: dict[str, set[str]] = {}
        for file in sorted((self._folder / INTENTS).glob("*.json")):
            try:
                content = opened_by(read_plain(file), self._trusted, chain)
            except (OSError, NotTrustedError):
                continue
            if content.get("host") == self.top.name:
                for name, sha256 in content["changes"].items():
                    allowed.setdefault(name, set()).add(sha256)
        return allowed


def root_of(host: str, body: bytes, keys: bytes, trusted: bytes) -> Root:
    """The root in a signed file, proven by the chain of keys; raises NotTrustedError."""
    chain = chain_of(keys)
    content = opened_by(body, trusted, chain)
    if content.get("host") != host:
        raise NotTrustedError(_("清单签名是另一主机的"))
    return Root(int(content["serial"]), str(content["object"]), len(chain))


def listing_of(body: bytes, name: str, directory: str) -> Listing:
    """The listing in an object's bytes; raises NotTrustedError where they are not those of the name or directory."""
    if object_name(body) != name:
        raise NotTrustedError(_("清单目录被改动"))
    content = json.loads(body)
    if content["directory"] != directory:
        raise NotTrustedError(_("清单目录张冠李戴"))
    files = {file: (str(facts[0]), int(facts[1]), int(facts[2])) for file, facts in content["files"].items()}
    return Listing(files, content["directories"])


def read_plain(file: Path) -> bytes:
    """The bytes of an ordinary file; a pipe in its place is not waited for. Raises OSError."""
    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened_file:
        return opened_file.read()


def _read(file: Path) -> bytes:
    try:
        return read_plain(file)
    except OSError as error:
        raise NotTrustedError(_("%s 读不出") % file.name) from error
