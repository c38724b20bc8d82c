import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from menhu.core.sealing import (
    SEAL_BYTES,
    SealBroken,
    fingerprint,
    fingerprint_bytes,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)

PLACE = "cases.sender.phone"


@given(st.text())
def test_what_is_sealed_opens_and_shows_nothing(text: str) -> None:
    sealed = seal(text, PLACE)
    assert unseal(sealed, PLACE) == text
    assert len(text) < 3 or text.encode() not in sealed
    assert seal(text, PLACE) != sealed


@given(st.binary(min_size=1, max_size=8), st.integers(min_value=0))
def test_a_changed_byte_breaks_the_seal(noise: bytes, where: int) -> None:
    sealed = bytearray(seal("13800001234", PLACE))
    at = where % len(sealed)
    sealed[at] ^= noise[0] or 1
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), PLACE)


def test_a_value_does_not_open_in_another_column() -> None:
    with pytest.raises(SealBroken):
        unseal(seal("叶知秋", PLACE), "cases.sender.name")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(40), "明文".encode()])
def test_what_is_no_seal_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed, PLACE)


def test_an_earlier_key_still_opens_and_no_other_does() -> None:
    with override_settings(PERSONAL_DATA_KEY="old"):
        sealed, found = seal("叶知秋", PLACE), fingerprint("叶知秋", "phone")
    with override_settings(PERSONAL_DATA_KEY="new", PERSONAL_DATA_OLD_KEYS=["old"]):
        assert unseal(sealed, PLACE) == "叶知秋"
        assert fingerprint("叶知秋", "phone") != found
    with override_settings(PERSONAL_DATA_KEY="new"), pytest.raises(SealBroken):
        unseal(sealed, PLACE)


def test_fingerprints_tell_purposes_apart() -> None:
    assert fingerprint("13800001234", "phone") == fingerprint("13800001234", "phone")
    assert fingerprint("13800001234", "phone") != fingerprint("13800001234", "limit")
    assert len(fingerprint("", "phone")) == 64


@given(st.binary(max_size=200))
def test_bytes_are_sealed_as_texts_are(data: bytes) -> None:
    sealed = seal_bytes(data, PLACE)
    assert unseal_bytes(sealed, PLACE) == data
    assert len(sealed) == len(data) + SEAL_BYTES
    with pytest.raises(SealBroken):
        unseal_bytes(sealed, "cases.sender.name")


@given(st.binary(max_size=40))
def test_what_is_cut_short_is_no_seal(noise: bytes) -> None:
    mark = seal_bytes(b"", PLACE)[:5]
    with pytest.raises(SealBroken):
        unseal_bytes(mark + noise[:28], PLACE)


def test_bytes_and_texts_have_the_same_fingerprint() -> None:
    assert fingerprint_bytes("叶知秋".encode(), "name") == fingerprint("叶知秋", "name")
    assert fingerprint_bytes(b"\xff", "files") != fingerprint_bytes(b"\xff", "names")
