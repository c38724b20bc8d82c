"""Simplified and Traditional script, by OpenCC's phrase tables; the same input gives the same output for ever."""

from functools import cache
from typing import Final

from opencc import OpenCC

HANT: Final = "hant"
"""First step of the path of every page in Traditional script."""


def to_traditional(text: str) -> str:
    """Simplified characters as Traditional ones, phrase by phrase (头发 → 頭髮, 发展 → 發展); all else as it is."""
    converted: str = _converter("s2t").convert(text)
    return converted


def to_simplified(text: str) -> str:
    """Traditional characters as Simplified ones; everything else as it is."""
    converted: str = _converter("t2s").convert(text)
    return converted


@cache
def _converter(table: str) -> OpenCC:
    return OpenCC(table)
