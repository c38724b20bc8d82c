"""Paths, hosts, waiting times."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from menhu.delivery.rules import (
    bare_host,
    file_path,
    is_dynamic,
    is_hashed,
    is_host,
    is_speakable,
    page_path,
    served_file,
    wait_after,
)

SEGMENT = st.text(min_size=1, max_size=12).filter(lambda text: "/" not in text)
PATH = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(SEGMENT, st.sampled_from(["..", ".", "", "~", "%2e%2e", "index.html", "a"])), max_size=8).map(
        lambda segments: "/" + "/".join(segments)
    ),
)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/jyj/", "jyj/index.html"),
        ("/jyj/2026/06/17/", "jyj/2026/06/17/index.html"),
        ("/rss.xml", "rss.xml"),
        ("/files/ab/abcdef/7.pdf", "files/ab/abcdef/7.pdf"),
        ("/通知/", "通知/index.html"),
        ("/a%2fb/", "a%2fb/index.html"),
        ("", None),
        ("jyj/", None),
        ("//evil.example/", None),
        ("/a//b/", None),
        ("/../etc/passwd", None),
        ("/a/../b/", None),
        ("/./", None),
        ("/.git/config", None),
        ("/a/.index.html.x.tmp", None),
        ("/a\x00b/", None),
        ("/a\nb/", None),
        ("/a\\b/", None),
        ("/\udcff/", None),
        ("/a/?id=1", None),
        ("/index.html", None),
        ("/a/index.html", None),
        ("/" + "a" * 239, None),
        ("/" + "汉" * 67 + "/", None),
        ("/" + "/".join("a" * 110 for _ in range(2)) + "/", "/".join("a" * 110 for _ in range(2)) + "/index.html"),
        ("/" + "a/" * 120, None),
    ],
)
def test_where_the_page_of_a_path_lies(path: str, file: str | None) -> None:
    assert file_path(path) == file


@given(PATH)
@example("/..")
@example("/a/..")
@example("/%2e%2e/%2e%2e/etc/passwd")
@example("/\x00")
@example("/" + "a" * 100_000)
def test_a_file_never_leaves_its_root_and_names_one_page(path: str) -> None:
    file = file_path(path)
    if file is None:
        return
    segments = file.split("/")
    assert all(segment not in ("", ".", "..") and not segment.startswith(".") for segment in segments)
    assert all(len(segment.encode()) <= 200 for segment in segments)
    assert "\x00" not in file
    assert page_path(file) == path


@given(PATH, PATH)
def test_two_pages_never_share_a_file(one: str, other: str) -> None:
    if file_path(one) is not None and file_path(one) == file_path(other):
        assert one == other


@pytest.mark.parametrize(
    ("given_", "host"),
    [
        ("www.yunling.example:8000", "www.yunling.example"),
        ("WWW.Yunling.Example.", "www.yunling.example"),
        ("[::1]:8000", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_a_host_is_bare_without_port(given_: str, host: str) -> None:
    assert bare_host(given_) == host


@given(st.text(max_size=130))
@example("a/b")
@example("..")
@example("a..b")
@example("-a")
def test_a_host_that_may_be_a_directory_is_plain(host: str) -> None:
    if is_host(host):
        assert set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
        assert ".." not in host
        assert not host.startswith((".", "-"))


def test_an_old_address_with_query_may_be_asked_for() -> None:
    assert is_speakable("/art.jsp?id=1&x=2")
    assert not is_speakable("/" + "a" * 400)


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [("core/menhu.0123456789ab.css", True), ("core/menhu.css", False), ("core/0123456789ab", False)],
)
def test_a_hashed_name_is_told(name: str, is_kept: bool) -> None:
    assert is_hashed(name) is is_kept


def test_failures_wait_longer_and_longer_but_never_for_ever() -> None:
    seconds = [wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 10, 11, 1000)]
    assert seconds == [1, 2, 4, 512, 600, 600]
    assert wait_after(1) == timedelta(seconds=1)


@pytest.mark.parametrize("path", ["/office/", "/my/", "/my/code/", "/my/data/index"])
def test_no_file_stands_where_persons_are_answered(path: str) -> None:
    assert is_dynamic(path)
    assert file_path(path) is None
    assert served_file(f"/hant{path}") is None


@pytest.mark.parametrize("path", ["/", "/my", "/mymap/", "/jyj/my/", "/officers/"])
def test_other_paths_are_pages(path: str) -> None:
    assert not is_dynamic(path)
    assert file_path(path) is not None
