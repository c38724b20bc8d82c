"""Proof of work and the plain question: what is good, what is refused, and that each is good once."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import altcha
import pytest
from django.db import connection, connections
from django.template import engines
from django.test import Client, override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from menhu.core import proof
from menhu.core.limits import Limit
from menhu.core.models import Allowance, Figure
from menhu.core.proof import Outcome, Question, answers, challenge, proven, question, verify

NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=20, seconds=1)
JUST_IN_TIME = NOW + timedelta(minutes=20)
needs_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")


@pytest.fixture(autouse=True)
def light(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that a test can do."""
    monkeypatch.setattr(proof, "_ROUNDS", 2)


def solved(given: dict[str, Any]) -> str:
    """The payload that the browser's script posts."""
    found = altcha.solve_challenge(altcha.Challenge.from_dict(given))
    assert found is not None
    return base64.b64encode(json.dumps({"challenge": given, "solution": found.to_dict()}).encode()).decode()


def changed(payload: str, *path: str, to: object) -> str:
    content = json.loads(base64.b64decode(payload))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_a_solution_is_good_once() -> None:
    payload = solved(challenge(NOW))
    assert verify(payload, now=NOW) is Outcome.OK
    assert verify(payload, now=NOW) is Outcome.USED
    assert verify(payload, now=JUST_IN_TIME) is Outcome.USED
    assert verify(payload, now=LATER) is Outcome.EXPIRED


def test_what_the_browser_adds_makes_a_used_solution_no_new_one() -> None:
    payload = solved(challenge(NOW))
    assert verify(payload, now=NOW) is Outcome.OK
    assert verify(changed(payload, "solution", "time", to=17.5), now=NOW) is Outcome.USED
    assert verify(changed(payload, "extra", to=1), now=NOW) is Outcome.USED


def test_a_solution_is_good_for_twenty_minutes() -> None:
    payload = solved(challenge(NOW))
    assert verify(payload, now=LATER) is Outcome.EXPIRED
    assert Allowance.objects.count() == 0
    assert verify(payload, now=JUST_IN_TIME) is Outcome.OK


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("solution", "derivedKey"), "00" * 32),
        (("solution", "derivedKey"), None),
        (("challenge", "signature"), "00" * 32),
        (("challenge", "signature"), None),
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "data"), {"until": 9_999_999_999}),
        (("challenge", "parameters", "data"), None),
        (("challenge", "parameters", "nonce"), "00" * 16),
        (("challenge", "parameters", "keySignature"), None),
        (("challenge", "parameters"), []),
        (("challenge",), "x"),
        (("solution",), None),
    ],
)
def test_whatever_is_changed_makes_it_wrong_and_uses_nothing_up(path: tuple[str, ...], to: object) -> None:
    payload = solved(challenge(NOW))
    assert verify(changed(payload, *path, to=to), now=NOW) is Outcome.WRONG
    assert Allowance.objects.count() == 0
    assert verify(payload, now=NOW) is Outcome.OK


def test_nothing_posted_is_missing() -> None:
    assert verify("", now=NOW) is Outcome.MISSING


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1) | st.binary(min_size=1).map(lambda data: base64.b64encode(data).decode()))
def test_any_other_text_is_wrong(payload: str) -> None:
    assert verify(payload, now=NOW) is Outcome.WRONG


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("algorithm", "nonce", "salt", "cost", "keySignature", "data")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, json_values)), json_values, json_values, json_values)
def test_any_other_json_of_the_right_shape_is_wrong(
    parameters: dict[str, Any], signature: object, counter: object, key: object
) -> None:
    solution = {"counter": counter, "derivedKey": key}
    content = {"challenge": {"parameters": parameters, "signature": signature}, "solution": solution}
    payload = base64.b64encode(json.dumps(content).encode()).decode()
    assert verify(payload, now=NOW) is Outcome.WRONG


@pytest.mark.parametrize("deep", ["[" * 1_400, '{"challenge":' * 110])
def test_deep_json_is_wrong_and_no_error(deep: str) -> None:
    assert verify(base64.b64encode(deep.encode()).decode(), now=NOW) is Outcome.WRONG


def test_a_long_text_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altcha.Payload, "from_base64", lambda _text: pytest.fail("read"))
    assert verify("A" * 2_001, now=NOW) is Outcome.WRONG


def test_another_install_s_challenge_is_wrong() -> None:
    with override_settings(SECRET_KEY="another install's"):
        payload = solved(challenge(NOW))
    assert verify(payload, now=NOW) is Outcome.WRONG


def test_the_sum_is_as_hard_as_the_figure_says() -> None:
    Figure.objects.update_or_create(
        key=proof.COST, defaults={"label": "计算量", "value": 40, "source": "试", "confidence": "house"}
    )
    proof_counters = [
        altcha.solve_challenge(altcha.Challenge.from_dict(challenge(NOW))).counter  # type: ignore[union-attr]
        for _ in range(30)
    ]
    assert all(20 < counter <= 40 for counter in proof_counters)
    assert len(set(proof_counters)) > 1


def worked_out(asked: Question) -> int:
    larger, _middle, smaller = asked.text.partition("加" if "加" in asked.text else "减去")
    first, second = (proof._number(word) for word in (larger, smaller.removesuffix("等于几？")))
    assert first is not None
    assert second is not None
    return first + second if "加" in asked.text else first - second


@pytest.mark.parametrize("spoken", [str, proof._spoken, lambda number: f" {number}。", lambda n: chr(0xFF10 + n % 10)])
def test_a_question_is_answered_in_digits_or_words(spoken: Callable[[int], str]) -> None:
    asked = question(NOW)
    while worked_out(asked) > 9:
        asked = question(NOW)
    assert answers(asked.token, spoken(worked_out(asked)), now=JUST_IN_TIME)


