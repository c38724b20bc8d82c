"""Where a citizen can be reached: a mobile number or an e-mail address, as typed by people and as kept."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from menhu.accounts.enums import ContactKind
from menhu.core.personal import masked_email, masked_phone
from menhu.core.sealing import fingerprint

LONGEST: Final = 254
_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
_FILLING: Final = re.compile(r"[\s\-‐-―()]")


@dataclass(frozen=True, slots=True)
class Contact:
    """An address in the one form in which it is kept: eleven digits, or an e-mail address in small letters."""

    kind: ContactKind
    value: str

    @property
    def digest(self) -> str:
        """By which equal addresses are found; a number's is that of senders' numbers in cases."""
        return fingerprint(self.value, self.kind.value)

    @property
    def masked(self) -> str:
        return masked_phone(self.value) if self.kind is ContactKind.PHONE else masked_email(self.value)


def contact_of(typed: str) -> Contact | None:
    """What was typed as a contact; None for what is neither a mobile number of the mainland nor an e-mail address."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if "@" in text:
        return _email(text.lower())
    digits = re.sub(r"^(?:\+|00)86", "", _FILLING.sub("", text))
    return Contact(ContactKind.PHONE, digits) if _MOBILE.fullmatch(digits) else None


def _email(text: str) -> Contact | None:
    try:
        validate_email(text)
    except ValidationError:
        return None
    return Contact(ContactKind.EMAIL, text) if len(text) <= LONGEST else None
