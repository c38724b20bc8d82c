"""The layer before Django: files of the tree and collected static files."""

import os
from email.utils import formatdate
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from menhu.delivery.negotiation import wanted_endings
from menhu.delivery.serving.files import PublicTree

HOST = "127.0.0.1"
PAGE = "<h1>教育局</h1>".encode()


class Browser:
    """Asks the tree; what it leaves to the app is noted and answered with 404."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tree = PublicTree()

    def get(self, path: str, method: str = "GET", host: str = f"{HOST}:8111", **headers: str) -> "Shown":
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.tree.answer(method, host, path, given)
        if answer is None:
            self.asked.append(path)
            return Shown(404, {}, b"from the app")
        assert len(dict(answer.headers)) == len(answer.headers)
        if answer.file is None:
            return Shown(answer.status, dict(answer.headers), answer.body)
        with answer.file as file:
            return Shown(answer.status, dict(answer.headers), file.read())


class Shown(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def browser(tmp_path: Path, settings: Any) -> Browser:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.PUBLIC_HOST = HOST
    settings.PUBLIC_HOST_ALIASES = ["localhost"]
    settings.ALLOWED_HOSTS = [HOST, "localhost"]
    public = Path(settings.PUBLIC_ROOT)
    for name, body in {
        f"public/{HOST}/index.html": b"home",
        f"public/{HOST}/jyj/index.html": PAGE,
        f"public/{HOST}/rss.xml": b"<rss/>",
        f"public/{HOST}/office/index.html": b"never",
        f"public/{HOST}/my/index.html": b"never",
        f"public/{HOST}/通知/index.html": b"notice",
        f"public/{HOST}/large.pdf": b"%PDF" + bytes(3_000_000),
        "public/sub.example/index.html": b"sub",
        "public/secret.txt": b"secret",
        "static/core/menhu.0123456789ab.css": b"a{}",
        "static/plain.js": b"1",
    }.items():
        file = public.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return Browser()


def test_a_file_is_answered_without_the_app(browser: Browser) -> None:
    answer = browser.get("/jyj/")
    assert (answer.status, answer.body) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-length"] == str(len(PAGE))
    assert answer.headers["cache-control"] == "no-cache"
    assert browser.asked == []


def test_files_carry_the_protection_of_pages(browser: Browser) -> None:
    headers = browser.get("/").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(("seconds", "header"), [(0, None), (60, "max-age=60")])
def test_https_is_remembered_where_it_is_spoken(
    browser: Browser, settings: Any, seconds: int, header: str | None
) -> None:
    settings.SECURE_HSTS_SECONDS = seconds
    browser.tree = PublicTree()
    assert browser.get("/").headers.get("strict-transport-security") == header


@pytest.mark.parametrize(
    ("path", "media_type", "cache"),
    [
        ("/rss.xml", "application/rss+xml; charset=utf-8", "no-cache"),
        ("/large.pdf", "application/pdf", "no-cache"),
        ("/static/core/menhu.0123456789ab.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/static/plain.js", "text/javascript; charset=utf-8", "no-cache"),
    ],
)
def test_type_and_caching_follow_the_name(browser: Browser, path: str, media_type: str, cache: str) -> None:
    answer = browser.get(path)
    assert answer.status == 200
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (media_type, cache)
    assert len(answer.body) == int(answer.headers["content-length"])


def test_head_sends_no_body(browser: Browser) -> None:
    for path in ("/jyj/", "/large.pdf"):
        answer = browser.get(path, "HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["content-length"] == browser.get(path).headers["content-length"]


def test_an_unchanged_file_is_not_sent_again(browser: Browser) -> None:
    first = browser.get("/jyj/")
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for given_ in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = browser.get("/jyj/", if_none_match=given_)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert browser.get("/jyj/", if_none_match='"x"', if_modified_since=date).status == 200
    assert browser.get("/jyj/", if_modified_since=date).status == 304
    for since in (formatdate(0, usegmt=True), "yesterday", "", "Mon, 99 Foo 2026"):
        assert browser.get("/jyj/", if_modified_since=since).status == 200


def test_a_changed_file_has_another_tag(browser: Browser) -> None:
    before = browser.get("/jyj/").headers["etag"]
    file = Path(django_settings.PUBLIC_ROOT) / HOST / "jyj" / "index.html"
    file.write_bytes(PAGE[::-1])
    os.utime(file, ns=(1, 1))
    assert browser.get("/jyj/", if_none_match=before).body == PAGE[::-1]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "NONSENSE"])
def test_other_methods_go_to_the_app(browser: Browser, method: str) -> None:
    assert browser.get("/jyj/", method).body == b"from the app"


@pytest.mark.parametrize("path", ["/office/", "/jyj", "/nowhere/", "/static/", "/static/nowhere.css", "/index.html"])
def test_what_is_no_file_goes_to_the_app(browser: Browser, path: str) -> None:
    assert browser.get(path).body == b"from the app"


def test_chinese_addresses_are_files_too(browser: Browser) -> None:
    assert browser.get("/通知/").body == b"notice"
    assert browser.get("/\ufffd\ufffd/").body == b"from the app"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", f"{HOST}."])
def test_other_names_of_the_portal_are_the_portal(browser: Browser, host: str) -> None:
    assert browser.get("/jyj/", host=host).body == PAGE


def test_a_site_with_a_host_of_its_own_is_served(browser: Browser) -> None:
    assert browser.get("/", host="sub.example").body == b"sub"
    assert browser.get("/jyj/", host="sub.example").status == 404


@pytest.mark.parametrize("host", ["evil.example", "", "..", "../127.0.0.1", "127.0.0.1/jyj", "a" * 300, "\x00"])
def test_a_strange_host_finds_nothing(browser: Browser, host: str) -> None:
    answer = browser.get("/", host=host)
    assert (answer.status, browser.asked) == (404, [])
    assert "页面不存在" in answer.body.decode()


@given(st.text(max_size=40), st.sampled_from([HOST, "..", "sub.example", ""]))
@example("/../secret.txt", HOST)
@example("/../../public/secret.txt", HOST)
@example("/%2e%2e/secret.txt", HOST)
@example("/static/../../public/secret.txt", HOST)
@example("/static//etc/passwd", HOST)
@example("//etc/passwd", HOST)
@example("/\x00", HOST)
@example("/" + "a" * 70_000, HOST)
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_no_path_leads_out_of_the_tree(browser: Browser, path: str, host: str) -> None:
    answer = browser.get(path, host=host)
    assert answer.status in {200, 404}
    assert b"secret" not in answer.body
    assert b"never" not in answer.body
    assert b"root:" not in answer.body


def compressed(name: str, **bodies: bytes) -> None:
    base = Path(django_settings.PUBLIC_ROOT) / HOST / name
    for ending, body in bodies.items():
        base.with_name(f"{base.name}.{ending}").write_bytes(body)


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("", None, PAGE),
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip", "gzip", b"gzipped"),
        ("GZIP;Q=0.8, br;q=0.5", "gzip", b"gzipped"),
        ("br;q=0, gzip;q=0.1", "gzip", b"gzipped"),
        ("*", "br", b"brotli"),
        ("*;q=0", None, PAGE),
        ("gzip;q=0.5, identity", None, PAGE),
        ("deflate", None, PAGE),
        ("br;q=x", None, PAGE),
    ],
)
def test_the_form_that_the_client_takes_best(browser: Browser, accepted: str, coding: str | None, body: bytes) -> None:
    compressed("jyj/index.html", br=b"brotli", gz=b"gzipped")
    answer = browser.get("/jyj/", accept_encoding=accepted)
    assert (answer.headers.get("content-encoding"), answer.body) == (coding, body)
    assert answer.headers["content-length"] == str(len(body))
    assert (answer.headers["vary"], answer.headers["content-type"]) == ("accept-encoding", "text/html; charset=utf-8")
    etag = answer.headers["etag"]
    again = browser.get("/jyj/", accept_encoding=accepted, if_none_match=etag)
    assert (again.status, again.headers["etag"], again.headers["vary"]) == (304, etag, "accept-encoding")


def test_each_form_has_a_tag_of_its_own(browser: Browser) -> None:
    compressed("jyj/index.html", br=PAGE, gz=PAGE)
    tags = {browser.get("/jyj/", accept_encoding=coding).headers["etag"] for coding in ("br", "gzip", "")}
    assert len(tags) == 3


def test_compressed_files_have_no_address_of_their_own(browser: Browser) -> None:
    compressed("jyj/index.html", br=b"brotli", gz=b"gzipped")
    compressed("rss.xml", gz=b"gzipped")
    assert [browser.get(path).status for path in ("/rss.xml.gz", "/jyj/index.html.br", "/jyj/.gz")] == [404] * 3


def test_the_traditional_version_is_a_file(browser: Browser) -> None:
    file = Path(django_settings.PUBLIC_ROOT) / HOST / "hant" / "jyj" / "index.html"
    file.parent.mkdir(parents=True)
    file.write_bytes("教育局繁體".encode())
    assert browser.get("/hant/jyj/").body.decode() == "教育局繁體"
    assert browser.get("/hant/hant/jyj/").status == browser.get("/hant/").status == 404


def test_public_assets_are_served_compressed_from_the_tree(browser: Browser) -> None:
    base = Path(django_settings.PUBLIC_ROOT) / HOST / "static/core"
    base.mkdir(parents=True)
    (base / "menhu.0123456789ab.css").write_bytes(b"a{}")
    (base / "menhu.0123456789ab.css.gz").write_bytes(b"gzipped")
    answer = browser.get("/static/core/menhu.0123456789ab.css", accept_encoding="gzip")
    assert (answer.body, answer.headers["content-encoding"]) == (b"gzipped", "gzip")
    assert "immutable" in answer.headers["cache-control"]


@given(st.text(max_size=40) | st.text("brgzip*;q=0.1, identity", max_size=40))
def test_any_accept_encoding_has_an_answer(header: str) -> None:
    endings = wanted_endings(header)
    assert endings[-1] == ""
    assert len(set(endings)) == len(endings)
    assert set(endings) <= {"", ".br", ".gz"}
