"""Slots that say what the matter is: the theme, its measures and figures, drills, exams, documents."""

from menhu.demo.county import places
from menhu.demo.writing.scene import Maker, Scene, number, phrases, slot
from menhu.demo.writing.themes import Metric


@slot("theme")
def theme(scene: Scene) -> str:
    return scene.theme.name


@slot("aim")
def aim(scene: Scene) -> str:
    return scene.theme.aim


@slot("hard")
def hard(scene: Scene) -> str:
    return scene.theme.hard


@slot("audience")
def audience(scene: Scene) -> str:
    return scene.theme.audience


def measures(scene: Scene) -> list[str]:
    """The theme's measures in this article's order."""
    if "measures" not in scene:
        order = list(scene.theme.measures)
        scene.rng.shuffle(order)
        scene["measures"] = [scene.fill(text) for text in order]
    return scene["measures"]  # type: ignore[return-value]


def nth_measure(scene: Scene, position: int) -> str:
    order = measures(scene)
    return order[position % len(order)]


def first_clause(text: str) -> str:
    return text.partition("，")[0]


def measure_at(position: int) -> Maker:
    return lambda scene: nth_measure(scene, position)


def clause_at(position: int) -> Maker:
    return lambda scene: first_clause(nth_measure(scene, position))


for _position in range(6):
    slot(f"m{_position + 1}")(measure_at(_position))
    slot(f"c{_position + 1}")(clause_at(_position))


def metric_words(scene: Scene, metric: Metric) -> str:
    """清淤渠道23公里"""
    return f"{metric.name}{number(scene.amount(metric), metric.decimals)}{metric.measure}"


def metric_text(scene: Scene, position: int) -> str:
    return metric_words(scene, scene.theme.metrics[position % len(scene.theme.metrics)])


@slot("k1")
def first_metric(scene: Scene) -> str:
    return metric_text(scene, 0)


@slot("k2")
def second_metric(scene: Scene) -> str:
    return metric_text(scene, 1)


DRILLS = {
    "slj": (("防汛抢险", "上游连降暴雨，水库水位快速上涨、坝脚出现渗漏"),),
    "hkglzx": (("水库险情处置", "水库溢洪道受阻、水位接近汛限"),),
    "xfdd": (("灭火疏散", "商场二楼起火、浓烟封堵楼梯"), ("高层灭火救援", "住宅楼电动车起火、有人被困")),
    "jyj": (("校园防震疏散", "上课期间发生地震"), ("校园消防疏散", "宿舍楼电路起火")),
    "zrzyj": (("地质灾害避险", "持续降雨后山坡出现裂缝、土石滑动"),),
    "fjqglzx": (("索道救援", "索道突发停机、游客滞留"), ("景区大客流疏散", "节日客流超限、出口拥堵")),
    "xrmyy": (("批量伤员救治", "公路发生多车相撞、十余人受伤"),),
    "wjj": (("突发公共卫生事件处置", "学校出现聚集性发热病例"),),
    "jkzx": (("传染病疫情处置", "托幼机构发现聚集性病例"),),
    "gdb": (("防空疏散", "防空警报拉响、人员就近掩蔽"),),
    "lyj": (("森林火灾扑救", "林区因野外用火引发火情、借风蔓延"),),
    "gylc": (("森林火灾扑救", "瞭望塔发现烟点、火线向林区推进"),),
    "kfqgwh": (("危险化学品泄漏处置", "储罐法兰泄漏、气体扩散"),),
    "qxj": (("气象灾害联动处置", "短时强降雨红色预警生效"),),
    "jtj": (("公路水毁抢通", "山体塌方阻断公路、车辆被困"),),
}
COMMON_DRILLS = (
    ("山洪灾害避险", "上游突降暴雨、山洪即将到达村庄"),
    ("地质灾害避险转移", "持续降雨引发滑坡险情"),
    ("森林火灾扑救", "村民上坟烧纸引燃山林"),
    ("防汛抢险", "河水上涨、堤脚出现管涌"),
    ("消防疏散", "集镇沿街商铺起火"),
)


@slot("drill")
def drill(scene: Scene) -> str:
    options = DRILLS.get(scene.unit.slug, COMMON_DRILLS)
    name, scene["disaster"] = options[scene.between(0, len(options) - 1)]
    return name


