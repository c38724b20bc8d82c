"""How the slots of a text are filled: people, places, dates, units."""

from datetime import date, timedelta
from functools import cache

from menhu.demo.county import places
from menhu.demo.county.people import GIVEN_NAMES, SURNAMES
from menhu.demo.county.units import Leader, Unit, county_leaders, towns, units_by_slug
from menhu.demo.writing.scene import Maker, Scene, full_date, number, phrases, slot
from menhu.demo.writing.themes import Metric

PARTNERS = (
    *("czj", "gaj", "fgj", "yjj", "zrzyj", "scjgj", "sfj", "nyncj", "jtj"),
    *("zjj", "sthjj", "wjj", "jyj", "rsj", "mzj", "sjj", "wlj", "xzspj"),
)
KIN = ("大姐", "大叔", "大爷", "大娘", "师傅", "阿姨", "大哥", "嫂子")
SEASONS = ("冬", "冬", "春", "春", "春", "夏", "夏", "夏", "秋", "秋", "秋", "冬")
NEXT_SEASON = {"冬": "开春", "春": "入夏", "夏": "入秋", "秋": "入冬"}
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
SOLAR = (
    "小寒前后",
    "立春时节",
    "惊蛰前后",
    "清明时节",
    "立夏前后",
    "芒种时节",
    "三伏天里",
    "处暑前后",
    "白露前后",
    "霜降时节",
    "立冬前后",
    "冬至前后",
)


# Units and their people


def presented(unit: Unit, leader: Leader) -> str:
    """A leader as the first mention has it: 县水利局党组书记、局长江怀川."""
    standing, found, rest = leader.title.partition("县委常委、")
    if found and not standing:
        return f"县委常委、{unit.short.replace('纪委监委', '纪委')}{rest}{leader.name}"
    return f"{unit.short}{leader.title}{leader.name}"


@cache
def leader_in_charge(slug: str) -> Leader:
    """The county leader whose duties name the unit's field."""
    unit = units_by_slug()[slug]
    leaders = county_leaders()
    if unit.side == "party":
        return leaders[2]
    if unit.is_town:
        return leaders[6]
    for leader in leaders[3:9]:
        words = leader.duties.removeprefix("负责").removesuffix("工作").split("、")
        if any(word[:2] in unit.name for word in words):
            return leader
    return leaders[3]


@slot("org")
def org(scene: Scene) -> str:
    return scene.unit.short


@slot("orgfull")
def org_full(scene: Scene) -> str:
    return scene.unit.full


@slot("phone")
def phone(scene: Scene) -> str:
    return scene.unit.phone


@slot("phone_b")
def second_phone(scene: Scene) -> str:
    return scene.unit.editor_phone


@slot("address")
def address(scene: Scene) -> str:
    return scene.unit.address


@slot("duty")
def duty(scene: Scene) -> str:
    return "；".join(scene.unit.duties)


@slot("staff")
def staff(scene: Scene) -> str:
    return scene.unit.editor


@slot("chief")
def chief(scene: Scene) -> str:
    leader = scene.unit.leaders[0]
    scene["chief_"] = leader.name
    return presented(scene.unit, leader)


@slot("chief_")
def chief_name(scene: Scene) -> str:
    return scene.unit.leaders[0].name


def vice_of(scene: Scene) -> Leader:
    return scene.unit.leaders[scene.between(1, len(scene.unit.leaders) - 1)]


@slot("vice")
def vice(scene: Scene) -> str:
    leader = vice_of(scene)
    scene["vice_"] = leader.name
    return presented(scene.unit, leader)


@slot("vice_")
def vice_name(scene: Scene) -> str:
    scene["vice"]
    return str(scene["vice_"])


@slot("actor")
def actor(scene: Scene) -> str:
    leader = scene.unit.leaders[0] if scene.chance(0.55) else vice_of(scene)
    scene["actor_"] = leader.name
    return presented(scene.unit, leader)


@slot("actor_")
def actor_name(scene: Scene) -> str:
    scene["actor"]
    return str(scene["actor_"])


@slot("mayor")
def mayor(scene: Scene) -> str:
    leader = county_leaders()[1]
    return f"{leader.title}{leader.name}"


@slot("mayor_")
def mayor_name(scene: Scene) -> str:
    return county_leaders()[1].name


@slot("secretary_")
def secretary_name(scene: Scene) -> str:
    return county_leaders()[0].name


@slot("county")
def county_leader(scene: Scene) -> str:
    leader = leader_in_charge(scene.unit.slug)
    return f"{leader.title}{leader.name}"


@slot("county_")
def county_leader_name(scene: Scene) -> str:
    return leader_in_charge(scene.unit.slug).name


@slot("partner")
def partner(scene: Scene) -> str:
    slugs = PARTNERS
    found = slugs[scene.between(0, len(slugs) - 1)]
    return "县政府办公室" if found == scene.unit.slug else units_by_slug()[found].short


