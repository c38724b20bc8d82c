"""Letters to the county with their answers and all that happens in between."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from menhu.demo.correspondence.courses import make_course
from menhu.demo.correspondence.matters import Matter, matters, pools, refused_matters
from menhu.demo.correspondence.planning import Plan, plans
from menhu.demo.correspondence.scenes import drawn_town, introduce, make_scene, move_to_answer, spoken_of, town_village
from menhu.demo.correspondence.senders import make_sender, sender_names
from menhu.demo.correspondence.texts import Channel, Kind, LetterText, Mailbox, SenderText
from menhu.demo.correspondence.timing import WRITTEN, add_workdays, days_taken
from menhu.demo.county.units import Unit
from menhu.demo.writing.grammar import Alternative
from menhu.demo.writing.scene import Scene

Drawn = TypeVar("Drawn")
MIN_TITLE, MAX_TITLE = 8, 40
MIN_TEXT, MAX_TEXT = 40, 900
MIN_ANSWER, MAX_ANSWER = 180, 700
MEMORY = 14
CITIZENS = 5
RETRIES = 40
# After so many titles that were used before, one is told apart by words around it.
PLAIN_TITLES = 6
CHANNELS: dict[Channel, int] = {"web": 46, "phone": 30, "app": 14, "visit": 7, "post": 3}
ONLINE: tuple[Channel, ...] = ("web", "app")
MAILBOXES: dict[Channel, dict[Mailbox, int]] = {
    "web": {"mayor": 55, "unit": 32, "leader": 8, "hotline": 5},
    "app": {"mayor": 40, "unit": 45, "hotline": 15},
    "phone": {"hotline": 94, "unit": 6},
    "visit": {"unit": 55, "leader": 30, "mayor": 15},
    "post": {"mayor": 70, "unit": 30},
}
# How often a letter has each part that not all have.
OPENING_SHARE, MORE_SHARE, ASIDE_SHARE, CLOSING_SHARE, SIGNED_SHARE, EMOJI_SHARE = 0.62, 0.7, 0.4, 0.5, 0.24, 0.03
PUBLICATION_SHARE, COMMENT_SHARE, THANKS_SHARE, FOLLOW_SHARE = 0.72, 0.58, 0.45, 0.35
# Who reports somebody is not shown to everybody.
PRIVATE_KINDS = frozenset({"report"})
YOUNG = frozenset({"polite", "student", "parent", "migrant"})
SECOND_DAYS = 18
# One in ten of those who ramble tells everything.
ENDLESS_SHARE, ENDLESS_ASIDES = 0.1, 6
SPARE_WRONG = ("xzfb", "xfj", "xzspj")


@dataclass(frozen=True, slots=True)
class Told:
    """A letter already written, so that another sender can write of the same matter."""

    index: int
    matter: Matter
    town: Unit
    words: dict[str, object]
    what: Alternative


@dataclass(frozen=True, slots=True)
class Draft:
    """What one letter is about while it is written."""

    plan: Plan
    matter: Matter
    town: Unit
    scene: Scene
    sender: SenderText
    voice: str
    what: Alternative
    original: Told | None

    def lines(self, key: str) -> list[str]:
        return self.matter.fitting(key, self.what.label)


def weighted(rng: random.Random, weights: dict[Drawn, int]) -> Drawn:
    return rng.choices(list(weights), list(weights.values()))[0]


def pick_line(scene: Scene, lines: Sequence[str]) -> str:
    return scene.fill(scene.pick(lines))


def masked(text: str, sender: SenderText) -> str:
    """The public copy of a text: the writer's name, telephone and address reworded."""
    for private, pool in ((sender.phone, "phone_mask"), (sender.address, "home_mask"), (sender.name, "name_mask")):
        text = text.replace(private, pools()[pool][0]) if private else text
    return text


