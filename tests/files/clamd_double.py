"""A clamd on loopback that speaks INSTREAM as the real one does, and can be told to misbehave."""

import socketserver
import struct
import threading
from dataclasses import dataclass, field
from typing import Any

from clamd import EICAR

FOUND = b"stream: Win.Test.EICAR_HDB-1 FOUND\n"


@dataclass
class Clamd:
    """`says` answers instead of a judgement; `is_deaf` never answers; `hangs_up_after` bytes it breaks off.

    It breaks off too on bytes that begin as `chokes_on`.
    """

    received: list[bytes] = field(default_factory=list)
    says: bytes | None = None
    is_deaf: bool = False
    hangs_up_after: int | None = None
    chokes_on: bytes | None = None
    stream_limit: int = 25 * 1024 * 1024
    address: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, data: bytes) -> bytes:
        self.received.append(data)
        if self.says is not None:
            return self.says
        return FOUND if EICAR in data else b"stream: OK\n"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        clamd: Clamd = self.server.clamd  # type: ignore[attr-defined]
        assert self.rfile.readline() == b"nINSTREAM\n"
        data = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
            if len(data) > clamd.stream_limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                return
            if clamd.hangs_up_after is not None and len(data) >= clamd.hangs_up_after:
                return
        if clamd.chokes_on and data.startswith(clamd.chokes_on):
            return
        if clamd.is_deaf:
            clamd.closing.wait(10)
            return
        self.wfile.write(clamd.answer(data))


class _Quiet:
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gives up is part of the play."""


class _Tcp(_Quiet, socketserver.ThreadingTCPServer):
    pass


class _Unix(_Quiet, socketserver.ThreadingUnixStreamServer):
    pass


def started(clamd: Clamd, path: str = "") -> socketserver.BaseServer:
    """A server in a thread, on a free port of loopback or on a socket's path; `clamd.address` says where."""
    server = _Unix(path, _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    server.clamd = clamd  # type: ignore[union-attr]
    clamd.address = path or f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server
