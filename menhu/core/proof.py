"""A proof of work for forms that need no account (ALTCHA), and a plain question for whoever cannot give one.

The visitor's browser is set a sum that takes it a second (v2 challenges of the `altcha` package: PBKDF2, one counter to
be found); the server makes and checks it in a millisecond and keeps nothing but which solutions were used. Whoever has
no JavaScript, or a page without HTTPS, where browsers do no such sums, answers an arithmetic question in words.
"""

import secrets
import unicodedata
from binascii import Error as NoBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import altcha
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from menhu.core.figures import declare, recent_figure
from menhu.core.limits import Limit, declare_limit, within
from menhu.core.models import Confidence

LIFETIME: Final = timedelta(minutes=20)
# Names of the posted fields, as `proof_field` of the components writes them.
PAYLOAD, TOKEN, ANSWER = "altcha", "question_token", "question_answer"
CHALLENGES: Final = Limit("core.challenges", most=600, seconds=600, figure="core.challenges_per_address")
COST: Final = "core.proof_cost"

_ALGORITHM: Final = "PBKDF2/SHA-256"
_ROUNDS: Final = 1_000  # of the hash in one try: enough that a browser spends its time on it, not on calling it
_LONGEST_PAYLOAD: Final = 2_000
# A solution and a question are good once: remembered for longer than they live, whatever the clocks of two nodes say.
_ONCE: Final = Limit("core.proof", most=1, seconds=2 * int(LIFETIME.total_seconds()))
_NUMERALS: Final = "零一二三四五六七八九十"
_MALFORMED: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError, NoBase64)


class Outcome(StrEnum):
    """What became of a proof."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Question:
    """An arithmetic question in words, and the sealed token that goes with the answer."""

    text: str
    token: str


def declare_figures() -> None:
    """How hard the sum is, and how many of them one network address may ask for."""
    declare(COST, "免登录表单：浏览器计算量上限", 1_000, "千次", "本平台默认；普通手机约一秒", Confidence.HOUSE)
    declare_limit(CHALLENGES, "免登录表单：同一网络地址十分钟内可取验证题")


def challenge(now: datetime) -> dict[str, Any]:
    """A new challenge as the browser gets it (JSON of ALTCHA v2), good for twenty minutes."""
    most = max(int(recent_figure(COST)), 2)
    made = altcha.create_challenge(
        _ALGORITHM,
        _ROUNDS,
        counter=most - secrets.randbelow(most // 2),
        # Not as `expires_at`: the package asks the wall clock, and we are told the time.
        data={"until": _until(now)},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return dict(made.to_dict())


def verify(payload: str, *, now: datetime) -> Outcome:
    """Check a solution (base64 of JSON, as posted) and use it up. Ask last, when all else of the form is right."""
    if not payload:
        return Outcome.MISSING
    solved = _parsed(payload)
    if solved is None or not _is_solved(solved):
        return Outcome.WRONG
    parameters = solved.challenge.parameters
    if (parameters.data or {})["until"] < now.timestamp():
        return Outcome.EXPIRED
    return Outcome.OK if within(_ONCE, parameters.nonce, now=now) else Outcome.USED


def question(now: datetime) -> Question:
    """A question to be answered with a number from 0 to 18; nothing is stored, the token does not tell the answer."""
    larger, smaller = sorted((secrets.randbelow(8) + 2, secrets.randbelow(8) + 2), reverse=True)
    is_sum = bool(secrets.randbelow(2))
    text = _("%(first)s加%(second)s等于几？") if is_sum else _("%(first)s减去%(second)s等于几？")
    asked = f"{_until(now)}.{secrets.token_urlsafe(9)}"
    seal = _answer_seal(asked, larger + smaller if is_sum else larger - smaller)
    return Question(text % {"first": _spoken(larger), "second": _spoken(smaller)}, _signer().sign(f"{asked}.{seal}"))


def answers(token: str, typed: str, *, now: datetime) -> bool:
    """Whether this answers the question in time and for the first time; a wrong number uses the question up too."""
    number = _number(typed)
    try:
        asked, _dot, seal = _signer().unsign(token).rpartition(".")
    except BadSignature:
        return False
    if number is None or int(asked.partition(".")[0]) < now.timestamp():
        return False
    return within(_ONCE, asked, now=now) and constant_time_compare(seal, _answer_seal(asked, number))


def proven(posted: Mapping[str, str], *, now: datetime) -> Outcome:
    """The outcome of what `proof_field` posts: of the proof of work or, where it is not good, of the question."""
    outcome = verify(posted.get(PAYLOAD, ""), now=now)
    typed = posted.get(ANSWER, "").strip()
    if outcome is Outcome.OK or not typed:
        return outcome
    return Outcome.OK if answers(posted.get(TOKEN, ""), typed, now=now) else Outcome.WRONG


def _parsed(payload: str) -> altcha.Payload | None:
    if len(payload) > _LONGEST_PAYLOAD:
        return None
    try:
        return altcha.Payload.from_base64(payload)
    except _MALFORMED:
        return None


def _is_solved(solved: altcha.Payload) -> bool:
    found = altcha.verify_solution(solved, _secret("challenge"), hmac_key_secret=_secret("solution"))
    return found.verified


def _until(now: datetime) -> int:
    return int((now + LIFETIME).timestamp())


def _secret(purpose: str) -> bytes:
    return salted_hmac("menhu.core.proof", purpose, algorithm="sha256").digest()


def _signer() -> Signer:
    return Signer(salt="menhu.core.proof.question")


def _answer_seal(asked: str, number: int) -> str:
    return salted_hmac("menhu.core.proof.answer", f"{asked}.{number}", algorithm="sha256").hexdigest()[:32]


def _spoken(number: int) -> str:
    """0 to 19 as Chinese says it: 七, 十, 十二."""
    return _NUMERALS[number] if number <= 10 else f"十{_NUMERALS[number - 10]}"


_SPOKEN: Final = {_spoken(number): number for number in range(20)} | {"两": 2, "〇": 0}


def _number(typed: str) -> int | None:
    """A number in digits of any width or in Chinese numerals; None for anything else."""
    text = unicodedata.normalize("NFKC", typed).strip(" 。.")
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    return _SPOKEN.get(text)