@slot("service")
def service(scene: Scene) -> str:
    services = scene.unit.services
    return services[scene.between(0, len(services) - 1)].name if services else "预约挂号"


@slot("worker", "name")
def full_name(scene: Scene) -> str:
    """A full name made up for a text."""
    return scene.pick(SURNAMES) + scene.pick(GIVEN_NAMES)


@slot("citizen")
def citizen(scene: Scene) -> str:
    name = scene.pick(SURNAMES) + scene.pick(KIN)
    return f"村民{name}" if "village" in scene and scene.chance(0.5) else name


# The theme


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


# Places


@slot("town_unit")
def town_unit(scene: Scene) -> Unit:
    """The town that {town}, {village}, {scene} and {product} belong to."""
    if scene.unit.is_town:
        return scene.unit
    every = towns()
    return every[scene.between(0, len(every) - 1)]


def scene_town(scene: Scene) -> Unit:
    found = scene["town_unit"]
    assert isinstance(found, Unit)  # noqa: S101  the slot above makes it
    return found


@slot("town")
def town(scene: Scene) -> str:
    return scene_town(scene).name


@slot("town2", "town3")
def other_town(scene: Scene) -> str:
    names = [unit.name for unit in towns() if unit.name not in scene.values() and unit is not scene_town(scene)]
    return scene.pick(names)


@slot("village_")
def bare_village(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.villages) if facts else "前湾村"


def named(scene: Scene, village: str) -> str:
    """A village as the unit names it: a county unit says which town it lies in."""
    return village if scene.unit.is_town else f"{scene_town(scene).name}{village}"


@slot("village")
def village(scene: Scene) -> str:
    return named(scene, str(scene["village_"]))


@slot("village2", "village3")
def other_village(scene: Scene) -> str:
    facts = scene_town(scene).town
    names = facts.villages if facts else ()
    taken = set(map(str, scene.values()))
    return named(scene, scene.pick([name for name in names if named(scene, name) not in taken]))


@slot("spot")
def spot(scene: Scene) -> str:
    return scene.fill(scene.pick(scene.unit.spots))


@slot("scene")
def sight(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.scenes) if facts else "云岭风景区"


@slot("product")
def product(scene: Scene) -> str:
    facts = scene_town(scene).town
    return scene.pick(facts.products) if facts else "云岭高山茶"


@slot("note_town")
def town_note(scene: Scene) -> str:
    facts = scene_town(scene).town
    return facts.note if facts else ""


@slot("estate")
def estate(scene: Scene) -> str:
    return scene.pick(places.ESTATES)


@slot("street")
def street(scene: Scene) -> str:
    return scene.pick(places.STREETS)


@slot("road")
def road(scene: Scene) -> str:
    return scene.pick(places.ROADS)


@slot("river")
def river(scene: Scene) -> str:
    return scene.pick(places.RIVERS)


@slot("company")
def company(scene: Scene) -> str:
    return scene.pick(places.COMPANIES)


@slot("city")
def city(scene: Scene) -> str:
    return "云州"


# Time


@slot("day")
def event_day(scene: Scene) -> str:
    return scene.written(scene.date_after(-scene.between(0, 2)))


@slot("today")
def today(scene: Scene) -> str:
    return scene.written(scene.day)


@slot("today_full")
def today_full(scene: Scene) -> str:
    return full_date(scene.day)


@slot("year")
def year(scene: Scene) -> int:
    return scene.day.year


@slot("last_year", "cut_year")
def last_year(scene: Scene) -> int:
    return scene.day.year - 1


@slot("year_word")
def year_word(scene: Scene) -> str:
    return f"{scene.day.year - 1}年度" if scene.day.month <= 6 else f"{scene.day.year}年上半年"


@slot("month")
def month(scene: Scene) -> str:
    return f"{scene.day.month}月"


@slot("month_range")
def month_range(scene: Scene) -> str:
    if scene.day.month == 1:
        return f"{scene.day.year - 1}年"
    return "1月" if scene.day.month == 2 else f"1至{scene.day.month - 1}月"


