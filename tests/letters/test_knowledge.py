"""The knowledge base: who keeps it, what it finds, how an answer begins from it, and what the public reads of it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.enums import Party
from menhu.cases.models import Answer, Case, CaseKind
from menhu.cases.policies import CaseRefused
from menhu.delivery import sources
from menhu.delivery.models import Change, Lane
from menhu.letters.actions import copying
from menhu.letters.actions.copying import Words
from menhu.letters.actions.knowledge import mark_model
from menhu.letters.knowing import likest
from menhu.letters.models import PublicCopy
from menhu.letters.public.addresses import copy_path
from menhu.letters.rules import most_alike, pairs_of
from menhu.search.engines import EngineAwayError
from tests.cases.desk import Desk
from tests.conftest import SignedIn
from tests.letters.test_public import answered, page

STOP = Words("建议在县医院增设公交站", "县医院东门没有公交站，老人要横穿马路。", "将于八月增设“县医院东门”站。")
WATER = Words("小区水压不足怎么办", "六楼早晚没有水，水压太低。", "已更换加压泵，六楼以上恢复正常供水。")
SCHOOL = Words("小学招生学区怎样划分", "孩子今年上小学，想问学区。", "学区按户籍划分，七月公布。")


def public(desk: Desk, words: Words = STOP, **letter: Any) -> PublicCopy:
    row = answered(desk, **letter)
    copy = copying.prepare(letter=row, words=words, by=desk.operator)
    return copying.publish(copy=copy, by=desk.supervisor)


def model(desk: Desk, words: Words = STOP, **letter: Any) -> PublicCopy:
    return mark_model(case=public(desk, words, **letter).letter.case, is_model=True, by=desk.operator)


def handled(desk: Desk, **letter: Any) -> Case:
    """A letter that the education bureau has in hand."""
    case = answered(desk, **letter).case
    return actions.reopen(case=case, by=Party.SENDER, reason="没有写明日期")


def test_the_desk_marks_and_unmarks_and_nobody_else(desk: Desk) -> None:
    copy = public(desk)
    for is_model in (True, False):
        may = set()
        for persona, person in desk.world.people.items():
            PublicCopy.objects.update(is_model=not is_model)
            try:
                mark_model(case=copy.letter.case, is_model=is_model, by=person)
            except CaseRefused:
                assert PublicCopy.objects.get().is_model is not is_model
            else:
                may.add(persona)
        assert may == {"operator", "supervisor"}
    refusals = Event.objects.filter(verb="cases.refused", data__verb="mark_model")
    assert refusals.count() == 2 * (len(desk.world.people) - 2)
    assert Event.objects.filter(verb="letters.mark_model").count() == 4


def test_only_what_the_public_reads_is_taken_in(desk: Desk) -> None:
    letter = answered(desk)
    with pytest.raises(CaseRefused, match="公开之后"):
        mark_model(case=letter.case, is_model=True, by=desk.operator)
    copying.prepare(letter=letter, words=STOP, by=desk.operator)
    with pytest.raises(CaseRefused, match="公开之后"):
        mark_model(case=letter.case, is_model=True, by=desk.operator)
    copy = model(desk)
    with pytest.raises(CaseRefused, match="别人处理"):
        mark_model(case=copy.letter.case, is_model=True, by=desk.supervisor)


def test_what_is_withdrawn_and_written_anew_is_no_model_any_more(desk: Desk) -> None:
    copy = model(desk)
    copying.withdraw(copy=copy, by=desk.supervisor, reason="来信人要求")
    assert likest(copy.letter.case) == []
    copying.prepare(letter=copy.letter, words=STOP, by=desk.operator)
    assert PublicCopy.objects.get().is_model is False


def test_the_public_page_lists_them_by_kind(desk: Desk) -> None:
    assert "还没有常见问题" in str(page(desk, "/letters/questions/"))
    advice = model(desk)
    water = model(desk, WATER, kind=CaseKind.objects.get(code="consultation"), title="<b>水压</b>")
    public(desk, SCHOOL)
    shown = str(page(desk, "/letters/questions/"))
    assert shown.index(copy_path(water)) < shown.index(copy_path(advice))
    assert "学区" not in shown
    assert 'href="#kind-advice"' in shown
    one = str(page(desk, "/letters/questions/advice/"))
    assert copy_path(advice) in one
    assert copy_path(water) not in one
    assert page(desk, "/letters/questions/complaint/") == 404
    assert "/letters/questions/" in str(page(desk, "/letters/"))
    paths = {address.path for source in sources.sources() for address in source.addresses()}
    assert {"/letters/questions/", "/letters/questions/advice/", "/letters/questions/consultation/"} <= paths
    assert page(desk, "/letters/questions/") == page(desk, "/letters/questions/")


def test_marks_and_withdrawals_reach_the_public_page(desk: Desk) -> None:
    copy = public(desk)
    Change.objects.all().delete()
    mark_model(case=copy.letter.case, is_model=True, by=desk.operator)
    assert set(Change.objects.values_list("tag", flat=True)) == {"letter-models", f"letter:{copy.pk}"}
    Change.objects.all().delete()
    copying.withdraw(copy=PublicCopy.objects.get(), by=desk.supervisor, reason="来信人要求")
    assert Change.objects.get(tag="letter-models").lane == Lane.RETRACTION
    assert copy.title not in str(page(desk, "/letters/questions/"))
    assert page(desk, "/letters/questions/advice/") == 404


def test_a_kind_with_many_questions_shows_the_newest_and_leads_to_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menhu.letters.public.asked.OF_EACH", 2)
    copies = [model(desk) for _each in range(3)]
    shown = str(page(desk, "/letters/questions/"))
    assert copy_path(copies[0]) not in shown
    assert 'href="/letters/questions/advice/"' in shown
    assert copy_path(copies[0]) in str(page(desk, "/letters/questions/advice/"))


def test_equal_queries_at_one_question_and_at_many(desk: Desk) -> None:
    browser, counts = SignedIn(desk.operator), []
    for more in (1, 20):
        for _each in range(more):
            model(desk)
        with CaptureQueriesContext(connection) as of_public:
            page(desk, "/letters/questions/")
        with CaptureQueriesContext(connection) as of_list:
            browser.get("/office/knowledge/")
        with CaptureQueriesContext(connection) as of_search:
            browser.get("/office/knowledge/?q=公交站")
        counts.append((len(of_public), len(of_list), len(of_search)))
    assert counts[0] == counts[1]


def test_the_list_by_words_unit_and_kind(desk: Desk) -> None:
    model(desk)
    model(desk, WATER, kind=CaseKind.objects.get(code="consultation"))
    public(desk, SCHOOL)
    browser, unit = SignedIn(desk.handler), desk.world.units["jyj"]
    consultation = CaseKind.objects.get(code="consultation")

    def titles(query: str) -> list[str]:
        return [copy.title for copy, _address, _is_own in browser.get(f"/office/knowledge/?{query}").context["rows"]]

    assert titles("") == [WATER.title, STOP.title]
    assert titles("q=加压泵") == [WATER.title]
    assert titles("q=学区") == []
    assert titles(f"kind={consultation.pk}") == [WATER.title]
    assert titles(f"unit={unit.pk}&q=公交站") == [STOP.title]
    assert titles("unit=999999&kind=x&after=nonsense") == [WATER.title, STOP.title]
    assert SignedIn(desk.editor).get("/office/knowledge/").status_code == 403


def test_each_of_many_is_seen_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.letters.views.knowledge.PAGE", 2)
    pks = [model(desk).pk for _each in range(5)]
    browser, seen, address = SignedIn(desk.operator), [], "/office/knowledge/"
    while address:
        context = browser.get(address).context
        seen += [copy.pk for copy, _address, _is_own in context["rows"]]
        address = f"/office/knowledge/{context['next_page']}" if context["next_page"] else ""
    assert seen == pks[::-1]


def test_a_search_that_does_not_answer_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> None:
        raise EngineAwayError

    monkeypatch.setattr("menhu.letters.views.knowledge.with_words", away)
    model(desk)
    answer = SignedIn(desk.operator).get("/office/knowledge/?q=公交")
    assert answer.status_code == 200
    assert "检索暂时不能用" in answer.content.decode()


def test_the_likest_comes_first_and_what_is_not_alike_not_at_all(desk: Desk) -> None:
    stop, water = model(desk), model(desk, WATER)
    model(desk, SCHOOL)
    case = handled(desk, title="医院门口想要公交站", text="每天早上陪老人到县医院看病，下车要横穿马路。")
    assert likest(case)[0] == stop
    other = handled(desk, title="五楼水压低", text="早晚没有水。")
    assert likest(other)[0] == water
    assert likest(handled(desk, title="举报噪声", text="夜里施工。")) == []


def test_one_click_begins_the_answer_and_keeps_what_was_typed(desk: Desk) -> None:
    copy, case = model(desk, Words(STOP.title, STOP.question, "您好，<b>将增设</b>站。")), handled(desk)
    browser, address = SignedIn(desk.handler), f"/office/cases/{case.pk}/draft/"
    shown = browser.get(f"/office/cases/{case.pk}/").content.decode()
    assert 'form="form-draft"' in shown
    assert 'id="form-draft"' in shown
    begun = browser.post(address, {"text": "已经核实。", "begin": str(copy.pk)})
    assert "您好，&lt;b&gt;将增设&lt;/b&gt;站。\n\n已经核实。</textarea>" in begun.content.decode()
    again = browser.post(address, {"text": "您好，<b>将增设</b>站。\r\n\r\n已经核实。", "begin": str(copy.pk)})
    assert again.content.decode().count("站。\n\n已经核实。</textarea>") == 1
    assert Answer.objects.filter(case=case, round=2).count() == 0
    mark_model(case=copy.letter.case, is_model=False, by=desk.operator)
    for key in (str(copy.pk), "x", "9" * 30):
        gone = browser.post(address, {"text": "已经核实。", "begin": key})
        assert gone.status_code == 409
        assert "已经核实。</textarea>" in gone.content.decode()


def test_only_who_writes_the_answer_is_offered_to_begin_from_it(desk: Desk) -> None:
    model(desk)
    case = handled(desk)
    for person, is_offered in ((desk.handler, True), (desk.head, True), (desk.operator, False)):
        shown = SignedIn(person).get(f"/office/cases/{case.pk}/").content.decode()
        assert "知识库里类似的答复" in shown
        assert ('form="form-draft"' in shown) is is_offered


def test_the_copy_page_marks(desk: Desk) -> None:
    copy = public(desk)
    browser, address = SignedIn(desk.supervisor), f"/office/letters/{copy.letter_id}/copy/"
    assert "收入知识库" in browser.get(address).content.decode()
    assert browser.post(address, {"deed": "mark"}).status_code == 302
    assert PublicCopy.objects.get().is_model is True
    assert browser.post(address, {"deed": "mark"}).status_code == 409
    assert SignedIn(desk.handler).post(address, {"deed": "unmark"}).status_code == 409
    assert "移出知识库" not in SignedIn(desk.head).get(address).content.decode()
    assert browser.post(address, {"deed": "unmark"}).status_code == 302
    assert PublicCopy.objects.get().is_model is False


@given(st.text(max_size=60), st.dictionaries(st.integers(1, 9), st.text(max_size=60), max_size=9))
def test_a_text_is_likest_to_itself(text: str, others: dict[int, str]) -> None:
    texts = {key: pairs_of(other) for key, other in others.items()} | {0: pairs_of(text)}
    found = most_alike(pairs_of(text), texts, 10)
    if not pairs_of(text):
        assert found == []
    else:
        assert pairs_of(text) <= texts[found[0]]
