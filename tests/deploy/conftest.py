"""A real nginx on deploy/nginx.conf, a tree, and an application that tells what it was asked."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "www.example.cn"
PAGE = "<!doctype html><title>云岭县</title>".encode()
FRAME = """
{user} daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
  include {home}/menhu.conf;
}}
"""


class App(BaseHTTPRequestHandler):
    """Answers 404 with the request as JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = {"method": self.command, "path": self.path, "headers": dict(self.headers), "octets": len(body)}
        answer = json.dumps(told).encode()
        self.send_response(404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_POST = do_HEAD = do_GET  # noqa: N815 - names that the base class looks for

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def is_of_app(self) -> bool:
        return self.status == 404 and self.body.startswith(b'{"method"')

    @property
    def told(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.body)
        return told


@dataclass
class Front:
    port: int
    tree: Path
    app: ThreadingHTTPServer

    def ask(
        self, path: str, method: str = "GET", *, host: str = HOST, body: bytes | None = None, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers={"Host": host, **named})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def stop_app(self) -> None:
        self.app.shutdown()
        self.app.server_close()

    def write(self, name: str, body: bytes) -> Path:
        file = self.tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_name(".new").write_bytes(body)
        file.with_name(".new").replace(file)
        return file


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _configured(text: str, changes: dict[str, str]) -> str:
    for shipped, ours in changes.items():
        assert shipped in text, shipped
        text = text.replace(shipped, ours)
    return text


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    app, port = ThreadingHTTPServer(("127.0.0.1", 0), App), _free_port()
    threading.Thread(target=app.serve_forever, daemon=True).start()
    changes = {
        "/var/lib/menhu": str(tmp_path),
        "127.0.0.1:8000": f"127.0.0.1:{app.server_port}",
        "listen 80": f"listen 127.0.0.1:{port}",
    }
    (tmp_path / "menhu.conf").write_text(_configured(CONFIGURATION.read_text(encoding="utf-8"), changes))
    (tmp_path / "nginx.conf").write_text(FRAME.format(home=tmp_path, user="user root;" if os.getuid() == 0 else ""))
    found = Front(port, tmp_path / "public" / HOST, app)
    for name, body in {
        "index.html": PAGE,
        "index.html.gz": b"gzipped",
        "a/index.html": b"<p>a</p>",
        "hant/a/index.html": b"<p>hant</p>",
        "通知/index.html": b"<p>notice</p>",
        "office/index.html": b"never",
        ".secret": b"never",
        "maintenance.html": b"<p>maintenance</p>",
        "static/core/menhu.0123456789ab.css": b"a{}",
        "files/x.pdf": b"%PDF",
        "rss.xml": b"<rss/>",
    }.items():
        found.write(name, body)
    (tmp_path / "public" / "sub.example.cn").mkdir()
    (tmp_path / "public" / "sub.example.cn" / "index.html").write_bytes(b"<p>sub</p>")
    server = subprocess.Popen([program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    try:
        _wait_for(port, server)
        yield found
    finally:
        server.terminate()
        server.wait(10)
        app.shutdown()
        app.server_close()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert server.poll() is None, "nginx did not start"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")
