"""Letters of the county: the same for the same seed, told in many ways, in every state, by nobody real."""

import re
from collections import Counter
from datetime import date

from menhu.cases.enums import CaseState
from menhu.demo.correspondence import letters, requests
from menhu.demo.correspondence.letters import matters
from menhu.demo.county.units import units_by_slug
from menhu.letters.kinds import NAMES
from menhu.letters.openness.outcomes import BY_CODE

START, END = date(2024, 11, 26), date(2026, 11, 26)
WRITTEN = tuple(letters(7, 800, START, END))
ASKED = tuple(requests(7, 40, START, END))


def test_the_same_seed_writes_the_same() -> None:
    assert tuple(letters(7, 50, START, END)) == tuple(letters(7, 50, START, END))
    assert tuple(letters(8, 50, START, END)) != tuple(letters(7, 50, START, END))
    assert tuple(requests(7, 40, START, END)) == ASKED


def test_every_unit_and_kind_exists() -> None:
    known = units_by_slug()
    for text in WRITTEN:
        assert {text.unit, text.wrong_unit or text.unit, *text.partners} <= known.keys()
    assert {text.kind for text in WRITTEN} == set(NAMES)
    assert {request.unit for request in ASKED} <= known.keys()
    assert {request.outcome for request in ASKED} <= BY_CODE.keys()


def test_they_come_in_order_and_stand_in_every_state() -> None:
    assert [text.at for text in WRITTEN] == sorted(text.at for text in WRITTEN)
    fates = Counter(text.fate for text in WRITTEN)
    merged_and_consulted = {CaseState.MERGED, CaseState.CONSULTED}
    assert {CaseState(fate) for fate in fates} == set(CaseState) - merged_and_consulted
    assert min(fates.values()) >= 3
    assert all(text.fate in ("closed", "rated", "refused") for text in WRITTEN if (END - text.at.date()).days > 24)


def test_they_are_told_in_many_ways() -> None:
    assert len({text.text for text in WRITTEN}) == len(WRITTEN)
    assert len({text.title for text in WRITTEN}) >= 0.75 * len(WRITTEN)
    assert Counter(text.text[:12] for text in WRITTEN).most_common(1)[0][1] <= 0.16 * len(WRITTEN)
    assert len(matters()) >= 20


def test_nobody_in_them_is_real() -> None:
    for text in WRITTEN:
        assert re.fullmatch(r"1380000\d{4}", text.sender.phone)
        assert not re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text.answer)
        assert 8 <= len(text.title) <= 40
        assert 25 <= len(text.text) <= 900
        assert "{" not in text.title + text.text + text.answer


def test_few_are_rated_badly() -> None:
    levels = Counter(text.rating.level for text in WRITTEN if text.rating)
    assert 0.55 <= levels.total() / len(WRITTEN) <= 0.7
    assert levels[5] > levels[4] > levels[3] > levels[2]
