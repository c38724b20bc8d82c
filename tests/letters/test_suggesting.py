"""What the routing learns from and guesses by: no sender's name, no long number, whatever was written."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.cases.models import Case, CaseKind
from menhu.letters import routing, suggesting
from menhu.letters.suggesting import learn, masked, suggestions
from tests.cases.desk import Desk
from tests.letters.test_public import answered

LONG = re.compile(r"\d{7,}")
SECRETS = (
    "我叫叶知秋，电话13800001234，身份证990000199001011230。",
    "叶 知 秋，卡号6222 0000 1234 5678 901，电表号 0012345678。",
    "本人叶知秋，１３８００００１２３４，家住城关镇东街9号2单元301室。",
    "户号：20260012345；联系人（叶知秋）139-0000-5678",
)


class Trained:
    """Stands for the model: keeps what it was given."""

    report = None

    def __init__(self) -> None:
        self.texts: list[str] = []

    def guess(self, text: str) -> list[Any]:
        self.texts.append(text)
        return []


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Trained:
    found = Trained()

    def train(samples: Iterable[tuple[str, int]]) -> None:
        found.texts += [text for text, _unit in samples]

    monkeypatch.setattr(routing, "is_available", lambda: True)
    monkeypatch.setattr(routing, "train", train)
    monkeypatch.setattr(suggesting, "_model", lambda: found)
    return found


def test_neither_the_senders_name_nor_long_numbers_reach_training_or_guessing(desk: Desk, trained: Trained) -> None:
    for text in SECRETS:
        answered(desk, title="叶知秋反映停水 13800001234", text=f"{text}请尽快恢复供水。")
    learn()
    for case in Case.objects.all():
        suggestions(case)
    assert len(trained.texts) == 2 * len(SECRETS)
    for text in trained.texts:
        assert "叶知秋" not in re.sub(r"\s", "", text)
        assert not LONG.search(re.sub(r"[\s-]", "", text)), text
        assert "301室" not in text
        assert "恢复供水" in text


def test_a_letter_whose_sender_is_gone_still_teaches(desk: Desk, trained: Trained) -> None:
    letter = answered(desk, text="水压不足，请处理。")
    letter.case.sender.delete()
    learn()
    assert trained.texts == ["建议增设公交站\n水压不足，请处理。"]
    assert CaseKind.objects.exists()


@given(st.text(max_size=80), st.from_regex(r"[0-9]{7,20}", fullmatch=True), st.text(max_size=80))
def test_no_run_of_seven_digits_stays(before: str, number: str, after: str) -> None:
    assert not LONG.search(masked(f"{before}{number}{after}", ""))


@given(st.text(max_size=80), st.sampled_from(["叶知秋", "欧阳若谷", "于归"]), st.text(max_size=80))
def test_the_name_stays_nowhere(before: str, name: str, after: str) -> None:
    assert name not in masked(f"{before}{name}{after}", name)
