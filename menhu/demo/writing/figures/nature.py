"""Weather, water, crops, health, festivities and supply cuts: figures about nature and daily life."""

from functools import cache

from menhu.demo.county.reading import Entry, read_entries
from menhu.demo.county.units import towns
from menhu.demo.writing.figures.tables import fact, sample, table
from menhu.demo.writing.scene import Scene, number
from menhu.demo.writing.themes import PACKAGE, parse_months

FLOOD_MONTHS = frozenset(range(4, 10))
SKIES = {
    "冬": ("晴", "多云", "阴", "小雨", "雨夹雪", "阴转多云"),
    "春": ("多云", "小雨", "阴转小雨", "晴", "中雨", "多云转晴"),
    "夏": ("晴", "多云", "雷阵雨", "中到大雨", "多云转阵雨", "阴"),
    "秋": ("晴", "多云", "阴", "小雨", "晴转多云", "阵雨"),
}
WARM = {"冬": (4, 12), "春": (14, 24), "夏": (26, 35), "秋": (15, 26)}
WARNINGS = {
    "冬": ("寒潮", "大雾", "道路结冰", "霜冻"),
    "春": ("大风", "暴雨", "雷电", "霜冻"),
    "夏": ("暴雨", "高温", "雷雨大风", "强对流"),
    "秋": ("大雾", "暴雨", "大风", "寒潮"),
}
TIPS = {
    "寒潮": "做好防寒保暖和大棚加固，用火用电注意安全，谨防一氧化碳中毒。",
    "大雾": "能见度低，驾车请减速、开雾灯，水上和高速公路注意管制信息。",
    "道路结冰": "山区路段谨慎驾驶，行人防滑，公路部门及时除冰。",
    "霜冻": "茶园、果园和育苗棚要覆盖保温，霜前适当灌水。",
    "大风": "加固棚架和广告牌，停止高空作业，严禁野外用火。",
    "暴雨": "避开河道、陡坡和低洼路段，隐患点群众听从转移安排。",
    "雷电": "减少户外活动，不在大树和铁架下躲雨，切断危险电源。",
    "高温": "避开中午户外作业，老人儿童多补水，注意防溺水。",
    "雷雨大风": "景区索道适时停运，工地塔吊固定，驾车远离积水。",
    "强对流": "关好门窗、收好物品，水面作业和旅游船只及时靠岸。",
}
DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@fact("weather")
def weather(scene: Scene) -> None:
    """Five days of weather that fit the season and each other, with advice that fits the warning."""
    sign = str(scene["season_"])
    kind, level = scene.pick(WARNINGS[sign]), scene.pick(["蓝色", "黄色", "蓝色", "橙色"])
    areas = "、".join(sample(scene, [unit.name for unit in towns()], scene.between(2, 4)))
    rows = forecast(scene, sign)
    hours = scene.pick(["6", "12", "24"])
    turn = rows[scene.between(1, 4)]
    scene.update(
        warning=kind,
        level=level,
        weather_gist=f"{rows[0][1]}为主，{turn[0].partition('（')[0]}{turn[1]}",
        warn_lead=f"云岭县气象台{scene['today']}发布{kind}{level}预警信号：预计未来{hours}小时，{areas}等地将受{kind}影响，"
        "请有关单位和人员做好防范准备。未来五天具体预报如下。",
        week_lead=f"预计{scene['week_next']}，我县以{rows[0][1]}天气为主，县城气温{rows[0][2]}；"
        f"{turn[0]}{turn[1]}，{areas}等地{scene.pick(['雾气较重', '昼夜温差较大', '风力稍大', '局地有阵雨'])}。",
        warn_tip=TIPS[kind],
        week_tip=scene.pick(WEEK_TIPS[sign]),
    )
    table(scene, "forecast", "未来五天预报", ("日期", "天气", "气温", "风力"), rows)


def forecast(scene: Scene, sign: str) -> list[tuple[str, str, str, str]]:
    """Five days around one middle temperature."""
    low, high = WARM[sign]
    middle = scene.between(low, high)
    rows = []
    for offset in range(1, 6):
        day = scene.date_after(offset)
        top = middle + scene.between(-3, 3)
        name = f"{day.month}月{day.day}日（{DAYS[day.weekday()]}）"
        wind = scene.pick(["微风", "1—2级", "2—3级"])
        rows.append((name, scene.pick(SKIES[sign]), f"{top - scene.between(5, 9)}—{top}℃", wind))
    return rows


