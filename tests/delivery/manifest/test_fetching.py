"""Repair over HTTP: a web server fetches what it lost from the publisher, compressed forms by their coding."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from menhu.delivery.manifest.mending import from_address
from menhu.delivery.serving.files import PublicTree
from tests.delivery import village as v
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
