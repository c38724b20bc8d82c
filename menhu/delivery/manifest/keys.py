"""Ed25519 keys: one signs, a chain leads from any earlier public key to it."""

import base64
import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.utils.translation import gettext as _

from menhu.delivery.manifest.layout import canonical

FILE: Final = "manifest.json"


class NotTrustedError(Exception):
    """A signature, a key or a chain that does not lead to the key that is trusted."""


class KeyLostError(OSError):
    """The file of the private key is there and cannot be used."""


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain: a public key, and the signature that the key before it gave."""

    key: bytes
    signature: bytes

    @property
    def name(self) -> str:
        return key_name(self.key)


class Signer:
    """The private key in use and the chain of public keys that ends with its own."""

    def __init__(self, private: Ed25519PrivateKey, chain: tuple[Link, ...]) -> None:
        self._private, self.chain = private, chain

    @property
    def name(self) -> str:
        return self.chain[-1].name

    def signed(self, content: dict[str, Any]) -> bytes:
        """The content with key and signature, as one JSON file."""
        signature = self._private.sign(canonical(content))
        return canonical({"content": content, "key": self.name, "signature": _text(signature)})

    def secret(self) -> bytes:
        """Private key and chain, as they are kept."""
        return canonical({"private": _text(self._private.private_bytes_raw()), "keys": _shown(self.chain)})

    def succeeded_by(self, private: Ed25519PrivateKey) -> "Signer":
        """The signer with a new key, which the present one vouches for."""
        key = _raw(private.public_key())
        return Signer(private, (*self.chain, Link(key, self._private.sign(key))))


def key_name(key: bytes) -> str:
    """A short name of a public key."""
    return hashlib.sha256(key).hexdigest()[:16]


def signer_in(folder: Path) -> Signer:
    """The signer whose key lies in the folder; made there the first time, for its owner's eyes only.

    Raises KeyLostError where what lies there is no key.
    """
    if not (folder / FILE).exists():
        private = Ed25519PrivateKey.generate()
        _keep(folder, Signer(private, (Link(_raw(private.public_key()), b""),)), is_first=True)
    try:
        kept = (folder / FILE).read_bytes()
        private = Ed25519PrivateKey.from_private_bytes(_octets(json.loads(kept)["private"]))
        return Signer(private, chain_of(kept))
    except (OSError, ValueError, KeyError, TypeError, NotTrustedError) as error:
        told = _("签名密钥 %s 读不出；请从备份恢复，没有备份就移走它再运行 menhu verify --repair。")
        raise KeyLostError(told % (folder / FILE)) from error


def rotate(folder: Path) -> Signer:
    """Put a new key in the place of the old, which signs it once and is then forgotten."""
    successor = signer_in(folder).succeeded_by(Ed25519PrivateKey.generate())
    _keep(folder, successor)
    return successor


def _keep(folder: Path, signer: Signer, *, is_first: bool = False) -> None:
    """Write key and chain as one file; of two processes that make the first key at once, one wins."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh, final = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}", folder / FILE
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(signer.secret())
        file.flush()
        os.fsync(file.fileno())
    if is_first:
        with suppress(FileExistsError):
            os.link(fresh, final)
        fresh.unlink()
    else:
        fresh.replace(final)


def chain_bytes(chain: tuple[Link, ...]) -> bytes:
    """The chain as it is published."""
    return canonical({"keys": _shown(chain)})


def _shown(chain: tuple[Link, ...]) -> list[dict[str, str]]:
    return [{"key": _text(link.key), "signature": _text(link.signature)} for link in chain]


def chain_of(body: bytes) -> tuple[Link, ...]:
    """The inverse of `chain_bytes`; raises NotTrustedError where it is none."""
    try:
        return tuple(Link(_octets(k["key"]), _octets(k["signature"])) for k in json.loads(body)["keys"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotTrustedError(_("密钥链读不出")) from error


def public_pem(signer: Signer) -> bytes:
    """The public key in use, for a web server to trust."""
    key = Ed25519PublicKey.from_public_bytes(signer.chain[-1].key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def trusted_key(pem: bytes) -> bytes:
    """The raw public key of a PEM file; raises NotTrustedError where it is none of Ed25519."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise NotTrustedError(_("不是公钥")) from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotTrustedError(_("不是 Ed25519 公钥"))
    return _raw(key)


def led_to(trusted: bytes, chain: tuple[Link, ...]) -> bytes:
    """The key at the end of the chain, followed from the trusted one; raises NotTrustedError where a step fails."""
    keys = [link.key for link in chain]
    if trusted not in keys:
        raise NotTrustedError(_("密钥链里没有所信任的公钥（密钥丢失或被换过，请送来新公钥）"))
    at = keys.index(trusted)
    for before, link in zip(chain[at:], chain[at + 1 :], strict=False):
        _check(before.key, link.key, link.signature)
    return keys[-1]


def opened_by(body: bytes, trusted: bytes, chain: tuple[Link, ...]) -> dict[str, Any]:
    """The content of a file signed by the last key of the chain, or by the one before while the key is being changed.

    A key before the trusted one counts for nothing. Raises NotTrustedError.
    """
    last = led_to(trusted, chain)
    keys = [link.key for link in chain]
    before = keys[-2] if keys.index(trusted) < len(keys) - 1 else last
    try:
        return opened(body, last)
    except NotTrustedError:
        return opened(body, before)


def opened(body: bytes, key: bytes) -> dict[str, Any]:
    """The content of a signed file; raises NotTrustedError where the signature is not of this key."""
    try:
        file = json.loads(body)
        content, signature = file["content"], _octets(file["signature"])
        signed = canonical(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotTrustedError(_("签名文件读不出")) from error
    _check(key, signed, signature)
    return dict(content)


def _check(key: bytes, signed: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise NotTrustedError(_("签名不符")) from error


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _octets(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
