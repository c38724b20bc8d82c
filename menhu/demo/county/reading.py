"""Reading of the county's plain-text data files: blocks with a head in brackets, lines with a first word."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(slots=True)
class Entry:
    """A block of a data file: the head line cut at its bars, and the lines below by their first word."""

    slug: str
    head: list[str]
    lines: dict[str, list[str]]

    def one(self, key: str) -> str:
        return self.lines.get(key, [""])[0]

    def listed(self, key: str, separator: str = "、") -> tuple[str, ...]:
        text = self.one(key)
        return tuple(text.split(separator)) if text else ()


def read_lines(package: str, file_name: str) -> Iterator[str]:
    """Yield the lines of a data file without blanks and comments."""
    text = (files(package) / "data" / file_name).read_text(encoding="utf-8")
    return (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("//"))


def add_line(entry: Entry, line: str) -> None:
    key, _, value = line.partition(" ")
    entry.lines.setdefault(key, []).append(value.strip())


def read_entries(package: str, file_name: str) -> list[Entry]:
    """Read the blocks of a data file, in file order."""
    entries: list[Entry] = []
    for line in read_lines(package, file_name):
        if line.startswith("["):
            slug, _, rest = line[1:].partition("]")
            entries.append(Entry(slug, [part.strip() for part in rest.split("|")], {}))
        else:
            add_line(entries[-1], line)
    return entries


def read_headless(package: str, file_name: str) -> Entry:
    """Read a file that is one block without a head."""
    entry = Entry("", [], {})
    for line in read_lines(package, file_name):
        add_line(entry, line)
    return entry
