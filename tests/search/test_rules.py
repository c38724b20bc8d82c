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


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("义务教育招生，县", ("义务教育", "招生", "县")),
        ("县、义务教育招生", ("县", "义务教育", "招生")),
        ("供水管理办法：水价", ("供水", "管理", "办法", "水价")),
        ("义务教育招生(县)教育局", ("义务教育", "招生", "县", "教育局")),
        ("市/义务教育招生", ("市", "义务教育", "招生")),
    ],
)
def test_a_question_is_cut_run_by_run_never_across_signs(asked: str, words: tuple[str, ...]) -> None:
    assert question(asked).words == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("供水管理办法的通知", ("供水", "管理", "办法", "通知")),
        ("身份证和户口本", ("身份证", "户口本")),
        ("在县城哪里可以交水费", ("县城", "哪里", "可以交", "水费")),
        ("补贴 的 通知", ("补贴", "通知")),
        ('"供水管理办法的通知"', ("供水管理办法的通知",)),
        ('"的"通知', ("的", "通知")),
        ("的", ("的",)),
        ("的的的的的的", ("的的的的的的",)),
        ("目的地", ("目的地",)),
    ],
)
def test_particles_are_not_required_outside_quotes(asked: str, words: tuple[str, ...]) -> None:
    assert question(asked).words == words


@given(st.lists(st.sampled_from(["农村", "的", "路", "在", "县", "补贴", "，", "和", "2026", "、"]), max_size=12))
def test_each_word_of_a_question_stands_in_it(parts: list[str]) -> None:
    asked = "".join(parts)
    assert all(stands_in(asked, word) for word in question(asked).words)


@pytest.mark.parametrize("start", range(95, 101))
@pytest.mark.parametrize("word", ["义务教育", "covid19", "２０２６"])
def test_a_word_that_the_limit_cuts_in_half_is_left_out(start: int, word: str) -> None:
    text = "供水，" * 40
    asked = question(f"{text[:start]}，{word}政策 补贴")
    whole = start + 1 + len(word) <= 100
    assert (fold(word) in asked.words) == whole
    assert set(asked.words) <= {"供水", "供", fold(word), *(["政策"] if start + 1 + len(word) + 2 <= 100 else [])}


def test_one_endless_word_is_looked_for_as_far_as_it_goes() -> None:
    assert question("a" * 300).words == ("a" * 100,)
    assert question("供" * 300)


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        ("城乡居民医保报销", [["城乡居民"], ["医保", "医疗保险"], ["报销"]]),
        ("医疗保险报销比例", [["医疗保险", "医保"], ["报销"], ["比例"]]),
        ("医保报销", [["医保", "医疗保险"], ["报销"]]),
        ("农村最低生活保障标准", [["农村"], ["最低生活保障", "低保"], ["标准"]]),
        ("低保户的申请", [["低保", "最低生活保障"], ["户"], ["申请"]]),
        ("老人大楼建设", [["老人"], ["大楼"], ["建设"]]),
        ("节省用水办法", [["节省"], ["用水"], ["办法"]]),
        ("5g网络", [["5g", "第五代移动通信"], ["网络"]]),
        ("15g网络", [["15g"], ["网络"]]),
        ('"医保报销"', [["医保报销"]]),
        ('"医保"', [["医保"]]),
    ],
)
def test_synonyms_are_known_inside_a_question(asked: str, met: list[list[str]]) -> None:
    groups = ["医保 医疗保险", "低保 最低生活保障", "人大 人民代表大会", "省 江岭省", "5g 第五代移动通信"]
    known = {one: (other,) for group in groups for one, other in (group.split(), reversed(group.split()))}
    assert [[found.text.strip() for found in group] for group in question(asked, known).groups] == met


def test_words_of_the_same_meaning_are_marked_too() -> None:
    assert question("医保报销", {"医保": ("医疗保险",)}).words == ("医保", "医疗保险", "报销")


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
    marked = [fold(piece) for piece, is_marked in found.pieces if is_marked]
    assert all(set(piece) <= set("供水a") for piece in marked)
    neighbours = zip(found.pieces, found.pieces[1:], strict=False)
    assert not any(one[1] and other[1] for one, other in neighbours)


def test_an_excerpt_begins_near_the_first_word() -> None:
    found = excerpt("开头。" * 200 + "这里说到供水补贴。" + "结尾。" * 100, ["供水补贴"])
    assert ("供水补贴", True) in found.pieces
    assert found.pieces[0] == found.pieces[-1] == ("…", False)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["供水", "水管"], ["供水管"]),
        (["供水", "管理"], ["供水管理"]),
        (["供水", "办法"], ["供水", "办法"]),
        (["供水管理", "水", "管理"], ["供水管理"]),
    ],
)
def test_marks_that_touch_or_overlap_are_one(words: list[str], marked: list[str]) -> None:
    assert [piece for piece, is_marked in excerpt("县供水管理试行办法", words).pieces if is_marked] == marked


def test_an_excerpt_shows_where_several_words_stand_together() -> None:
    apart = "只说供水。" + "开头。" * 100 + "只说补贴。" + "中间。" * 100
    found = excerpt(apart + "供水有补贴。" + "结尾。" * 100, ["供水", "补贴"])
    assert [piece for piece, is_marked in found.pieces if is_marked] == ["供水", "补贴"]
    assert "供水有补贴" in "".join(piece for piece, _ in found.pieces)


def test_an_excerpt_shows_a_phrase_longer_than_its_window() -> None:
    phrase_ = "供水管理办法" * 18
    found = excerpt("开头。" * 200 + phrase_, [phrase_])
    assert any(is_marked for _, is_marked in found.pieces)
