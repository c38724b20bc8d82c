"""Two manifests compared from the top; only directories whose objects differ are looked into."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from menhu.delivery.manifest.layout import directory_of, joined
from menhu.delivery.manifest.reading import Listing, listing_of

Read = Callable[[Collection[str]], Mapping[str, bytes]]
"""Objects by their names; those that are not there are left out."""
_NOTHING: Final = Listing({}, {})


class ObjectMissingError(Exception):
    """A manifest cannot be followed: one of its objects is not there."""


@dataclass(slots=True)
class Difference:
    """Files of the directories that differ, name → SHA-256, and the objects of both sides there."""

    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    old_objects: set[str] = field(default_factory=set)
    new_objects: dict[str, bytes] = field(default_factory=dict)

    @property
    def superseded(self) -> set[str]:
        return self.old_objects - self.new_objects.keys()


def difference(old: Read, old_top: str, new: Read, new_top: str) -> Difference:
    """From one top object to another, "" for none. Raises ObjectMissingError, NotTrustedError, or what reading does."""
    found = Difference()
    level = {"": (old_top, new_top)} if old_top != new_top else {}
    while level:
        olds, news = _read(old, [a for a, _ in level.values()]), _read(new, [b for _, b in level.values()])
        found.old_objects |= olds.keys()
        found.new_objects |= news
        below = dict[str, tuple[str, str]]()
        for directory, (a, b) in level.items():
            before, after = _listing(olds, a, directory), _listing(news, b, directory)
            found.before |= _files(before, directory)
            found.after |= _files(after, directory)
            below |= _differing(directory, before.directories, after.directories)
        level = below
    return found


def wanted(read: Read, top: str, files: Collection[str]) -> dict[str, str]:
    """What a manifest says of these files, name → SHA-256; those that it does not list are left out."""
    directories = sorted({directory_of(file) for file in files})
    listed = dict[str, str]()
    for directory in directories:
        listed |= _of_directory(read, top, directory)
    return {file: listed[file] for file in files if file in listed}


def _of_directory(read: Read, top: str, directory: str) -> dict[str, str]:
    listing, at = listing_of(_read(read, [top])[top], top, ""), ""
    for step in directory.split("/") if directory else ():
        name, at = listing.directories.get(step, ""), joined(at, step)
        if not name:
            return {}
        listing = listing_of(_read(read, [name])[name], name, at)
    return _files(listing, directory)


def _read(read: Read, names: list[str]) -> dict[str, bytes]:
    wanted = {name for name in names if name}
    found = dict(read(wanted)) if wanted else {}
    if wanted - found.keys():
        raise ObjectMissingError(min(wanted - found.keys()))
    return found


def _listing(bodies: Mapping[str, bytes], name: str, directory: str) -> Listing:
    return listing_of(bodies[name], name, directory) if name else _NOTHING


def _files(listing: Listing, directory: str) -> dict[str, str]:
    return {joined(directory, name): facts[0] for name, facts in listing.files.items()}


def _differing(directory: str, a: Mapping[str, str], b: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    pairs = {joined(directory, step): (a.get(step, ""), b.get(step, "")) for step in sorted({*a, *b})}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}
