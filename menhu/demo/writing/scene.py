"""A scene: who writes about what on which day, and every word that one article draws and then keeps to.

Texts are Python format strings. {name} is drawn once and stays the same through the article (see slots.py) or is a
fresh short sentence (data/phrases.txt). {x:甲|乙} takes one of the alternatives, {n:20-60} a number, {n:sum=20-60} a
number that may be repeated by the same name, {after:7} and {before:7} a date, {after:60_month} the end of a month.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar

from menhu.demo.county.reading import read_lines
from menhu.demo.county.units import Unit
from menhu.demo.writing.themes import Metric, Theme

PACKAGE = "menhu.demo.writing"

Maker = Callable[["Scene"], object]
MAKERS: dict[str, Maker] = {}


Made = TypeVar("Made", bound=Maker)


def slot(*names: str) -> Callable[[Made], Made]:
    """Register how a slot is filled when a text first asks for it."""

    def register(maker: Made) -> Made:
        MAKERS.update(dict.fromkeys(names, maker))
        return maker

    return register


@cache
def phrases() -> dict[str, list[str]]:
    """The pools of short sentences by name."""
    pools: dict[str, list[str]] = {}
    for line in read_lines(PACKAGE, "phrases.txt"):
        if line.startswith("["):
            current = pools.setdefault(line.strip("[]"), [])
        else:
            current.append(line)
    return pools


def number(value: float, decimals: int = 0) -> str:
    """Write a figure as the house does: commas from five digits on."""
    return f"{value:,.{decimals}f}" if value >= 10_000 else f"{value:.{decimals}f}"


def percent(part: float, whole: float) -> str:
    """Write a share with one decimal."""
    return f"{part / whole * 100:.1f}%"


def full_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class Scene(dict[str, object]):
    """The words of one article, drawn when first asked for."""

    __slots__ = ("day", "hour", "rng", "rows", "theme", "unit")

    def __init__(self, rng: random.Random, unit: Unit, theme: Theme, pub_at: datetime) -> None:
        super().__init__()
        self.rng = rng
        self.unit = unit
        self.theme = theme
        self.day = pub_at.date()
        self.hour = pub_at.hour
        self.rows: tuple[tuple[str, ...], ...] = ()
        self["x"] = Choice(self)
        self["n"] = Amount(self)
        self["after"] = Distance(self, 1)
        self["before"] = Distance(self, -1)

    def __missing__(self, key: str) -> object:
        maker = MAKERS.get(key)
        if maker is not None:
            value = self[key] = maker(self)
            return value
        base = key.rstrip("0123456789")
        if base != key and base in MAKERS:
            return self.another(key, MAKERS[base])
        return self.fill(self.pick(phrases()[key]))

    def another(self, key: str, maker: Maker) -> object:
        """Fill village2, partner3 … with something not yet named in this article, if there is anything left."""
        taken = {value for value in self.values() if isinstance(value, str)}
        value = maker(self)
        for _ in range(8):
            if value not in taken:
                break
            value = maker(self)
        self[key] = value
        return value

    def pick(self, items: Sequence[str]) -> str:
        return items[int(self.rng.random() * len(items))]

    def between(self, low: int, high: int) -> int:
        return low + int(self.rng.random() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def fill(self, text: str) -> str:
        return text.format_map(self) if "{" in text else text

    def amount(self, metric: Metric) -> float:
        """Draw a value of a metric, small values more often than large ones."""
        share = self.rng.random() ** 1.4
        value = metric.low + (metric.high - metric.low) * share
        return float(round(value, metric.decimals))

    def date_after(self, days: int) -> date:
        return self.day + timedelta(days=days)

    def written(self, day: date) -> str:
        """Write a date, with its year when that is another one."""
        if day.year == self.day.year:
            return f"{day.month}月{day.day}日"
        return full_date(day)


class Choice:
    """{x:甲|乙|丙}: one of the alternatives."""

    __slots__ = ("scene",)

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __format__(self, alternatives: str) -> str:
        return self.scene.pick(alternatives.split("|"))


class Amount:
    """{n:20-60} or {n:name=20-60}: a whole number; under a name it is kept, also by the figures of the kind."""

    __slots__ = ("scene",)

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __format__(self, bounds: str) -> str:
        name, _, span = bounds.rpartition("=")
        if name and name in self.scene:
            return str(self.scene[name])
        low, _, high = span.partition("-")
        text = number(self.scene.between(int(low), int(high)))
        if name:
            self.scene[name] = text
        return text


class Distance:
    """{after:7}, {before:7}: the date so many days from the day of publication."""

    __slots__ = ("direction", "scene")

    def __init__(self, scene: Scene, direction: int) -> None:
        self.scene = scene
        self.direction = direction

    def __format__(self, span: str) -> str:
        days, _, grain = span.partition("_")
        day = self.scene.date_after(self.direction * int(days))
        return f"{day.year}年{day.month}月底前" if grain == "month" else self.scene.written(day)


NUMERALS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """Write a number below 100 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones or not tens else "")


class ArticleCounter:
    """{tiao}: 第一条, 第二条, … in the order of writing."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def __format__(self, spec: str) -> str:
        self.count += 1
        return f"第{chinese_number(self.count)}条"