class Desk:
    """Writes letters one after another and remembers what must not be repeated."""

    def __init__(self, seed: int, end: date) -> None:
        self.rng = random.Random(f"letters-{seed}")
        self.end = end
        self.names = sender_names(seed)
        self.titles: set[str] = set()
        self.texts: set[str] = set()
        self.told: dict[int, Told] = {}
        self.citizens: list[SenderText] = []
        self.lately: deque[str] = deque(maxlen=MEMORY)

    def drawn_matter(self, plan: Plan) -> Matter:
        """A matter that fits the month and was not drawn just before."""
        everything = refused_matters() if plan.fate == "refused" else matters()
        fitting = [
            matter for matter in everything if plan.at.month in matter.months and plan.kind in ("", *matter.kinds)
        ]
        fresh = [matter for matter in fitting if matter.slug not in self.lately]
        matter = self.rng.choice(fresh or fitting)
        self.lately.append(matter.slug)
        return matter

    def original(self, plan: Plan) -> Told | None:
        return None if plan.duplicate_of is None else self.told[plan.duplicate_of]

    def sender(self, plan: Plan, town: Unit) -> SenderText:
        """Somebody new, or one of the few with an account, who write more than once."""
        has_account = "account" in plan.extras
        if has_account and len(self.citizens) >= CITIZENS:
            return self.rng.choice(self.citizens)
        sender = make_sender(self.rng, next(self.names), town, town_village(self.rng, town))
        if has_account:
            self.citizens.append(sender)
        return sender

    def draft(self, plan: Plan) -> Draft:
        """Decide on the matter, the place, the writer and the voice."""
        original = self.original(plan)
        matter = original.matter if original else self.drawn_matter(plan)
        town = original.town if original else drawn_town(self.rng, matter.place)
        sender = self.sender(plan, town)
        scene = make_scene(self.rng, matter, town, plan.at)
        if original:
            scene.update(original.words)
        introduce(scene, sender)
        choices = [line for line in matter.lines["what"] if not original or line != original.what]
        return Draft(
            plan, matter, town, scene, sender, self.rng.choice(matter.voices), self.rng.choice(choices), original
        )

    def title(self, draft: Draft) -> str:
        """A title that is long enough and that nobody used yet; when the matter has no more, it says whose it is."""
        for attempt in range(RETRIES):
            title = pick_line(draft.scene, draft.lines("title"))
            if attempt >= PLAIN_TITLES or len(title) < MIN_TITLE:
                title = lengthened(draft.scene, title)
            if title not in self.titles and MIN_TITLE <= len(title) <= MAX_TITLE:
                break
        self.titles.add(title)
        return title

    def text(self, draft: Draft) -> str:
        """A text of this voice that is equal to no other."""
        for _ in range(RETRIES):
            text = letter_text(draft)
            if text not in self.texts and MIN_TEXT <= len(text) <= MAX_TEXT:
                break
        self.texts.add(text)
        return text

    def remember(self, draft: Draft) -> None:
        if draft.plan.fate != "refused" and draft.original is None:
            told = Told(draft.plan.index, draft.matter, draft.town, spoken_of(draft.scene), draft.what)
            self.told[draft.plan.index] = told

    def write(self, plan: Plan) -> LetterText:
        """Write one letter with all that follows it."""
        draft = self.draft(plan)
        title, text = self.title(draft), self.text(draft)
        self.remember(draft)
        kind = plan.kind or self.rng.choice(draft.matter.kinds)
        is_done = plan.fate in WRITTEN or plan.fate == "refused"
        taken = days_taken(self.rng, kind, plan.at, self.end, is_done)
        move_to_answer(draft.scene, add_workdays(plan.at.date(), taken))
        return self.finished(draft, title, text, kind, taken)

    def finished(self, draft: Draft, title: str, text: str, kind: str, taken: int) -> LetterText:
        """Add the answer and the steps between."""
        plan, scene = draft.plan, draft.scene
        channel = drawn_channel(self.rng, kind, "account" in plan.extras or "file" in plan.extras)
        wrong = wrong_unit(draft)
        answer = answer_text(draft) if plan.fate in WRITTEN else ""
        is_public = kind not in PRIVATE_KINDS and self.rng.random() < PUBLICATION_SHARE
        question, supplement = supplement_texts(draft)
        course = make_course(scene, plan, kind, self.titles)
        return LetterText(
            at=plan.at,
            mailbox=weighted(self.rng, MAILBOXES[channel]),
            kind=cast("Kind", kind),
            channel=channel,
            unit=scene.unit.slug,
            wrong_unit=wrong,
            partners=partner_units(draft, wrong),
            place=draft.town.slug if draft.matter.place else "",
            title=title,
            text=text + course.second_text,
            sender=draft.sender,
            wants_publication=is_public,
            answer=answer,
            public_question=masked(text, draft.sender) if is_public else "",
            supplement_question=question,
            supplement=supplement,
            return_reason=pick_line(scene, pools()["return_reason"]) if wrong else "",
            refuse_reason=pick_line(scene, draft.lines("reason")) if plan.fate == "refused" else "",
            right_place=pick_line(scene, draft.lines("right")) if plan.fate == "refused" else "",
            rating=plan.rating,
            comment=comment_text(draft),
            reopen_reason=pick_line(scene, placed(draft, "reopen_reason")) if plan.is_reopened else "",
            second_answer=second_answer(draft) if plan.is_reopened else "",
            instruction=pick_line(scene, pools()["instruction"]) if plan.has_instruction else "",
            urge=plan.is_urged,
            duplicate_of=draft.original.index if draft.original else None,
            fate=plan.fate,
            days_taken=taken,
            course=course,
        )


def drawn_channel(rng: random.Random, kind: str, is_online: bool) -> Channel:
    """Errors of pages come from the pages; petitions are brought in person or by post."""
    if kind == "error":
        return "web"
    if kind == "petition":
        return rng.choice(("visit", "visit", "post"))
    return rng.choice(ONLINE) if is_online else weighted(rng, CHANNELS)


def lengthened(scene: Scene, title: str) -> str:
    """A title with a word before or after it."""
    if scene.chance(0.3):
        return pick_line(scene, pools()["title_head"]) + title
    return title + pick_line(scene, pools()["title_tail"])


