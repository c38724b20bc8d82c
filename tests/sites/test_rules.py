import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.sites import rules
from menhu.sites.rules import SlugFault

slugs = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True).filter(lambda slug: slug not in rules.RESERVED)


@pytest.mark.parametrize(
    ("slug", "fault"),
    [
        ("tzgg", None),
        ("a-1", None),
        ("office", SlugFault.RESERVED),
        ("style-guide", SlugFault.RESERVED),
        ("2026", SlugFault.SHAPE),
        ("2026-06", SlugFault.SHAPE),
        ("Tzgg", SlugFault.SHAPE),
        ("通知", SlugFault.SHAPE),
        ("a_b", SlugFault.SHAPE),
        ("a/b", SlugFault.SHAPE),
        ("a.html", SlugFault.SHAPE),
        ("a-", SlugFault.SHAPE),
        ("", SlugFault.SHAPE),
        ("a" * 41, SlugFault.SHAPE),
        ("tzgg\n", SlugFault.SHAPE),
    ],
)
def test_slugs(slug: str, fault: SlugFault | None) -> None:
    assert rules.slug_fault(slug) is fault


@given(st.lists(slugs, min_size=1, max_size=3))
def test_paths_go_down_and_up(chain: list[str]) -> None:
    path = ""
    for depth, slug in enumerate(chain, start=1):
        above, path = path, rules.column_path(path, slug)
        assert rules.parent_path(path) == (above or "/")
        assert rules.depth_of(path) == depth
    assert path == f"/{'/'.join(chain)}/"


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("/zwgk/", True),
        ("https://www.gov.cn/", True),
        ("http://www.gov.cn/", True),
        ("#top", True),
        ("//evil.example/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://a b", False),
        ('/"><script>', False),
        ("www.gov.cn", False),
    ],
)
def test_links(address: str, is_safe: bool) -> None:
    assert rules.is_safe_link(address) is is_safe


def test_lines_are_numbered_and_cut_at_either_bar() -> None:
    assert list(rules.split_lines("国务院 | https://www.gov.cn/\n\n 省政府｜https://www.example.gov.cn/ \n")) == [
        (1, ["国务院", "https://www.gov.cn/"]),
        (3, ["省政府", "https://www.example.gov.cn/"]),
    ]


parts = st.text(alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="|｜"), min_size=1)


@given(st.lists(parts, min_size=1, max_size=4))
def test_a_line_is_read_as_it_was_written(line: list[str]) -> None:
    assert list(rules.split_lines(rules.join_line(line))) == [(1, line)]
