"""A WSGI application answered through RSGI, the protocol of Granian's event loop.

Bodies wait on disk, not in threads, so that slow clients hold up nobody; the application runs in a bounded pool. A
response is made and sent from one thread, because connections to the database belong to the thread that opened them.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined] # meant for us

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

IN_MEMORY: Final = 1 << 20
"""Octets of a request body kept in memory, and of a response gathered before it is sent in pieces."""


class Bridge:
    """RSGI callable around a WSGI application."""

    def __init__(self, application: Application, *, threads: int, most_octets: int) -> None:
        self._application, self._most_octets = application, most_octets
        self._pool = ThreadPoolExecutor(threads, "web")

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request; a body over the limit is refused with 413 before the application hears of it."""
        with SpooledTemporaryFile(IN_MEMORY) as body:
            if not await self._receive(protocol, body):
                protocol.response_empty(413, [("connection", "close")])
                return
            loop = asyncio.get_running_loop()
            sending = _Sending(protocol, loop)
            await loop.run_in_executor(self._pool, self._run, environ_of(scope, body), sending)
            await sending.conclude()

    async def _receive(self, protocol: HTTPProtocol, body: IO[bytes]) -> bool:
        async for piece in protocol:
            if body.tell() + len(piece) > self._most_octets:
                return False
            body.write(piece)
        return True

    def _run(self, environ: Environ, sending: "_Sending") -> None:
        pieces = self._application(environ, sending.start)
        try:
            for piece in pieces:
                sending.add(piece)
        except ProtocolClosed:
            pass  # the client has gone
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


class _Sending:
    """Gathers a response; past `IN_MEMORY` octets it goes out piece by piece, as fast as the client takes it."""

    def __init__(self, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self._protocol, self._loop = protocol, loop
        self._status, self._headers = 500, list[tuple[str, str]]()
        self._gathered, self._octets = list[bytes](), 0
        self._transport: Any = None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        """`start_response` of PEP 3333."""
        self._status, self._headers = int(status.split(" ", 1)[0]), headers

    def add(self, piece: bytes) -> None:
        """Called from the application's thread."""
        self._gathered.append(piece)
        self._octets += len(piece)
        if self._octets > IN_MEMORY:
            asyncio.run_coroutine_threadsafe(self._flush(), self._loop).result()

    async def _flush(self) -> None:
        if self._transport is None:
            self._transport = self._protocol.response_stream(self._status, self._headers)
        gathered, self._gathered, self._octets = b"".join(self._gathered), [], 0
        await self._transport.send_bytes(gathered)

    async def conclude(self) -> None:
        """Send what is left, once the application has closed its response."""
        if self._transport is None:
            self._protocol.response_bytes(self._status, self._headers, b"".join(self._gathered))
        elif self._gathered:
            await self._flush()


def environ_of(scope: Scope, body: IO[bytes]) -> Environ:
    """The environment of PEP 3333 for a request whose body has been received."""
    size = body.tell()
    body.seek(0)
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _octets(scope.path),
        "QUERY_STRING": _octets(scope.query_string),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "HTTP_HOST": scope.authority or "",
        "CONTENT_LENGTH": str(size) if size else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    return environ


def _octets(text: str) -> str:
    """Text as PEP 3333 wants it: a character for each octet."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _add_header(environ: Environ, name: str, value: str) -> None:
    """A repeated header is one list; a name with "_" could pass for another and is left out, as nginx does."""
    if "_" in name or name == "content-length":
        return
    key = name.upper().replace("-", "_")
    key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
    before = environ.get(key)
    separator = "; " if key == "HTTP_COOKIE" else ","
    octets = _octets(value)
    environ[key] = f"{before}{separator}{octets}" if before and key != "HTTP_HOST" else octets
