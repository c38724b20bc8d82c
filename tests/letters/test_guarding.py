"""Robots give proofs, floods are held off, guessers learn nothing; what a person typed stays."""

import re
from typing import Any

import pytest

from menhu.cases.models import Case
from menhu.letters import guarding
from menhu.letters.models import Mailbox
from tests.factories import World
from tests.letters.post import TYPED, Citizen, boxes, hidden, receipt
from tests.letters.test_writing import follow

pytestmark = [pytest.mark.usefixtures("post")]
NUMERALS = "零一二三四五六七八九十"


@pytest.fixture
def post(world: World) -> dict[str, Mailbox]:
    return boxes(world)


def answer_to(page: str) -> str:
    """What a person answers to the question on the page."""
    first, sign, second = re.search(r"([一二三四五六七八九十])(加|减去)([一二三四五六七八九十])等于几", page).groups()  # type: ignore[union-attr]
    one, other = NUMERALS.index(first), NUMERALS.index(second)
    return str(one + other if sign == "加" else one - other)


@pytest.mark.guarded
def test_without_a_proof_a_plain_question_is_asked_and_nothing_is_lost() -> None:
    citizen = Citizen()
    asked = citizen.send()
    page = asked.content.decode()
    assert asked.status_code == 400
    assert TYPED["title"] in page
    assert Case.objects.count() == 0
    sent = citizen.post("/letters/write/", {**hidden(page), **TYPED, "question_answer": answer_to(page)})
    assert sent.status_code == 200
    assert Case.objects.get().number == receipt(sent.content.decode())[0]


@pytest.mark.guarded
def test_a_wrong_answer_and_one_used_before_are_asked_again() -> None:
    citizen = Citizen()
    page = citizen.send().content.decode()
    right = {**hidden(page), **TYPED, "question_answer": answer_to(page)}
    assert citizen.post("/letters/write/", {**right, "question_answer": "99"}).status_code == 400
    assert citizen.post("/letters/write/", right).status_code == 400
    assert Case.objects.count() == 0


@pytest.mark.guarded
def test_what_has_arrived_is_shown_again_without_a_second_proof() -> None:
    citizen = Citizen()
    page = citizen.send().content.decode()
    right = {**hidden(page), **TYPED, "question_answer": answer_to(page)}
    first = receipt(citizen.post("/letters/write/", right).content.decode())
    assert receipt(citizen.post("/letters/write/", right).content.decode()) == first


def test_a_telephone_writes_so_many_letters_a_day_and_is_told_so() -> None:
    citizen = Citizen()
    statuses = [citizen.send(kind=kind).status_code for kind in ("advice", "help", "complaint") for _twice in range(3)]
    assert statuses == [200] * 6 + [429] * 3
    page = citizen.send(kind="consultation").content.decode()
    assert "您写的内容都还在" in page
    assert TYPED["title"] in page
    assert citizen.send(phone="13800005678").status_code == 200
    assert Case.objects.count() == 7


def test_the_same_kind_three_times_a_day() -> None:
    citizen = Citizen()
    assert [citizen.send().status_code for _ in range(4)] == [200, 200, 200, 429]


def test_an_address_sends_so_many_an_hour(settings: Any) -> None:
    citizen = Citizen()
    statuses = [citizen.send(phone=f"1380000{n:04d}").status_code for n in range(21)]
    assert statuses == [200] * 20 + [429]


def test_guessing_codes_is_stopped_by_number_and_the_owner_still_sees_it_later(clock: Any) -> None:
    number, code = receipt(Citizen().send().content.decode())
    for _try in range(guarding.FAILURES.most):
        assert "编号或查询码不对" in follow(Citizen(), number, "2222222222")
    assert "查询得太频繁" in follow(Citizen(), number, code)
    clock.shift(3600)
    assert TYPED["title"] in follow(Citizen(), number, code)


def test_an_address_looks_so_often(clock: Any) -> None:
    number, code = receipt(Citizen().send().content.decode())
    for _look in range(60):
        assert TYPED["title"] in follow(Citizen(), number, code)
    assert "查询得太频繁" in follow(Citizen(), number, code)
