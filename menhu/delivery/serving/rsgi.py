"""What Granian calls for each request: files of the tree from the event loop, everything else from Django."""

import asyncio
from typing import BinaryIO, Final

from django.conf import settings
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined] # meant for us

from menhu.delivery.serving.bridge import Application, Bridge
from menhu.delivery.serving.files import IN_ONE_PIECE, Answer, PublicTree

_CLOSED: Final = (ProtocolClosed, ConnectionError)


class Web:
    """The RSGI application of `menhu serve`."""

    def __init__(self, application: Application) -> None:
        self._tree = PublicTree()
        self._bridge = Bridge(application, threads=settings.WEB_THREADS, most_octets=settings.WEB_MOST_OCTETS)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        host = scope.headers.get("host") or scope.authority or ""
        answer = self._tree.answer(scope.method, host, scope.path, scope.headers)
        if answer is None:
            await self._bridge(scope, protocol)
        elif answer.file is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            await _send(answer, answer.file, protocol)


async def _send(answer: Answer, file: BinaryIO, protocol: HTTPProtocol) -> None:
    """A large file in pieces, as fast as the client takes them."""
    with file:
        transport = protocol.response_stream(answer.status, answer.headers)
        try:
            while piece := await asyncio.to_thread(file.read, IN_ONE_PIECE):
                await transport.send_bytes(piece)
        except _CLOSED:
            return
