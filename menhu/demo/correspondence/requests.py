"""Requests for government information (依申请公开) with their answers by the types of 条例 §36-39."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from menhu.demo.correspondence.matters import PACKAGE, Matter, listed, pools
from menhu.demo.correspondence.planning import dealt
from menhu.demo.correspondence.scenes import drawn_town, make_scene, spoken_of
from menhu.demo.correspondence.senders import home_address, make_sender, sender_names
from menhu.demo.correspondence.texts import AnswerType, ApplicantType, Opinion, RequestFate, RequestText, SenderText
from menhu.demo.correspondence.timing import add_workdays, drawn, workdays_until
from menhu.demo.county.places import COMPANIES
from menhu.demo.county.reading import Entry, read_entries
from menhu.demo.county.units import Unit
from menhu.demo.writing.grammar import parse_alternative
from menhu.demo.writing.scene import Scene, full_date
from menhu.demo.writing.themes import ALL_YEAR

REQUESTS_FILE = "requests.txt"
NATURAL_SHARE, SUPPLEMENT_SHARE, CITY_SHARE, RECENT_SHARE = 0.7, 0.2, 0.4, 0.3
RECENT_DAYS = 18
# Newer ones are more often still being completed, so that the state is found.
NEW_SUPPLEMENT_SHARE = 0.6
# So many come on the last day or the day before.
NEWEST = 3
# At least so many are new, and the one before the newest waits for a third party.
FEWEST_RECENT = 5
CONSULTING_TYPE: AnswerType = "granted"
# So many working days a request only lies there.
FRESH_DAYS = 1
RETRIES = 12
FORMS = ("纸质", "电子", "光盘")
WAYS = {"纸质": ("邮寄", "自行领取"), "电子": ("电子邮件", "网络"), "光盘": ("自行领取", "邮寄")}
FORM_WEIGHTS = (45, 50, 5)
# Every type comes up once before the usual ones are repeated in these shares.
TYPES: dict[AnswerType, int] = {
    "already_public": 22,
    "granted": 30,
    "partly": 9,
    "refused": 6,
    "not_held": 9,
    "not_ours": 8,
    "repeated": 2,
    "other_law": 4,
    "petition": 4,
    "published_material": 3,
    "needs_processing": 3,
}
ANSWER_DAYS = (4, 20)
# A third party has up to 15 working days, which do not count.
THIRD_PARTY_DAYS = (5, 15)
# Answers on which a third party was heard.
CONSULTED: frozenset[AnswerType] = frozenset({"granted", "partly", "refused"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of information with the types of answer it can get."""

    matter: Matter
    types: tuple[str, ...]
    has_third_party: bool


def parse_wanted(entry: Entry) -> Wanted:
    """Make a kind of information of its block."""
    words = entry.head[0].split()
    settings = dict(word.split("=", 1) for word in words if "=" in word)
    lines = {key: tuple(map(parse_alternative, texts)) for key, texts in entry.lines.items()}
    lines["topic"] = lines["info"]
    matter = Matter(entry.slug, settings["unit"], (), "", (), (), ALL_YEAR, (), lines)
    return Wanted(matter, listed(settings, "types"), "third" in words)


@cache
def kinds_of_information() -> tuple[Wanted, ...]:
    return tuple(parse_wanted(entry) for entry in read_entries(PACKAGE, REQUESTS_FILE))


def answer_types(rng: random.Random, count: int) -> list[AnswerType]:
    """Every type once, the rest by their weights, in a drawn order."""
    found = list(TYPES)[:count]
    found += rng.choices(list(TYPES), list(TYPES.values()), k=count - len(found))
    rng.shuffle(found)
    return found


def pick_line(scene: Scene, lines: Sequence[str]) -> str:
    return scene.fill(scene.pick(lines))


@dataclass(frozen=True, slots=True)
class Case:
    """What is decided about one request before it is written out."""

    at: datetime
    wanted: Wanted
    town: Unit
    scene: Scene
    answer_type: AnswerType
    information: str
    is_natural: bool
    has_third_party: bool
    needs_supplement: bool
    days: int
    fate: RequestFate


