"""Personal data in rows and files: sealed with AES-GCM, found again by a keyed hash, shown masked.

Each install has a key of its own (`PERSONAL_DATA_KEY`); what was sealed under an earlier one, named in
`PERSONAL_DATA_OLD_KEYS`, still opens. The column's name is bound into the seal, so that a value copied into another
column does not open there.
"""

import functools
import hashlib
import hmac
import os
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_KEY_MARK: Final = 4
_TAG: Final = 16
SEAL_BYTES: Final = len(_VERSION) + _KEY_MARK + _NONCE + _TAG


class SealBroken(Exception):  # noqa: N818 - it names the outcome
    """A sealed value that no key of this install opens: another install's, another column's, or tampered with."""


def seal(text: str, place: str) -> bytes:
    """Encrypt a text for one place ("app.model.field"); equal texts give different bytes."""
    return seal_bytes(text.encode(), place)


def unseal(sealed: bytes, place: str) -> str:
    """The text sealed for this place. Raises SealBroken."""
    return unseal_bytes(sealed, place).decode()


def seal_bytes(data: bytes, place: str) -> bytes:
    """Encrypt bytes for one place; `SEAL_BYTES` longer than they were. The whole is held in memory."""
    key, nonce = _keys()[0], os.urandom(_NONCE)
    return _VERSION + _mark(key) + nonce + AESGCM(key).encrypt(nonce, data, place.encode())


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """The bytes sealed for this place. Raises SealBroken."""
    start = len(_VERSION) + _KEY_MARK
    mark, nonce, body = sealed[1:start], sealed[start : start + _NONCE], sealed[start + _NONCE :]
    key = next((key for key in _keys() if _mark(key) == mark), None)
    if sealed[:1] != _VERSION or key is None:
        raise SealBroken(place)
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except (InvalidTag, ValueError) as error:  # a nonce cut short is a ValueError
        raise SealBroken(place) from error


def fingerprint(text: str, purpose: str) -> str:
    """A keyed hash (64 hex digits) by which equal values of one purpose are found without being readable."""
    return fingerprint_bytes(text.encode(), purpose)


def fingerprint_bytes(data: bytes, purpose: str) -> str:
    """The same for bytes."""
    key = _derived(settings.PERSONAL_DATA_KEY, f"fingerprint:{purpose}")
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def _keys() -> list[bytes]:
    """The key in force first, then the earlier ones."""
    return [_derived(secret, "seal") for secret in (settings.PERSONAL_DATA_KEY, *settings.PERSONAL_DATA_OLD_KEYS)]


def _mark(key: bytes) -> bytes:
    """Tells which key sealed a value without telling the key."""
    return hashlib.sha256(b"mark" + key).digest()[:_KEY_MARK]


@functools.lru_cache(maxsize=32)
def _derived(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"menhu:{purpose}".encode())
    return kdf.derive(secret.encode())


class SealedTextField(models.Field[str, str]):
    """A text kept sealed: a str in Python, bytes in the database. It cannot be searched; keep a fingerprint beside."""

    empty_values = (None, "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **{"default": "", "blank": True, **kwargs})

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: bytes | memoryview | None, *_asked: object) -> str:
        return unseal(bytes(value), self.place) if value else ""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if not isinstance(value, str):
            raise TypeError(f"{self.place} keeps a text")
        return seal(value, self.place) if value else b""

    def get_placeholder(self, value: Any, _compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return connection.ops.binary_placeholder_sql(value)

    def value_to_string(self, obj: models.Model) -> str:
        """What leaves by serialisation stays sealed."""
        return seal(self.value_from_object(obj), self.place).hex()
