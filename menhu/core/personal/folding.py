"""One way of writing for many: full width, kinds of dashes, invisible characters. Folding never moves a character."""

import unicodedata
from typing import Final

HAN: Final = r"\u3007\u3400-\u9fff\U00020000-\U000323af"
"""Inside a character class: Chinese characters with the rare ones of the extensions."""

_DASHES: Final = "‐‑‒–—―−─－ー"
_DOTS: Final = "•・∙⋅‧●"
_NUMERALS: Final = str.maketrans("零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺貳參陸", "0001234567891234567891236")


class _Folding(dict[int, int]):
    """One character for one, worked out when first met."""

    def __missing__(self, code: int) -> int:
        self[code] = folded = ord(_folded(chr(code)))
        return folded


def _folded(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character in _DOTS:
        return "·"
    if unicodedata.category(character) in {"Cf", "Zs"}:
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """The text in half width with plain dashes and blanks; as long as before, place by place."""
    return text.translate(_FOLDING)


def numerals_as_digits(folded: str) -> str:
    """Each Chinese numeral as its digit (一三八 → 138); as long as before."""
    return folded.translate(_NUMERALS)


def bare(text: str) -> str:
    """Letters and digits only, folded and raised: by which two ways of writing one number are the same."""
    return "".join(character for character in numerals_as_digits(fold(text)).upper() if character.isalnum())
