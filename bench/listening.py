"""Letters accepted per second by `menhu serve` over loopback: real forms, CSRF, a proof of work for each, no mercy.

Several citizens send letter after letter over connections of their own. Some send the same letter twice at the same
moment, some again afterwards: one case each. Afterwards the database is counted: what was accepted stands there once,
under numbers without a gap. Limits and the cost of the proof are set by their figures, as a county would set them.
"""

import http.client
import json
import random
import re
import secrets
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import altcha

from bench.county import prepare
from bench.publishing import PORT, serving

CITIZENS: Final = 8
SECONDS: Final = 300
WRITE: Final = "/letters/write/"
EVERY_TWIN, EVERY_AGAIN = 20, 25
"""One letter in so many is sent twice at once, or once more afterwards."""
FIGURES: Final = {
    "core.proof_cost": 2,
    "core.challenges_per_address": 100_000_000,
    "letters.per_address": 100_000_000,
    "letters.per_phone": 100_000_000,
    "letters.per_kind": 100_000_000,
}
TEXT: Final = "每天早上七点多，从城东来县医院看病的老人都在路边下车，要横穿两条车道，很不安全，请增设一站。"
FORM: Final = {"box": "xzxx", "kind": "advice", "place": "城关镇", "email": "", "publication": "yes", "is_true": "on"}


@dataclass
class Tally:
    """What one citizen saw."""

    numbers: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    twins: int = 0
    again: int = 0
    differing: int = 0


class Browser:
    """One connection that keeps cookies; what a citizen's browser does, without drawing anything."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.cookie = ""
        page = self.ask("GET", WRITE)[1]
        found = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', page)
        assert found, "the form has no CSRF token"
        self.token = found[1]

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        kept = answer.headers.get("Set-Cookie", "").partition(";")[0]
        self.cookie = kept or self.cookie
        return answer.status, answer.read().decode()

    def proof(self) -> str:
        """A challenge, solved."""
        given = json.loads(self.ask("GET", "/proof/")[1])
        challenge = altcha.Challenge.from_dict({name: given[name] for name in ("parameters", "signature")})
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return str(altcha.Payload(challenge, solution).to_base64())

    def send(self, letter: dict[str, str], proof: str = "") -> tuple[int, str]:
        """Post the letter; the number that the receipt shows, or what was wrong."""
        fields = {**letter, "csrfmiddlewaretoken": self.token, "altcha": proof}
        status, page = self.ask("POST", WRITE, fields)
        found = re.findall(r'<dd class="num">([^<]+)</dd>', page)
        return status, found[0].strip() if status == 200 and found else f"{status}"


def letter(chance: random.Random) -> dict[str, str]:
    number = secrets.token_hex(4)
    return {
        **FORM,
        "title": f"建议在县医院门口增设公交站（{number}）",
        "text": TEXT,
        "name": "叶知秋",
        "phone": f"1380000{chance.randrange(10_000):04d}",
        "key": secrets.token_urlsafe(24),
    }


class Citizen(threading.Thread):
    """Sends letters one after another until the time is over."""

    def __init__(self, number: int, until: float) -> None:
        super().__init__()
        self.until, self.tally = until, Tally()
        self.chance = random.Random(number)
        self.browser, self.other = Browser(), Browser()

    def run(self) -> None:
        with ThreadPoolExecutor(1) as hand:
            count = 0
            while time.monotonic() < self.until:
                count += 1
                self.write(count, hand)

    def write(self, count: int, hand: ThreadPoolExecutor) -> None:
        """One letter, now and then twice at once or once more."""
        tally, words = self.tally, letter(self.chance)
        proof = self.browser.proof()
        second = None
        if count % EVERY_TWIN == 0:
            second = hand.submit(self.other.send, words, self.other.proof())
        started = time.perf_counter()
        status, told = self.browser.send(words, proof)
        tally.taken.append((time.perf_counter() - started) * 1_000)
        if status != 200:
            tally.refused.append(told)
            return
        tally.numbers.append(told)
        if second is not None:
            tally.twins += 1
            tally.differing += second.result()[1] != told
        if count % EVERY_AGAIN == 0:
            tally.again += 1
            tally.differing += self.browser.send(words)[1] != told


def main(scale: str, seconds: int = SECONDS) -> None:
    prepare(scale)
    _set_up()
    with serving():
        before = _standing()
        for _warm in range(3):
            Browser()
        citizens = [Citizen(number, time.monotonic() + seconds) for number in range(CITIZENS)]
        started = time.monotonic()
        for citizen in citizens:
            citizen.until = started + seconds
            citizen.start()
        for citizen in citizens:
            citizen.join()
        spent = time.monotonic() - started
        figures = _figures([citizen.tally for citizen in citizens], spent, before)
    sys.stdout.write("\n" + json.dumps(figures, ensure_ascii=False) + "\n")


def _set_up() -> None:
    """Letter boxes, and figures that let one address send as much as it can."""
    from menhu.core import figures
    from menhu.core.models import Figure

    figures.seed()
    for key, value in FIGURES.items():
        assert Figure.objects.filter(key=key).update(value=value), key


def _standing() -> int:
    from menhu.cases.models import Case

    return Case.objects.count()


def _figures(tallies: list[Tally], spent: float, before: int) -> dict[str, object]:
    numbers = [number for tally in tallies for number in tally.numbers]
    taken = sorted(span for tally in tallies for span in tally.taken)
    refused = [told for tally in tallies for told in tally.refused]
    stand = _standing() - before
    return {
        "seconds, citizens at once": f"{spent:.0f}, {CITIZENS}",
        "letters accepted": len(numbers),
        "letters per second": round(len(numbers) / spent, 1),
        "form → receipt, median ms": round(statistics.median(taken), 1),
        "form → receipt, p95 ms": round(taken[int(len(taken) * 0.95)], 1),
        "form → receipt, worst ms": round(taken[-1], 1),
        "refused": len(refused),
        "cases that stand for them": stand,
        "accepted = standing, numbers all different": len(numbers) == stand == len(set(numbers)),
        "gaps in the numbers of a day": _gaps(),
        "sent twice at once / once more": f"{sum(t.twins for t in tallies)} / {sum(t.again for t in tallies)}",
        "of those told another number": sum(tally.differing for tally in tallies),
    }


def _gaps() -> int:
    """Numbers that a day's sequence has drawn and no case bears."""
    from menhu.cases.models import Case, DailySequence

    missing = 0
    for row in DailySequence.objects.all():
        numbers = Case.objects.filter(number__startswith=f"{row.prefix}{row.day:%Y%m%d}-").values_list(
            "number", flat=True
        )
        borne = {int(number.rpartition("-")[2]) for number in numbers}
        missing += len(set(range(1, row.last + 1)) - borne)
    return missing


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
