"""What a target is told before its files change: signed intents that lie on the target itself.

A verifier there accepts what they announce until the next root. And they are the journal of a push that broke off:
an entry followed by another was carried out; of the last one nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from menhu.delivery.manifest.keys import NotTrustedError, Signer, opened
from menhu.delivery.manifest.layout import FOLDER, INTENTS, KEYS, ROOT, canonical
from menhu.delivery.manifest.reading import Root
from menhu.delivery.targets.places import Place

_ENTRY: Final = "push-{:010}.json"


@dataclass(slots=True)
class Seen:
    """The target's root where one of our keys signed it, its chain of keys, and what its journal says."""

    root: Root | None = None
    keys: bytes = b""
    body: bytes = b""
    entries: set[str] = field(default_factory=set)
    """Names of all intents that lie there."""
    known: dict[str, str] = field(default_factory=dict)
    """Files that were announced and done, with the SHA-256 that they have since; "" for absent."""
    open: set[str] = field(default_factory=set)
    """Files that were announced and may or may not be as announced."""

    objects: set[str] = field(default_factory=set)
    """Objects of the manifest, by file, that a push announced: to be written, or to go."""

    @property
    def touched(self) -> set[str]:
        return self.known.keys() | self.open


def see(place: Place, host: str, signer: Signer) -> Seen:
    """Read root and journal of a target; what is not proven counts for nothing. Raises OSError."""
    folder = f"{host}/{FOLDER}"
    found = place.read([f"{folder}/{KEYS}", f"{folder}/{ROOT}"])
    seen = Seen(keys=found.get(f"{folder}/{KEYS}", b""), body=found.get(f"{folder}/{ROOT}", b""))
    content = _proven(seen.body, signer)
    if content.get("host") == host and "object" in content:
        seen.root = Root(int(content["serial"]), str(content["object"]), len(signer.chain))
    entries = place.read_all(f"{folder}/{INTENTS}")
    seen.entries = set(entries)
    _note_entries(seen, host, entries, signer)
    return seen


def _note_entries(seen: Seen, host: str, entries: Mapping[str, bytes], signer: Signer) -> None:
    ours = sorted(name for name in entries if name.rpartition("/")[2].startswith("push-"))
    for name in [*sorted(set(entries) - set(ours)), *ours]:
        content = _proven(entries[name], signer)
        if content.get("host") != host:
            continue
        changes: dict[str, str] = content["changes"]
        if name in ours and name != ours[-1]:
            seen.known |= changes
            seen.open -= changes.keys()
        else:
            seen.open |= changes.keys()
    seen.objects = {name for name in seen.touched if name.startswith(f"{FOLDER}/")}
    seen.open -= seen.objects
    for name in seen.open | seen.objects:
        seen.known.pop(name, None)


def _proven(body: bytes, signer: Signer) -> dict[str, Any]:
    for link in reversed(signer.chain):
        try:
            return opened(body, link.key)
        except NotTrustedError:
            continue
    return {}


class Journal:
    """Writes entries, each with a number that only rises."""

    def __init__(self, place: Place, host: str, signer: Signer, seen: Seen) -> None:
        self._place, self._host, self._signer = place, host, signer
        self.entries = set(seen.entries)
        numbers = [_number(name) for name in seen.entries]
        self._next = max(numbers, default=0) + 1

    def announce(self, changes: Mapping[str, str]) -> str:
        """Say what files are about to become; returns the entry's name. Raises OSError."""
        name = f"{self._host}/{FOLDER}/{INTENTS}/{_ENTRY.format(self._next)}"
        self._next += 1
        self._place.put({name: self._signer.signed({"host": self._host, "changes": dict(changes)})})
        self.entries.add(name)
        return name


def _number(name: str) -> int:
    number = name.rpartition("/push-")[2].removesuffix(".json")
    return int(number) if number.isdigit() else 0


def signed_over(seen: Seen, signer: Signer) -> bytes:
    """The target's own root once more, signed by the key in use, so that it and new intents follow from one chain."""
    content = {**_proven(seen.body, signer)}
    return signer.signed(content) if content else canonical({})
