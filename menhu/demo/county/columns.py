"""The portal's sections and columns and the columns every unit's site starts with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["section", "list", "single", "leaders", "link", "topic"]

TWO_WEEKS = 14
A_MONTH = 31
TWO_MONTHS = 61
A_QUARTER = 92
HALF_A_YEAR = 183
A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the portal or of a unit's site; kind is the ColumnType of the META norm.

    update_days is the longest time without anything new, None where the column is static.
    """

    slug: str
    name: str
    kind: str
    form: Form
    description: str
    keywords: tuple[str, ...]
    update_days: int | None = None
    owner: str = "xzfb"
    target: str = ""
    children: tuple["Column", ...] = field(default=())


def listing(slug: str, name: str, kind: str, days: int, description: str, words: str, owner: str = "xzfb") -> Column:
    return Column(slug, name, kind, "list", description, tuple(words.split()), days, owner)


def page(slug: str, name: str, kind: str, description: str, words: str, owner: str = "xzfb") -> Column:
    return Column(slug, name, kind, "single", description, tuple(words.split()), None, owner)


def link(slug: str, name: str, kind: str, target: str, description: str, words: str) -> Column:
    return Column(slug, name, kind, "link", description, tuple(words.split()), None, target=target)


def section(slug: str, name: str, kind: str, description: str, words: str, *children: Column) -> Column:
    return Column(slug, name, kind, "section", description, tuple(words.split()), children=children)


