"""Routing: how often the unit that a letter belongs to is named first, or among three, beside always naming one unit.

The letters are synthetic. They prove that the plumbing works and what it costs; how well real letters are routed is
told by the report of each install's own model.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

SEED = 20260617
NOTE = "Synthetic letters: they prove the plumbing only, not how well real letters are routed."
PHRASES = (
    "您好领导",
    "我想反映一个问题",
    "已经好几个月了",
    "没有人管",
    "打过电话没有说法",
    "希望尽快解决",
    "我家就住在附近",
    "老人小孩都受影响",
    "请问需要什么材料",
    "多久能办好",
    "邻居也都有意见",
    "上次的答复不满意",
    "情况属实，恳请核实",
    "盼复，谢谢",
)
WRONGLY_ROUTED = 0.1
GUESSES = 200

Letter = tuple[str, int]


def own_letters(count: int) -> Iterator[Letter]:
    """Phrases of anybody's letter around scraps of what a unit does, one scrap of another unit, and some misrouted."""
    from menhu.demo.county.units import units_by_slug

    chance = random.Random(SEED)
    matters = [
        (*unit.duties, *unit.fields, *unit.spots, *(service.name for service in unit.services))
        for unit in units_by_slug().values()
    ]
    frequency = [1 / (rank + 1) ** 0.8 for rank in range(len(matters))]
    for _ in range(count):
        unit, other = chance.choices(range(len(matters)), frequency, k=2)
        parts = chance.choices(PHRASES, k=8)
        parts += [scrap(chance, matters[unit]), scrap(chance, matters[unit]), scrap(chance, matters[other])[:6]]
        chance.shuffle(parts)
        yield "，".join(parts), other if chance.random() < WRONGLY_ROUTED else unit


def scrap(chance: random.Random, matters: Sequence[str]) -> str:
    matter = chance.choice(matters)
    start = chance.randrange(max(1, len(matter) - 4))
    return matter[start : start + chance.randint(3, 10)]


def county_letters(count: int) -> Iterator[Letter]:
    """Letters of the fictional county's own generator."""
    from datetime import date

    from menhu.demo.correspondence.letters import letters
    from menhu.demo.county.units import units_by_slug

    places = {slug: place for place, slug in enumerate(units_by_slug())}
    for letter in letters(SEED, count, date(2024, 1, 1), date(2026, 6, 30)):
        yield f"{letter.title}\n{letter.text}", places[letter.unit]


SOURCES: dict[str, Callable[[int], Iterator[Letter]]] = {
    "the county's letters": county_letters,
    "scraps of duties, one in ten misrouted": own_letters,
}


def measure(count: int, letters: Callable[[int], Iterator[Letter]]) -> dict[str, object]:
    from menhu.letters.routing import load, save, train

    samples = list(letters(count))
    started = time.perf_counter()
    model = train(samples, seed=SEED)
    trained = time.perf_counter() - started
    if model is None:
        raise SystemExit("too few letters")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "routing.npz"
        save(model, path)
        size, kept = path.stat().st_size, load(path)
    assert kept is not None
    taken = []
    for text, _ in samples[:GUESSES]:
        started = time.perf_counter()
        kept.guess(text)
        taken.append((time.perf_counter() - started) * 1_000)
    report = model.report
    return {
        "letters / units / held back": f"{report.samples:,} / {report.units} / {report.held_back:,}",
        "right at first": f"{report.top1:.1%}",
        "right among three": f"{report.top3:.1%}",
        "always the busiest unit": f"{report.majority:.1%}",
        "training, s": round(trained, 1),
        "a guess, median and worst, ms": f"{median(taken):.1f} / {max(taken):.1f}",
        "file, MB": round(size / 1e6, 1),
    }


def main(scale: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    rows = {name: measure(int(scale), letters) for name, letters in SOURCES.items()}
    sys.stdout.write("\n" + json.dumps({"note": NOTE, "rows": rows}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