WEEK_TIPS = {
    "冬": (
        "茶园、果园注意防冻，畜禽圈舍保温通风。",
        "早晚路面湿滑，驾车减速，取暖注意通风。",
        "抓住晴好天气做好冬灌和田间清沟。",
    ),
    "春": ("抢晴播种、清沟排湿，预防倒春寒。", "昼夜温差大，老人孩子适时添衣。", "风干物燥时段，严禁野外用火。"),
    "夏": (
        "避开中午高温时段下田，注意防暑补水。",
        "雷雨多发，不要在树下、水边逗留。",
        "清理田间沟渠，防止短时强降雨积水。",
    ),
    "秋": (
        "抓住晴天抢收抢晒，做好秋种准备。",
        "山区雾多，驾车开雾灯、保持车距。",
        "秋燥渐浓，注意森林防火和日常补水。",
    ),
}


STATIONS = (
    ("望岭水库", 612.0, 615.00),
    ("松溪水库", 497.5, 500.50),
    ("柳湾水库", 418.0, 421.20),
    ("青坪水库", 731.0, 733.60),
    ("白河县城段", 230.6, 232.20),
    ("柳湾站", 186.4, 190.00),
)


@fact("water_level")
def water_level(scene: Scene) -> None:
    """Levels at six stations, all below their limits, and what follows from the nearest to it."""
    is_flood = scene.day.month in FLOOD_MONTHS
    rows = []
    nearest = 99.0
    wet = scene.rng.random() ** 2 * (1.0 if is_flood else 0.35)
    for name, base, limit in STATIONS:
        share = min(0.97, 0.15 + wet * 0.7 + scene.rng.random() * 0.12)
        level = round(base + (limit - base) * share, 2)
        gap = limit - level
        nearest = min(nearest, gap)
        rows.append((name, f"{level:.2f}", f"{limit:.2f}", "接近警戒" if gap < 0.5 else "正常"))
    table(scene, "levels", "主要站点水位（米）", ("站点", "水位", "警戒（汛限）", "状态"), rows)
    rain = wet * (66 if is_flood else 30) * (0.8 + scene.rng.random() * 0.3)
    scene.update(
        river_note="个别站点接近警戒" if nearest < 0.5 else "江河水位平稳",
        rain_note="普降中雨" if rain > 20 else "有小雨" if rain > 3 else "降雨稀少",
        rain_place=scene.pick([unit.name.removesuffix("镇").removesuffix("乡") for unit in towns()]),
        rain_max=f"{rain:.1f}",
        water_advice=scene.fill(WET_ADVICE if is_flood else DRY_ADVICE),
    )


WET_ADVICE = (
    "提醒沿河群众：{x:上游来水快，不要在河边逗留、捕鱼|雨后不要急于返回隐患点|看管好孩子，不到野外水域游泳}。"
    "值班电话：{phone}。"
)
DRY_ADVICE = "目前蓄水可满足{x:灌溉|城乡供水}需要。{x:请节约用水|各灌区抓住时机蓄水保水}。值班电话：{phone}。"

# Crop, months in the field, work, yield in kilograms per mu.
CROPS = (
    ("油菜", "2-5", "查苗追肥", (120, 190)),
    ("水稻", "5-10", "薅秧补苗、清沟放水", (480, 680)),
    ("玉米", "4-9", "追肥培土", (380, 560)),
    ("马铃薯", "3-7", "起垄播种、中耕", (1400, 2400)),
    ("高山茶", "3-5", "采摘鲜叶", (60, 110)),
    ("脆柿", "9-11", "采摘、分级、装箱", (1200, 2100)),
    ("蜜橘", "10-12", "采果剪枝", (1500, 2600)),
    ("莲藕", "8-12", "下田挖藕", (1300, 2200)),
    ("辣椒", "6-10", "采摘晾晒", (900, 1600)),
    ("黄精", "10-12", "采挖清洗", (700, 1300)),
    ("草莓", "12-3", "采摘装盒", (1000, 1700)),
    ("香菇", "11-4", "翻棚采菇", (1800, 2900)),
    ("大棚番茄", "1-6", "整枝疏果", (3200, 5200)),
    ("荞麦", "9-11", "收割扬场", (110, 180)),
    ("冬小麦", "11-5", "中耕除草", (260, 380)),
)


def in_season(span: str, month: int) -> bool:
    first, last = (int(part) for part in span.split("-"))
    return first <= month <= last if first <= last else month >= first or month <= last