@slot("disaster")
def disaster(scene: Scene) -> str:
    scene["drill"]
    return str(scene["disaster"])


EXAMS = {
    "jyj": (
        ("普通高考", (5, 6)),
        ("初中学业水平考试", (5, 6)),
        ("普通高中学业水平合格性考试", (1, 2, 6, 7, 12)),
        ("教师资格考试笔试", (2, 3, 8, 9)),
        ("成人高等学校招生考试", (9, 10)),
        ("中等职业学校技能考试", (2, 3, 4, 11, 12)),
        ("计算机等级考试", (3, 9)),
    ),
    "rsj": (
        ("事业单位公开招聘笔试", (3, 4, 5, 9, 10, 11)),
        ("专业技术人员职业资格考试", (4, 5, 8, 9, 10, 11)),
        ("职业技能等级认定考试", tuple(range(1, 13))),
    ),
}


@slot("exam")
def exam(scene: Scene) -> str:
    month = scene.date_after(18).month
    options = EXAMS.get(scene.unit.slug, EXAMS["rsj"])
    return scene.pick([name for name, months in options if month in months] or ["普通话水平测试"])


RULE_KINDS = ("管理办法", "实施细则", "工作规程", "考核评价办法", "若干规定")


@slot("rule", "draft")
def rule(scene: Scene) -> str:
    """A normative document on the theme: the theme's own, or one named after it."""
    if scene.theme.document and not scene.unit.is_town and scene.chance(0.6):
        return scene.theme.document
    place = scene.unit.name if scene.unit.is_town else places.COUNTY
    name = scene.theme.name
    kinds = ("办法", "实施细则", "工作规程") if name.endswith(("管理", "监管", "治理", "管护")) else RULE_KINDS
    return f"{place}{name}{scene.pick(kinds)}"


@slot("rule_kind", "rule_kind_")
def rule_kind(scene: Scene) -> str:
    title = str(scene["rule"])
    found = (word for word in ("细则", "规程", "方案", "规定", "措施", "办法") if title.endswith(word))
    return next(found, "办法")


@slot("to")
def addressees(scene: Scene) -> str:
    if scene.unit.is_town:
        return "各村（社区），镇直各单位：" if scene.unit.kind == "town" else "各村，乡直各单位："
    if scene.unit.kind in {"institution", "mass"}:
        return "各股室，有关单位："
    if scene.unit.side == "party":
        return "各乡镇党委，县直各单位党组（党委）："
    return "各镇人民政府、青坪乡人民政府，县直有关单位："


HAZARDS = {
    "slj": ("防汛抗旱", "水库险情"),
    "qxj": ("气象灾害",),
    "lyj": ("森林火灾", "林业有害生物灾害"),
    "zrzyj": ("突发地质灾害",),
    "xfdd": ("人员密集场所火灾",),
    "jtj": ("公路交通突发事件", "公路水毁"),
    "wjj": ("突发公共卫生事件",),
    "yjj": ("生产安全事故", "低温雨雪冰冻灾害", "地震灾害", "自然灾害救助"),
}
COMMON_HAZARDS = ("山洪灾害", "森林火灾", "地质灾害", "防汛抗旱", "道路交通事故", "雨雪冰冻灾害")


@slot("hazard")
def hazard(scene: Scene) -> str:
    return scene.pick(HAZARDS.get(scene.unit.slug, COMMON_HAZARDS))


@slot("visitor")
def visitor(scene: Scene) -> str:
    return scene.pick(("兄弟县考察组", "邻县考察组", "云州市调研组", "结对协作地区考察组", "云州市检查指导组"))


@slot("award_village")
def award_village(scene: Scene) -> str:
    return scene.pick(("和美乡村示范村", "美丽庭院示范村", "民主法治示范村", "森林乡村", "文明村", "乡村旅游示范村"))


@slot("desk")
def desk(scene: Scene) -> str:
    """An office inside the unit, named after its field of work."""
    ending = "办" if scene.unit.is_town else "股"
    return f"{scene.pick(scene.unit.fields)}{ending}"


# Sentences from the pools that an article repeats, in its title for one.


def kept_phrase(name: str) -> Maker:
    return lambda scene: scene.fill(scene.pick(phrases()[name]))


for _name in ("slogan", "campaign", "neighbour"):
    slot(_name)(kept_phrase(_name))