class Clerk:
    """Writes requests one after another; no two ask for the same thing in the same words if it can be helped."""

    def __init__(self, seed: int, end: date) -> None:
        self.rng = random.Random(f"requests-{seed}")
        self.names = sender_names(seed + 1)
        self.end = end
        self.asked: set[str] = set()

    def case(self, at: datetime, answer_type: AnswerType, is_natural: bool, is_consulting: bool = False) -> Case:
        """Decide on the information, the place and the course of one request."""
        rng = self.rng
        fitting = [one for one in kinds_of_information() if answer_type in one.types]
        wanted = rng.choice([one for one in fitting if one.has_third_party or not is_consulting])
        town = drawn_town(rng, "city" if rng.random() < CITY_SHARE else "village")
        scene = make_scene(rng, wanted.matter, town, at)
        information, words = self.information(wanted, town, at, answer_type)
        scene.update(words)
        has_third_party = wanted.has_third_party and answer_type in CONSULTED
        is_new = (self.end - at.date()).days <= RECENT_DAYS
        needs_supplement = rng.random() < (NEW_SUPPLEMENT_SHARE if is_new else SUPPLEMENT_SHARE)
        days = rng.randint(*ANSWER_DAYS) + (rng.randint(*THIRD_PARTY_DAYS) if has_third_party else 0)
        fate = "third_party_asked" if is_consulting else self.fate(at, days, needs_supplement, has_third_party)
        return Case(
            at=at,
            wanted=wanted,
            town=town,
            scene=scene,
            answer_type=answer_type,
            information=information,
            is_natural=is_natural,
            has_third_party=has_third_party,
            needs_supplement=needs_supplement,
            days=days,
            fate=fate,
        )

    def information(
        self, wanted: Wanted, town: Unit, at: datetime, answer_type: AnswerType
    ) -> tuple[str, dict[str, object]]:
        """What is asked for in words not used before, and what those words speak of."""
        for _ in range(RETRIES):
            scene = make_scene(self.rng, wanted.matter, town, at)
            information = pick_line(scene, wanted.matter.fitting("info", answer_type))
            if information not in self.asked:
                break
        self.asked.add(information)
        return information, spoken_of(scene)

    def fate(self, at: datetime, days: int, needs_supplement: bool, has_third_party: bool) -> RequestFate:
        """Answered once the days are over; the newest are on their way."""
        passed = workdays_until(at.date(), self.end, days)
        if passed >= days:
            return "answered"
        if passed <= FRESH_DAYS:
            return "received"
        if has_third_party:
            return "third_party_asked"
        return "supplement_asked" if needs_supplement else "handling"

    def write(self, case: Case) -> RequestText:
        """Write one request with its answer."""
        lines, scene = case.wanted.matter.fitting, case.scene
        kind, applicant, sender = self.applicant(case)
        form = self.rng.choices(FORMS, FORM_WEIGHTS)[0]
        notice, supplement = self.supplement(case)
        opinion, reason = self.third_party(case)
        return RequestText(
            at=case.at,
            unit=scene.unit.slug,
            applicant_type=kind,
            applicant=applicant,
            contact=sender.name,
            phone=sender.phone,
            email=sender.email or f"shenqing{self.rng.randint(1000, 9999)}@example.cn",
            address=sender.address or home_address(self.rng, case.town, str(scene["village"])),
            information=case.information,
            document_number=pick_line(scene, lines("number", "")) if "number" in case.wanted.matter.lines else "",
            purpose=pick_line(scene, lines("purpose", "")),
            form_wanted=form,
            way_wanted=self.rng.choice(WAYS[form]),
            needs_supplement=case.needs_supplement,
            supplement_notice=notice,
            supplement=supplement,
            third_party=case.has_third_party,
            third_party_name=third_party_name(case),
            third_party_opinion=opinion,
            third_party_reason=reason,
            answer_type=case.answer_type,
            answer=answer_text(case) if case.fate == "answered" else "",
            fate=case.fate,
            days=case.days,
        )

    def applicant(self, case: Case) -> tuple[ApplicantType, str, SenderText]:
        """A person, or a company with the person to contact."""
        sender = make_sender(self.rng, next(self.names), case.town, str(case.scene["village"]))
        if case.is_natural:
            return "natural", sender.name, sender
        third_party = third_party_name(case)
        return "legal", self.rng.choice([name for name in COMPANIES if name != third_party]), sender

    def supplement(self, case: Case) -> tuple[str, str]:
        """The notice and what was added; who was only just asked has not answered."""
        if not case.needs_supplement or case.fate == "received":
            return "", ""
        notice, _, supplement = self.rng.choice(pools()["request_supplement"]).partition("||")
        return notice, "" if case.fate == "supplement_asked" else case.scene.fill(supplement)

    def third_party(self, case: Case) -> tuple[Opinion, str]:
        """What a third party thinks of publication: it objects where not everything is given out."""
        if not case.has_third_party or case.fate != "answered":
            return "", ""
        opinion: Opinion = "agree" if case.answer_type == "granted" else "disagree"
        return opinion, self.rng.choice(pools()[f"third_{opinion}"])


def third_party_name(case: Case) -> str:
    """The company that the information speaks of."""
    if not case.has_third_party:
        return ""
    named = [name for name in COMPANIES if name in case.information]
    return named[0] if named else str(case.scene["company"])


def answer_text(case: Case) -> str:
    """The answer: what was found, the article it rests on, and where to object."""
    scene = case.scene
    scene["applied"] = full_date(case.at.date())
    scene.day = add_workdays(case.at.date(), case.days)
    parts = (
        pick_line(scene, pools()["request_head"]),
        pick_line(scene, case.wanted.matter.fitting("detail", case.answer_type)),
        pick_line(scene, pools()[f"body_{case.answer_type}"]),
        pick_line(scene, pools()["request_tail"]),
    )
    return "".join(parts)


def moments(rng: random.Random, count: int, start: date, end: date) -> list[datetime]:
    """Points in time in order, some of them in the last weeks so that every state is found."""
    recent = min(max(int(count * RECENT_SHARE), FEWEST_RECENT), count)
    recent_start = max(start, end - timedelta(days=RECENT_DAYS))
    newest = min(NEWEST, recent)
    spans = ((count - recent, start), (recent - newest, recent_start), (newest, max(start, end - timedelta(days=1))))
    return sorted(at for amount, first in spans for at in drawn(rng, amount, first, end, end))


def requests(seed: int, count: int, start: date, end: date) -> Iterator[RequestText]:
    """Yield count requests in order of time, the same for the same seed; end is the day on which the states hold."""
    clerk = Clerk(seed, end)
    times = moments(clerk.rng, count, start, end)
    types = answer_types(clerk.rng, count)
    natural = dealt(clerk.rng, range(count), count * NATURAL_SHARE)
    for index, (at, answer_type) in enumerate(zip(times, types, strict=True)):
        is_consulting = index == count - NEWEST - 1
        drawn_type = CONSULTING_TYPE if is_consulting else answer_type
        yield clerk.write(clerk.case(at, drawn_type, index in natural, is_consulting))
