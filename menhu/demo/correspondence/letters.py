"""Letters: a matter, somebody who tells of it in their own way, and what the unit answers."""

import random
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from menhu.demo.correspondence.fates import REFUSALS, fate_of, rating_of
from menhu.demo.correspondence.texts import LetterText, RatingText, SenderText
from menhu.demo.county.people import unused_names
from menhu.demo.county.units import towns, units_by_slug

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
OPENINGS: Final = (
    "领导您好。",
    "县长，您好！我是{town}的一名普通群众。",
    "尊敬的领导：",
    "我实在没有办法了才写这封信。",
    "打扰了，有件事想请你们管一管。",
    "我是一名学生，代爷爷写这封信。",
    "我在外打工，家里老人托我反映一件事。",
    "我在{street}开店，做点小生意。",
    "早就想写了，一直不会用电脑。",
    "先谢谢你们看信。",
    "气死人了，打了几次电话都说不归他们管。",
    "情况是这样的：",
)
ENDINGS: Final = (
    "谢谢。",
    "盼复。",
    "我说的都是实话，可以来问左邻右舍。",
    "希望这次能有个结果。",
    "麻烦你们了，辛苦🙏。",
    "请给我们一个答复，不要再踢皮球。",
    "祝工作顺利。",
)
STREETS: Final = ("东街", "西街", "人民路", "滨河路", "文昌巷", "新桥路", "学府路", "北门", "老菜场", "车站路")
VILLAGES: Final = (
    "上坝村",
    "下坪村",
    "杨家湾",
    "柳树村",
    "大垭口",
    "桃源村",
    "马鞍山村",
    "清水沟",
    "黄泥岗",
    "双河口",
    "𬱖家坪",
)
WHEN: Final = ("上个月", "月初", "前天", "今年开春", "国庆节后", "去年冬天", "上周三", "半个月前")
COMMENTS: Final = {
    5: ("很快就解决了", "态度好，办得实", ""),
    4: ("解决了，谢谢", ""),
    3: ("等得有点久", ""),
    2: ("没有说什么时候办完", "电话里说得好，做得慢"),
    1: ("根本没有来人看", "答非所问"),
}
RARE: Final = ("㛃", "䶮", "𬱖")


def letters(seed: int, count: int, start: date, end: date) -> Iterator[LetterText]:
    """Write `count` letters from `start` to `end` in order of time, one at a time."""
    rng = random.Random(seed)
    names = unused_names(seed + 1, frozenset())
    told: set[str] = set()
    for place, moment in enumerate(_moments(rng, count, start, end)):
        name = next(names)
        text = _letter(rng, place, moment, (end - moment.date()).days, name)
        while text.text in told:
            text = _letter(rng, place, moment, (end - moment.date()).days, name)
        told.add(text.text)
        yield text


def _moments(rng: random.Random, count: int, start: date, end: date) -> list[datetime]:
    """When they come, in order; a good part in the last weeks, so that the desks have something to do."""
    span = (end - start).days
    days = (rng.randint(0, span) if rng.random() < 0.85 else rng.randint(max(0, span - 24), span) for _ in range(count))
    return sorted(
        datetime.combine(start + timedelta(days=day), time(rng.randint(7, 20), rng.randint(0, 59)), SHANGHAI)
        for day in days
    )