def end_of_last_month(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


@slot("last_month_full")
def last_month_full(scene: Scene) -> str:
    day = end_of_last_month(scene.day)
    return f"{day.year}年{day.month}月"


@slot("week_range")
def week_range(scene: Scene) -> str:
    monday = scene.day - timedelta(days=scene.day.weekday())
    sunday = monday + timedelta(days=6)
    last = f"{sunday.day}日" if sunday.month == monday.month else f"{sunday.month}月{sunday.day}日"
    return f"{monday.month}月{monday.day}日至{last}"


@slot("decade")
def decade(scene: Scene) -> str:
    return ("上旬", "中旬", "下旬")[min((scene.day.day - 1) // 10, 2)]


@slot("season_")
def season_sign(scene: Scene) -> str:
    return SEASONS[scene.day.month - 1]


@slot("season")
def season(scene: Scene) -> str:
    return f"{SEASONS[scene.day.month - 1]}季"


@slot("season_next")
def season_next(scene: Scene) -> str:
    return NEXT_SEASON[SEASONS[scene.day.month - 1]]


@slot("solar_season")
def solar_season(scene: Scene) -> str:
    return SOLAR[scene.day.month - 1]


@slot("quarter")
def quarter(scene: Scene) -> str:
    return QUARTERS[(scene.day.month - 1) // 3]


# Drills, examinations, drafts


DRILLS = {
    "slj": (("防汛抢险", "上游连降暴雨，水库水位快速上涨、坝脚出现渗漏"),),
    "hkglzx": (("水库险情处置", "水库溢洪道受阻、水位接近汛限"),),
    "xfdd": (("灭火疏散", "商场二楼起火、浓烟封堵楼梯"), ("高层灭火救援", "住宅楼电动车起火、有人被困")),
    "jyj": (("校园防震疏散", "上课期间发生地震"), ("校园消防疏散", "宿舍楼电路起火")),
    "zrzyj": (("地质灾害避险", "持续降雨后山坡出现裂缝、土石滑动"),),
    "fjqglzx": (("索道应急救援", "索道突发停机、游客滞留"), ("景区大客流疏散", "节日客流超限、出口拥堵")),
    "xrmyy": (("批量伤员救治", "公路发生多车相撞、十余人受伤"),),
    "wjj": (("突发公共卫生事件处置", "学校出现聚集性发热病例"),),
    "jkzx": (("传染病疫情处置", "托幼机构发现聚集性病例"),),
    "gdb": (("防空疏散", "防空警报拉响、人员就近掩蔽"),),
    "lyj": (("森林火灾扑救", "林区因野外用火引发火情、借风蔓延"),),
    "gylc": (("森林火灾扑救", "瞭望塔发现烟点、火线向林区推进"),),
    "kfqgwh": (("危险化学品泄漏处置", "储罐法兰泄漏、气体扩散"),),
    "qxj": (("气象灾害应急联动", "短时强降雨红色预警生效"),),
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


EXAMS = (
    ("普通高考", (5, 6)),
    ("初中学业水平考试", (5, 6)),
    ("普通高中学业水平合格性考试", (1, 2, 6, 7, 12)),
    ("教师资格考试笔试", (2, 3, 8, 9)),
    ("成人高等学校招生考试", (9, 10)),
    ("事业单位公开招聘笔试", (3, 4, 5, 9, 10, 11)),
    ("专业技术人员职业资格考试", (4, 5, 8, 9, 10, 11)),
    ("中等职业学校技能考试", (2, 3, 4, 11, 12)),
)


@slot("exam")
def exam(scene: Scene) -> str:
    month = scene.date_after(18).month
    return scene.pick([name for name, months in EXAMS if month in months] or ["计算机等级考试"])


RULE_KINDS = ("管理办法", "实施细则", "工作规程", "考核评价办法", "若干规定")


@slot("rule", "draft")
def rule(scene: Scene) -> str:
    """A normative document on the theme: the theme's own, or one named after it."""
    if scene.theme.document and not scene.unit.is_town and scene.chance(0.6):
        return scene.theme.document
    place = scene.unit.name if scene.unit.is_town else places.COUNTY
    return f"{place}{scene.theme.name}{scene.pick(RULE_KINDS)}"


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


@slot("zone")
def zone(scene: Scene) -> str:
    """A place that a supply is cut in: a town's villages, the county town's estates."""
    facts = scene.unit.town
    return scene.pick(facts.villages) if facts else scene.pick(places.ESTATES)


@slot("zone_street")
def zone_street(scene: Scene) -> str:
    return (
        scene.pick(("集镇老街", "集镇新街", "镇中路", "桥头街", "学校路"))
        if scene.unit.is_town
        else str(scene["street"])
    )


@slot("week_next")
def week_next(scene: Scene) -> str:
    """The five days after publication."""
    first, last = scene.date_after(1), scene.date_after(5)
    return (
        f"{scene.written(first)}至{last.day}日"
        if first.month == last.month
        else (f"{scene.written(first)}至{scene.written(last)}")
    )


# Sentences from the pools that an article repeats, in its title for one.


def kept_phrase(name: str) -> Maker:
    return lambda scene: scene.fill(scene.pick(phrases()[name]))


for _name in ("slogan", "campaign", "neighbour"):
    slot(_name)(kept_phrase(_name))


@slot("open_month")
def open_month(scene: Scene) -> str:
    """How a text begins that counts what was done so far."""
    if scene.day.month == 1:
        return scene.pick(("去年以来", "过去一年", "入冬以来"))
    return scene.pick(("今年以来", "年初以来", f"入{scene['season_']}以来", f"进入{scene['month']}以来"))
