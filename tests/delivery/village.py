"""A small source for tests: articles in three columns, in rows of an ordinary table so that processes share them."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from menhu.core.models import Figure
from menhu.delivery.bundles import bundle
from menhu.delivery.manifest.layout import FOLDER
from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.delivery.rules import bundle_owner, page_path
from menhu.delivery.sources import Address, Rendered, reads, remembered

HOST = "127.0.0.1"
COLUMNS = ("alpha", "beta", "gamma")
LIVE, GONE = "live", "gone"
END = "<!-- whole -->"
LONG = "。" * 100
"""What makes a page long enough to be compressed."""


class Village:
    """Home, column lists and article pages; `before` may hold up or break the render of a path."""

    name = "village"

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.before: dict[str, Callable[[], None]] = {}
        self.rendered: list[str] = []

    def addresses(self) -> Iterator[Address]:
        yield Address(HOST, "/")
        yield from (Address(HOST, f"/{column}/") for column in COLUMNS)
        for key in (
            Figure.objects.filter(unit=LIVE).order_by("key").values_list("key", flat=True).iterator(chunk_size=10)
        ):
            yield Address(HOST, path_of(key))

    def addresses_for(self, tags: frozenset[str]) -> Iterable[Address]:
        if "site" in tags:
            yield Address(HOST, "/")
            yield from (Address(HOST, f"/{column}/") for column in COLUMNS)
        for key in Figure.objects.filter(key__in=tags, unit__in=[LIVE, GONE]).values_list("key", flat=True):
            yield Address(HOST, path_of(key))

    def render(self, address: Address) -> Rendered | None:
        if address.host != HOST or not address.path.endswith("/"):
            return None
        self.rendered.append(address.path)
        time.sleep(self.pause)
        body = self._body(address.path)
        self.before.get(address.path, lambda: None)()
        if body is None:
            return None
        return Rendered(b"gone", status=410) if body == GONE else Rendered(f"{footer()}\n{body}\n{END}".encode())

    def _body(self, path: str) -> str | None:
        if path == "/":
            return "\n".join(titles(column) for column in COLUMNS)
        column = path.strip("/")
        return titles(column) if column in COLUMNS else article(path)


def path_of(key: str) -> str:
    return f"/a/{key.removeprefix('article:')}/"


def footer() -> str:
    """What all pages share is made once and remembered."""
    return remembered("footer", read_footer)


def read_footer() -> str:
    reads("site")
    return Figure.objects.filter(key="footer").values_list("label", flat=True).first() or "no footer"


def titles(column: str) -> str:
    reads(f"list:{column}")
    rows = Figure.objects.filter(source=column, unit=LIVE).order_by("key")
    reads(*(row.key for row in rows))
    return f"{column}: " + ", ".join(row.label for row in rows)


def article(path: str) -> str | None:
    key = f"article:{path.removeprefix('/a/').strip('/')}"
    reads(key)
    row = Figure.objects.filter(key=key, unit__in=[LIVE, GONE]).first()
    if row is None:
        return None
    return GONE if row.unit == GONE else f"{row.label} in {row.source}" + LONG * (len(row.label) > 3)


def write(number: int, title: str, column: str = "alpha", *, lane: Lane = Lane.APPROVAL) -> None:
    """Publish or change an article, as an action would: row and tags in one transaction.

    A list is announced only when the article enters or leaves it; a list that quotes the title reads the article.
    """
    key = f"article:{number}"
    with transaction.atomic():
        old = Figure.objects.filter(key=key).first()
        before = {old.source} if old and old.unit == LIVE else set()
        Figure.objects.update_or_create(
            key=key, defaults={"label": title, "source": column, "unit": LIVE, "value": 0, "confidence": "house"}
        )
        announce([key, *(f"list:{name}" for name in sorted({column} ^ before))], lane=lane)


def retract(number: int) -> None:
    key = f"article:{number}"
    with transaction.atomic():
        row = Figure.objects.get(key=key)
        Figure.objects.filter(key=key).update(unit=GONE)
        announce([key, f"list:{row.source}"], lane=Lane.RETRACTION)


def forget(number: int) -> None:
    """As if it had never been: no source knows the address any more."""
    key = f"article:{number}"
    with transaction.atomic():
        row = Figure.objects.get(key=key)
        row.delete()
        announce([key, f"list:{row.source}"])


def set_footer(text: str) -> None:
    with transaction.atomic():
        Figure.objects.update_or_create(
            key="footer", defaults={"label": text, "value": 0, "unit": "", "source": "", "confidence": "house"}
        )
        announce(["site"], lane=Lane.BULK)


def expected() -> dict[str, bytes]:
    """What a full rebuild would write: name below the host → bytes."""
    village = Village()
    found = {address: village.render(address) for address in village.addresses()}
    return {
        part.name: b"".join(part.pieces())
        for address, rendered in found.items()
        if rendered is not None and rendered.status == 200
        for part in bundle(address, rendered)
    }


def actual() -> dict[str, bytes]:
    """What lies in the tree: name below the host → bytes, hidden files included, the manifest left out."""
    top = tree_root()
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in top.rglob("*")
        if FOLDER not in path.parts and path.is_file()
    }


def expected_pages() -> dict[str, bytes]:
    """The pages that a full rebuild would write, without what is made from them: path → bytes."""
    return _pages_of(expected())


def pages() -> dict[str, bytes]:
    """The pages in the tree, without what is made from them: path → bytes."""
    return _pages_of(actual())


def _pages_of(files: dict[str, bytes]) -> dict[str, bytes]:
    return {page_path(name): body for name, body in files.items() if bundle_owner(name) == name}


def tree_root() -> Path:
    return Path(settings.PUBLIC_ROOT) / HOST


def address(path: str) -> Address:
    return Address(HOST, path)