@cache
def matters() -> tuple[dict[str, Any], ...]:
    data = resources.files("menhu.demo.correspondence").joinpath("data", "matters.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(data)["matter"])


def _letter(rng: random.Random, place: int, moment: datetime, days_ago: int, name: str) -> LetterText:
    matter = rng.choice(matters())
    slots = _slots(rng, moment)
    sender = _sender(rng, name, slots)
    place_in = rng.randrange(len(matter["titles"]))
    fact = matter["facts"][place_in % len(matter["facts"])]
    said = [rng.choice(OPENINGS), fact, rng.choice(matter["wishes"])]
    told = f"我叫{sender.name}，电话{sender.phone}。" if rng.random() < 0.2 else ""
    text = "".join(part.format(**slots) for part in said) + told + rng.choice(ENDINGS)
    fate = fate_of(rng, days_ago, place)
    refused = rng.choice(REFUSALS) if fate == "refused" else ("", "")
    is_returned = bool(matter.get("wrong")) and (rng.random() < 0.12 or fate == "returned")
    answer = f"{_called(sender.name)}：您好。{rng.choice(matter['answers']).format(**slots)}{_contact(matter['unit'])}"
    is_asked = rng.random() < 0.08
    return LetterText(
        at=moment,
        mailbox=rng.choices(("mayor", "hotline", "unit"), (5, 3, 2))[0],
        kind=matter["kind"],
        channel="phone" if rng.random() < 0.15 else "web",
        unit=matter["unit"],
        place=slots["town"],
        title=_title(matter["titles"][place_in]).format(**slots),
        text=text,
        sender=sender,
        wants_publication=matter["kind"] not in ("report", "petition") and rng.random() < 0.7,
        answer=answer,
        fate=fate,
        days_taken=rng.randint(2, 9),
        wrong_unit=matter["wrong"] if is_returned else "",
        partners=tuple(matter.get("partners", ())) if rng.random() < 0.4 else (),
        supplement_question="请补充具体地点和联系方式，以便现场核实。" if is_asked else "",
        supplement=f"地点在{slots['street']}，{slots['village']}路口往里走。" if is_asked else "",
        return_reason="经核对“三定”规定，该事项不属本单位职责，建议另行确定承办单位。"
        if is_returned or fate == "returned"
        else "",
        refuse_reason=refused[0],
        right_place=refused[1],
        **_afterwards(rng, slots),
    )


def _title(template: str) -> str:
    """A village or a street is named with its town."""
    return f"{{town}}{template}" if template.startswith(("{village}", "{street}")) else template


def _afterwards(rng: random.Random, slots: dict[str, Any]) -> dict[str, Any]:
    """What comes after the answer, and who presses for it."""
    level = rating_of(rng)
    is_again = level is not None and level <= 2 and rng.random() < 0.7
    return {
        "rating": RatingText(level, rng.choice(COMMENTS[level])) if level else None,
        "reopen_reason": "答复没有写明什么时候办完，请再说清楚。" if is_again else "",
        "second_answer": f"您好。我们再次到现场核实，确定于{slots['day']}前全部完成，届时请您监督。"
        if is_again
        else "",
        "instruction": rng.choice(("请到现场看一看，限期解决。", "群众的事要有着落，办结后报我。"))
        if rng.random() < 0.05
        else "",
        "urge": rng.random() < 0.06,
    }


def _slots(rng: random.Random, moment: datetime) -> dict[str, Any]:
    coming = moment + timedelta(days=rng.randint(5, 40))
    return {
        "town": rng.choice(towns()).short,
        "village": rng.choice(VILLAGES),
        "street": rng.choice(STREETS),
        "n": rng.randint(3, 29),
        "days": rng.randint(2, 19),
        "when": rng.choice(WHEN),
        "day": f"{coming.month}月{coming.day}日",
    }


def _sender(rng: random.Random, name: str, slots: dict[str, Any]) -> SenderText:
    known = f"{name[:-1]}{rng.choice(RARE)}" if rng.random() < 0.02 else name
    return SenderText(
        name=known,
        phone=f"1380000{rng.randint(0, 9999):04d}",
        email=f"u{rng.randint(1000, 9999)}@example.cn" if rng.random() < 0.3 else "",
        address=f"{slots['town']}{slots['village']}{rng.randint(1, 9)}组{rng.randint(1, 99)}号"
        if rng.random() < 0.5
        else "",
    )


def _called(name: str) -> str:
    return f"{name}同志"


def _contact(slug: str) -> str:
    return f"如有疑问，请拨打{units_by_slug()[slug].phone}，欢迎继续监督。"