@fact("crop")
def crop(scene: Scene) -> None:
    """A crop in the field this month: output = area × yield."""
    fitting = [entry for entry in CROPS if in_season(entry[1], scene.day.month)]
    name, _, work, (low, high) = fitting[scene.between(0, len(fitting) - 1)]
    if "茶" in name:
        scene["picture_group"] = "tea"
    area = scene.between(16, 260) * 10
    per_mu = scene.between(low, high)
    scene.update(
        crop=name,
        farm_work=work,
        area=number(area),
        yield_=number(per_mu),
        output=number(round(area * per_mu / 1000)),
    )


# Event, short name, months, place, what is on, who holds it ("*" the county's culture and tourism units).
EVENTS = (
    (
        "云岭采茶节",
        "采茶",
        "3-5",
        "茶源镇万亩茶园",
        ("采茶比赛", "手工炒茶", "茶艺表演", "茶园徒步", "斗茶会"),
        "* cyz",
    ),
    (
        "望岭山地骑行赛",
        "山地骑行",
        "4-10",
        "望岭镇",
        ("山地越野", "亲子骑行", "夜骑", "特产市集", "露营音乐会"),
        "* wlz",
    ),
    ("白河龙舟赛", "龙舟赛", "5-6", "白河镇老渡口", ("龙舟竞渡", "包粽子比赛", "民歌对唱", "水车市集"), "* bhz"),
    (
        "柳湾古街民俗周",
        "民俗表演",
        "1-12",
        "柳湾古街",
        ("打铁花", "古戏展演", "草编体验", "土布秀", "油坊榨油"),
        "* lwz",
    ),
    ("枫口红叶节", "红叶", "10-11", "红叶谷", ("红叶徒步", "摄影采风", "柿子市集", "村歌大赛"), "* fkz"),
    ("古渡橘园采摘节", "采摘节", "10-12", "古渡镇橘园", ("采橘比赛", "橘子宴", "古渡夜游", "非遗展示"), "* gdz"),
    ("青坪草甸牧歌节", "牧歌节", "6-8", "青坪草甸", ("赛马展示", "草地篮球", "篝火晚会", "牛肉美食大赛"), "* qpx"),
    ("云岭村晚", "村晚", "12-2", "松溪镇纸坊老街", ("村歌合唱", "舞龙", "小品快板", "年货集市"), "* sxz"),
    ("和美乡村篮球赛", "村篮", "3-11", "双塔镇文化广场", ("小组赛", "三分球比赛", "啦啦操", "农产品展销"), "* stz"),
    ("稻花鱼丰收节", "抓鱼", "8-10", "松溪镇稻田", ("浑水摸鱼", "稻田拔河", "稻花鱼宴", "割稻比赛"), "* sxz"),
    ("双塔陶艺周末", "陶艺", "1-12", "双塔镇陶艺街", ("拉坯体验", "柴窑开窑", "陶器市集", "亲子彩绘"), "* stz"),
    ("千年银杏观赏季", "银杏", "10-11", "银杏镇千年银杏园", ("银杏摄影", "古树讲堂", "药膳品尝", "书院雅集"), "* yxz"),
    ("七孔石桥灯会", "灯会", "1-2", "石桥镇桥头街", ("花灯巡游", "舞狮", "猜灯谜", "粉条宴"), "* sqz"),
    ("云岭读书周", "读书活动", "3-11", "县图书馆", ("好书朗读", "旧书交换", "作家分享", "亲子共读"), "tsg"),
    ("亲子阅读节", "亲子阅读", "1-12", "县图书馆少儿馆", ("绘本剧", "故事妈妈", "小小馆员", "图书漂流"), "tsg"),
    ("博物馆之夜", "夜游博物馆", "1-12", "县博物馆", ("夜间讲解", "拓片体验", "文物修复展示", "少年讲解员比赛"), "bwg"),
    ("白河观鸟季", "观鸟", "10-4", "白河湿地公园", ("观鸟比赛", "自然笔记", "摄影展", "湿地讲堂"), "sdbhzx"),
    (
        "湿地自然课",
        "自然课",
        "4-10",
        "白河湿地宣教馆",
        ("水生植物辨认", "夜观萤火虫", "自然笔记", "净滩活动"),
        "sdbhzx",
    ),
    ("森林音乐会", "森林音乐会", "4-11", "云岭国有林场", ("草地演出", "认树课堂", "星空露营", "林下市集"), "gylc"),
    ("云岭雾凇季", "雾凇", "12-2", "望岭观景台", ("雾凇徒步", "冬日摄影", "温泉体验", "年货市集"), "gylc fjqglzx"),
    ("全民健身健步走", "健步走", "3-11", "滨河步道", ("健步走", "太极展演", "体质测试", "广场舞比赛"), "tyzx *"),
)
TOWN_EVENTS = (
    ("{town}乡村篮球赛", "村篮", "3-11", "{village}文化广场", ("小组赛", "三分球比赛", "啦啦操", "农产品展销")),
    ("{town}农民丰收节", "丰收节", "9-10", "{village}", ("割稻比赛", "农产品评比", "长桌宴", "村歌合唱")),
    ("{town}村晚", "村晚", "12-2", "{village}文化广场", ("村歌合唱", "舞龙", "小品快板", "年货集市")),
    ("{town}{product}品尝会", "品尝会", "1-12", "{village}", ("手艺比拼", "现场品尝", "订货洽谈", "民歌对唱")),
    ("{town}邻里节", "邻里节", "3-11", "{village}文化广场", ("百家宴", "趣味运动会", "好邻居表扬", "亲子游戏")),
)
HOSTS = frozenset({"wlj", "whg", "rmtzx", "fjqglzx", "tyzx"})


