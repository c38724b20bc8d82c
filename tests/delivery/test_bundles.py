"""What a page puts into the tree: its file, compressed forms, the Traditional version."""

import gzip
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.delivery.bundles import bundle
from menhu.delivery.rules import bundle_names, bundle_owner, file_path
from menhu.delivery.sources import Address, Rendered
from menhu.delivery.traditional import traditional_page

HERE = Address("www.example.cn", "/a/")


def parts_of(rendered: Rendered, address: Address = HERE) -> dict[str, bytes]:
    return {part.name: b"".join(part.pieces()) for part in bundle(address, rendered)}


def test_a_long_page_has_six_files_and_a_short_one_two() -> None:
    long = "发展" * 200
    parts = parts_of(Rendered(long.encode()))
    assert tuple(parts) == ("a/index.html", "a/index.html.gz", "a/index.html.br",
                            "hant/a/index.html", "hant/a/index.html.gz", "hant/a/index.html.br")  # fmt: skip
    assert gzip.decompress(parts["a/index.html.gz"]) == brotli.decompress(parts["a/index.html.br"]) == long.encode()
    assert brotli.decompress(parts["hant/a/index.html.br"]).decode() == "發展" * 200
    assert tuple(parts_of(Rendered("发展".encode()))) == ("a/index.html", "hant/a/index.html")


def test_equal_pages_have_equal_bytes() -> None:
    page = Rendered("云岭县".encode() * 300)
    assert bundle(HERE, page) == bundle(HERE, page)


def test_feeds_are_compressed_and_pictures_left_alone(tmp_path: Path) -> None:
    feed = Rendered(b"<rss>" * 100, content_type="application/rss+xml; charset=utf-8")
    assert tuple(parts_of(feed, Address("h", "/rss.xml"))) == ("rss.xml", "rss.xml.gz", "rss.xml.br")
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG" * 300)
    copied = Rendered(b"", content_type="image/png", file=picture)
    assert parts_of(copied, Address("h", "/files/a.png")) == {"files/a.png": picture.read_bytes()}
    table = tmp_path / "a.csv"
    table.write_bytes(b"1,2\n" * 100)
    parts = parts_of(Rendered(b"", content_type="text/csv", file=table), Address("h", "/files/a.csv"))
    assert gzip.decompress(parts["files/a.csv.gz"]) == parts["files/a.csv"] == table.read_bytes()


@pytest.mark.parametrize("path", ["/a/x.gz", "/x.br", "/hant/", "/hant/a/", "/hant"])
def test_no_page_lies_where_another_ones_files_do(path: str) -> None:
    assert file_path(path) is None


SEGMENT = st.text(st.sampled_from("abg.zbrhnt-"), min_size=1, max_size=8)


@given(st.lists(SEGMENT, max_size=4), st.booleans())
def test_every_name_in_the_tree_has_one_owner(segments: list[str], is_folder: bool) -> None:
    file = file_path("/" + "/".join(segments) + "/" * (is_folder and bool(segments)))
    if file is not None:
        assert {bundle_owner(name) for name in bundle_names(file)} == {file}
        assert len(set(bundle_names(file))) == 6


PAGE = (
    '<html lang="zh-Hans" class="a"><link rel="canonical" href="https://h.cn/a/">'
    '<link rel="alternate" hreflang="zh-Hans" href="https://h.cn/a/">'
    '<a href="/a/" hreflang="zh-Hans">简体</a><a class="b" href="/s1/7.html#x">头发</a><a href="/s1/?p=1">发展</a>'
    '<a href="/files/a.pdf">台湾</a><a href="/rss.xml">订阅</a><a href="//other.cn/">外</a><a href="https://o.cn/x/">外</a>'
    '<a href="/通知/">后来</a><input name="q" value="发"><img src="/图/发.png" alt="发">'
)


def test_the_traditional_page_stays_within_its_script() -> None:
    page = traditional_page(PAGE.encode()).decode()
    assert page.startswith('<html lang="zh-Hant" class="a">')
    assert '<link rel="canonical" href="https://h.cn/hant/a/">' in page
    assert '<link rel="alternate" hreflang="zh-Hans" href="https://h.cn/a/">' in page
    assert '<a href="/a/" hreflang="zh-Hans">簡體</a>' in page
    assert '<a class="b" href="/hant/s1/7.html#x">頭髮</a><a href="/hant/s1/?p=1">發展</a>' in page
    assert '<a href="/files/a.pdf">臺灣</a><a href="/rss.xml">訂閱</a><a href="//other.cn/">' in page
    assert '<a href="https://o.cn/x/">' in page
    assert '<a href="/hant/通知/">後來</a><input name="q" value="发"><img src="/图/发.png" alt="發">' in page
