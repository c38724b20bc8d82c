"""The contract of every engine: of the database in use, and of OpenSearch as a double and, if there is one, in truth.

OPENSEARCH_URL=http://127.0.0.1:9200 pytest tests/search/test_engines.py -n 0
"""

import os
import random
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menhu.search.engines import Engine, Entry, Scopes, Wanted, choosing
from menhu.search.engines.opensearch import Cluster
from menhu.search.rules import fold, phrase, question
from tests.search.opensearch_double import Double, Straight

pytestmark = pytest.mark.django_db
ADDRESS = os.environ.get("OPENSEARCH_URL", "")


def engine() -> Engine:
    """As it is chosen now."""
    return choosing.engine()


@pytest.fixture(params=["database", "double", "opensearch"], autouse=True)
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each engine in turn."""
    if request.param == "database":
        yield
    elif request.param == "double":
        straight = Straight(Double(), "test")
        monkeypatch.setattr(choosing, "fed_engine", lambda: straight)
        yield
    elif not ADDRESS:
        pytest.skip("OPENSEARCH_URL is not set: the OpenSearch client is NOT tested against a server")
    else:
        cluster, index = Cluster(ADDRESS), f"menhu-test-{uuid4().hex}"
        straight = Straight(cluster, index)
        monkeypatch.setattr(choosing, "fed_engine", lambda: straight)
        yield
        cluster.ask("DELETE", f"/{index}", ignore_unavailable="true")


def put(*documents: tuple[int, str, str], scope: tuple[str, ...] = ("s1",)) -> None:
    engine().put([Entry(number, fold(title), fold(body), scope) for number, title, body in documents])


def wanted(asked: str, *, in_title: bool = False) -> Wanted:
    return Wanted(question(asked).groups, in_title)


def found(asked: str, *, in_title: bool = False, scopes: Scopes = ()) -> list[int]:
    return engine().newest(wanted(asked, in_title=in_title), scopes, 400)


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


def test_a_question_that_ends_with_one_character() -> None:
    put(
        (1, "县，水价", ""),
        (2, "县水价", ""),
        (3, "", "47号水"),
        (4, "", "47号"),
        (5, "", "47，县，水"),
        (6, "", "号47"),
    )
    assert found('"县，水"') == [5, 1]
    assert found('"47号"') == [4, 3]
    assert found('"47 县"') == [5]
    assert found("水") == [5, 3, 2, 1]


def test_newest_first_and_no_more_than_wanted() -> None:
    put(*((number, "通知", f"第{number}号") for number in range(1, 26)))
    assert found("通知") == list(range(25, 0, -1))
    assert engine().newest(wanted("通知"), (), 3) == [25, 24, 23]


def test_scope_narrows() -> None:
    put((1, "通知", ""), scope=("s1", "tnews", "m202606"))
    put((2, "通知", ""), scope=("s2", "tpolicy", "m202606"))
    assert found("通知", scopes=(("s1",),)) == [1]
    assert found("通知", scopes=(("s1", "s2"), ("m202606",))) == [2, 1]
    assert found("通知", scopes=(("s1",), ("tpolicy",))) == []
    assert found("s1") == found("m202606") == []


def test_among_some_documents() -> None:
    put((1, "供水补贴", ""), (2, "供水", "补贴"), (3, "别的", "供水补贴"), (4, "供水补贴", ""))
    exact = phrase("供水补贴")
    assert exact is not None
    assert engine().among(Wanted(((exact,),)), [1, 2, 3]) == {1, 3}
    assert engine().among(Wanted(((exact,),), in_title=True), [1, 2, 3]) == {1}
    assert engine().among(wanted("供水 补贴", in_title=True), [4, 2, 99]) == {4}
    assert engine().among(wanted("供水"), []) == set()


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
        assert set(found(f'"{asked}"')) == hold, asked
        assert hold <= set(found(asked)), asked


@pytest.mark.parametrize("chosen", ["database"], indirect=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such plan")
def test_postgresql_finds_rare_words_by_its_index() -> None:
    from menhu.search.engines.postgresql import TABLE, _together

    put(*((number, f"通知{number}", "供水管理" * 5) for number in range(1, 20_000)))
    put((20_000, "稀有词语在此", ""))
    with connection.cursor() as cursor:
        for index in ("search_piece_in_all", "search_piece_in_title"):  # as autovacuum does; else its list weighs
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
        cursor.execute(f"ANALYZE {TABLE}")
        for in_title, index in ((False, "search_piece_in_all"), (True, "search_piece_in_title")):
            condition, given_ = _together(wanted("稀有词语", in_title=in_title))
            sql = f"SELECT number FROM {TABLE} WHERE is_whole AND {condition} ORDER BY number DESC LIMIT 1001"  # noqa: S608
            cursor.execute(f"EXPLAIN {sql}", given_)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert index in plan, plan
            assert "Seq Scan" not in plan, plan