def events_of(scene: Scene) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """The festivities that a unit can hold in this month."""
    slug = scene.unit.slug
    own = [entry[:5] for entry in EVENTS if slug in entry[5].split() or (slug in HOSTS and "*" in entry[5])]
    if scene.unit.is_town:
        own += TOWN_EVENTS
    return [entry for entry in own if in_season(entry[2], scene.day.month)]


@fact("event")
def event(scene: Scene) -> None:
    """A festivity of the season with three things that are on."""
    fitting = events_of(scene) or [EVENTS[3][:5]]
    name, short, _, place, items = fitting[scene.between(0, len(fitting) - 1)]
    first, second, third = sample(scene, items, 3)
    title = scene.fill(name)
    scene.update(
        event=f"{scene.day.year}年{title}" if scene.chance(0.7) else title,
        event_short=short,
        place_event=scene.fill(place),
        program_a=first,
        program_b=second,
        program_c=third,
    )


SCENERY_MORE = (
    "近年来，{town}守着好山好水做文章，{x:关了采石场、修了步道|清了河、种了树|整治了院落、留住了老屋}，今年已接待游客{n:2-26}万人次。",
    "当地提醒，{x:山上早晚温差大，请添衣|自驾请按指示牌停车|赏景请走步道，带走垃圾}，咨询电话{phone}。",
    "“{x:天天看也看不够|以前不觉得，现在才知道家乡这么好看}。”在这里住了{n:30-70}年的{citizen}说。",
)


SCENERY_WALK = (
    "从{town}集镇出发，步行或骑行都方便：先沿{river}走一段，再穿过{village}，{x:全程约{n:3-9}公里|两个小时可以走完}，沿途有{n:2-5}处歇脚点。",
    "摄影爱好者{worker}在这里守了{n:2-6}个早晨。“{x:光线只有十来分钟|云雾说来就来、说走就走}，等到了，就值了。”",
    "附近的农家乐和民宿{x:周末需要提前预订|平日还有空房}，{product}正当时令，{x:可以现场品尝|村口的摊子就有卖}。",
)


@fact("scenery")
def scenery(scene: Scene) -> None:
    """A picture with a few lines, of the month."""
    fitting = [entry for entry in sights() if scene.day.month in parse_months(entry.head[0])]
    entry = fitting[scene.between(0, len(fitting) - 1)]
    scene.update(
        picture_group=entry.slug,
        scenery_title=scene.fill(entry.one("title")),
        scenery_text=scene.fill(entry.one("text")),
        scenery_more=scene.fill(scene.pick(SCENERY_MORE)),
        scenery_walk=scene.fill(scene.pick(SCENERY_WALK)),
    )


@cache
def sights() -> list[Entry]:
    """The pictures of data/scenery.txt."""
    return read_entries(PACKAGE, "scenery.txt")