def test_a_question_is_good_once_and_for_twenty_minutes() -> None:
    asked = question(NOW)
    right = str(worked_out(asked))
    assert not answers(asked.token, right, now=LATER)
    assert answers(asked.token, right, now=NOW)
    assert not answers(asked.token, right, now=NOW)


def test_a_wrong_number_uses_the_question_up() -> None:
    """Else nineteen tries would answer every question."""
    asked = question(NOW)
    assert not answers(asked.token, str(worked_out(asked) + 1), now=NOW)
    assert not answers(asked.token, str(worked_out(asked)), now=NOW)


@pytest.mark.parametrize("typed", ["", "不知道", "9x", "-1", "1e1", "٣", "1" * 5_000])
def test_what_is_no_number_uses_nothing_up(typed: str) -> None:
    asked = question(NOW)
    assert not answers(asked.token, typed, now=NOW)
    assert Allowance.objects.count() == 0
    assert answers(asked.token, str(worked_out(asked)), now=NOW)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_a_token_of_ones_own_is_worth_nothing(token: str) -> None:
    assert not answers(token, "7", now=NOW)
    assert Allowance.objects.count() == 0


def test_the_token_tells_no_answer() -> None:
    """Two questions with one answer share nothing but the hour."""
    first, second = question(NOW), question(NOW)
    while worked_out(second) != worked_out(first):
        second = question(NOW)
    assert set(first.token.split(".")[1:]).isdisjoint(second.token.split(".")[1:])


@given(st.integers(0, 19))
def test_numbers_are_read_as_they_are_spoken(number: int) -> None:
    assert proof._number(proof._spoken(number)) == number == proof._number(str(number))


def test_the_form_is_proven_by_the_sum_or_by_the_question() -> None:
    asked = question(NOW)
    by_question = {"question_token": asked.token, "question_answer": str(worked_out(asked))}
    assert proven({"altcha": solved(challenge(NOW))}, now=NOW) is Outcome.OK
    assert proven({}, now=NOW) is Outcome.MISSING
    assert proven({"question_token": asked.token, "question_answer": " "}, now=NOW) is Outcome.MISSING
    assert proven(by_question, now=NOW) is Outcome.OK
    assert proven(by_question, now=NOW) is Outcome.WRONG


def test_the_question_stands_in_for_a_sum_that_ran_out() -> None:
    stale, asked = solved(challenge(NOW)), question(LATER)
    posted = {"altcha": stale, "question_token": asked.token, "question_answer": str(worked_out(asked))}
    assert proven({"altcha": stale}, now=LATER) is Outcome.EXPIRED
    assert proven(posted, now=LATER) is Outcome.OK


def test_a_good_sum_leaves_the_question_unused() -> None:
    asked = question(NOW)
    posted = {"altcha": solved(challenge(NOW)), "question_token": asked.token, "question_answer": "1"}
    assert proven(posted, now=NOW) is Outcome.OK
    assert answers(asked.token, str(worked_out(asked)), now=NOW)


@needs_threads
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_solution_are_one() -> None:
    payload, gate, found = solved(challenge(NOW)), Barrier(8), []

    def use() -> None:
        gate.wait()
        try:
            found.append(verify(payload, now=NOW))
        finally:
            connections.close_all()

    threads = [Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [Outcome.OK] + [Outcome.USED] * 7


def test_the_address_gives_a_fresh_challenge_that_nobody_keeps() -> None:
    first, second = (Client().get("/proof/") for _ in range(2))
    assert (first.status_code, first["Cache-Control"], first["Content-Type"]) == (200, "no-store", "application/json")
    given, other = first.json(), second.json()
    assert given["parameters"]["nonce"] != other["parameters"]["nonce"]
    assert sorted(given) == ["parameters", "question", "signature"]
    assert sorted(given["question"]) == ["text", "token"]
    assert first.cookies == {}


def test_the_address_refuses_other_methods() -> None:
    assert Client().post("/proof/").status_code == 405


def test_a_network_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menhu.core.views.CHALLENGES", Limit("test.challenges", most=2, seconds=600))
    near, far = (Client(REMOTE_ADDR=address) for address in ("203.0.113.9", "203.0.113.10"))
    assert [near.get("/proof/").status_code for _ in range(3)] == [200, 200, 429]
    refused = near.get("/proof/")
    assert (refused.json(), refused["Retry-After"], refused["Cache-Control"]) == ({}, "60", "no-store")
    assert far.get("/proof/").status_code == 200


def drawn(call: str) -> str:
    template = engines["jinja2"].env.from_string(  # type: ignore[attr-defined]
        '{% import "core/components.html" as ui %}{{ ui.proof_field(' + call + ") }}"
    )
    return str(template.render(question=Question("七加五等于几？", "t:1")))


def test_the_field_without_a_question_waits_for_the_script_or_the_server() -> None:
    html = drawn('"/proof/"')
    assert 'data-proof="/proof/"' in html
    assert 'data-worker="/static/core/vendor/altcha/pbkdf2.js"' in html
    assert " hidden>" in html
    assert "required" not in html


def test_the_field_with_a_question_needs_no_script() -> None:
    html = drawn('"/proof/", question, error="请填一个数字"')
    assert ">七加五等于几？</label>" in html
    assert 'value="t:1"' in html
    assert " hidden>" not in html
    assert " required" in html
    assert 'aria-describedby="proof-hint proof-error"' in html
    assert "请填一个数字" in html
