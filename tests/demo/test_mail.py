"""Letters and requests as the small county has them: every state, kind and turn that the platform knows."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from menhu.accounts.models import Citizen
from menhu.audit.models import Event
from menhu.cases.enums import CaseState, CaseVerb, Channel, DirectiveKind, EventKind, LinkKind
from menhu.cases.models import (
    Assignment,
    Case,
    CaseEvent,
    CaseFile,
    CaseKind,
    CaseLink,
    Directive,
    Extension,
    Rating,
    Sender,
)
from menhu.demo.building.mail import Part, build_letters, how_many, pieces
from menhu.demo.building.mailboxes import build_mailboxes
from menhu.demo.building.organisation import build_organisation
from menhu.demo.building.plan import SCALES, SEED, Plan
from menhu.letters.enums import CopyState
from menhu.letters.models import Figures, InformationRequest, Letter, PetitionCase, PublicCopy

NOW = datetime(2026, 6, 3, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAN = Plan("small", SEED, "2026-06-03")
SIZE = SCALES["small"]
WAITING = frozenset({CaseState.ASKED, CaseState.CONSULTED})

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Built once for the module: first the newest letters, then the older ones, as a served demo does."""
    home: Path = tmp_path_factory.mktemp("demo")
    folders = {"PRIVATE_ROOT": home / "private", "MEDIA_ROOT": home / "private", "KEYS_ROOT": home / "keys"}
    blocker: object = django_db_blocker
    unblocked = blocker.unblock()  # type: ignore[attr-defined]
    with unblocked, override_settings(**folders), time_machine.travel(NOW, tick=False), transaction.atomic():
        build_organisation()
        build_mailboxes()
        for part in (Part.LATEST, Part.OLDER):
            assert max(build_letters(PLAN, part)) == how_many(pieces(PLAN, part))
        yield
        transaction.set_rollback(True)


def counted(name: str) -> Counter[object]:
    return Counter(Case.objects.values_list(name, flat=True))


def test_every_letter_and_request_stands_once_with_what_was_cut_out() -> None:
    parts = CaseLink.objects.filter(kind=LinkKind.PART).count()
    assert parts >= 1
    assert Case.objects.count() == SIZE.letters + SIZE.requests + parts
    assert Letter.objects.count() == SIZE.letters
    assert InformationRequest.objects.count() == SIZE.requests
    assert counted("title").most_common(1)[0][1] == 1


def test_every_state_kind_and_channel_is_there() -> None:
    assert set(counted("state")) == {state.value for state in CaseState}
    assert set(counted("kind__code")) == set(CaseKind.objects.values_list("code", flat=True))
    assert set(counted("channel")) == {channel.value for channel in Channel}


def test_every_step_of_the_timeline_was_taken_that_needs_no_neglect() -> None:
    by_clock = {
        CaseVerb.LAPSE,
        CaseVerb.ABANDON,
        CaseVerb.SILENCE,
        CaseVerb.UNMERGE,
        EventKind.ALARM,
        EventKind.ANONYMISE,
    }
    seen = set(CaseEvent.objects.values_list("kind", flat=True))
    assert {kind for kind, _label in CaseEvent.KINDS} - seen == {kind.value for kind in by_clock}


def test_ratings_extensions_directives_and_petitions_are_of_every_sort() -> None:
    assert set(Rating.objects.values_list("level", flat=True)) == {1, 2, 3, 4, 5}
    assert set(Extension.objects.values_list("is_granted", flat=True)) == {True, False, None}
    assert set(Directive.objects.values_list("kind", flat=True)) == {kind.value for kind in DirectiveKind}
    assert Directive.objects.filter(reported_at=None).exists()
    assert PetitionCase.objects.filter(ended_on=None).exists()
    assert PetitionCase.objects.filter(ended_on__isnull=False).exclude(outcome="").exists()
    assert Assignment.objects.filter(is_lead=False).exclude(opinion="").exists()


def test_copies_are_published_withdrawn_drafted_and_models() -> None:
    assert set(PublicCopy.objects.values_list("state", flat=True)) == {state.value for state in CopyState}
    assert PublicCopy.objects.published().filter(is_model=True).exists()
    assert not PublicCopy.objects.filter(letter__wants_publication=False).exists()


def test_public_answers_keep_the_units_telephone_and_name_no_sender() -> None:
    copies = PublicCopy.objects.select_related("letter__case__sender")
    assert any("0000-612 " in copy.answer for copy in copies)
    for copy in copies:
        sender = copy.letter.case.sender
        assert sender.name
        private = [value for value in (sender.name, sender.phone, sender.address, sender.email) if value]
        assert [value for value in private if value in copy.title + copy.question + copy.answer] == []


def test_a_merged_letter_got_the_answer_of_its_master() -> None:
    followed = CaseLink.objects.filter(kind=LinkKind.DUPLICATE).select_related("case", "master")
    assert {link.case.state for link in followed} >= {CaseState.MERGED, CaseState.CLOSED}
    for link in followed:
        answers = [list(case.answers.values_list("text", flat=True)[:1]) for case in (link.case, link.master)]
        assert answers[0] == answers[1]
        assert link.case.received_at >= link.master.received_at


def test_some_are_late_now_and_most_were_answered_in_time() -> None:
    now = timezone.now()
    assert Case.objects.overdue(now).exclude(state__in=WAITING).exists()
    answered = Case.objects.filter(answered_at__isnull=False)
    assert answered.filter(answered_at__gt=F("due_at")).count() < answered.count() * 0.1


def test_nothing_happens_in_the_future_or_before_the_letter() -> None:
    assert not CaseEvent.objects.filter(at__gt=timezone.now()).exists()
    assert not CaseEvent.objects.filter(at__lt=F("case__received_at")).exists()
    for case_id in Case.objects.values_list("pk", flat=True):
        moments = list(CaseEvent.objects.filter(case_id=case_id).in_order().values_list("at", flat=True))
        assert moments == sorted(moments)


def test_the_newest_letter_has_the_highest_id_whenever_it_was_built() -> None:
    whole = Case.objects.exclude(links__kind=LinkKind.PART)
    by_id = list(whole.order_by("pk").values_list("received_at", flat=True))
    assert by_id == sorted(by_id)


def test_a_few_senders_have_an_account_and_a_few_sent_files() -> None:
    assert Citizen.objects.exists()
    citizens = set(Citizen.objects.values_list("pk", flat=True))
    assert set(Sender.objects.exclude(citizen_id=None).values_list("citizen_id", flat=True)) == citizens
    assert CaseFile.objects.filter(is_from_sender=True).exists()


def test_nobody_was_refused_and_every_step_is_in_the_trail() -> None:
    assert not Event.objects.filter(verb="cases.refused").exists()
    steps = Event.objects.filter(verb__startswith="cases.").exclude(verb="cases.refused")
    assert steps.count() == CaseEvent.objects.count()
    assert Figures.objects.filter(numbers__received__gt=0).exists()


def test_building_again_changes_nothing() -> None:
    before = (Case.objects.count(), CaseEvent.objects.count(), Event.objects.count())
    for _done in build_letters(PLAN):
        pass
    assert (Case.objects.count(), CaseEvent.objects.count(), Event.objects.count()) == before
