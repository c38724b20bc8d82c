"""Progress, projects, inspections, supervision: figures about work under way."""

from dataclasses import dataclass
from functools import cache
from random import Random

from menhu.demo.county.places import ROADS
from menhu.demo.county.reading import read_entries
from menhu.demo.county.units import Unit, county_leaders, towns, units_by_slug
from menhu.demo.writing.figures.tables import fact, sample, split, table
from menhu.demo.writing.scene import Scene, full_date, number, percent
from menhu.demo.writing.slots.matters import metric_words
from menhu.demo.writing.slots.people import leader_in_charge
from menhu.demo.writing.themes import PACKAGE, Theme, parse_months, themes_of

LEADING = tuple(
    slug
    for slug in units_by_slug()
    if units_by_slug()[slug].kind in {"department", "vertical"} and units_by_slug()[slug].side == "government"
)


def tenths(value: int, decimals: int) -> str:
    """Write a value that was split in tenths where the metric has a decimal."""
    return number(value / 10, 1) if decimals else number(value)


@fact("progress_by_town")
def progress_by_town(scene: Scene) -> None:
    """A metric by town: plan, done, rate, with sums; the best and the slowest by name."""
    metric = scene.theme.metrics[scene.between(0, len(scene.theme.metrics) - 1)]
    scale = 10 if metric.decimals else 1
    plan_all = max(int(metric.high * scale), 60)
    rows = town_rows(scene, plan_all)
    done_all = sum(done for _, _, done in rows)
    ranked = sorted(rows, key=lambda row: row[2] / row[1])
    scene.update(
        metric=metric.name,
        measure_unit=metric.measure,
        plan_all=tenths(plan_all, metric.decimals),
        done_all=tenths(done_all, metric.decimals),
        rate=percent(done_all, plan_all),
        gain=f"{1 + scene.rng.random() * 8:.1f}",
        best=ranked[-1][0],
        best_rate=percent(ranked[-1][2], ranked[-1][1]),
        worst=ranked[0][0],
        worst_rate=percent(ranked[0][2], ranked[0][1]),
        count_done=sum(1 for _, plan, done in rows if done * 2 >= plan),
    )
    written = [
        (name, tenths(plan, metric.decimals), tenths(done, metric.decimals), percent(done, plan))
        for name, plan, done in [*rows, ("全县", plan_all, done_all)]
    ]
    caption = f"各乡镇{metric.name}进度（截至{scene['day']}）"
    unit = metric.measure
    table(scene, "progress", caption, ("乡镇", f"年度任务（{unit}）", f"已完成（{unit}）", "完成率"), written)


def town_rows(scene: Scene, plan_all: int) -> list[tuple[str, int, int]]:
    """Each town's plan and what is done of it, further on the later in the year it is."""
    plans = split(scene, plan_all, len(towns()), 2)
    time_share = min(scene.day.timetuple().tm_yday / 365 + 0.05, 0.97)
    names = [unit.name for unit in towns()]
    return [
        (name, plan, max(1, min(plan, round(plan * time_share * (0.72 + scene.rng.random() * 0.5)))))
        for name, plan in zip(names, plans, strict=True)
    ]


PROJECTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "fgj": (
        ("{town}冷链物流中心建设项目", "建设冷库{n:2-9}000立方米", "储存鲜货{n:2-9}000吨"),
        ("县城充电基础设施项目", "布设充电桩{n:120-460}个", "满足{n:600-2600}辆车充电"),
    ),
    "jtj": (
        ("{town}至{town2}公路改造工程", "改造里程{n:12-42}公里", "让沿线{n:9-36}个村进城缩短{n:15-40}分钟"),
        ("{village}桥梁重建工程", "桥长{n:46-186}米、宽{n:7-12}米", "方便两岸{n:1200-6800}名群众出行"),
    ),
    "slj": (
        ("{town}农村供水改造工程", "铺设管网{n:26-120}公里", "让{n:2600-9600}人喝上放心水"),
        ("{river}{town}段堤防加固工程", "加固堤防{n:3-12}公里", "保护耕地{n:2600-9600}亩"),
        ("{town}山洪沟治理工程", "治理河长{n:3-16}公里", "保护{n:1200-6800}人安全"),
    ),
    "zjj": (
        ("{estate}老旧小区改造项目", "改造楼栋{n:12-46}栋", "惠及居民{n:320-1600}户"),
        ("{street}雨污分流改造工程", "新建管网{n:3-16}公里", "解决{n:3-9}处易涝点"),
        ("{town}集镇污水管网项目", "铺设管网{n:6-26}公里", "日处理污水{n:6-26}00吨"),
    ),
    "jyj": (
        ("{town}中心小学教学楼项目", "建筑面积{n:2600-9600}平方米", "新增学位{n:180-720}个"),
        ("{town}中心幼儿园新建项目", "建设{n:6-12}个班", "新增学位{n:180-360}个"),
        ("云岭县第二中学运动场改造项目", "铺设塑胶跑道{n:300-400}米", "满足{n:1200-3200}名学生锻炼"),
    ),
    "wjj": (
        ("{town}卫生院业务用房项目", "建筑面积{n:1600-5600}平方米", "增加床位{n:20-60}张"),
        ("县托育综合服务中心项目", "设置托位{n:120-300}个", "服务{n:120-300}个婴幼儿家庭"),
    ),
    "cgj": (
        ("{street}停车场项目", "建设车位{n:120-460}个", "缓解周边停车难"),
        ("{estate}口袋公园项目", "绿化面积{n:1200-6800}平方米", "为{n:2600-9600}名居民添个去处"),
    ),
    "kfqgwh": (
        ("开发区标准厂房四期项目", "建筑面积{n:2-9}0000平方米", "承接{n:6-26}家企业入驻"),
        ("园区污水处理扩容项目", "日处理能力提高{n:2-9}000吨", "满足三年内企业用水排水需要"),
    ),
    "nyncj": (
        ("{town}高标准农田建设项目", "建设面积{n:2600-9600}亩", "亩均增产{n:60-120}公斤"),
        ("{village}茶叶加工厂项目", "建设生产线{n:2-5}条", "带动{n:120-860}户茶农增收"),
    ),
    "wlj": (
        ("{town}游客集散中心项目", "建设停车位{n:120-460}个", "年接待游客{n:6-36}万人次"),
        ("{village}古民居修缮工程", "修缮院落{n:6-26}处", "让老村落留住记忆"),
    ),
    "*": (
        ("{town}综合服务中心项目", "建筑面积{n:1200-4600}平方米", "服务周边{n:6-26}个村"),
        ("{town}地质灾害治理工程", "治理隐患点{n:3-12}处", "保护{n:120-860}户群众安全"),
        ("{town}道路安全防护工程", "安装护栏{n:6-36}公里", "消除临崖路段隐患"),
        ("{village}便民桥工程", "桥长{n:26-86}米", "方便{n:320-2600}名群众出行"),
    ),
}


# Which share of the money is spent when work starts, is under way, is done.
SPENT = {"start": (0.06, 0.14), "site": (0.2, 0.6), "main": (0.62, 0.8), "done": (0.95, 1.0)}


@fact("project")
def project(scene: Scene) -> None:
    """A building project with its money: two sources that add up, spent so far and its share."""
    options = PROJECTS.get(scene.unit.slug, PROJECTS["*"])
    name, scale, benefit = options[scene.between(0, len(options) - 1)]
    budget = scene.between(26, 980) * 10
    part = int(budget * (0.4 + scene.rng.random() * 0.4))
    label = scene.pick(["start", "site", "main", "done"])
    low, high = SPENT[label]
    spent = int(budget * (low + scene.rng.random() * (high - low)))
    scene.update(
        label=label,
        project=scene.fill(name),
        scale=scene.fill(scale),
        benefit=scene.fill(benefit),
        budget=number(budget),
        part_a=number(part),
        part_b=number(budget - part),
        fund_a=scene.pick(["上级补助资金", "地方政府专项债券", "中央预算内投资"]),
        fund_b=scene.pick(["县级财政资金", "自筹资金", "县级配套资金"]),
        spent=number(spent),
        spent_rate=percent(spent, budget),
    )


CHECKED = (
    "生产企业",
    "个体商户",
    "学校及托幼机构",
    "医疗养老机构",
    "在建工地",
    "餐饮住宿单位",
    "集贸市场",
    "加油加气站",
)


@fact("inspection")
def inspection(scene: Scene) -> None:
    """Units checked by class and problems found: those put right and those pending add up."""
    kinds = sample(scene, CHECKED, scene.between(3, 5))
    checked = split(scene, scene.between(36, 320), len(kinds), 3)
    found = split(scene, scene.between(18, 160), len(kinds), 1)
    fixed = [int(value * (0.5 + scene.rng.random() * 0.5)) for value in found]
    scene.update(
        checked=number(sum(checked)),
        found=number(sum(found)),
        fixed=number(sum(fixed)),
        pending=number(sum(found) - sum(fixed)),
    )
    rows = [
        (name, number(units), number(bad), number(good), number(bad - good))
        for name, units, bad, good in [
            *zip(kinds, checked, found, fixed, strict=True),
            ("合计", sum(checked), sum(found), sum(fixed)),
        ]
    ]
    head = ("类别", "检查家数", "发现问题（处）", "已整改（处）", "限期整改（处）")
    table(scene, "inspection_table", "检查情况", head, rows)


