"""Statistics, air, samples, environmental approvals, holidays: figures that are published as data."""

from dataclasses import dataclass
from random import Random

from menhu.demo.writing.days import Holiday
from menhu.demo.writing.figures.tables import fact, sample, split, table
from menhu.demo.writing.scene import Scene, number, percent
from menhu.demo.writing.slots.times import end_of_last_month


@dataclass(frozen=True, slots=True)
class Indicator:
    """An economic figure: its value for a whole year, its unit, and how fast it grows."""

    name: str
    year_value: float
    measure: str
    growth: tuple[float, float]


INDICATORS = (
    Indicator("地区生产总值", 196.0, "亿元", (3.8, 6.6)),
    Indicator("规模以上工业增加值", 52.0, "亿元", (4.5, 8.8)),
    Indicator("固定资产投资", 128.0, "亿元", (-2.0, 9.0)),
    Indicator("社会消费品零售总额", 86.0, "亿元", (2.5, 7.5)),
    Indicator("一般公共预算收入", 12.6, "亿元", (-1.0, 7.0)),
    Indicator("一般公共预算支出", 46.8, "亿元", (0.5, 6.0)),
    Indicator("城镇居民人均可支配收入", 39_600.0, "元", (3.6, 5.6)),
    Indicator("农村居民人均可支配收入", 21_800.0, "元", (5.0, 7.2)),
    Indicator("全社会用电量", 13.8, "亿千瓦时", (2.0, 8.0)),
)


@fact("statistics")
def statistics(scene: Scene) -> None:
    """Indicators of the year so far: the value follows the months gone, the text repeats the table."""
    months = scene.day.month - 1 or 12
    random = Random(f"statistics {scene.day.year} {months}")  # every text of the month tells the same
    rows = []
    told = []
    for indicator in INDICATORS:
        growth = indicator.growth[0] + random.random() * (indicator.growth[1] - indicator.growth[0])
        value = indicator.year_value * months / 12 * (0.97 + random.random() * 0.06)
        written = number(value, 0 if indicator.measure == "元" else 2)
        rows.append((indicator.name, indicator.measure, written, f"{growth:.1f}"))
        told.append((indicator, written, growth))
    table(scene, "indicators", "主要经济指标", ("指标", "单位", "累计", "同比增长（%）"), rows)
    focus = told[scene.between(0, len(told) - 1)]
    scene.update(
        stat_focus=focus[0].name,
        stat_word="同比增长" if focus[2] >= 0 else "同比下降",
        stat_rate=f"{abs(focus[2]):.1f}%",
        stat_text="，".join(sentence(*item) for item in told[1:5]) + "。",
    )


def sentence(indicator: Indicator, written: str, growth: float) -> str:
    direction = "增长" if growth >= 0 else "下降"
    return f"{indicator.name}{written}{indicator.measure}、同比{direction}{abs(growth):.1f}%"


@fact("air")
def air(scene: Scene) -> None:
    """Days by air quality that add up to the days of last month."""
    last = end_of_last_month(scene.day)
    days = last.day
    light = min(days - 2, int(scene.rng.random() ** 2 * (6 if last.month in {11, 12, 1, 2} else 3)))
    best = int((days - light) * (0.3 + scene.rng.random() * 0.45))
    good = days - light - best
    scene.update(
        air_days=days,
        air_best=best,
        air_good=good,
        air_light=light,
        air_rate=percent(best + good, days),
        pm=scene.between(14, 46),
    )
    rows = [
        (name, str(count), percent(count, days))
        for name, count in (("优", best), ("良", good), ("轻度污染", light), ("合计", days))
    ]
    table(scene, "air_table", "空气质量级别分布", ("级别", "天数", "占比"), rows)


SAMPLED = {
    "scjgj": ("食品", ("粮食加工品", "肉制品", "乳制品", "蔬菜制品", "糕点", "饮料", "食用农产品", "餐饮食品")),
    "nyncj": ("农产品", ("叶菜类", "茄果类", "水果", "茶叶", "畜禽产品", "水产品", "食用菌", "根茎类")),
    "jkzx": ("生活饮用水水样", ("城区出厂水", "城区末梢水", "乡镇集中供水", "村级供水", "学校自备水", "二次供水")),
}