# Disease, months, who, signs, three ways to prevent it.
DISEASES = (
    (
        "流感",
        "10-4",
        "老人、儿童和慢性病人",
        "发热、头痛、全身酸痛、咽痛",
        ("接种流感疫苗", "勤洗手、常通风", "人多的地方戴口罩"),
    ),
    (
        "诺如病毒感染",
        "10-4",
        "学校和托幼机构",
        "呕吐、腹泻、腹痛，起病急",
        ("饭前便后洗手", "食物烧熟煮透", "呕吐物及时消毒处理"),
    ),
    (
        "手足口病",
        "4-7",
        "五岁以下儿童",
        "发热，手、足、口腔出现疱疹",
        ("勤洗手、勤晒衣被", "玩具餐具常消毒", "患儿居家隔离治疗"),
    ),
    (
        "中暑",
        "6-9",
        "户外劳动者和老人",
        "头晕、大汗、口渴、心慌，重者昏迷",
        ("避开中午户外作业", "多喝淡盐水", "备好防暑药品"),
    ),
    (
        "一氧化碳中毒",
        "11-3",
        "用炭火取暖的家庭",
        "头痛、恶心、四肢无力，重者昏迷",
        ("取暖时开窗通风", "不在密闭房间烧炭", "安装报警器、检查烟道"),
    ),
    (
        "毒蘑菇中毒",
        "5-9",
        "喜食野生菌的群众",
        "恶心、呕吐、腹泻、幻觉",
        ("不采摘、不购买、不食用陌生野生菌", "误食后立即催吐就医", "保留样品供鉴别"),
    ),
    ("肠道传染病", "5-10", "聚餐人群和儿童", "腹痛、腹泻、发热", ("不喝生水", "生熟分开、剩菜热透", "灭蝇防蝇")),
    (
        "心脑血管急症",
        "11-3",
        "高血压、冠心病患者",
        "胸闷胸痛、口角歪斜、言语不清",
        ("坚持服药、定期测压", "晨起动作放慢、注意保暖", "出现症状立即拨打120"),
    ),
    (
        "过敏性鼻炎",
        "3-5",
        "过敏体质人群",
        "打喷嚏、流清涕、鼻眼发痒",
        ("花粉浓度高时少外出", "回家洗脸换衣", "在医生指导下用药"),
    ),
    ("水痘", "3-6", "中小学生", "发热、皮疹、水疱，瘙痒", ("按程序接种疫苗", "教室每天通风", "患病学生离校隔离")),
    (
        "食物中毒",
        "6-10",
        "办席聚餐的群众",
        "恶心、呕吐、腹痛、腹泻",
        ("不吃霉变、隔夜食物", "冷荤凉菜现做现吃", "农村聚餐先报备"),
    ),
    ("登革热", "7-10", "蚊虫叮咬人群", "突发高热、头痛、皮疹", ("翻盆倒罐清积水", "使用蚊帐纱窗", "外出涂抹驱蚊剂")),
)


@fact("health")
def health(scene: Scene) -> None:
    """A disease of the month with its signs and how to prevent it."""
    fitting = [entry for entry in DISEASES if in_season(entry[1], scene.day.month)]
    name, _, group, signs, prevent = fitting[scene.between(0, len(fitting) - 1)]
    first, second, third = sample(scene, prevent, 3)
    scene.update(disease=name, disease_group=group, symptom=f"主要表现为{signs}")
    scene.update(prevent_a=first, prevent_b=second, prevent_c=third)


OUTAGES = (
    (
        "停水",
        ("供水主管改造", "清源水厂设备检修", "管网爆管抢修", "阀门更换"),
        "生活用水",
        "请先打开龙头放水几分钟，待水清后再饮用",
    ),
    ("停电", ("线路检修", "配变增容", "线路迁改", "设备消缺"), "应急电源", "请检查室内开关，逐一合上电器"),
    ("停气", ("燃气管道置换", "调压设备检修", "老旧管道更换"), "热食", "请先开窗通风、检查灶具阀门，再点火使用"),
)
OUTAGE_OF = {"slj": 0, "zjj": 2}
HOURS = (("22时至次日6时", "次日6时"), ("8时至18时", "当日18时"), ("9时至16时", "当日16时"), ("0时至5时", "当日5时"))


@fact("outage")
def outage(scene: Scene) -> None:
    """A supply cut: what is cut, why, from when to when."""
    position = OUTAGE_OF.get(scene.unit.slug, scene.between(0, len(OUTAGES) - 1))
    kind, causes, help_word, afterwards = OUTAGES[position]
    hours, end = HOURS[scene.between(0, len(HOURS) - 1)]
    area = (
        f"{scene.unit.name}集镇"
        if scene.unit.is_town
        else scene.pick(["县城北片区", "城东片区", "老城区", "县城南片区"])
    )
    scene.update(
        outage_kind=kind,
        outage_cause=scene.pick(causes),
        outage_hours=hours,
        outage_end=end,
        outage_help=help_word,
        outage_after=afterwards,
        outage_area=area,
    )
