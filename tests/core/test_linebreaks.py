"""Lines of Chinese text: what may begin and end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.core.linebreaks import CLOSING, OPENING, atoms, lines


def width(text: str) -> float:
    """Han and full-width marks are 2 wide, everything else 1."""
    return sum(2 if ord(character) >= 0x2E80 or character in "“”‘’…—·" else 1 for character in text)


ANY = st.text(st.sampled_from("县政府答复你的申请，。、；：？！（）《》“”…—·,.;:()[]a b1 2-/%"), max_size=120)
# As people write: at most two closing marks in a row, at most two opening ones.
WORD = st.sampled_from(["县", "教育局", "2026", "3.14", "www.example.gov.cn", "答复", "12:30", "A4"])
ORDINARY = st.lists(
    st.tuples(
        st.text(st.sampled_from(sorted(OPENING)), max_size=2),
        WORD,
        st.text(st.sampled_from(sorted(CLOSING)), max_size=2),
    ).map("".join),
    max_size=30,
).map("".join)


@given(ANY)
def test_atoms_joined_are_the_text(text: str) -> None:
    assert "".join(atoms(text)) == text


@given(ANY, st.integers(min_value=2, max_value=60), st.integers(min_value=0, max_value=4))
def test_nothing_is_lost_and_nothing_stands_out(text: str, room: int, indent: int) -> None:
    found = lines(text, room, width, indent=min(indent, room - 2))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(width(line) <= room for line in found)
    assert not found or width(found[0]) <= room - min(indent, room - 2)
    assert all(line == line.strip() != "" for line in found)


@given(ORDINARY, st.integers(min_value=56, max_value=80))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, room: int) -> None:
    found = lines(text, room, width, indent=4)
    wide = [part for part in atoms(text) if width(part) > room - 4]
    if not wide:
        assert not any(line[0] in CLOSING for line in found[1:])
        assert not any(line[-1] in OPENING for line in found[:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("县政府答复", ["县政府答", "复"]),
        ("县政府答。复", ["县政府", "答。复"]),
        ("县政府《答复》", ["县政府", "《答复》"]),
        ("县政 府答复", ["县政 府", "答复"]),
        ("于2026-06-17到", ["于", "2026-06-", "17到"]),
        ("答复3.14元", ["答复3.14", "元"]),
        ("。。。。。。", ["。。。。", "。。"]),
        ("答复……答复", ["答复……", "答复"]),
    ],
)
def test_lines_of_four_characters(text: str, expected: list[str]) -> None:
    assert lines(text, 8, width) == expected


def test_the_first_line_is_shorter_by_the_indent() -> None:
    assert lines("县政府答复你的申请", 8, width, indent=4) == ["县政", "府答复你", "的申请"]
