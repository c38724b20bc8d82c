"""Public copies: masked, confirmed by a person, published by another, gone at once; what the public reads."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from menhu.audit.models import Event
from menhu.cases import actions
from menhu.cases.actions import SenderData
from menhu.cases.enums import CaseState
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused
from menhu.delivery import sources
from menhu.delivery.models import Change
from menhu.delivery.sources import Address
from menhu.letters.actions import copying, counting
from menhu.letters.actions.copying import Words
from menhu.letters.actions.writing import LetterWords, write
from menhu.letters.models import Figures, Letter, PublicCopy
from menhu.letters.public.addresses import copy_path
from menhu.search.models import Document
from tests.cases.desk import Desk
from tests.letters.post import boxes

TEXT = "我叫叶知秋，电话13800001234，家住城关镇东街9号2单元301室。县医院门口没有公交站。"


@pytest.fixture
def letter(desk: Desk) -> Letter:
    """Answered; its sender agreed to publication."""
    return answered(desk)


def answered(desk: Desk, **words: Any) -> Letter:
    from menhu.cases.models import CaseKind
    from menhu.letters.models import Mailbox

    box = Mailbox.objects.filter(slug="mayor").first() or boxes(desk.world)["mayor"]
    kind = CaseKind.objects.get(code="advice")
    given = {"kind": kind, "title": "建议增设公交站", "text": TEXT, "wants_publication": True, **words}
    key = f"letter-{Case.objects.count()}"
    case = write(mailbox=box, words=LetterWords(**given), sender=SenderData(name="叶知秋"), key=key).case
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    actions.take(case=case, by=desk.handler)
    actions.draft(case=case, by=desk.handler, text="叶知秋先生：将增设“县医院东门”站。")
    actions.sign(case=case, by=desk.head)
    return Letter.objects.select_related("case__kind", "case__lead", "case__desk").get(pk=case.pk)


def published(desk: Desk, letter: Letter) -> PublicCopy:
    copy = copying.prepare(letter=letter, words=copying.proposal(letter).words, by=desk.operator)
    return copying.publish(copy=copy, by=desk.supervisor)


def page(desk: Desk, path: str) -> str | int:
    """What delivery would write: the text of the page, or the status of what is none."""
    found = sources.render(Address(desk.world.sites["portal"].host, path))
    if found is None:
        return 404
    return found[1].body.decode() if found[1].status == 200 else found[1].status


def test_everything_personal_is_masked_in_the_proposal_and_the_original_stays(letter: Letter) -> None:
    words = copying.proposal(letter).words
    for secret in ("叶知秋", "13800001234", "301室", "9号"):
        assert secret not in words.question + words.answer
    assert "县医院门口没有公交站" in words.question
    letter.case.refresh_from_db()
    assert letter.case.text == TEXT


def test_the_telephone_of_an_office_is_nobodys_own(desk: Desk, letter: Letter) -> None:
    unit = desk.world.units["slj"]
    unit.phone = "0000-612 3020"
    unit.save()
    words = Words("停水", "我的电话是 0000-612 4444", "请拨 0000-6123020 或 0000-612 3020。")
    proposed = copying.proposal(letter, words)
    assert proposed.words.answer == words.answer
    assert [finding.text for finding in proposed.findings] == ["0000-612 4444"]


def test_a_copy_becomes_public_by_a_second_person(desk: Desk, letter: Letter) -> None:
    copy = copying.prepare(letter=letter, words=copying.proposal(letter).words, by=desk.operator)
    assert page(desk, "/letters/2026/06/1/") in (404, 410)
    assert Document.objects.count() == 0
    copy = copying.publish(copy=copy, by=desk.supervisor)
    shown = page(desk, copy_path(copy))
    assert isinstance(shown, str)
    assert "建议增设公交站" in shown
    assert "叶知秋" not in shown
    assert copy_path(copy) in str(page(desk, "/letters/"))
    assert copy_path(copy) in str(page(desk, "/letters/2026-06/"))
    assert Document.objects.get().type == "letter"
    assert {"letters", "letters:2026-06", f"letter:{copy.pk}"} <= set(Change.objects.values_list("tag", flat=True))


def test_who_edits_and_who_publishes(desk: Desk, letter: Letter) -> None:
    words = copying.proposal(letter).words
    may_prepare, may_publish = set(), set()
    for persona, person in desk.world.people.items():
        PublicCopy.objects.all().delete()
        try:
            copying.prepare(letter=letter, words=words, by=person)
        except CaseRefused:
            assert PublicCopy.objects.count() == 0
        else:
            may_prepare.add(persona)
    for persona, person in desk.world.people.items():
        PublicCopy.objects.all().delete()
        copy = copying.prepare(letter=letter, words=words, by=desk.operator)
        try:
            copying.publish(copy=copy, by=person)
        except CaseRefused:
            assert PublicCopy.objects.get().state == "draft"
        else:
            may_publish.add(persona)
    assert may_prepare == {"operator", "supervisor", "handler"}
    assert may_publish == {"supervisor", "head"}


def test_nobody_publishes_what_they_edited(desk: Desk, letter: Letter) -> None:
    copy = copying.prepare(letter=letter, words=copying.proposal(letter).words, by=desk.supervisor)
    with pytest.raises(CaseRefused, match="自己编辑"):
        copying.publish(copy=copy, by=desk.supervisor)
    assert Change.objects.filter(tag=f"letter:{copy.pk}").count() == 0


def test_what_still_looks_personal_must_be_masked_or_accepted(desk: Desk, letter: Letter) -> None:
    words = Words("建议增设公交站", "站长电话 13912345678", "将增设。")
    copy = copying.prepare(letter=letter, words=words, by=desk.operator)
    with pytest.raises(CaseRefused, match="13912345678"):
        copying.publish(copy=copy, by=desk.supervisor)
    copying.publish(copy=copy, by=desk.supervisor, accepted=["13912345678"])
    assert Event.objects.get(verb="letters.publish_copy").data == {"accepted": ["13912345678"]}


def test_without_consent_or_answer_nothing_becomes_public(desk: Desk) -> None:
    silent = answered(desk, wants_publication=False)
    with pytest.raises(CaseRefused, match="没有同意"):
        copying.prepare(letter=silent, words=Words("题", "问", "答"), by=desk.operator)
    open_letter = answered(desk)
    Case.objects.filter(pk=open_letter.pk).update(state=CaseState.HANDLING, is_open=True)
    open_letter.case.refresh_from_db()
    with pytest.raises(CaseRefused, match="签发答复之后"):
        copying.prepare(letter=open_letter, words=Words("题", "问", "答"), by=desk.operator)


def test_a_withdrawn_letter_is_gone_from_pages_and_search(desk: Desk, letter: Letter) -> None:
    copy = published(desk, letter)
    Change.objects.all().delete()
    copying.withdraw(copy=copy, by=desk.supervisor, reason="来信人要求")
    assert page(desk, copy_path(copy)) == 410
    assert copy_path(copy) not in str(page(desk, "/letters/"))
    assert page(desk, "/letters/2026-06/") == 404
    assert Document.objects.count() == 0
    assert set(Change.objects.values_list("lane", flat=True)) == {0} or Change.objects.count() == 3


def test_a_letter_reopened_can_be_published_with_its_second_answer(desk: Desk, letter: Letter) -> None:
    from menhu.cases.enums import Party

    copy = published(desk, letter)
    case = actions.reopen(case=letter.case, by=Party.SENDER, reason="请写明日期")
    copy.refresh_from_db()
    assert copy.state == "withdrawn"
    actions.draft(case=case, by=desk.handler, text="八月十五日前建成。")
    actions.sign(case=case, by=desk.head)
    letter = Letter.objects.get(pk=letter.pk)
    words = copying.proposal(letter).words
    assert words.answer == "八月十五日前建成。"
    again = copying.publish(copy=copying.prepare(letter=letter, words=words, by=desk.operator), by=desk.supervisor)
    assert "八月十五日前建成" in str(page(desk, copy_path(again)))


def test_a_crowded_month_has_several_pages_that_lead_to_each_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BUCKET_SIZE", 2)
    copies = [published(desk, answered(desk)) for _ in range(5)]
    assert [copy.month_page for copy in copies] == ["2026-06", "2026-06", "2026-06-2", "2026-06-2", "2026-06-3"]
    first, second = str(page(desk, "/letters/2026-06/")), str(page(desk, "/letters/2026-06-2/"))
    assert [copy_path(copy) in first for copy in copies] == [True, True, False, False, False]
    assert [copy_path(copy) in second for copy in copies] == [False, False, True, True, False]
    assert "/letters/2026-06-2/" in first
    assert "/letters/2026-06/" in second
    assert "/letters/2026-06-3/" in second
    assert 'href="/letters/2026-06-3/"' in str(page(desk, "/letters/"))
    for none in ("2026-06-1", "2026-06-02", "2026-06-4", "2026-05"):
        assert page(desk, f"/letters/{none}/") == 404


def test_pages_beside_are_told_only_of_pages_that_come_or_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BUCKET_SIZE", 2)

    def told(step: Callable[[], object]) -> set[str]:
        Change.objects.all().delete()
        step()
        return {tag for tag in Change.objects.values_list("tag", flat=True) if tag.startswith("letters:")}

    assert told(lambda: published(desk, answered(desk))) == {"letters:2026-06"}
    assert told(lambda: published(desk, answered(desk))) == {"letters:2026-06"}
    assert told(lambda: published(desk, answered(desk))) == {"letters:2026-06", "letters:2026-06-2"}
    assert told(lambda: published(desk, answered(desk))) == {"letters:2026-06-2"}
    second = PublicCopy.objects.on_page("2026-06-2")
    assert told(lambda: copying.hide(second.published()[0])) >= {"letters:2026-06-2"}
    assert told(lambda: copying.hide(second.published()[0])) == {"letters:2026-06", "letters:2026-06-2"}


def test_a_letter_published_again_in_another_month_keeps_its_address(desk: Desk, letter: Letter, clock: Any) -> None:
    copy = published(desk, letter)
    before = copy_path(copy)
    copying.withdraw(copy=copy, by=desk.supervisor, reason="改正错字")
    clock.shift(timedelta(days=40))
    copy = copying.prepare(letter=letter, words=copying.proposal(letter).words, by=desk.operator)
    copy = copying.publish(copy=copy, by=desk.supervisor)
    assert copy_path(copy) == before
    assert isinstance(page(desk, before), str)
    assert before in str(page(desk, "/letters/2026-06/"))


def test_numbers_are_snapshots_and_pages_follow_them(desk: Desk, letter: Letter) -> None:
    before = str(page(desk, "/letters/"))
    assert "近十二个月" not in before
    now = timezone.now()
    assert counting.take_figures(now) is True
    assert counting.take_figures(now) is False
    numbers = Figures.objects.get().numbers
    assert (numbers["received"], numbers["answered"], numbers["in_time"]) == (1, 1, 1)
    assert numbers["months"] == [{**numbers["months"][0], "month": "2026-06", "received": 1}]
    assert numbers["units"][0]["lead__short_name"] == "县教育局"
    shown = str(page(desk, "/letters/"))
    assert "近十二个月" in shown
    assert "<table" in shown
    published(desk, letter)


def test_the_page_charts_months_ratings_and_answers_in_time_each_with_its_table(desk: Desk) -> None:
    from menhu.cases.enums import Party

    rows = [answered(desk) for _each in range(4)]
    Case.objects.filter(pk=rows[0].pk).update(due_at=timezone.now() - timedelta(days=1))
    for row, level in zip(rows[1:], (5, 5, 1), strict=True):
        actions.rate(case=row.case, by=Party.SENDER, level=level)
    assert counting.take_figures(timezone.now())
    assert Figures.objects.get().numbers["levels"] == [[5, 2], [4, 0], [3, 0], [2, 0], [1, 1]]
    shown = str(page(desk, "/letters/"))
    assert shown.count('<svg class="bars"') == shown.count('<svg class="levels"') == 1
    assert ">6月</text>" in shown
    for cells in ("非常满意</span></th>", ">67%<", ">33%<", "</svg>75%", "67%（3 件评价）"):
        assert cells in shown


def test_numbers_add_up_over_the_twelve_months_and_leave_out_what_came_before(desk: Desk, letter: Letter) -> None:
    moments = ("2025-06-30T23:30+08:00", "2025-07-01T00:30+08:00", "2025-12-31T23:30+08:00", "2026-06-01T09:00+08:00")
    for place, moment in enumerate(moments):
        other = answered(desk, title=f"建议增设第 {place + 2} 个公交站")
        came = datetime.fromisoformat(moment)
        changed = {"received_at": came, "answered_at": came + timedelta(days=place), "due_at": came + timedelta(days=1)}
        Case.objects.filter(pk=other.pk).update(**changed, rating=place + 1)
    Case.objects.filter(pk=letter.pk).update(answered_at=letter.case.received_at)
    numbers = counting.counted(timezone.now())
    assert (numbers["received"], numbers["answered"], numbers["in_time"]) == (4, 4, 2)
    assert (numbers["rated"], numbers["content"], numbers["days"]) == (3, 2, 1.5)
    assert [(row["month"], row["received"]) for row in numbers["months"]] == [
        *(("2025-07", 1), ("2025-12", 1), ("2026-06", 2))
    ]
    for table in ("months", "kinds", "units"):
        for name in ("received", "answered", "in_time", "rated", "content"):
            assert sum(row[name] for row in numbers[table]) == numbers[name], (table, name)


def test_equal_queries_at_one_letter_and_at_a_full_page(
    desk: Desk, letter: Letter, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    published(desk, letter)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            page(desk, "/letters/")
        counts.append(len(asked))
        for _more in range(21):
            published(desk, answered(desk))
    assert counts[0] == counts[1]


def test_two_draws_are_equal_byte_for_byte(desk: Desk, letter: Letter) -> None:
    copy = published(desk, letter)
    for path in ("/letters/", "/letters/2026-06/", copy_path(copy)):
        assert page(desk, path) == page(desk, path)
