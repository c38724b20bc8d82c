"""Repair over HTTP: a web server fetches what it lost from the publisher, compressed forms by their coding."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from menhu.delivery.manifest import mending
from menhu.delivery.manifest.mending import from_address
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.serving.files import PublicTree
from tests.delivery import village as v
from tests.delivery.manifest.looks import alone, verify
from tests.delivery.village import HOST, Village


class Publishing(BaseHTTPRequestHandler):
    """The thin layer of `menhu serve` behind a plain HTTP server."""

    tree: PublicTree

    def do_GET(self) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        answer = self.tree.answer("GET", asked["host"], self.path, asked)
        self.send_response(answer.status if answer else 404)
        for name, value in answer.headers if answer else []:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body if answer else b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address(village: Village, settings: object) -> Iterator[str]:
    settings.PUBLIC_HOST = HOST  # type: ignore[attr-defined]
    Publishing.tree = PublicTree()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publishing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_each_form_of_a_page_is_fetched_as_it_lies(address: str) -> None:
    for name, body in {
        "a/index.html": b"<p>a</p>",
        "a/index.html.gz": b"gzipped",
        "a/index.html.br": b"brotli",
        "hant/a/index.html": b"<p>hant</p>",
        "hant/a/index.html.br": b"hant brotli",
        "rss.xml.gz": b"feed",
    }.items():
        file = v.tree_root() / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        assert from_address(address)(HOST, name) == body, name


def test_what_the_publisher_has_not_is_an_error(address: str) -> None:
    with pytest.raises(OSError, match="404"):
        from_address(address)(HOST, "nowhere/index.html")


class Breaking(BaseHTTPRequestHandler):
    """Answers that come to nothing."""

    way = ""
    good = b"<p>whole</p>"

    def do_GET(self) -> None:
        if self.way == "404":
            self.send_error(404)
        elif self.way == "no http":
            self.wfile.write(b"SSH-2.0-nothing\r\n\r\n")
        elif self.way == "slow":
            time.sleep(1)
        elif self.way != "closed":
            self._half()
        self.close_connection = True

    def _half(self) -> None:
        self.send_response(200)
        if self.way == "short":
            self.send_header("Content-Length", str(len(self.good)))
        elif self.way == "chunks":
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"ff\r\nhalf" if self.way == "chunks" else self.good[:6])

    def log_message(self, *args: object) -> None:
        pass


WAYS = ["404", "no http", "slow", "closed", "short", "chunks", "cut"]


@pytest.fixture
def breaking() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Breaking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_a_broken_answer_is_told_and_puts_nothing_into_the_tree(
    published: Publisher, breaking: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_PATIENCE", 0.3)
    monkeypatch.setattr(Breaking, "way", way)
    top, arguments = alone(tmp_path)
    (top / "a/1/index.html").write_bytes(b"defaced")
    code, told = verify(*arguments, "--repair", "--from", breaking)
    assert code == 1
    assert f"取不回：{HOST}/a/1/index.html" in told
    assert (top / "a/1/index.html").read_bytes() == b"defaced"
    assert not list(top.rglob("*.tmp"))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://[", "http://127.0.0.1:99999"])
def test_an_address_that_leads_nowhere_is_told(published: Publisher, address: str, tmp_path: Path) -> None:
    top, arguments = alone(tmp_path)
    (top / "a/1/index.html").unlink()
    code, told = verify(*arguments, "--repair", "--from", address)
    assert code == 1
    assert "取不回" in told
