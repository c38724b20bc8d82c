"""The thin layer before Django: an address that is a file of the public tree is answered without waking the app."""

import os
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, BinaryIO, Final, NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings
from django.http.request import validate_host

from menhu.delivery.headers import FOR_EVER, REVALIDATE, security_headers
from menhu.delivery.hosts import canonical_host
from menhu.delivery.media_types import media_type
from menhu.delivery.negotiation import CODINGS, wanted_endings
from menhu.delivery.pages import plain_page
from menhu.delivery.rules import is_hashed, is_host, is_text, served_file

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OFFICE: Final = "/office/"
_IN_ONE_PIECE: Final = 1 << 20


class Found(NamedTuple):
    """An open file and what the answer says about it; `ending` names its content coding."""

    file: BinaryIO
    ending: str
    size: int
    modified: float
    etag: str


class PublicTree:
    """WSGI application that serves files of the tree (and collected static files) and passes on everything else."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._security = security_headers()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = _path(environ)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path is None or path.startswith(OFFICE):
            return self._application(environ, start_response)
        host = canonical_host(environ.get("HTTP_HOST", ""))
        found = _find(host, path, environ.get("HTTP_ACCEPT_ENCODING", ""))
        if found is not None:
            return self._answer(environ, start_response, path, found)
        if validate_host(host, settings.ALLOWED_HOSTS):
            return self._application(environ, start_response)
        return self._stranger(environ, start_response)

    def _answer(self, environ: Environ, start_response: StartResponse, path: str, found: Found) -> Iterable[bytes]:
        is_kept = path.startswith(settings.STATIC_URL) and is_hashed(path)
        headers = [
            ("ETag", found.etag),
            ("Last-Modified", formatdate(found.modified, usegmt=True)),
            ("Cache-Control", FOR_EVER if is_kept else REVALIDATE),
            *self._security,
        ]
        if is_text(media_type(path)):
            headers.append(("Vary", "Accept-Encoding"))
        if _is_unchanged(environ, found):
            found.file.close()
            start_response("304 Not Modified", headers)
            return []
        if found.ending:
            headers.append(("Content-Encoding", CODINGS[found.ending]))
        headers += [("Content-Type", media_type(path)), ("Content-Length", str(found.size))]
        start_response("200 OK", headers)
        return _body(environ, found)

    def _stranger(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """A host that is not ours: no page, and never Django's 400."""
        body = plain_page(404)
        headers = [("Content-Type", media_type("/")), ("Content-Length", str(len(body))), *self._security]
        start_response("404 Not Found", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _path(environ: Environ) -> str | None:
    """The decoded path; None where it is not UTF-8 (Django knows what to say)."""
    raw: str = environ.get("PATH_INFO", "")
    if raw.isascii():
        return raw
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return None


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


def _is_unchanged(environ: Environ, found: Found) -> bool:
    """RFC 9110 §13: If-None-Match decides alone where it is given."""
    given: str | None = environ.get("HTTP_IF_NONE_MATCH")
    if given is not None:
        tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
        return "*" in tags or found.etag in tags
    since: str | None = environ.get("HTTP_IF_MODIFIED_SINCE")
    try:
        return since is not None and int(found.modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def _body(environ: Environ, found: Found) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "HEAD":
        found.file.close()
        return []
    if found.size > _IN_ONE_PIECE:
        return FileWrapper(found.file, _IN_ONE_PIECE // 4)
    with found.file:
        return [found.file.read()]