PORTAL: tuple[Column, ...] = (
    section(
        "zjyl",
        "走进云岭",
        "概况信息",
        "介绍云岭县的地理、历史、区划和风土人情",
        "云岭县 县情 概况",
        page("xqgl", "县情概览", "概况信息", "云岭县的位置、面积、人口、经济和社会事业概况", "县情 面积 人口"),
        page("lsyg", "历史沿革", "概况信息", "云岭县建置和名称的由来与变迁", "历史 建置 沿革", "dag"),
        page("zrdl", "自然地理", "概况信息", "地形、河流、气候和资源", "地形 河流 气候", "zrzyj"),
        page("xzqh", "行政区划", "概况信息", "十一镇一乡的面积、人口和所辖村（社区）", "乡镇 行政区划", "mzj"),
        listing("ylmp", "云岭名片", "概况信息", HALF_A_YEAR, "特产、名胜和人文风物", "特产 名胜 非遗", "wlj"),
    ),
    section(
        "xwdt",
        "新闻动态",
        "工作动态",
        "全县重要会议、活动和各单位、各乡镇工作动态",
        "新闻 动态 要闻",
        listing("ylyw", "云岭要闻", "工作动态", TWO_WEEKS, "县委、县政府重要会议和活动，全县大事", "要闻 会议"),
        listing("bmdt", "部门动态", "工作动态", TWO_WEEKS, "县直部门和单位的工作进展", "部门 动态"),
        listing("xzdt", "乡镇动态", "工作动态", TWO_WEEKS, "各乡镇的工作进展和村里新事", "乡镇 村庄"),
        listing("yxgs", "一线故事", "工作动态", TWO_MONTHS, "基层一线的人物和故事", "人物 故事 基层", "rmtzx"),
        listing("tsyl", "图说云岭", "工作动态", A_MONTH, "用图片记录云岭的变化", "图片 摄影", "rmtzx"),
        Column(
            "ztzl",
            "专题专栏",
            "工作动态",
            "topic",
            "围绕一件大事集中发布的专题",
            ("专题",),
            A_QUARTER,
            children=(
                listing("hmxc", "和美乡村建设", "工作动态", A_QUARTER, "示范村的规划、账本和进度", "乡村建设", "nyncj"),
                listing(
                    "fxjz", "防汛减灾", "工作动态", HALF_A_YEAR, "水情、预警、避险点和值守电话", "防汛 预警", "slj"
                ),
                listing(
                    "jzbm", "减证便民", "工作动态", HALF_A_YEAR, "不再要群众提交的证明和新办法", "减证便民", "xzspj"
                ),
            ),
        ),
    ),
    section(
        "zwgk",
        "政务公开",
        "信息公开目录",
        "法定主动公开的政府信息，公开指南、制度和年报",
        "政务公开 政府信息公开",
        Column("ldzc", "领导之窗", "负责人信息", "leaders", "县领导的姓名、职务和分工", ("领导", "分工")),
        page("jgzn", "机构职能", "机构职能", "县政府工作部门、直属单位和乡镇的职能与联系方式", "机构 职能", "xwbb"),
        listing("tzgg", "通知公告", "信息公开目录", A_MONTH, "县政府和各单位的通知、公告、公示", "通知 公告 公示"),
        listing("zcwj", "政策文件", "政策文件", HALF_A_YEAR, "县政府、县政府办公室和部门的政策文件", "政策 规范性文件"),
        listing("zcjd", "政策解读", "政策解读", HALF_A_YEAR, "政策文件的解读、问答和图解", "解读 问答"),
        listing("zfhy", "政府会议", "信息公开目录", TWO_MONTHS, "县政府常务会议和专题会议", "常务会议"),
        listing("ghjh", "规划计划", "信息公开目录", A_YEAR, "发展规划、年度计划和工作要点", "规划 计划", "fgj"),
        listing("rsxx", "人事信息", "信息公开目录", A_YEAR, "任免、公开招聘和任前公示", "人事 招聘 任免", "rsj"),
        listing(
            "czxx", "财政信息", "信息公开目录", A_YEAR, "政府和部门的预算、决算及审计结果", "预算 决算 审计", "czj"
        ),
        listing(
            "zdly", "重点领域", "信息公开目录", TWO_MONTHS, "食品安全、环境、许可、采购和救助等信息", "重点领域 公示"
        ),
        page("gkzn", "政府信息公开指南", "信息公开指南", "公开范围、方式和依申请公开的办法", "公开指南"),
        page("gkzd", "政府信息公开制度", "信息公开目录", "政府信息公开的法规和本县制度", "公开制度"),
        page("ysq", "依申请公开", "依申请公开", "怎样申请政府信息、几天答复、到哪里提交", "依申请公开"),
        listing("gknb", "政府信息公开年报", "信息公开年报", A_YEAR, "县政府、部门和乡镇的公开年度报告", "公开年报"),
    ),
    section(
        "bsfw",
        "办事服务",
        "办事服务",
        "办事指南、便民提示、招聘和考试信息",
        "办事 服务 便民",
        listing(
            "bszn", "办事指南", "办事服务", HALF_A_YEAR, "材料、时限、地点和电话写清楚的指南", "指南 材料", "xzspj"
        ),
        listing(
            "bmts", "便民提示", "办事服务", TWO_WEEKS, "停水停电、道路、天气和办事时间提示", "停水 绕行 天气", "xzspj"
        ),
        listing("jyzp", "就业招聘", "办事服务", TWO_MONTHS, "招聘会、岗位和技能培训", "招聘 岗位", "jyfwzx"),
        listing("jyks", "教育考试", "办事服务", HALF_A_YEAR, "招生、考试和资助", "招生 考试", "jyj"),
        Column(
            "jyzx",
            "公共资源交易",
            "办事服务",
            "link",
            "招标、采购、土地和产权交易",
            ("交易",),
            None,
            "ggzyzx",
            "ggzyzx",
        ),
    ),
    section(
        "hdjl",
        "互动交流",
        "征集调查",
        "征集意见、回应关切、在线访谈和建议提案办理",
        "互动 征集 回应",
        link("lxdf", "来信与答复", "咨询投诉", "letters", "写信、查询来信，看公开的来信和答复", "来信 答复 信箱"),
        listing("yjzj", "意见征集", "征集调查", TWO_MONTHS, "公开征求意见的草案和采纳结果", "征求意见"),
        listing("hygq", "回应关切", "回应关切", A_QUARTER, "群众关心的问题和办理结果", "回应 答复", "xzspj"),
        listing("zxft", "在线访谈", "在线访谈", TWO_MONTHS, "单位负责人与网民对话", "访谈 对话", "rmtzx"),
        listing("jyta", "建议提案办理", "信息公开目录", A_YEAR, "人大代表建议和政协提案的答复", "建议 提案"),
    ),
    section(
        "sdzd",
        "说到做到",
        "回应关切",
        "写在政府工作报告里的承诺，件件公开进度",
        "承诺 实事 督查",
        listing("msss", "民生实事", "回应关切", A_QUARTER, "每年十件民生实事的进展", "民生实事"),
        listing("zdxm", "重点项目", "回应关切", A_QUARTER, "重点项目开工、建设、投产的进展", "重点项目", "fgj"),
        listing("dctb", "督查通报", "回应关切", A_QUARTER, "督查发现的问题和整改情况", "督查 整改", "xwb"),
    ),
    section(
        "sjyl",
        "数据云岭",
        "数据发布",
        "经济、民生、环境和水情数据",
        "数据 统计",
        listing("tjsj", "统计数据", "数据发布", A_QUARTER, "月度、季度、年度经济社会指标", "统计 指标", "tjj"),
        listing("hjzl", "环境质量", "数据发布", TWO_MONTHS, "空气和水环境质量月报", "空气 水质", "sthjj"),
        listing("sqyq", "水情雨情", "数据发布", TWO_WEEKS, "水库、河道水位和雨量", "水位 雨量", "hkglzx"),
        listing("jgjc", "价格监测", "数据发布", A_MONTH, "粮油肉蛋菜的价格", "菜价 物价", "fgj"),
    ),
    section(
        "tzwl",
        "投资文旅",
        "办事服务",
        "投资环境、招商项目、景点线路和节庆活动",
        "投资 招商 旅游",
        listing("zsdt", "招商动态", "工作动态", A_QUARTER, "招商活动和签约项目", "招商 项目", "tzcjzx"),
        page("tzzn", "投资指南", "办事服务", "区位、产业、要素成本和扶持政策", "投资 成本 政策", "tzcjzx"),
        listing("lyzx", "旅游资讯", "工作动态", A_MONTH, "节庆、线路和出行提示", "旅游 景区 节庆", "wlj"),
    ),
)