@fact("scheme")
def scheme(scene: Scene) -> None:
    """Three stages of a plan, one after the other."""
    first = scene.date_after(30)
    second = scene.date_after(scene.between(120, 200))
    third = scene.date_after(scene.between(230, 330))
    rows = (
        ("动员部署", f"{full_date(scene.day)}至{full_date(first)}", "制定方案，明确分工，宣传发动"),
        ("组织实施", f"{full_date(first)}至{full_date(second)}", str(scene["c1"])),
        ("总结提升", f"{full_date(second)}至{full_date(third)}", "检查验收，总结经验，完善制度"),
    )
    table(scene, "stages", "进度安排", ("阶段", "时间", "主要工作"), rows)


def lead_theme(scene: Scene, slugs: tuple[str, ...] = LEADING) -> tuple[Unit, Theme]:
    """A bureau and a theme of its that fits the month."""
    unit = units_by_slug()[scene.pick(slugs)]
    themes = [theme for theme in themes_of(unit.slug) if scene.day.month in theme.months]
    themes = themes or list(themes_of(unit.slug))
    return unit, themes[scene.between(0, len(themes) - 1)]


@fact("county_topics")
def county_topics(scene: Scene) -> None:
    """Two matters of the county's agenda, each with its bureau and what has been reached."""
    set_topics(scene, LEADING)


def set_topics(scene: Scene, slugs: tuple[str, ...]) -> None:
    lead, topic = lead_theme(scene, slugs)
    lead2, topic2 = lead_theme(scene)
    while topic2.name == topic.name:
        lead2, topic2 = lead_theme(scene)
    ordered = sample(scene, topic.measures, 3)
    other = sample(scene, topic2.measures, 2)
    counted = sample(scene, topic.metrics, 2)
    leader = leader_in_charge(lead.slug)
    scene.update(
        topic=topic.name,
        topic2=topic2.name,
        lead_unit=lead.short,
        lead_unit2=lead2.short,
        county=f"{leader.title}{leader.name}",
        county_=leader.name,
        taim=topic.aim,
        thard=topic.hard,
        taudience=topic.audience,
        tstate=scene.pick(AGENDA).format(topic=topic.name, audience=topic.audience, aim=topic.aim),
        tk1=metric_words(scene, counted[0]),
        tk2=metric_words(scene, counted[1]),
        tm1=ordered[0],
        tm2=ordered[1],
        tm3=ordered[2],
        um1=other[0],
        um2=other[1],
    )


AGENDA = (
    "{topic}连着千家万户，账要算细、事要办实",
    "抓好{topic}，就是要{aim}",
    "{topic}抓得实不实，要看{audience}认不认可",
    "{topic}等不得、慢不得，各方面要拧成一股绳",
)


# Bureaus whose work is seen in a village.
SEEN_IN_VILLAGES = ("slj", "nyncj", "jtj", "wjj", "jyj", "mzj", "wlj", "lyj", "yjj", "ybj", "zrzyj", "rsj")


@fact("county_visit")
def county_visit(scene: Scene) -> None:
    """A county leader on the way: the secretary for the committee, the mayor or a deputy for the government."""
    set_topics(scene, SEEN_IN_VILLAGES)
    leaders = county_leaders()
    leader = leaders[0] if scene.unit.side == "party" and scene.chance(0.7) else leaders[1]
    if leader is leaders[1] and scene.chance(0.4):
        scene.update(who=scene["county"], who_=scene["county_"])
    else:
        scene.update(who=f"{leader.title}{leader.name}", who_=leader.name)


