"""The contract of every engine, run against the engine of the database in use."""

import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menhu.search.engines import Entry, Tier, Wanted, engine
from menhu.search.rules import fold, phrase, question

pytestmark = pytest.mark.django_db


def put(*documents: tuple[int, str, str], scope: tuple[str, ...] = ("s1",)) -> None:
    engine().put([Entry(number, fold(title), fold(body), scope) for number, title, body in documents])


def tier(asked: str, *, in_title: bool = False, scope: tuple[tuple[str, ...], ...] = ()) -> Tier:
    return Tier(Wanted(question(asked).groups, in_title), scope=scope)


def found(asked: str, *, in_title: bool = False, scope: tuple[tuple[str, ...], ...] = ()) -> list[int]:
    return engine().newest(tier(asked, in_title=in_title, scope=scope), before=None, limit=100)


def test_words_are_found_in_title_and_text() -> None:
    put((1, "供水管理办法", "水价分三级"), (2, "水价听证会", "城乡居民供水管理办法第三条"), (3, "招聘公告", "面向社会"))
    assert found("供水管理") == [2, 1]
    assert found("供水管理", in_title=True) == [1]
    assert found("水价 办法") == [2, 1]
    assert found("水价 招聘") == []


@pytest.mark.parametrize(
    "asked", ["水", "发", "號", "2017", "47", "5g", "covid", "国办发〔2017〕47号", "發", "℃", "😀"]
)
def test_short_and_odd_questions(asked: str) -> None:
    put((7, "国办发〔2017〕47号", "供水 5G COVID-19 24℃ 😀"), (8, "无关", "别的"))
    assert found(asked) == [7]


def test_a_word_is_not_its_beginning() -> None:
    put((1, "470", "covid19"))
    assert found("47") == found("covid") == []


def test_newest_first_in_pages() -> None:
    put(*((number, "通知", f"第{number}号") for number in range(1, 26)))
    asked = tier("通知")
    first = engine().newest(asked, before=None, limit=10)
    second = engine().newest(asked, before=first[-1], limit=10)
    third = engine().newest(asked, before=second[-1], limit=10)
    assert first + second + third == list(range(25, 0, -1))
    assert engine().count(asked, most=11) == 11
    assert engine().count(asked, most=100) == 25


def test_scope_narrows() -> None:
    put((1, "通知", ""), scope=("s1", "tnews", "m202606"))
    put((2, "通知", ""), scope=("s2", "tpolicy", "m202606"))
    assert found("通知", scope=(("s1",),)) == [1]
    assert found("通知", scope=(("s1", "s2"), ("m202606",))) == [2, 1]
    assert found("通知", scope=(("s1",), ("tpolicy",))) == []
    assert found("s1") == found("m202606") == []


def test_what_ranks_higher_is_left_out_below() -> None:
    put((1, "供水补贴", ""), (2, "供水", "补贴"), (3, "别的", "供水补贴"))
    words, exact = question("供水 补贴").groups, phrase("供水补贴")
    assert exact is not None
    whole = Wanted(((exact,),))
    assert engine().newest(Tier(Wanted(words), (whole,)), before=None, limit=9) == [2]
    assert engine().newest(Tier(whole, (Wanted(words, in_title=True),)), before=None, limit=9) == [3]


def test_removed_documents_are_gone_and_may_come_back() -> None:
    put((1, "通知", "甲"), (2, "通知", "乙"))
    engine().remove([1, 99])
    assert (found("通知"), found("甲")) == ([2], [])
    put((1, "通知", "丙"))
    assert (found("通知"), found("丙"), found("甲")) == ([2, 1], [1], [])
    engine().clear()
    assert found("通知") == []


def test_a_very_long_document_is_found_by_its_last_sentence_and_by_words_far_apart() -> None:
    put((1, "汇编", "开头提到水库移民。" + "本条说的是别的事情。" * 30_000 + "最后一句是附则解释权。"))
    assert found("最后一句是附则") == found('"附则解释权"') == found("水库移民 附则解释权") == found("汇编 附则") == [1]
    assert found("水库移民 没有的词") == []
    engine().remove([1])
    assert found("附则") == []


@pytest.mark.parametrize(
    "hostile",
    ['"', "a OR b", "NEAR(", "*", "'; DROP TABLE x; --", "\\", "%", "_", "a:b", "^a", "{title}", "-", "AND", "NOT x"],
)
def test_nothing_typed_is_an_operator(hostile: str) -> None:
    put((1, "a 标题", "or b near"))
    if question(hostile):
        assert found(hostile) in ([], [1])


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(st.text(max_size=60), st.text(min_size=1, max_size=10))
def test_any_text_goes_in_and_any_question_is_answered(text: str, asked: str) -> None:
    engine().clear()
    put((1, text.replace("\x00", ""), text.replace("\x00", "")))
    if question(asked):
        assert found(asked) in ([], [1])


def test_recall_against_a_plain_scan() -> None:
    """200 random parts of two to six characters: exactly the documents that hold them."""
    chance = random.Random(20260617)  # noqa: S311 - repeatable, not secret
    letters = "县政府办公室关于印发供水管理办法的通知教育局招生政策解读农村道路建设资金补贴申请条件材料流程"
    texts = {n: "".join(chance.choices(letters, k=chance.randint(20, 400))) for n in range(1, 301)}
    put(*((number, text[:20], text) for number, text in texts.items()))
    for _ in range(200):
        text = texts[chance.randint(1, 300)]
        start, length = chance.randint(0, len(text) - 7), chance.randint(2, 6)
        asked = text[start : start + length]
        hold = {number for number, other in texts.items() if asked in other}
        quoted = Tier(Wanted(question(f'"{asked}"').groups))
        assert set(engine().newest(quoted, before=None, limit=400)) == hold, asked
        assert hold <= set(engine().newest(tier(asked), before=None, limit=400)), asked


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such plan")
def test_postgresql_finds_rare_words_by_its_index() -> None:
    from menhu.search.engines.postgresql import TABLE, _condition_of

    put(*((number, f"通知{number}", "供水管理" * 5) for number in range(1, 20_000)))
    put((20_000, "稀有词语在此", ""))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
        condition, given_ = _condition_of(tier("稀有词语"))
        cursor.execute(
            f"EXPLAIN SELECT DISTINCT number FROM {TABLE} WHERE {condition} ORDER BY number DESC LIMIT 11",  # noqa: S608
            given_,
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "search_piece_found" in plan, plan
    assert "Seq Scan" not in plan, plan