def portal_columns() -> Iterator[Column]:
    """Every column of the portal below its sections, topics' own columns included."""
    waiting = [child for section_ in PORTAL for child in section_.children]
    while waiting:
        column = waiting.pop(0)
        yield column
        waiting.extend(column.children)


UNIT_SITE: tuple[Column, ...] = (
    page("dwgk", "单位概况", "概况信息", "单位的基本情况、地址和联系方式", "单位 概况"),
    page("jgzn", "机构职能", "机构职能", "主要职责和内设机构", "职能 内设机构"),
    Column("ldxx", "领导信息", "负责人信息", "leaders", "领导班子成员和分工", ("领导", "分工")),
    listing("gzdt", "工作动态", "工作动态", TWO_WEEKS, "工作进展和活动", "动态 工作"),
    listing("tzgg", "通知公告", "信息公开目录", HALF_A_YEAR, "通知、公告和公示", "通知 公告"),
    listing("zcwj", "政策文件", "政策文件", HALF_A_YEAR, "本单位制发和执行的文件", "文件 政策"),
    listing("zcjd", "政策解读", "政策解读", HALF_A_YEAR, "文件的解读和问答", "解读 问答"),
    page("gkzn", "信息公开指南", "信息公开指南", "公开什么、怎样查、怎样申请", "公开指南"),
    listing("xxgk", "信息公开目录", "信息公开目录", A_YEAR, "年报、预算决算和法定公开内容", "年报 预算 决算"),
    listing("bsfw", "办事服务", "办事服务", HALF_A_YEAR, "办事指南、办理结果和便民提示", "办事 指南"),
)
PARTY_SITE: tuple[Column, ...] = (
    *UNIT_SITE[:7],
    listing("xxgk", "党务公开", "信息公开目录", A_YEAR, "年度工作、预算决算和公开内容", "党务公开 预算"),
    listing("bsfw", "服务指南", "办事服务", HALF_A_YEAR, "联系方式和办事提示", "服务 联系"),
)
TOWN_SITE: tuple[Column, ...] = (
    page("dwgk", "镇情概况", "概况信息", "位置、面积、人口、村（社区）和特产", "镇情 村"),
    *UNIT_SITE[1:3],
    listing("gzdt", "镇村动态", "工作动态", TWO_WEEKS, "镇里和村里的新鲜事", "动态 村庄"),
    *UNIT_SITE[4:9],
    listing("bsfw", "便民服务", "办事服务", HALF_A_YEAR, "办事指南和便民提示", "办事 便民"),
    listing("cwgk", "惠民公示", "信息公开目录", HALF_A_YEAR, "补贴、救助和村务公示", "补贴 救助 公示"),
)


def site_columns(*, side: str, is_town: bool) -> tuple[Column, ...]:
    """The columns that a unit's site starts with."""
    if is_town:
        return TOWN_SITE
    return PARTY_SITE if side == "party" else UNIT_SITE
