"""After a case's time of keeping nothing leads to a person: looked for in every table, every file, the search."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from menhu.audit.models import Event
from menhu.cases.actions import retaining
from menhu.cases.enums import EventKind, RetentionDeed
from menhu.cases.models import Answer, Case, CaseEvent, CaseFile, DailySequence, Rating, Sender
from menhu.delivery.models import Change, Lane
from menhu.files.models import StoredFile
from menhu.letters.actions import copying
from menhu.letters.models import InformationRequest, Mailbox, PublicCopy
from menhu.letters.public.addresses import copy_path
from menhu.notices.models import Message, Notice
from menhu.search.models import Document
from tests.cases import archive
from tests.cases.archive import ASKED_PLACES, PLACES, archived, asked, begin, carry_out, found, published, rule
from tests.cases.conftest import MORNING
from tests.cases.desk import Desk
from tests.letters.post import boxes
from tests.letters.test_public import page

Clock = time_machine.Traveller
LATER = MORNING + timedelta(days=1200)
SOUNDS = "甪砼垚焱犇骉羴猋鱻麤龘靐厵滶轟贔"
"""Characters that nothing else in the house is called by."""


@pytest.fixture
def box(desk: Desk) -> Mailbox:
    return boxes(desk.world)["mayor"]


def words(places: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """A word of its own for every place."""
    word = st.text(SOUNDS, min_size=4, max_size=7)
    said = st.lists(word, min_size=len(places), max_size=len(places), unique=True)
    return said.map(lambda found: _typed(dict(zip(places, found, strict=True))))


def _typed(said: dict[str, str]) -> dict[str, str]:
    """Numbers and addresses as forms take them, made of the words."""
    digits = str(int.from_bytes(said["phone"].encode()))[:11]
    formed = {"phone": digits, "email": f"x{digits}@example.cn", "identity": f"99{digits[::-1]}", "code": f"91{digits}"}
    return {name: formed.get(name, value) for name, value in said.items()}


def drawn(places: tuple[str, ...]) -> dict[str, str]:
    """Fixed words, for tests that need no others."""
    return _typed(
        {name: f"{SOUNDS[number % 16]}{SOUNDS[number // 16]}叶知秋{number}号" for number, name in enumerate(places)}
    )


@settings(
    max_examples=5,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=words(PLACES), other=words(ASKED_PLACES))
def test_no_word_of_the_original_is_left_anywhere(
    box: Mailbox,
    desk: Desk,
    clock: Clock,
    django_capture_on_commit_callbacks: object,
    said: dict[str, str],
    other: dict[str, str],
) -> None:
    clock.move_to(MORNING)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        letter, request = archived(desk, box, said), asked(desk, other)
    assert set(found(said)) == set(PLACES)
    assert set(found(other)) == set(ASKED_PLACES)
    before = archive.figures(letter), archive.figures(request), archive.rows_of(letter)
    clock.move_to(LATER)
    row = rule(RetentionDeed.ANONYMISE, 1095)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        (run,) = carry_out(desk)
    assert (run.planned, run.done, run.skipped) == (2, 2, {})
    assert found(said) == {}
    assert found(other) == {}
    after = archive.rows_of(letter)
    assert (archive.figures(letter), archive.figures(request)) == before[:2]
    assert after == {**before[2], "cases.CaseFile": 0, "cases.CaseEvent": before[2]["cases.CaseEvent"] + 1}
    run.delete()
    row.delete()


def test_what_figures_need_stays_and_what_is_left_says_why(desk: Desk, box: Mailbox, clock: Clock) -> None:
    case, request = archived(desk, box, drawn(PLACES)), asked(desk, drawn(ASKED_PLACES))
    lines = list(CaseEvent.objects.filter(case=case).in_order().values_list("kind", "at", "actor_name", "unit_id"))
    clock.move_to(LATER)
    rule(RetentionDeed.ANONYMISE, 1095)
    carry_out(desk)
    left = Case.objects.get(pk=case.pk)
    assert (left.title, left.text, left.place, left.code_digest) == ("内容已按保存期限隐去", "", "", "")
    assert (left.anonymised_at, left.version) == (datetime.now(tz=LATER.tzinfo), case.version + 1)
    sender = Sender.objects.get(case=case)
    assert (sender.name, sender.phone, sender.phone_digest, sender.citizen_id) == ("", "", "", None)
    assert sender.erased_at == left.anonymised_at
    kept = list(CaseEvent.objects.filter(case=case).in_order().values_list("kind", "at", "actor_name", "unit_id"))
    assert kept == [*lines, (EventKind.ANONYMISE, LATER, "", None)]
    assert set(CaseEvent.objects.filter(case=case).values_list("text", flat=True)) == {""}
    assert list(Rating.objects.filter(case=case).values_list("round", "level", "text")) == [(1, 2, "")]
    assert list(Answer.objects.filter(case=case).order_by("round").values_list("state", "text")) == [("signed", "")] * 2
    row = InformationRequest.objects.get(case=request)
    assert (row.applicant, row.outcome, row.organisation, row.third_party) == ("company", "granted", "", "")
    assert (CaseFile.objects.count(), StoredFile.case_files.count()) == (0, 0)
    assert set(Notice.objects.values_list("body", flat=True)) == {""}
    assert {(m.state, m.recipient, m.recipient_digest) for m in Message.objects.all()} == {("given_up", "", "")}


def test_a_masked_copy_stays_public_when_its_letter_is_anonymised(desk: Desk, box: Mailbox, clock: Clock) -> None:
    copy = published(desk, archived(desk, box, drawn(PLACES)))
    Change.objects.all().delete()
    clock.move_to(LATER)
    rule(RetentionDeed.ANONYMISE, 1095)
    carry_out(desk)
    copy.refresh_from_db()
    assert (copy.state, copy.title, copy.answer) == ("published", "路口拥堵", "将增设。")
    assert Document.objects.count() == 1
    assert Change.objects.count() == 0


def test_public_letters_of_many_pages_go_in_as_many_queries_as_one(
    desk: Desk, box: Mailbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BUCKET_SIZE", 1)  # each public letter on a page of its own
    rule(RetentionDeed.ANONYMISE, 900)
    rule(RetentionDeed.DELETE, 1095)
    counts = []
    for count in (1, 6):
        clock.move_to(MORNING)
        copies = [published(desk, archived(desk, box, drawn(PLACES))) for _each in range(count)]
        assert len({copy.month_page for copy in copies}) == count
        clock.move_to(LATER)
        for run in begin(desk):
            with CaptureQueriesContext(connection) as captured:
                assert retaining.go_on(run) is True
            while retaining.go_on(run):
                pass
        assert PublicCopy.objects.count() == 0
        # SQLite's index of words forgets documents one by one.
        counts.append(sum("search_fts" not in query["sql"] for query in captured.captured_queries))
    assert counts[0] == counts[1], counts


def test_deleting_leaves_nothing_but_a_number_that_stays_taken(
    desk: Desk, box: Mailbox, clock: Clock, django_capture_on_commit_callbacks: object
) -> None:
    said = drawn(PLACES)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        case = archived(desk, box, said)
        copy = published(desk, case)
    taken = list(DailySequence.objects.order_by("pk").values("prefix", "day", "last"))
    Change.objects.all().delete()
    clock.move_to(LATER)
    rule(RetentionDeed.ANONYMISE, 900)
    rule(RetentionDeed.DELETE, 1095)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        first, second = carry_out(desk)
    assert [(run.deed, run.planned, run.done) for run in (first, second)] == [("anonymise", 1, 1), ("delete", 1, 1)]
    assert (Case.objects.count(), PublicCopy.objects.count(), Document.objects.count()) == (0, 0, 0)
    assert (Notice.objects.filter(link__contains=f"/{case.pk}/").count(), Message.objects.count()) == (0, 0)
    assert set(archive.rows_of(case).values()) == {0}
    assert set(Change.objects.values_list("lane", flat=True)) == {Lane.RETRACTION}
    assert set(Change.objects.values_list("tag", flat=True)) == {"letters", "letters:2026-06", f"letter:{copy.pk}"}
    assert list(DailySequence.objects.order_by("pk").values("prefix", "day", "last")) == taken
    assert found(said) == {}
    assert page(desk, copy_path(copy)) == 404
    assert page(desk, "/letters/2026-06/") == 404
    stone = Event.objects.get(verb="cases.delete")
    assert (stone.object_label, stone.object_id, stone.actor_name) == (case.number, str(case.pk), "")
    assert stone.data == {"run": second.pk}


def test_words_of_a_timeline_are_erased_by_a_running_run_only(desk: Desk, box: Mailbox, clock: Clock) -> None:
    case = archived(desk, box, drawn(PLACES))
    clock.move_to(LATER)
    rule(RetentionDeed.ANONYMISE, 3650)
    (run,) = carry_out(desk)
    assert run.finished_at is not None
    before = list(CaseEvent.objects.order_by("pk").values())
    with pytest.raises(TypeError, match="running retention run"):
        CaseEvent.objects.erase_words([case.pk], run=run)
    for attempt in (CaseEvent.objects.all().delete, lambda: CaseEvent.objects.update(text="")):
        with pytest.raises(TypeError, match="only ever added"):
            attempt()
    assert list(CaseEvent.objects.order_by("pk").values()) == before
