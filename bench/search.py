"""Search: recall against a plain scan, and how long a question takes, as a ratio to that scan in the same run."""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

SEED = 20260617
PORTION = 1_000
ROUNDS = 25
RECALL_QUESTIONS = 200
COMMON = "工作"
WORDS = (
    "供水 管理 办法 通知 教育 招生 政策 解读 农村 道路 建设 资金 补贴 申请 条件 材料 流程 公告 招聘 考试 "
    "成绩 名单 公示 防汛 应急 预案 演练 安全 生产 检查 整改 落实 会议 领导 小组 乡镇 社区 服务 中心 群众 "
    "办理 时限 收费 标准 依据 规划 项目 开工 竣工 验收 审计 结果 预算 决算 执行 报告 年度 计划 目标 任务 "
    "完成 比例 增长 下降 环境 保护 水质 监测 空气 森林 耕地 粮食 价格 市场 监管 医疗 保险 养老 低保 救助 "
    "残疾 儿童 学校 幼儿园 教师 体育 文化 旅游 交通 公交 线路 调整 施工 封闭 绕行 停水 停电 恢复 供应 "
)
VOCABULARY = WORDS.split()


def prepare(count: int) -> None:
    """A database with so many documents, built once per data directory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from bench.county import _make_database, _refresh_statistics

    _make_database()
    django.setup()
    from django.core.management import call_command

    from menhu.search.models import Document

    call_command("migrate", verbosity=0)
    if Document.objects.count() != count:
        _build(count)
        _refresh_statistics()


def _build(count: int) -> None:
    from django.db import transaction

    from menhu.search.actions import _add
    from menhu.search.engines import engine
    from menhu.search.models import Document

    Document.objects.all().delete()
    engine().clear()
    chance = random.Random(SEED)
    for start in range(0, count, PORTION):
        with transaction.atomic():
            _add([_found(number, chance) for number in range(start, min(start + PORTION, count))])
        sys.stderr.write(f"\rdocuments {start + PORTION}          ")
    sys.stderr.write("\n")


def _found(number: int, chance: random.Random) -> object:
    from menhu.search.types import Found

    words = chance.choices(VOCABULARY, k=chance.randint(60, 320))
    words.insert(chance.randrange(len(words)), COMMON)
    text = "".join(word + ("，" if chance.random() < 0.15 else "") for word in words)
    return Found(
        kind="bench",
        key=str(number),
        type=("news", "notice", "policy", "reading")[number % 4],
        site_id=number % 100,
        site_ids=(number % 100,),
        column_ids=(number % 1_000,),
        title=f"关于{''.join(chance.choices(VOCABULARY, k=4))}的{words[0]}（第{number}号）",
        text=f"{text}编号为云岭文〔{number % 30 + 1996}〕{number}号。",
        url=f"/{number}/",
        source="县政府办公室",
        published_at=datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    )


def questions(count: int) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of questions: each call gives another one."""

    def pick(chance: random.Random, many: int) -> list[str]:
        return chance.choices(VOCABULARY, k=many)

    return {
        "rare: a document number": lambda chance: f"{chance.randrange(count)}号",
        "rare: six characters": lambda chance: "".join(pick(chance, 3)),
        "very common word": lambda chance: COMMON,
        "common word": lambda chance: pick(chance, 1)[0],
        "two common words": lambda chance: " ".join(pick(chance, 2)),
        "four common words": lambda chance: " ".join(pick(chance, 4)),
        "one character": lambda chance: pick(chance, 1)[0][0],
        "nothing to find": lambda chance: "恭水" + pick(chance, 1)[0],
    }


def measure(count: int) -> dict[str, dict[str, object]]:
    from menhu.search.asking import Scope, search

    rows: dict[str, dict[str, object]] = {}
    chance = random.Random(SEED)
    for name, ask in questions(count).items():
        taken = []
        for at in range(ROUNDS):
            text, scope = ask(chance), Scope(site_id=at % 100) if at % 5 == 4 else Scope()
            started = time.perf_counter()
            search(text, scope)
            taken.append((time.perf_counter() - started) * 1_000)
        scan = _scan(ask(chance))
        rows[name] = {
            "median, ms": round(statistics.median(taken), 1),
            "p95, ms": round(sorted(taken)[int(len(taken) * 0.95)], 1),
            "plain scan, ms": round(scan, 1),
            "× of a scan": round(statistics.median(taken) / scan, 3),
        }
    return rows


def _scan(text: str) -> float:
    """What the page would cost without an index: ten rows and a count by LIKE."""
    from menhu.search.models import Document

    started = time.perf_counter()
    rows = Document.objects.filter(body__contains=text.replace(" ", ""))
    list(rows.order_by("-number").values_list("number", "title")[:10])
    rows.count()
    return (time.perf_counter() - started) * 1_000


def recall(count: int) -> str:
    """Random parts of texts, two to six characters: how many of the documents that hold them are found."""
    from menhu.search.engines import Wanted, engine
    from menhu.search.models import Document
    from menhu.search.rules import question

    chance = random.Random(SEED + 1)
    wanted = found = 0
    bodies = dict(Document.objects.order_by("number").values_list("number", "body")[: min(count, 20_000)])
    numbers = sorted(bodies)
    for _ in range(RECALL_QUESTIONS):
        body = bodies[chance.choice(numbers)].replace("，", "")
        start = chance.randrange(len(body) - 30)
        part = body[start : start + chance.randint(2, 6)]
        hold = {number for number in numbers if part in bodies[number]}
        hits = set(engine().newest(Wanted(question(part).groups), (), 10**7))
        wanted, found = wanted + len(hold), found + len(hold & hits)
    return f"{found} of {wanted} ({100 * found / wanted:.1f} %)"


def main(scale: str) -> None:
    count = int(scale)
    prepare(count)
    figures = {"recall": recall(count), "rows": measure(count)}
    sys.stdout.write("\n" + json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