@fact("supervision")
def supervision(scene: Scene) -> None:
    """Tasks by state: done, on the way, late, with the sum."""
    county_topics(scene)
    total = scene.between(36, 160)
    late = scene.between(2, max(3, total // 9))
    done = int((total - late) * (0.25 + scene.rng.random() * 0.45))
    normal = total - late - done
    scene.update(
        sup_topic=scene["topic"],
        sup_total=total,
        sup_done=done,
        sup_normal=normal,
        sup_late=late,
        sup_rate=percent(done + normal, total),
        best=scene.pick([unit.name for unit in towns()]),
    )
    groups = ("重点项目", "民生实事", "改革任务", "问题整改")
    columns = [split(scene, done, 4), split(scene, normal, 4), split(scene, late, 4)]
    rows = [
        (name, number(a + b + c), number(a), number(b), number(c))
        for name, a, b, c in [*zip(groups, *columns, strict=True), ("合计", done, normal, late)]
    ]
    table(scene, "supervision_table", "重点任务进展", ("类别", "任务数", "已完成", "正常推进", "滞后"), rows)


PROMISES = (
    ("新增幼儿园学位", "个", 540, "jyj"),
    ("农村供水改造通水", "个村", 42, "slj"),
    ("村卫生室标准化改造", "个", 14, "wjj"),
    ("老旧小区改造", "个", 26, "zjj"),
    ("社区老年食堂建设", "处", 12, "mzj"),
    ("新增公办托位", "个", 300, "wjj"),
    ("城乡公交通村", "个村", 36, "jtj"),
    ("新增停车位", "个", 1200, "cgj"),
    ("免费技能培训", "人", 2000, "rsj"),
    ("农村公路护栏安装", "公里", 60, "jtj"),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of a year by town; drawn from its name and the year, so that every text tells the same."""

    towns: tuple[str, ...]
    plans: tuple[int, ...]
    speeds: tuple[float, ...]

    def done(self, year_share: float) -> list[int]:
        """What each town has reached when so much of the year is gone."""
        return [
            min(plan, round(plan * year_share * speed)) for plan, speed in zip(self.plans, self.speeds, strict=True)
        ]


@cache
def promise_of(name: str, plan: int, year: int) -> Promise:
    random = Random(f"{name}{year}")
    count = random.randint(3, 6)
    names = random.sample([unit.name for unit in towns()], count)
    cuts = sorted(random.sample(range(1, plan), count - 1))
    plans = tuple(end - begin for begin, end in zip((0, *cuts), (*cuts, plan), strict=True))
    pace = random.uniform(0.72, 1.18)
    return Promise(tuple(names), plans, tuple(pace * random.uniform(0.9, 1.12) for _ in range(count)))


@fact("livelihood")
def livelihood(scene: Scene) -> None:
    """A promise of the year and how far it has come, by town, against the time gone."""
    own = [entry for entry in PROMISES if entry[3] == scene.unit.slug] or list(PROMISES)
    name, measure, plan, slug = own[scene.between(0, len(own) - 1)]
    promise = promise_of(name, plan, scene.day.year)
    year_share = scene.day.timetuple().tm_yday / 355
    done = promise.done(year_share)
    is_late = sum(done) / plan < year_share - 0.05
    scene.update(
        promise=name,
        promise_unit=measure,
        promise_plan=number(plan),
        promise_done=number(sum(done)),
        promise_rate=percent(sum(done), plan),
        promise_unit_name=units_by_slug()[slug].short,
        promise_state="比计划进度偏慢" if is_late else "符合计划进度",
        promise_reason=scene.fill("进度偏慢的主要原因是{x:雨天较多|材料到货晚|前期手续用时较长}。") if is_late else "",
    )
    rows = [
        (place, number(whole), number(part), percent(part, whole))
        for place, whole, part in [*zip(promise.towns, promise.plans, done, strict=True), ("合计", plan, sum(done))]
    ]
    head = ("乡镇", f"计划（{measure}）", f"完成（{measure}）", "完成率")
    table(scene, "promise_table", f"“{name}”进展", head, rows)


@dataclass(frozen=True, slots=True)
class Story:
    """A picture story for the home page's headline: a promise that has become a thing."""

    slug: str
    months: frozenset[int]
    picture: str
    lines: dict[str, str]


@cache
def stories() -> tuple[Story, ...]:
    """The stories of data/stories.txt."""
    return tuple(
        Story(entry.slug, parse_months(entry.head[0]), entry.head[1], {key: entry.one(key) for key in entry.lines})
        for entry in read_entries(PACKAGE, "stories.txt")
    )


@fact("county_story")
def county_story(scene: Scene) -> None:
    """A story that fits the month; the headline first, so that the others repeat its figures."""
    fitting = [story for story in stories() if scene.day.month in story.months]
    issue = scene["issue"]
    turn = (issue if isinstance(issue, int) else 0) * 4 + int(scene.unit.code)
    story = fitting[turn % len(fitting)]
    scene.update(picture_group=story.picture, road=ROADS[turn % len(ROADS)])
    for key, text in story.lines.items():
        scene[key] = scene.fill(text)


@fact("measures_rule")
def measures_rule(scene: Scene) -> None:
    """The name of a paper with measures in support of something."""
    theme = scene.theme
    if theme.document.endswith("措施") and scene.chance(0.5):
        scene["rule"] = theme.document
        return
    verb = scene.pick(["支持", "促进", "加快推进", "进一步加强"])
    scene["rule"] = f"云岭县{verb}{theme.name}{scene.pick(['若干措施', '十条措施', '若干政策措施', '八条措施'])}"