@fact("sampling")
def sampling(scene: Scene) -> None:
    """Samples by kind: good and bad add up, rates are computed from them."""
    what, kinds = SAMPLED[scene.unit.slug]
    names = sample(scene, kinds, scene.between(4, 6))
    totals = split(scene, scene.between(60, 420), len(names), 6)
    bads = [min(total // 8, int(scene.rng.random() ** 3 * 6)) for total in totals]
    bads[0] = max(1, bads[0])
    total, bad = sum(totals), sum(bads)
    scene.update(
        sample_what=what,
        sample_total=number(total),
        sample_good=number(total - bad),
        bad=number(bad),
        pass_rate=percent(total - bad, total),
    )
    rows = [
        (name, number(whole), number(whole - wrong), number(wrong), percent(whole - wrong, whole))
        for name, whole, wrong in [*zip(names, totals, bads, strict=True), ("合计", total, bad)]
    ]
    table(scene, "samples", f"{what}抽检结果", ("类别", "抽检批次", "合格", "不合格", "合格率"), rows)


EIA_PROJECTS = (
    ("清源食品有限公司", "年产2万吨饮料生产线"),
    ("枫口果业有限公司", "年加工5000吨果蔬"),
    ("双塔新型墙材有限公司", "新型墙体材料技改"),
    ("青坪牧场有限公司", "年出栏3000头肉牛养殖场"),
    ("云岭城乡公交有限公司", "车辆维修中心"),
    ("云岭冷链物流有限公司", "冷链仓储"),
    ("茶源制茶专业合作社", "年产300吨茶叶精制"),
    ("岭上机械制造有限公司", "机械零部件加工"),
    ("岭源环保科技有限公司", "再生资源分拣中心"),
    ("松溪纺织有限公司", "印染后整理车间改造"),
    ("银杏药材有限公司", "中药材烘干加工"),
    ("云岭建材有限公司", "商品混凝土搅拌站"),
    ("石桥牧业有限公司", "标准化羊舍"),
    ("双塔陶艺有限公司", "燃气窑炉改造"),
    ("古渡橘业有限公司", "鲜果分选包装"),
)


@fact("eia")
def eia(scene: Scene) -> None:
    """What a project would do to its surroundings and what is done against it."""
    scene["company"], scene["eia_project"] = EIA_PROJECTS[scene.between(0, len(EIA_PROJECTS) - 1)]
    rows = (
        ("建设地点", str(scene["town"])),
        ("建设单位", str(scene["company"])),
        ("总投资", f"{number(scene.between(26, 860) * 10)}万元，其中环保投资{scene.between(12, 160)}万元"),
        ("废水", scene.pick(["经隔油、化粪池处理后接入污水管网", "处理后回用，不外排", "经园区污水处理站处理"])),
        (
            "废气",
            scene.pick(["集气罩收集、布袋除尘后经15米排气筒排放", "喷淋吸收后达标排放", "密闭输送、定期洒水抑尘"]),
        ),
        ("噪声", "选用低噪声设备，减振、隔声，厂界达标"),
        ("固体废物", scene.pick(["分类收集，综合利用", "危险废物交有资质单位处置", "边角料外售，生活垃圾清运"])),
    )
    table(scene, "eia_table", "项目概况和环保措施", ("项目", "内容"), rows)


@fact("holiday")
def holiday(scene: Scene) -> None:
    """A public holiday, put into the scene by the planner, with the make-up working days around it."""
    found = scene["holiday_span"]
    assert isinstance(found, Holiday)  # noqa: S101  the planner puts it there
    makeup = "、".join(scene.written(day) for day in found.makeup_days)
    scene.update(
        holiday=found.name,
        holiday_from=scene.written(found.first),
        holiday_to=scene.written(found.last),
        holiday_days=(found.last - found.first).days + 1,
        holiday_makeup=f"{makeup}正常上班。" if makeup else "",
    )