def letter_text(draft: Draft) -> str:
    """What the sender writes, in the sender's voice."""
    scene, lines, voice = draft.scene, draft.lines, draft.voice
    parts = [
        voiced(scene, f"opening_{voice}", OPENING_SHARE),
        scene.fill(draft.what.text),
        *further(scene, lines("more"), voice),
        *asides(scene, voice),
        pick_line(scene, lines("ask")),
        voiced(scene, f"closing_{voice}", CLOSING_SHARE),
        signature(scene),
    ]
    text = "".join(parts)
    is_cheerful = voice in YOUNG and scene.chance(EMOJI_SHARE * 2)
    return text + scene.pick(pools()["emoji"]) if is_cheerful else text


def voiced(scene: Scene, pool: str, share: float) -> str:
    return pick_line(scene, pools()[pool]) if scene.chance(share) else ""


def further(scene: Scene, lines: Sequence[str], voice: str) -> list[str]:
    """None, one or two more particulars; those who ramble tell all they know."""
    count = 2 if voice == "rambling" else scene.chance(MORE_SHARE) + scene.chance(MORE_SHARE / 3)
    return [scene.fill(line) for line in scene.rng.sample(list(lines), min(count, len(lines)))]


def asides(scene: Scene, voice: str) -> list[str]:
    """What does not belong to the matter; those who ramble cannot stop."""
    lines = pools()[f"aside_{voice}"]
    count = int(scene.chance(ASIDE_SHARE))
    if voice == "rambling":
        count = ENDLESS_ASIDES if scene.chance(ENDLESS_SHARE) else scene.between(0, 2)
    return [scene.fill(line) for line in scene.rng.sample(lines, count)]


def signature(scene: Scene) -> str:
    fitting = [line for line in pools()["signed"] if scene["home"] or "{home}" not in line]
    return pick_line(scene, fitting) if scene.chance(SIGNED_SHARE) else ""


def answer_text(draft: Draft) -> str:
    """What the unit answers: what was found, what is done by when, whom to call."""
    scene, lines = draft.scene, draft.lines
    head = [pick_line(scene, placed(draft, "hello")), pick_line(scene, lines("found")), pick_line(scene, lines("done"))]
    tail = [pick_line(scene, placed(draft, "call")), voiced(scene, "thanks", THANKS_SHARE)]
    follows = scene.rng.sample(placed(draft, "follow"), 4)
    middle = [scene.fill(follows.pop())] if scene.chance(FOLLOW_SHARE) else []
    while len("".join([*head, *middle, *tail])) < MIN_ANSWER and follows:
        middle.append(scene.fill(follows.pop()))
    return "".join([*head, *middle, *tail])


def placed(draft: Draft, pool: str) -> list[str]:
    """The sentences of a pool, with those about a site when the matter has one."""
    return [*pools()[pool], *(pools()[f"{pool}_place"] if draft.matter.place else [])]


def second_answer(draft: Draft) -> str:
    """What the unit answers when the letter is opened again, some weeks after the first answer."""
    draft.scene.day = draft.scene.date_after(SECOND_DAYS)
    lines = (placed(draft, pool) for pool in ("second_answer", "second_done"))
    return "".join(pick_line(draft.scene, line) for line in lines)


def supplement_texts(draft: Draft) -> tuple[str, str]:
    """What the unit asks for and what the sender adds; who was only just asked has not answered."""
    if not draft.plan.has_supplement:
        return "", ""
    pool = "supplement_place" if draft.matter.place else "supplement_paper"
    question, _, answer = draft.scene.pick(pools()[pool]).partition("||")
    is_open = draft.plan.fate == "asked"
    return draft.scene.fill(question), "" if is_open else draft.scene.fill(answer)


def comment_text(draft: Draft) -> str:
    rating = draft.plan.rating
    return voiced(draft.scene, f"comment_{rating}", COMMENT_SHARE) if rating else ""


def wrong_unit(draft: Draft) -> str:
    """The unit that the letter goes to first by mistake."""
    choices = [slug for slug in draft.matter.wrong or SPARE_WRONG if slug != draft.scene.unit.slug]
    return draft.scene.pick(choices) if draft.plan.is_wrong else ""


def partner_units(draft: Draft, wrong: str) -> tuple[str, ...]:
    """The units that answer together: those of the matter, else the town."""
    if not draft.plan.has_partners:
        return ()
    taken = {draft.scene.unit.slug, wrong}
    named = (draft.town.slug if slug == "town" else slug for slug in (*draft.matter.partners, "town", "xzfb"))
    choices = [slug for slug in dict.fromkeys(named) if slug not in taken]
    count = 2 if len(draft.matter.partners) > 1 and draft.scene.chance(0.3) else 1
    return tuple(choices[:count])


def letters(seed: int, count: int, start: date, end: date) -> Iterator[LetterText]:
    """Yield count letters in order of time, the same for the same seed; end is the day on which the states hold."""
    desk = Desk(seed, end)
    for plan in plans(random.Random(f"plans-{seed}"), count, start, end):
        yield desk.write(plan)
