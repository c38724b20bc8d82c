"""Keys, chains and signed files."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.delivery.manifest.keys import (
    FILE,
    NotTrustedError,
    chain_bytes,
    chain_of,
    led_to,
    opened,
    opened_by,
    public_pem,
    rotate,
    signer_in,
    trusted_key,
)


def test_the_first_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = signer_in(folder)
    assert signer_in(folder).name == first.name
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_what_is_signed_is_opened_by_the_public_key_alone(tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    key = trusted_key(public_pem(signer))
    content = {"host": "www.example.cn", "serial": 7}
    assert opened(signer.signed(content), key) == content
    other = trusted_key(public_pem(signer_in(tmp_path / "other")))
    with pytest.raises(NotTrustedError):
        opened(signer.signed(content), other)


@given(at=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_byte_of_a_signed_file_can_be_changed(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int
) -> None:
    signer = signer_in(tmp_path_factory.getbasetemp() / "signing")
    key = trusted_key(public_pem(signer))
    body = bytearray(signer.signed({"object": "a" * 64, "serial": 12}))
    body[at % len(body)] ^= change
    try:
        content = opened(bytes(body), key)
    except NotTrustedError:
        return
    assert content == {"object": "a" * 64, "serial": 12}


def test_the_chain_leads_from_every_earlier_key_to_the_last(tmp_path: Path) -> None:
    keys = [trusted_key(public_pem(signer_in(tmp_path)))]
    keys += [trusted_key(public_pem(rotate(tmp_path))) for _ in range(3)]
    chain = chain_of(chain_bytes(signer_in(tmp_path).chain))
    assert {led_to(key, chain) for key in keys} == {keys[-1]}
    stranger = trusted_key(public_pem(signer_in(tmp_path / "stranger")))
    with pytest.raises(NotTrustedError):
        led_to(stranger, chain)


def test_a_forged_step_of_the_chain_is_noticed(tmp_path: Path) -> None:
    first = trusted_key(public_pem(signer_in(tmp_path)))
    rotate(tmp_path)
    forger = signer_in(tmp_path / "forger")
    shown = json.loads(chain_bytes(signer_in(tmp_path).chain))
    shown["keys"][1]["key"] = json.loads(chain_bytes(forger.chain))["keys"][0]["key"]
    with pytest.raises(NotTrustedError):
        led_to(first, chain_of(json.dumps(shown).encode()))


def test_while_a_key_is_changed_the_one_before_still_counts_unless_it_lost_the_trust(tmp_path: Path) -> None:
    signers = [signer_in(tmp_path)]
    signers += [rotate(tmp_path) for _ in range(2)]
    chain = signers[-1].chain
    first, second, third = (signer.signed({"serial": number}) for number, signer in enumerate(signers))
    assert opened_by(third, chain[0].key, chain) == {"serial": 2}
    assert opened_by(second, chain[0].key, chain) == {"serial": 1}
    assert opened_by(second, chain[1].key, chain) == {"serial": 1}
    for body, trusted in ((first, 0), (first, 1), (second, 2), (first, 2)):
        with pytest.raises(NotTrustedError):
            opened_by(body, chain[trusted].key, chain)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"keys": [{}]}', b'{"keys": [{"key": "!", "signature": ""}]}'])
def test_what_is_no_chain_is_refused(body: bytes) -> None:
    with pytest.raises(NotTrustedError):
        chain_of(body)


@pytest.mark.parametrize("body", [b"", b"null", b'{"content": 1}', b'{"content": {}, "signature": "?"}'])
def test_what_is_no_signed_file_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(NotTrustedError):
        opened(body, trusted_key(public_pem(signer_in(tmp_path))))
