"""The static files that public pages use, as files of every host, so that a plain web server serves the whole face."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from menhu.delivery.media_types import media_type
from menhu.delivery.models import Page
from menhu.delivery.rules import is_hashed
from menhu.delivery.sources import Address, Rendered, reads

ASSETS = "assets"
"""Announced when the static files change; every asset reads it."""


class AssetSource:
    """Files below static/core of the installed release; names carry the hash of their content."""

    name = "assets"

    def addresses(self) -> Iterator[Address]:
        """Every asset on every host that has pages."""
        names = asset_names()
        for host in known_hosts():
            yield from (Address(host, settings.STATIC_URL + name) for name in names)

    def addresses_for(self, tags: frozenset[str]) -> Iterable[Address]:
        """All of them when the release changed or a host is new."""
        return self.addresses() if ASSETS in tags else ()

    def render(self, address: Address) -> Rendered | None:
        """The bytes of the asset; those of an older release stay as long as they are collected."""
        name = address.path.removeprefix(settings.STATIC_URL)
        if name == address.path or not is_public(name):
            return None
        file = _file_of(name)
        if file is None:
            return None
        reads(ASSETS)
        return Rendered(b"", media_type(name), file=file)


def is_public(name: str) -> bool:
    """Whether an asset belongs to the public face; those of the back office stay at home."""
    return name.startswith(settings.PUBLIC_ASSETS)


def asset_names() -> list[str]:
    """Names below STATIC_URL as pages refer to them."""
    hashed = _hashed()
    if hashed is not None:
        return sorted({name for name in hashed.values() if is_public(name)})
    return sorted({name for finder in finders.get_finders() for name, _ in finder.list([]) if is_public(name)})


def _hashed() -> dict[str, str] | None:
    """Names as written → names with the hash; None where the storage keeps names as they are."""
    return getattr(staticfiles_storage, "hashed_files", None)


def _file_of(name: str) -> Path | None:
    if _hashed() is not None:
        file = Path(settings.STATIC_ROOT) / name
        return file if is_hashed(name) and file.is_file() else None
    found = finders.find(name)
    return Path(found) if found else None


def known_hosts() -> list[str]:
    """The portal's host and every host that has a page."""
    return sorted({settings.PUBLIC_HOST, *hosts_with_pages()})


def hosts_with_pages() -> Iterator[str]:
    """One index probe for each host, however many pages it has."""
    by_host = Page.objects.order_by("host").values_list("host", flat=True)
    host = by_host.first()
    while host is not None:
        yield host
        host = by_host.filter(host__gt=host).first()
