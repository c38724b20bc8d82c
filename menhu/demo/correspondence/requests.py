"""Requests for government information: what is asked, of whom, and how it was decided."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from menhu.demo.correspondence.letters import SHANGHAI
from menhu.demo.correspondence.texts import RequestText, SenderText
from menhu.demo.county.people import unused_names

WANTED: Final = (
    ("jtj", "农村道路建设计划和资金安排", "包括路段、里程和投资"),
    ("jyj", "义务教育学区划分方案", "小学和初中分别列出"),
    ("zrzyj", "集体土地征收补偿安置方案", "写明涉及的村组和标准"),
    ("czj", "部门预算执行情况", "按单位列出"),
    ("sthjj", "重点排污单位监测数据", "最近一个季度"),
    ("mzj", "城乡低保标准和人数", "按乡镇分列"),
    ("zjj", "老旧小区改造名单", "含改造内容和完工时间"),
    ("slj", "农村饮水工程水质检测结果", "各水厂分列"),
    ("scjgj", "食品抽检不合格名单", "含处理结果"),
    ("wjj", "村卫生室建设情况", "含医生人数"),
)
OUTCOMES: Final = (
    "granted",
    "granted",
    "public",
    "public",
    "partly",
    "not_held",
    "not_ours",
    "to_be_made",
    "petition",
    "third_party",
)
ANSWERS: Final = {
    "granted": "您申请公开的信息予以公开，现提供电子文本，共{n}页。",
    "public": "您申请公开的信息已主动公开，可在本网站“政务公开”栏目查阅下载。",
    "partly": "路段和里程等信息予以公开；其中涉及第三方商业秘密的投资明细，第三方不同意公开，不予公开。",
    "not_held": "经检索档案和业务系统，本机关没有制作和获取该信息。",
    "not_ours": "该信息由县统计局负责公开，建议向该单位提出申请。",
    "to_be_made": "本机关没有现成信息，需要对现有资料加工、分析，依法不予提供。",
    "petition": "您反映的是信访事项，不作为政府信息公开申请处理，请向县信访局提出。",
    "third_party": "该信息涉及第三方个人隐私，公开会损害其合法权益，不予公开。",
}


def requests(seed: int, count: int, start: date, end: date) -> Iterator[RequestText]:
    """Write `count` requests from `start` to `end` in order of time; the last ones are still being handled."""
    rng = random.Random(seed + 2)
    names = unused_names(seed + 3, frozenset())
    span = (end - start).days
    days = sorted(rng.randint(0, span) for _ in range(count))
    for place, day in enumerate(days):
        moment = datetime.combine(start + timedelta(days=day), time(rng.randint(9, 16), rng.randint(0, 59)), SHANGHAI)
        yield _request(rng, count - place, moment, next(names), span - day)


def _request(rng: random.Random, from_the_end: int, moment: datetime, name: str, days_ago: int) -> RequestText:
    unit, information, description = rng.choice(WANTED)
    outcome = rng.choice(OUTCOMES)
    is_firm = rng.random() < 0.3
    recent = {1: "received", 2: "handling", 3: "consulted", 4: "asked"}
    fate = recent.get(from_the_end, "answered") if days_ago < 120 else "answered"
    asks_third = outcome in ("partly", "third_party") or fate == "consulted"
    is_unclear = fate == "asked" or rng.random() < 0.15
    return RequestText(
        at=moment,
        unit=unit,
        information=f"{moment.year}年{information}",
        document_number="",
        description=description,
        purpose=rng.choice(("", "生产经营需要", "学习研究")),
        form="electronic",
        way="web",
        applicant=rng.choice(("business", "research", "law")) if is_firm else "natural",
        organisation=f"云岭{name[-1]}信咨询有限公司" if is_firm else "",
        sender=SenderText(name, f"1380000{rng.randint(0, 9999):04d}", "", "", "990000199001011230"),
        fate=fate,
        days_taken=rng.randint(8, 18),
        outcome=outcome,
        answer=ANSWERS[outcome].format(n=rng.randint(2, 30)),
        supplement_notice="请写明需要的信息的年度和范围，以便查找。" if is_unclear else "",
        supplement="只需要最近一年的。" if is_unclear else "",
        third_party=f"云岭{name[-1]}源建设有限公司" if asks_third else "",
        third_party_opinion="涉及商业秘密，不同意公开。" if asks_third else "",
    )
