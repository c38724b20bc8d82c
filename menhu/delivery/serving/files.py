"""The thin layer before Django: an address that is a file of the public tree is answered without waking the app."""

import os
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from typing import BinaryIO, Final, NamedTuple, Protocol

from django.conf import settings
from django.http.request import validate_host

from menhu.delivery.headers import FOR_EVER, REVALIDATE, security_headers
from menhu.delivery.hosts import canonical_host
from menhu.delivery.media_types import media_type
from menhu.delivery.negotiation import CODINGS, wanted_endings
from menhu.delivery.pages import plain_page
from menhu.delivery.rules import is_dynamic, is_hashed, is_host, is_text, served_file

IN_ONE_PIECE: Final = 1 << 18
"""Octets up to which a file is read at once."""


class Headers(Protocol):
    """Request headers by name in small letters."""

    def get(self, name: str, default: str | None = None, /) -> str | None: ...


class Answer(NamedTuple):
    """Status, headers and body; a large file is handed over open, to be sent in pieces and closed."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    file: BinaryIO | None = None


class Found(NamedTuple):
    """An open file and what the answer says about it; `ending` names its content coding."""

    file: BinaryIO
    ending: str
    size: int
    modified: float
    etag: str


class PublicTree:
    """Answers from the tree and from collected static files."""

    def __init__(self) -> None:
        self._security = security_headers()

    def answer(self, method: str, host: str, path: str, headers: Headers) -> Answer | None:
        """The answer to a decoded path, or None where the app has to give it."""
        if method not in ("GET", "HEAD") or is_dynamic(path):
            return None
        host = canonical_host(host)
        found = _find(host, path, headers.get("accept-encoding") or "")
        if found is not None:
            return self._of_file(method, path, headers, found)
        return None if validate_host(host, settings.ALLOWED_HOSTS) else self._to_stranger(method)

    def _of_file(self, method: str, path: str, asked: Headers, found: Found) -> Answer:
        is_kept = path.startswith(settings.STATIC_URL) and is_hashed(path)
        kind = media_type(path)
        headers = [
            ("etag", found.etag),
            ("last-modified", formatdate(found.modified, usegmt=True)),
            ("cache-control", FOR_EVER if is_kept else REVALIDATE),
            *self._security,
        ]
        if is_text(kind):
            headers.append(("vary", "accept-encoding"))
        if _is_unchanged(asked, found):
            found.file.close()
            return Answer(304, headers)
        if found.ending:
            headers.append(("content-encoding", CODINGS[found.ending]))
        headers += [("content-type", kind), ("content-length", str(found.size))]
        if method != "HEAD" and found.size > IN_ONE_PIECE:
            return Answer(200, headers, file=found.file)
        with found.file:
            return Answer(200, headers, b"" if method == "HEAD" else found.file.read())

    def _to_stranger(self, method: str) -> Answer:
        """A host that is not ours: no page, and never Django's 400."""
        body = plain_page(404)
        headers = [("content-type", media_type("/")), ("content-length", str(len(body))), *self._security]
        return Answer(404, headers, b"" if method == "HEAD" else body)


def _find(host: str, path: str, accept_encoding: str) -> Found | None:
    """The best form of the file that the client takes; public assets come with the host's pages."""
    endings = wanted_endings(accept_encoding) if is_text(media_type(path)) else ("",)
    for base in _bases(host, path):
        for ending in endings:
            found = _open(base + ending, ending)
            if found is not None:
                return found
    return None


def _bases(host: str, path: str) -> Iterator[str]:
    relative = served_file(path)
    if relative is None:
        return
    if is_host(host):
        yield f"{settings.PUBLIC_ROOT}/{host}/{relative}"
    if path.startswith(settings.STATIC_URL):
        yield f"{settings.STATIC_ROOT}/{relative.removeprefix(settings.STATIC_URL[1:])}"


def _open(path: str, ending: str) -> Found | None:
    try:
        file = open(path, "rb", buffering=0)  # noqa: SIM115 - a path object costs as much as the reading
    except (OSError, ValueError):
        return None
    about = os.fstat(file.fileno())
    return Found(file, ending, about.st_size, about.st_mtime, f'"{about.st_mtime_ns:x}-{about.st_size:x}{ending}"')


def _is_unchanged(asked: Headers, found: Found) -> bool:
    """RFC 9110 §13: If-None-Match decides alone where it is given."""
    given = asked.get("if-none-match")
    if given is not None:
        tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
        return "*" in tags or found.etag in tags
    since = asked.get("if-modified-since")
    try:
        return since is not None and int(found.modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False
