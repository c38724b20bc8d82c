"""Which directories of the manifest are to be made anew; called in the transaction that changes their files."""

from collections.abc import Iterable

from menhu.delivery.manifest.layout import depth_of, directory_of, parent_of
from menhu.delivery.models import Directory


def mark_changed(files: Iterable[tuple[str, str]]) -> None:
    """Ask for new objects of the directories that list these files (host, name); the caller holds the turn."""
    by_host: dict[str, set[str]] = {}
    for host, name in files:
        by_host.setdefault(host, set()).add(directory_of(name))
    for host, paths in by_host.items():
        mark_directories(host, paths)


def mark_directories(host: str, paths: set[str]) -> None:
    """The same for directories by their paths."""
    rows = Directory.objects.filter(host=host, path__in=paths)
    known = set(rows.values_list("path", flat=True))
    rows.mark_changed()
    Directory.objects.bulk_create(
        Directory(host=host, path=path, parent=parent_of(path), depth=depth_of(path), changes=1)
        for path in sorted(paths - known)
    )
