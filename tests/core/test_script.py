"""Simplified and Traditional script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.core.script import to_simplified, to_traditional


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("发展头发", "發展頭髮"),
        ("干部干净", "幹部乾淨"),
        ("国办发〔2017〕47号", "國辦發〔2017〕47號"),
        ("Menhu 12345", "Menhu 12345"),
    ],
)
def test_phrases_are_converted_there_and_back(simplified: str, traditional: str) -> None:
    assert to_traditional(simplified) == traditional
    assert to_simplified(traditional) == simplified


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"])))
def test_what_is_not_chinese_stays_as_it_is(text: str) -> None:
    assert to_traditional(text) == text
    assert to_simplified(text) == text
