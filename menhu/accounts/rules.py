"""What a password must be (GB/T 22239 asks for complexity and change; the figures are those of practice)."""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

MINIMUM_LENGTH = 8
KINDS_WANTED = 3
FRAGMENT_LENGTH = 4
REMEMBERED = 3
# Without characters that are mistaken for one another when read aloud or copied by hand.
_LOWER, _UPPER, _DIGITS, _SIGNS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+=@#%"
ONE_TIME_LENGTH = 12


def kinds_of(password: str) -> int:
    """How many of the four kinds occur: small letters, capitals, digits, everything else."""
    return sum(
        (
            any(character in string.ascii_lowercase for character in password),
            any(character in string.ascii_uppercase for character in password),
            any(character in string.digits for character in password),
            any(character not in string.ascii_letters + string.digits for character in password),
        )
    )


def shares_fragment(password: str, texts: Iterable[str]) -> bool:
    """Whether four characters in a row of a text (or a shorter text as a whole) occur, forwards or backwards."""
    lowered = password.casefold()
    return any(part in lowered or part[::-1] in lowered for text in texts for part in _fragments(text.casefold()))


def _fragments(text: str) -> Iterable[str]:
    if len(text) < FRAGMENT_LENGTH:
        return [text] if len(text) > 1 else []
    return (text[start : start + FRAGMENT_LENGTH] for start in range(len(text) - FRAGMENT_LENGTH + 1))


def one_time_password() -> str:
    """A random password of all four kinds, easy to read out, to be changed at first sign-in."""
    everything = _LOWER + _UPPER + _DIGITS + _SIGNS
    while True:
        made = "".join(secrets.choice(everything) for _ in range(ONE_TIME_LENGTH))
        if kinds_of(made) == 4:
            return made


def has_expired(changed_at: datetime | None, now: datetime, days: int) -> bool:
    """Whether a password is older than so many days; 0 days means never, an unknown date means not yet."""
    return bool(days) and changed_at is not None and now - changed_at > timedelta(days=days)
