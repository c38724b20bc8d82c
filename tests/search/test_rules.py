"""Analysis: what is written is found by every part of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.search.rules import (
    OVERLAP,
    PIECE,
    document_number,
    excerpt,
    fold,
    phrase,
    pieces,
    question,
    skeleton,
    tokens,
)

HAN = st.text("政府办供水补贴发髮後后里裏乾干一", min_size=1, max_size=12)
MIXED = st.text("政府发髮2017abＡ５〔〕 ，。-😀㎡", min_size=1, max_size=30)


def stands_in(text: str, asked: str) -> bool:
    """Whether the tokens of a question follow each other in those of a text."""
    found, wanted = list(tokens(fold(text))), phrase(fold(asked))
    assert wanted is not None
    *firm, last = wanted.tokens
    for at in range(len(found) - len(firm)):
        ends = found[at + len(firm)]
        if found[at : at + len(firm)] == firm and (ends.startswith(last) if wanted.is_open else ends == last):
            return True
    return False


@given(HAN, HAN, HAN)
def test_no_part_of_a_run_is_ever_missed(before: str, asked: str, after: str) -> None:
    text = before + asked + after
    assert stands_in(text, asked)
    found = phrase(fold(asked))
    assert found is not None
    assert found.text in skeleton(fold(text))


ATOMS = st.lists(
    st.sampled_from(["政府", "办", "發", "〔2017〕", "号", " abＡ ", "，", "5g号", "😀", "㎡、", " "]), max_size=8
)


@given(ATOMS, ATOMS, ATOMS)
def test_no_part_of_a_text_is_missed_that_cuts_no_word(before: list[str], asked: list[str], after: list[str]) -> None:
    """Each atom ends with no letter or digit, so that none grows into the next."""
    part, text = "".join(asked), "".join([*before, *asked, *after])
    found = phrase(fold(part))
    if found is not None:
        assert stands_in(text, part)
        assert found.text in skeleton(fold(text))


@given(HAN, HAN)
def test_tokens_and_text_say_the_same(text: str, asked: str) -> None:
    found = phrase(fold(asked))
    assert found is not None
    assert stands_in(text, asked) == (found.text in skeleton(fold(text)))


@given(MIXED, MIXED)
def test_folding_does_not_depend_on_neighbours(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)
    assert fold(fold(one)) == fold(one)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("國務院辦公廳關於頭髮", "国务院办公厅关于头发"),
        ("ＡＢＣ１２３", "abc123"),
        ("国办发〔2017〕47号", "国办发[2017]47号"),
        ("国办发〔2017〕47号", "2017"),
        ("C++ 与 5G", "5g"),
        ("24℃", "℃"),
        ("好😀", "😀"),
    ],
)
def test_what_is_written_another_way_is_the_same(written: str, asked: str) -> None:
    assert stands_in(written, asked)


def test_a_long_question_is_taken_apart_by_words_and_loses_no_character() -> None:
    asked = question("云岭县教育局义务教育招生政策")
    assert "".join(asked.words) == "云岭县教育局义务教育招生政策"
    assert len(asked.groups) > 2
    assert all(len(word) > 1 for word in asked.words)
    assert asked.exact is not None


def test_quoted_parts_stay_whole() -> None:
    assert question('"供水管理办法的通知" 补贴').words == ("供水管理办法的通知", "补贴")
    assert question("“供水管理办法的通知”").exact is not None


def test_synonyms_are_other_ways_to_meet_a_group() -> None:
    asked = question("医保", {"医保": ("医疗保险",)})
    assert [found.text for found in asked.groups[0]] == ["医保", "医疗保险"]


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    asked = question(text)
    assert bool(asked) == bool(asked.words)
    for group in asked.groups:
        for found in group:
            assert not set('"\x00') & set("".join(found.tokens))


@given(st.text("甲乙丙", min_size=1, max_size=60), st.integers(2, 20), st.data())
def test_pieces_hold_every_part(text: str, length: int, data: st.DataObject) -> None:
    long = text * (3 * PIECE // len(text))
    start = data.draw(st.integers(0, len(long) - length))
    assert any(long[start : start + length] in piece for piece in pieces(long))
    assert max(map(len, pieces(long))) <= PIECE
    assert length < OVERLAP


@given(st.integers(0, 2**32), st.integers(0, 2**32), st.integers(0, 2**30), st.integers(0, 2**30))
def test_numbers_rise_with_time(one: int, other: int, first: int, second: int) -> None:
    if one < other:
        assert document_number(one, first) < document_number(other, second)


@given(st.text("供水办法㎡ＡA，。", max_size=400))
def test_excerpts_show_the_text_as_written(text: str) -> None:
    found = excerpt(text, ["供水", "a"], length=60)
    shown = "".join(piece for piece, _ in found.pieces).strip("…")
    assert shown in text
    assert all(fold(piece) in {"供水", "a"} or piece in "供水" for piece, is_marked in found.pieces if is_marked)


def test_an_excerpt_begins_near_the_first_word() -> None:
    found = excerpt("开头。" * 200 + "这里说到供水补贴。" + "结尾。" * 100, ["供水补贴"])
    assert ("供水补贴", True) in found.pieces
    assert found.pieces[0] == found.pieces[-1] == ("…", False)
