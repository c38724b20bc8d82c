"""deploy/nginx.conf under a real nginx: the tree as it lies, everything else from the app, pages without the app."""

import http.client
import urllib.parse
from typing import Any

import pytest

from menhu.delivery.headers import security_headers
from menhu.delivery.media_types import _TYPES
from tests.deploy.conftest import PAGE, Front

pytestmark = pytest.mark.nginx


def test_a_page_is_a_file(front: Front) -> None:
    answer = front.ask("/")
    assert (answer.status, answer.body) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert front.ask("/a/").body == b"<p>a</p>"
    assert front.ask(urllib.parse.quote("/通知/")).body == b"<p>notice</p>"
    assert front.ask("/files/x.pdf").headers["Content-Type"] == "application/pdf"


def test_the_compressed_form_is_the_file_beside_it(front: Front) -> None:
    answer = front.ask("/", Accept_Encoding="gzip, br")
    assert (answer.headers["Content-Encoding"], answer.body) == ("gzip", b"gzipped")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["ETag"] != front.ask("/").headers["ETag"]


def test_an_unchanged_page_is_not_sent_again(front: Front) -> None:
    for encoding in ("gzip", "identity"):
        first = front.ask("/", Accept_Encoding=encoding)
        assert front.ask("/", Accept_Encoding=encoding, If_None_Match=first.headers["ETag"]).status == 304
        since = first.headers["Last-Modified"]
        assert front.ask("/", Accept_Encoding=encoding, If_Modified_Since=since).status == 304


def test_files_carry_the_headers_of_menhu_serve(front: Front, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 0
    headers = front.ask("/").headers
    for name, value in security_headers():
        given = headers[name]
        assert sorted(given.split("; ")) == sorted(value.split("; ")), name


def test_types_are_those_of_menhu_serve(front: Front) -> None:
    for extension, media_type in _TYPES.items():
        front.write(f"files/x.{extension}", b"x")
        assert front.ask(f"/files/x.{extension}").headers["Content-Type"] == media_type, extension


def test_assets_are_kept_for_ever(front: Front) -> None:
    assert front.ask("/static/core/menhu.0123456789ab.css").headers["Cache-Control"].endswith("immutable")


def test_the_traditional_version_is_a_file(front: Front) -> None:
    assert front.ask("/hant/a/").body == b"<p>hant</p>"


@pytest.mark.parametrize(
    "path",
    ["/nowhere/", "/a", "/office/", "/.secret", "/index.html", "/index.html.gz", "/a/index.html", "/hant/a/index.html"],
)
def test_what_is_no_page_goes_to_the_app(front: Front, path: str) -> None:
    answer = front.ask(path)
    assert answer.is_of_app
    assert answer.told["path"] == path


@pytest.mark.parametrize("path", ["/my/", "/my/code/"])
def test_no_file_answers_for_a_person(front: Front, path: str) -> None:
    front.write(f"{path[1:]}index.html", b"somebody's page")
    for method in ("GET", "POST"):
        assert front.ask(path, method).told["path"] == path


def test_forms_go_to_the_app_even_at_the_address_of_a_file(front: Front) -> None:
    answer = front.ask("/a/?x=1", "POST", body=b"y" * 3_000_000)
    assert (answer.told["method"], answer.told["path"], answer.told["octets"]) == ("POST", "/a/?x=1", 3_000_000)


def test_the_app_hears_who_asked_and_nothing_made_up(front: Front) -> None:
    told = front.ask("/nowhere/", X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="https").told
    headers = told["headers"]
    assert isinstance(headers, dict)
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
    assert headers["Host"] == "www.example.cn"


def test_each_host_has_its_own_tree(front: Front) -> None:
    assert front.ask("/", host="sub.example.cn").body == b"<p>sub</p>"
    assert front.ask("/a/", host="sub.example.cn").is_of_app
    with pytest.raises(http.client.RemoteDisconnected):
        front.ask("/", host="evil.example")


@pytest.mark.parametrize(
    "path", ["/../www.example.cn/.secret", "/%2e%2e/nginx.conf", "/a/..%2f..%2f..%2fnginx.conf", "/%00"]
)
def test_no_path_leads_out_of_the_tree(front: Front, path: str) -> None:
    answer = front.ask(path)
    assert answer.status in {400, 404}
    assert b"worker_processes" not in answer.body


def test_a_change_and_a_retraction_hold_at_once(front: Front) -> None:
    for number in range(20):
        front.write("a/index.html", f"<p>{number}</p>".encode())
        assert front.ask("/a/").body == f"<p>{number}</p>".encode()
    (front.tree / "a" / "index.html").unlink()
    assert front.ask("/a/").is_of_app


def test_pages_are_served_while_the_app_is_down(front: Front) -> None:
    front.stop_app()
    assert front.ask("/").body == PAGE
    for path in ("/nowhere/", "/office/"):
        answer = front.ask(path)
        assert (answer.status, answer.body) == (502, b"<p>maintenance</p>")
    (front.tree / "a" / "index.html").unlink()
    assert front.ask("/a/").status == 502
