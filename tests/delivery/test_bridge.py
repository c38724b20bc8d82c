"""The WSGI application behind RSGI: bodies, threads, large answers, clients that go away."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from menhu.delivery.serving.bridge import IN_MEMORY, Bridge


class Headers:
    def __init__(self, *items: tuple[str, str]) -> None:
        self._items = items

    def items(self) -> tuple[tuple[str, str], ...]:
        return self._items


class Scope:
    method, scheme, http_version, authority = "POST", "http", "1.1", None
    server, client, path, query_string = "127.0.0.1:8000", "[::1]:5000", "/通知/", "q=%E4%B8%AD&r=中"

    def __init__(self, *headers: tuple[str, str]) -> None:
        self.headers = Headers(("host", "127.0.0.1:8000"), *headers)


class Client:
    """Sends a body in pieces, takes an answer; goes away after `patience` pieces."""

    def __init__(self, *pieces: bytes, patience: int = 1_000) -> None:
        self.pieces, self.patience = pieces, patience
        self.status, self.headers, self.taken = 0, list[tuple[str, str]](), list[bytes]()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, headers

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.taken = status, headers, [body]

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Client":
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, piece: bytes) -> None:
        if len(self.taken) == self.patience:
            raise ProtocolClosed
        self.taken.append(piece)


class Answering:
    """An application that remembers what it was asked, and in which threads it was iterated and closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.threads, self.made = pieces, list[int](), 0
        self.environ: dict[str, Any] = {}
        self.body = b""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        self.threads.append(threading.get_ident())
        start_response("201 Created", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.made += 1
            yield piece

    def close(self) -> None:
        self.threads.append(threading.get_ident())


def ask(application: Answering, client: Client, *headers: tuple[str, str], most_octets: int = 10 << 20) -> Client:
    bridge = Bridge(application, threads=2, most_octets=most_octets)
    asyncio.run(bridge(Scope(*headers), client))  # type: ignore[arg-type]
    return client


def test_a_small_answer_is_sent_at_once() -> None:
    application = Answering(b"one ", b"two")
    client = ask(application, Client(b"bo", b"dy"))
    assert (client.status, client.taken) == (201, [b"one two"])
    assert client.headers == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    assert application.body == b"body"
    assert application.threads == application.threads[:1] * 2
    assert application.threads[0] != threading.get_ident()


def test_the_environment_is_that_of_the_request() -> None:
    application = Answering(b"")
    ask(
        application,
        Client(b"body"),
        ("content-type", "text/plain"),
        ("content-length", "99"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "2.2.2.2"),
        ("x_forwarded_for", "9.9.9.9"),
    )
    environ = application.environ
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/通知/"
    assert environ["REQUEST_METHOD"] == "POST"
    assert environ["QUERY_STRING"].encode("latin-1").decode() == "q=%E4%B8%AD&r=中"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_FORWARDED_FOR"]) == ("a=1; b=2", "1.1.1.1,2.2.2.2")
    assert (environ["HTTP_HOST"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]) == ("127.0.0.1:8000", "8000", "::1")
    assert "PATH" not in environ


def test_a_large_answer_goes_out_in_pieces() -> None:
    pieces = [bytes([number]) * (IN_MEMORY // 2) for number in range(9)]
    client = ask(Answering(*pieces), Client())
    assert b"".join(client.taken) == b"".join(pieces)
    assert max(map(len, client.taken)) <= 2 * IN_MEMORY
    assert len(client.taken) > 2


def test_who_goes_away_ends_the_work() -> None:
    application = Answering(*[b"x" * IN_MEMORY] * 50)
    client = ask(application, Client(patience=2))
    assert len(client.taken) == 2
    assert application.made < 10
    assert len(application.threads) == 2


@pytest.mark.parametrize("pieces", [(b"x" * 11,), (b"x" * 6, b"x" * 5)])
def test_too_long_a_body_is_refused_before_the_app_hears_of_it(pieces: tuple[bytes, ...]) -> None:
    application = Answering(b"never")
    client = ask(application, Client(*pieces), most_octets=10)
    assert (client.status, application.environ) == (413, {})


def test_a_body_larger_than_the_memory_set_aside_comes_whole() -> None:
    application = Answering(b"")
    ask(application, Client(*[b"0123456789abcdef" * 8192] * 20))
    assert application.body == b"0123456789abcdef" * 8192 * 20
