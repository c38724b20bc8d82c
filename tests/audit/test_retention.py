"""Old events go only after six months at least, oldest first, and the chain tells that they went."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import models
from django.utils import timezone

from menhu.audit.models import Event, Seal
from menhu.audit.retention import purge
from menhu.audit.sealing import seal, verify
from menhu.audit.trail import record


@pytest.fixture
def two_years(db: None) -> None:
    now = timezone.now()
    Event.objects.bulk_create([Event(verb="a.b", at=now - timedelta(days=735 - 73 * n)) for n in range(10)])
    seal(now)


def test_everything_is_kept_by_default(two_years: None) -> None:
    assert purge(timezone.now()) == 0
    assert Event.objects.count() == 10


@pytest.mark.parametrize("batch", [2, 500])
def test_events_past_the_period_go_and_the_chain_still_holds(
    two_years: None, settings: object, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("menhu.audit.retention.BATCH", batch)
    settings.AUDIT_RETENTION_DAYS = 365  # type: ignore[attr-defined]
    assert purge(timezone.now()) == 6
    assert Seal.objects.order_by("position").values_list("position", flat=True).first() == 7
    seal(timezone.now())
    proof = verify()
    purges = Event.objects.filter(verb="audit.purge").count()
    assert (proof.holds, proof.sealed) == (True, 4 + purges)
    assert purge(timezone.now()) == 0


def test_a_period_below_six_months_is_not_obeyed(two_years: None, settings: object) -> None:
    settings.AUDIT_RETENTION_DAYS = 1  # type: ignore[attr-defined]
    assert purge(timezone.now()) == 8  # those older than 183 days
    assert [error.id for error in run_checks() if error.id == "audit.E001"] == ["audit.E001"]


def test_unsealed_events_never_go(db: None, settings: object) -> None:
    settings.AUDIT_RETENTION_DAYS = 365  # type: ignore[attr-defined]
    Event.objects.bulk_create([Event(verb="a.b", at=timezone.now() - timedelta(days=900))])
    assert purge(timezone.now()) == 0
    assert Event.objects.count() == 1


def test_a_gap_without_a_purge_is_found(two_years: None) -> None:
    ids = list(Seal.objects.filter(position__lte=3).values_list("pk", flat=True))
    Seal.objects.filter(pk__in=ids).delete()
    models.QuerySet(Event).filter(pk__in=ids).delete()
    record("a.b", None, by=None)
    assert (verify().fault, verify().position) == ("gap", 4)
