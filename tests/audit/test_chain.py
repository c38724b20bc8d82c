"""The hash chain: what was recorded cannot be changed, removed or reordered without being found."""

from datetime import UTC, datetime
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from menhu.audit.models import Event, Seal, Unsealed
from menhu.audit.querysets import AppendOnlyError
from menhu.audit.rules import FIRST, canonical, link
from menhu.audit.sealing import seal, verify
from menhu.audit.trail import record
from menhu.audit.triggers import are_installed, install, remove

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)


def tamper(**values: object) -> models.QuerySet[Event]:
    """A queryset that knows no rules, as somebody with the database in hand."""
    return models.QuerySet(Event).filter(**values)


@pytest.fixture
def chain(db: None) -> list[Event]:
    events = [record("units.add", None, by=None, data={"名": f"单位{number}", "n": number}) for number in range(5)]
    assert seal(timezone.now()) == 5
    return events


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=5), json_values)
def test_one_spelling_and_every_difference_counts(event: dict[str, object], other: object) -> None:
    reordered = dict(reversed(list(event.items())))
    assert canonical(event) == canonical(reordered)
    changed = {**event, "changed": [other]}
    assert link(FIRST, event) != link(FIRST, changed)
    assert link(FIRST, event) != link(link(FIRST, event), event)


def test_the_digest_is_what_it_was() -> None:
    event = {"id": 7, "verb": "a.b", "at": datetime(2026, 6, 18, 2, 30, tzinfo=UTC), "data": {"名": "值"}}
    assert canonical(event).decode() == (
        '{"at":"2026-06-18T02:30:00.000000+00:00","data":{"名":"值"},"id":7,"verb":"a.b"}'
    )
    assert link(FIRST, event) == "9595ab0a1cd62cd837da191fe7971bb813b9e6af9e046d89548b91c0130b33c3"


def test_events_are_sealed_in_batches_and_the_chain_holds(chain: list[Event]) -> None:
    proof = verify()
    assert (proof.holds, proof.sealed, proof.waiting) == (True, 5, 0)
    assert proof.head == Seal.objects.get(position=5).digest
    record("units.change", None, by=None)
    assert (verify().sealed, verify().waiting) == (5, 1)
    assert seal(timezone.now()) == 1
    assert verify().sealed == 6
    assert seal(timezone.now()) == 0


def test_more_than_a_batch_is_sealed_at_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.audit.sealing.BATCH", 3)
    Event.objects.bulk_create([Event(verb="a.b", at=timezone.now()) for _ in range(8)])
    assert seal(timezone.now()) == 8
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 9))
    assert not Unsealed.objects.exists()
    assert verify().holds


def test_a_changed_event_is_named(chain: list[Event]) -> None:
    tamper(pk=chain[2].pk).update(actor_name="别人")
    proof = verify()
    assert (proof.fault, proof.position, proof.event_id, proof.sealed) == ("changed", 3, chain[2].pk, 2)


def test_changed_data_is_named(chain: list[Event]) -> None:
    tamper(pk=chain[4].pk).update(data={"名": "单位4", "n": 5})
    assert (verify().fault, verify().position) == ("changed", 5)


def test_a_removed_event_is_named(chain: list[Event]) -> None:
    models.QuerySet(Seal).filter(pk=chain[1].pk).delete()
    tamper(pk=chain[1].pk).delete()
    proof = verify()
    assert (proof.fault, proof.position, proof.event_id) == ("gap", 3, chain[2].pk)


def test_the_first_event_cannot_be_removed_unseen(chain: list[Event]) -> None:
    models.QuerySet(Seal).filter(pk=chain[0].pk).delete()
    tamper(pk=chain[0].pk).delete()
    assert (verify().fault, verify().position) == ("gap", 2)


def test_a_removed_seal_is_named(chain: list[Event]) -> None:
    models.QuerySet(Seal).filter(pk=chain[4].pk).delete()
    proof = verify()
    assert (proof.fault, proof.event_id) == ("unsealed", chain[4].pk)


def test_two_events_that_changed_places_are_found(chain: list[Event]) -> None:
    one, two = Seal.objects.get(position=2), Seal.objects.get(position=3)
    Seal.objects.filter(position=2).update(position=99)
    Seal.objects.filter(pk=two.pk).update(position=2)
    Seal.objects.filter(pk=one.pk).update(position=3)
    assert (verify().fault, verify().position) == ("changed", 2)


def test_the_model_refuses_change_and_removal(chain: list[Event]) -> None:
    event = chain[0]
    event.verb = "other"
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(verb="other"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert verify().holds


@pytest.fixture
def guarded(chain: list[Event]) -> list[Event]:
    """The chain in a database with the triggers of the migration."""
    install(None, connection.schema_editor())
    return chain


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_itself_refuses(guarded: list[Event], statement: str) -> None:
    with pytest.raises(DatabaseError, match="the trail is append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert verify().sealed == 5


def test_a_migration_puts_the_triggers_on() -> None:
    migration = import_module("menhu.audit.migrations.0004_append_only").Migration
    assert [(step.code, step.reverse_code) for step in migration.operations] == [(install, remove)]


def test_the_triggers_can_be_seen_and_removed(guarded: list[Event]) -> None:
    assert are_installed(connection)
    remove(None, connection.schema_editor())
    assert not are_installed(connection)


def output_of(*arguments: str) -> str:
    printed = StringIO()
    call_command("audit", *arguments, stdout=printed, no_color=True)
    return printed.getvalue().strip()


def test_the_command_proves_the_chain(guarded: list[Event]) -> None:
    head = Seal.objects.get(position=5).digest
    assert output_of("head") == f"5:{head}"
    assert output_of("verify") == f"散列链完整：已封存 5 条，待封存 0 条，链头 {head}"
    assert output_of("verify", "--anchor", f"5:{head}").startswith("散列链完整")


def test_the_command_fails_on_another_head(guarded: list[Event]) -> None:
    with pytest.raises(CommandError, match="散列链被整体改写或截短"):
        call_command("audit", "verify", "--anchor", "5:" + "0" * 64)


def test_the_command_names_the_broken_link(chain: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.audit.management.commands.audit.are_installed", lambda connection: True)
    tamper(pk=chain[2].pk).update(verb="x")
    with pytest.raises(CommandError, match=f"散列链在第 3 环断开：记录 {chain[2].pk} 的内容被改动。"):
        call_command("audit", "verify")


def test_the_command_misses_the_triggers(chain: list[Event]) -> None:
    with pytest.raises(CommandError, match="触发器缺失"):
        call_command("audit", "verify")
