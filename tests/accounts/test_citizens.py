"""Contacts in one form, codes that are good once, accounts that belong to an address."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from menhu.accounts import citizens, codes
from menhu.accounts.contacts import Contact, contact_of
from menhu.accounts.enums import ContactKind
from menhu.accounts.models import Citizen, SignInCode

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PHONE = Contact(ContactKind.PHONE, "13800001234")
EMAIL = Contact(ContactKind.EMAIL, "ye@example.cn")
needs_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Contact, str, datetime]]:
    found: list[tuple[Contact, str, datetime]] = []
    monkeypatch.setattr(codes, "_deliver", [lambda *message: found.append(message)])
    return found


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13800001234", "13800001234"),
        (" 138-0000 1234 ", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("0086-138‐0000‐1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("Ye@Example.CN ", "ye@example.cn"),
        ("ye＠example.cn", "ye@example.cn"),
    ],
)
def test_contacts_are_kept_in_one_form(typed: str, value: str) -> None:
    found = contact_of(typed)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("typed", ["", "12345", "12800001234", "138000012345", "0000-6120086", "@", "ye@", "a b@c.cn"])
def test_what_is_no_contact_is_none(typed: str) -> None:
    assert contact_of(typed) is None


@given(st.text(max_size=300))
def test_any_text_is_a_contact_in_its_own_form_or_none(typed: str) -> None:
    found = contact_of(typed)
    assert found is None or contact_of(found.value) == found


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"), st.sampled_from(["", " ", "-"]), st.sampled_from(["", "+86", "0086 "]))
def test_a_number_is_the_same_however_it_is_set(number: str, gap: str, country: str) -> None:
    typed = f"{country}{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    assert contact_of(typed) == Contact(ContactKind.PHONE, number)


@pytest.mark.django_db
def test_a_code_is_good_once(sent: list[tuple[Contact, str, datetime]]) -> None:
    row = codes.ask(contact=PHONE, now=NOW)
    (contact, code, until) = sent[0]
    assert (contact, len(code), code.isdecimal(), until) == (PHONE, 6, True, NOW + timedelta(minutes=10))
    assert codes.redeem(key=row.pk, typed=code, now=NOW) == PHONE
    assert codes.redeem(key=row.pk, typed=code, now=NOW) is None
    assert SignInCode.objects.count() == 0


@pytest.mark.django_db
def test_a_code_lies_neither_bare_nor_hashed_without_a_key(sent: list[tuple[Contact, str, datetime]]) -> None:
    codes.ask(contact=PHONE, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, code_digest, digest FROM accounts_signincode")
        address, code_digest, _digest = cursor.fetchone()
    assert b"13800001234" not in bytes(address)
    assert sent[0][1] not in code_digest


@pytest.mark.django_db
def test_a_code_lives_ten_minutes(sent: list[tuple[Contact, str, datetime]]) -> None:
    row = codes.ask(contact=PHONE, now=NOW)
    assert codes.redeem(key=row.pk, typed=sent[0][1], now=NOW + codes.LIFETIME) is None
    just = NOW + codes.LIFETIME - timedelta(seconds=1)
    assert codes.forget_old(just) == 0
    assert codes.redeem(key=row.pk, typed=sent[0][1], now=just) == PHONE
    codes.ask(contact=PHONE, now=NOW)
    assert codes.forget_old(NOW + codes.LIFETIME) == 1


@pytest.mark.django_db
def test_a_new_code_takes_the_place_of_the_old_and_its_tries(sent: list[tuple[Contact, str, datetime]]) -> None:
    old = codes.ask(contact=PHONE, now=NOW)
    for _time in range(codes.TRIES):
        assert codes.redeem(key=old.pk, typed="x", now=NOW) is None
    assert codes.redeem(key=old.pk, typed=sent[0][1], now=NOW) is None
    new = codes.ask(contact=PHONE, now=NOW)
    assert (new.pk, SignInCode.objects.count()) == (old.pk, 1)
    if sent[0][1] != sent[1][1]:
        assert codes.redeem(key=new.pk, typed=sent[0][1], now=NOW) is None
    assert codes.redeem(key=new.pk, typed=sent[1][1], now=NOW) == PHONE


@pytest.mark.django_db
def test_a_code_of_one_address_is_none_of_another(sent: list[tuple[Contact, str, datetime]]) -> None:
    codes.ask(contact=PHONE, now=NOW)
    other = codes.ask(contact=EMAIL, now=NOW)
    if sent[0][1] != sent[1][1]:
        assert codes.redeem(key=other.pk, typed=sent[0][1], now=NOW) is None
    assert codes.redeem(key=other.pk, typed=sent[1][1], now=NOW) == EMAIL


@pytest.mark.django_db
def test_without_a_sender_no_code_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_deliver", [])
    with pytest.raises(ImproperlyConfigured):
        codes.ask(contact=PHONE, now=NOW)
    assert SignInCode.objects.count() == 0


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_five(sent: list[tuple[Contact, str, datetime]]) -> None:
    row = codes.ask(contact=PHONE, now=NOW)
    gate = Barrier(12)

    def guess() -> None:
        gate.wait()
        codes.redeem(key=row.pk, typed="x", now=NOW)
        connections.close_all()

    threads = [Thread(target=guess) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert row.tries == codes.TRIES


@pytest.mark.django_db
def test_what_is_personal_lies_sealed() -> None:
    citizen = citizens.sign_in(contact=PHONE, now=NOW)
    citizens.rename(citizen=citizen, name="叶知秋")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, name FROM accounts_citizen")
        phone, name = (bytes(value) for value in cursor.fetchone())
    assert b"13800001234" not in phone
    assert "叶知秋".encode() not in name
    assert (Citizen.objects.get().phone, Citizen.objects.get().name) == ("13800001234", "叶知秋")


@pytest.mark.django_db
def test_an_account_has_an_address_or_has_ended() -> None:
    citizen = citizens.sign_in(contact=EMAIL, now=NOW)
    with pytest.raises(IntegrityError, match="accounts_citizen_reachable"), transaction.atomic():
        Citizen.objects.filter(pk=citizen.pk).update(email_digest=None)
    assert citizens.erase(citizen=citizen, now=NOW)
    assert not citizens.erase(citizen=citizen, now=NOW)
    citizens.rename(citizen=citizen, name="又来了")
    assert Citizen.objects.get().name == ""
