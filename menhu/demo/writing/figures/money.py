"""Budgets, audits, prices, tenders, subsidies, land: figures about money."""

from menhu.demo.county import places
from menhu.demo.county.units import towns
from menhu.demo.writing.figures.tables import fact, sample, split, table
from menhu.demo.writing.figures.work import project
from menhu.demo.writing.scene import Scene, number, percent

SPENDING = ("一般公共服务支出", "社会保障和就业支出", "卫生健康支出", "住房保障支出", "农林水支出", "城乡社区支出")


def two(value: int) -> str:
    """Write hundredths of 万元 as 万元."""
    return f"{value / 100:,.2f}" if value >= 1_000_000 else f"{value / 100:.2f}"


@fact("budget")
def budget(scene: Scene) -> None:
    """A unit's budget: income by source and spending by kind and by class, both adding up to the same sum."""
    total = scene.between(28_000, 620_000)
    main = int(total * (0.68 + scene.rng.random() * 0.26))
    fund = int((total - main) * (0.3 + scene.rng.random() * 0.4))
    income = [main, fund, total - main - fund]
    classes = split(scene, total, 4, total // 20)
    basic = int(total * (0.35 + scene.rng.random() * 0.35))
    three = scene.between(120, 2600)
    guest = int(three * (0.15 + scene.rng.random() * 0.3))
    scene.update(
        income_all=two(total),
        income_main=two(income[0]),
        income_fund=two(income[1]),
        income_other=two(income[2]),
        spend_basic=two(basic),
        spend_project=two(total - basic),
        budget_change=scene.pick(["增加", "减少"]),
        budget_change_rate=f"{0.5 + scene.rng.random() * 9:.1f}%",
        three_all=two(three),
        three_guest=two(guest),
        three_car=two(three - guest),
        three_drop=f"{1 + scene.rng.random() * 9:.1f}",
        guest_times=max(1, guest // 7),
        run=two(int(basic * (0.06 + scene.rng.random() * 0.1))),
        buy=two(int((total - basic) * (0.1 + scene.rng.random() * 0.4))),
    )
    names = sample(scene, SPENDING, 4)
    sources = ("一般公共预算拨款", "政府性基金拨款", "其他收入", "")
    rows = [
        (source or "—", two(amount) if source else "—", name, two(spent))
        for source, amount, name, spent in zip(sources, [*income, 0], names, classes, strict=True)
    ]
    rows.append(("收入合计", two(total), "支出合计", two(total)))
    table(scene, "budget_table", "收支总表（单位：万元）", ("收入项目", "金额", "支出项目", "金额"), rows)


AUDITED = (
    "县级预算执行情况",
    "城乡居民医疗保险基金",
    "义务教育经费",
    "乡村建设专项资金",
    "就业补助资金",
    "困难群众救助资金",
    "保障性安居工程资金",
    "石松公路建设项目",
    "高标准农田建设资金",
    "村级集体经济专项资金",
    "农村供水改造项目",
    "老旧小区改造资金",
)
FAULTS = (
    "资金拨付不及时",
    "超范围列支",
    "项目进度滞后",
    "未按规定招标采购",
    "资产未及时入账",
    "补助发放不准确",
    "合同管理不规范",
)


@fact("audit")
def audit(scene: Scene) -> None:
    """An audit's findings by kind with their sum, what was put right and what is left."""
    money = scene.between(1_600, 26_000)
    bad = max(60, int(money * (0.01 + scene.rng.random() * 0.06)))
    names = sample(scene, FAULTS, scene.between(3, 5))
    amounts = split(scene, bad, len(names), 5)
    counts = [scene.between(1, 6) for _ in names]
    fixed = int(bad * (0.6 + scene.rng.random() * 0.38))
    scene.update(
        audited=scene.pick(AUDITED),
        audit_money=number(money),
        audit_bad=number(bad),
        audit_rate=percent(bad, money),
        audit_fixed=number(fixed),
        audit_fix_rate=percent(fixed, bad),
        audit_left=number(bad - fixed),
    )
    rows = [(name, number(count), number(amount)) for name, count, amount in zip(names, counts, amounts, strict=True)]
    rows.append(("合计", number(sum(counts)), number(bad)))
    table(scene, "audit_table", "审计发现的问题", ("问题类型", "数量（个）", "金额（万元）"), rows)


GOODS = (
    ("粳米", "元/公斤", 5.2),
    ("面粉", "元/公斤", 4.6),
    ("菜籽油", "元/升", 13.8),
    ("猪后腿肉", "元/公斤", 25.6),
    ("牛肉", "元/公斤", 72.0),
    ("鸡蛋", "元/公斤", 9.8),
    ("草鱼", "元/公斤", 17.6),
    ("大白菜", "元/公斤", 2.4),
    ("番茄", "元/公斤", 5.8),
    ("黄瓜", "元/公斤", 5.2),
    ("土豆", "元/公斤", 3.6),
    ("青椒", "元/公斤", 6.4),
    ("豆角", "元/公斤", 8.2),
    ("苹果", "元/公斤", 9.6),
    ("蜜橘", "元/公斤", 7.2),
)


@fact("prices")
def prices(scene: Scene) -> None:
    """Prices of goods now and last time; the change is computed from the two."""
    goods = scene.rng.sample(GOODS, 9)
    rows: list[tuple[str, str, str, str, str]] = []
    changes: list[tuple[float, str]] = []
    for name, measure, base in goods:
        last = round(base * (0.85 + scene.rng.random() * 0.3), 2)
        now = round(last * (0.93 + scene.rng.random() * 0.15), 2)
        change = (now - last) / last * 100
        changes.append((change, name))
        sign = "+" if change > 0 else ""
        rows.append((name, measure, f"{now:.2f}", f"{last:.2f}", f"{sign}{change:.1f}%"))
    changes.sort()
    up = sum(1 for change, _ in changes if change >= 0.05)
    down = sum(1 for change, _ in changes if change <= -0.05)
    scene.update(
        price_up=changes[-1][1],
        price_down=changes[0][1],
        price_kinds=len(goods),
        price_summary=f"价格{up}升{down}降{len(goods) - up - down}平",
    )
    table(scene, "price_table", "主要生活必需品价格", ("品种", "单位", "本期", "上期", "涨跌幅"), rows)


@fact("tender")
def tender(scene: Scene) -> None:
    """Bids for a project: prices under the limit, scores, order."""
    project(scene)
    scene["label"] = scene.pick(["call", "result", "result"])
    limit = scene.between(60, 960)
    firms = sample(scene, places.CONTRACTORS, 3)
    offers = sorted(round(limit * (0.86 + scene.rng.random() * 0.12), 2) for _ in firms)
    scores = sorted((round(80 + scene.rng.random() * 17, 2) for _ in firms), reverse=True)
    rows = [
        (f"第{place}名", firm, f"{offer:.2f}", f"{score:.2f}")
        for place, firm, offer, score in zip("一二三", firms, offers, scores, strict=True)
    ]
    scene["budget"] = number(limit)
    table(scene, "bids", "投标和评标情况", ("排序", "投标人", "报价（万元）", "得分"), rows)


SUBSIDIES = (
    ("耕地地力保护补贴", (86, 112)),
    ("实际种粮农民一次性补贴", (16, 26)),
    ("退耕还林补助", (100, 125)),
    ("油菜扩种补贴", (60, 100)),
    ("玉米大豆带状种植补贴", (150, 200)),
    ("生态公益林补偿", (14, 18)),
)


@fact("subsidy")
def subsidy(scene: Scene) -> None:
    """A subsidy by village: households, area, money = area × standard, with sums."""
    name, (low, high) = SUBSIDIES[scene.between(0, len(SUBSIDIES) - 1)]
    standard = scene.between(low, high)
    facts = scene.unit.town
    villages = facts.villages if facts else ()
    chosen = villages if scene.chance(0.5) else tuple(sample(scene, villages, 6))
    households = [scene.between(86, 620) for _ in chosen]
    areas = [count * scene.between(2, 5) + scene.between(0, 60) for count in households]
    scene.update(
        subsidy=name,
        standard=standard,
        level_word="镇" if scene.unit.kind == "town" else "乡",
        total_households=number(sum(households)),
        total_area=number(sum(areas)),
        total_money=number(sum(areas) * standard),
    )
    rows = [
        (village, number(count), number(area), number(area * standard))
        for village, count, area in [
            *zip(chosen, households, areas, strict=True),
            ("合计", sum(households), sum(areas)),
        ]
    ]
    table(scene, "subsidy_table", f"{name}核定情况", ("村（社区）", "户数", "面积（亩）", "金额（元）"), rows)


WELFARE = {
    "mzj": (("城乡最低生活保障金", 460), ("高龄津贴", 90), ("残疾人两项补贴", 100), ("特困人员供养金", 860)),
    "cl": (("残疾儿童康复救助金", 1200), ("残疾人就业奖补", 600)),
    "jyj": (("义务教育家庭经济困难学生生活补助", 625), ("普通高中助学金", 1000)),
    "tyjrj": (("优抚对象抚恤补助", 920), ("义务兵家庭优待金", 1600)),
    "rsj": (("失业保险金", 1350), ("就业困难人员社保补贴", 520)),
    "ybj": (("医疗救助金", 1860), ("困难群众参保资助", 380)),
    "xczxzx": (("脱贫劳动力交通补助", 400), ("公益性岗位补助", 600)),
    "xgh": (("困难职工生活救助金", 860), ("职工医疗互助金", 960)),
    "zjj": (("住房租赁补贴", 320), ("农村危房改造补助", 16_000)),
}


@fact("welfare")
def welfare(scene: Scene) -> None:
    """A benefit by town: people and money that add up; who came in and who went out."""
    options = WELFARE[scene.unit.slug]
    name, rate = options[scene.between(0, len(options) - 1)]
    people = split(scene, scene.between(160, 3_600), len(towns()), 4)
    money = [count * rate + count * scene.between(0, 9) * 5 for count in people]
    scene.update(
        welfare=name,
        welfare_people=number(sum(people)),
        welfare_money=number(sum(money)),
        welfare_in=scene.between(3, 60),
        welfare_out=scene.between(2, 36),
    )
    names = [unit.name for unit in towns()]
    rows = [
        (town, number(count), number(amount))
        for town, count, amount in [*zip(names, people, money, strict=True), ("合计", sum(people), sum(money))]
    ]
    table(scene, "welfare_table", f"{name}发放情况", ("乡镇", "人数", "金额（元）"), rows)


LAND_USES = ("城镇住宅用地", "工业用地", "商业用地", "物流仓储用地", "公用设施用地")


@fact("land")
def land(scene: Scene) -> None:
    """Parcels for sale: area, use, ratio, start price, deposit of a fifth; areas add up."""
    count = scene.between(1, 4)
    areas = [scene.between(36, 420) * 100 for _ in range(count)]
    rows = []
    for index, area in enumerate(areas, 1):
        use = scene.pick(LAND_USES)
        price = round(area * scene.between(180, 1_600) / 10_000)
        rows.append(
            (
                f"{scene.day.year}-{scene.between(1, 46):02d}-{index}",
                scene.pick(["城东片区", "经济开发区", "城北片区", "白河镇", "石桥镇"]),
                number(area),
                use,
                f"{1 + scene.rng.random() * 1.5:.1f}",
                number(price),
                number(max(1, price // 5)),
            )
        )
    scene.update(parcels=count, land_total=number(sum(areas)))
    head = ("地块编号", "位置", "面积（平方米）", "用途", "容积率", "起始价（万元）", "保证金（万元）")
    table(scene, "parcels_table", "出让地块基本情况", head, rows)


INVESTMENTS = (
    ("云岭建材有限公司", "绿色建材生产线"),
    ("双塔新型墙材有限公司", "装配式墙板"),
    ("清源食品有限公司", "山野菜精深加工"),
    ("清源食品有限公司", "预制菜生产"),
    ("岭上机械制造有限公司", "农机零部件加工"),
    ("望岭茶业有限公司", "高山茶饮料"),
    ("银杏药材有限公司", "中药材饮片加工"),
    ("云岭冷链物流有限公司", "冷链物流中心"),
    ("松溪纺织有限公司", "功能性面料"),
    ("岭下电子材料有限公司", "电子元器件组装"),
    ("望岭旅游开发有限公司", "康养民宿集群"),
    ("云岭新能源有限公司", "光伏组件支架制造"),
    ("青坪牧场有限公司", "牛肉分割冷链"),
    ("古渡橘业有限公司", "蜜橘商品化处理"),
    ("柳湾酿造有限公司", "醪糟标准化生产"),
    ("双塔陶艺有限公司", "日用陶瓷"),
    ("清泉饮品有限公司", "天然水灌装"),
    ("枫口果业有限公司", "果干果脯加工"),
)


@fact("invest")
def invest(scene: Scene) -> None:
    """An investment: fixed assets and working capital that add up, expected yearly output."""
    company, project_name = INVESTMENTS[scene.between(0, len(INVESTMENTS) - 1)]
    money = scene.between(12, 360) * 100
    fixed = int(money * (0.6 + scene.rng.random() * 0.25))
    scene.update(
        invest_company=company,
        invest_project=project_name,
        invest_money=number(money),
        invest_fixed=number(fixed),
        invest_flow=number(money - fixed),
        invest_value=number(scene.between(12, 620) * 100),
    )
