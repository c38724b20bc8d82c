"""Where a letter stands at the end: old ones are finished, those of the last weeks stand in every state."""

import random
from typing import Final

FINISHED: Final = ("closed", "closed", "closed", "closed", "closed", "rated")
RECENT: Final = (
    *("received", "received", "screened", "assigned", "returned", "handling", "handling", "handling"),
    *("asked", "drafted", "answered", "answered", "rated"),
)
RECENT_DAYS: Final = 24
RATINGS: Final = ((5, 38), (4, 27), (3, 20), (2, 9), (1, 6))
REFUSALS: Final = (
    ("来信所反映的事项已进入诉讼程序。", "向受理案件的人民法院反映。"),
    ("来信所反映的事项正在信访办理中。", "凭受理告知书向原办理单位查询。"),
    ("来信没有写明具体事项，也无法联系上您。", "补充时间、地点和联系方式后重新来信。"),
    ("来信属于商业推广，不属于受理范围。", "通过招商咨询信箱与投资促进中心联系。"),
)


def fate_of(rng: random.Random, days_ago: int, place: int) -> str:
    """Recent letters go through the states in turn, so that each is there whatever the seed."""
    if rng.random() < 0.04:
        return "refused"
    return RECENT[place % len(RECENT)] if days_ago <= RECENT_DAYS else rng.choice(FINISHED)


def rating_of(rng: random.Random) -> int | None:
    """Some six letters of ten are rated."""
    if rng.random() > 0.62:
        return None
    levels, weights = zip(*RATINGS, strict=True)
    return int(rng.choices(levels, weights)[0])
