"""Check digits of numbers that people carry."""

from typing import Final

_IDENTITY_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS: Final = "10X98765432"
_CREDIT_SYMBOLS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))


def is_identity(number: str) -> bool:
    """Whether the last of 18 characters is the check digit of the first 17 digits (GB 11643)."""
    return number[-1] == identity_check(number[:17])


def identity_check(digits: str) -> str:
    """The check digit of 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _IDENTITY_WEIGHTS, strict=True))
    return _IDENTITY_CHECKS[total % 11]


def is_credit_code(number: str) -> bool:
    """Whether 18 characters are a social-credit code of an organisation (GB 32100), which is public."""
    if len(number) != 18 or any(symbol not in _CREDIT_SYMBOLS for symbol in number):
        return False
    values = [_CREDIT_SYMBOLS.index(symbol) for symbol in number]
    total = sum(value * weight for value, weight in zip(values[:17], _CREDIT_WEIGHTS, strict=True))
    return (31 - total % 31) % 31 == values[17]


def is_card(number: str) -> bool:
    """Luhn's check of a bank card's digits."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
