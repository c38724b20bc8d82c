"""Shape of the manifest: which directory lists a file, and the bytes that are hashed and signed.

Below `<host>/.menhu/`: `root.json` names the object of the top directory; `objects/` holds one object a directory,
named by the SHA-256 of its bytes and lists files as `name → [SHA-256, octets, version]`, and directories as
`name → object`;
`intents/` says what is about to change; `keys.json` is the chain of public keys.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from menhu.core.script import HANT

FOLDER: Final = ".menhu"
ROOT: Final = "root.json"
KEYS: Final = "keys.json"
OBJECTS: Final = "objects"
INTENTS: Final = "intents"

DEEPEST: Final = 3
"""What lies deeper is listed within the directory at this depth: an archive has few manifests, of bounded size."""
_OTHERWISE: Final = {"files": 2, HANT: DEEPEST + 1}

Files = Mapping[str, tuple[str, int, int]]


def deepest_below(directory: str) -> int:
    """How deep manifests go in the branch of this directory."""
    return _OTHERWISE.get(directory.partition("/")[0], DEEPEST)


def directory_of(file: str) -> str:
    """The directory whose manifest lists the file: "jyj/2026/11/7/index.html" → "jyj/2026/11"; "" is the host's own."""
    folders = PurePosixPath(file).parent.parts
    return "/".join(folders[: deepest_below(file)])


def parent_of(directory: str) -> str:
    """The directory above; that of the host's own is itself."""
    return directory.rpartition("/")[0]


def joined(directory: str, name: str) -> str:
    """A name below a directory, as seen from the host."""
    return f"{directory}/{name}" if directory else name


def depth_of(directory: str) -> int:
    return directory.count("/") + 1 if directory else 0


def listing(directory: str, files: Files, directories: Mapping[str, str]) -> bytes:
    """The bytes of a directory's object; equal contents give equal bytes, different directories different ones."""
    facts = {name: list(facts) for name, facts in files.items()}
    return canonical({"directory": directory, "files": facts, "directories": dict(directories)})


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and nothing superfluous."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def object_name(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def object_file(name: str) -> str:
    """Where an object lies below the manifest's folder."""
    return f"{OBJECTS}/{name[:2]}/{name}.json"
