"""Names of people: those that are given, and those that a text introduces itself (“我叫…”, “联系人：…”, a signature)."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from menhu.core.personal.folding import HAN, fold
from menhu.core.personal.kinds import Candidate

_SURNAMES: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾"
    "毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖付代闫覃邸苟晋楚鄢涂钦法汝归海"
    "展仝晖丘冼揭撖寸亓呙厐乃么麦邝植蹇缴昃朴仵卿宝修战原门隋药要信禚鹿粟逢尧勐盘苑迟官冶底巨展荀来税单揣昂铁银"
    "趙錢孫鄭馮陳衛蔣韓楊許呂張嚴華陶謝鄒喻蘇魯韋馬鳳費雷賀湯羅畢鄔樂時傅齊顧黃蕭湛禹貝計談龐紀項閔賈婁顏鍾駱蔡萬盧莫經繆應單諸龔陸榮儲"
    "靳龍葉黎薄賴喬陰聞黨譚貢勞邊溫莊閻慕習滿東歐聶鞏簡饒關豐紅遊竺權蓋劉鄧葉吳於"
)
_COMPOUND_SURNAMES: Final = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "公仪",
        "梁丘",
        "公仲",
        "公上",
        "公门",
        "公山",
        "公坚",
        "左丘",
        "公伯",
        "西门",
        "公祖",
        "第五",
        "公乘",
        "贯丘",
        "公皙",
        "南荣",
        "东里",
        "东宫",
        "仲长",
        "子书",
        "子桑",
        "即墨",
        "达奚",
        "褚师",
        "完颜",
        "纳兰",
        "叶赫",
        "那拉",
        "爱新",
        "歐陽",
        "司馬",
        "東方",
        "諸葛",
        "尉遲",
        "赫連",
        "澹臺",
        "濮陽",
        "申屠",
        "公孫",
        "鍾離",
        "長孫",
        "鮮于",
        "令狐",
        "上官",
        "西門",
        "南宮",
        "東郭",
    ]
)
# Words that begin with a surname and stand where a name may stand.
_ORDINARY: Final = frozenset(
    [
        "党员",
        "党支",
        "农民",
        "农户",
        "农村",
        "农业",
        "居民",
        "居住",
        "经理",
        "经办",
        "经营",
        "经常",
        "司机",
        "房东",
        "房主",
        "房屋",
        "车主",
        "车辆",
        "车站",
        "家长",
        "家住",
        "家属",
        "家庭",
        "家里",
        "单位",
        "国家",
        "公司",
        "公民",
        "公安",
        "安全",
        "安置",
        "安装",
        "应当",
        "应该",
        "应急",
        "应于",
        "应按",
        "应为",
        "应在",
        "应向",
        "须经",
        "须知",
        "须在",
        "高中",
        "高校",
        "高龄",
        "高级",
        "常住",
        "常年",
        "常务",
        "明确",
        "明白",
        "相关",
        "相应",
        "有关",
        "有限",
        "时间",
        "时候",
        "全体",
        "全县",
        "全村",
        "全家",
        "东西",
        "东侧",
        "和谐",
        "平时",
        "平安",
        "水利",
        "水务",
        "水电",
        "广大",
        "广场",
        "花园",
        "金额",
        "路边",
        "路灯",
        "路口",
        "路面",
        "商户",
        "商店",
        "商铺",
        "商场",
        "权利",
        "管理",
        "游客",
        "外地",
        "本地",
        "后来",
        "后续",
        "信息",
        "信访",
        "要求",
        "都是",
        "都在",
        "能否",
        "能够",
        "于是",
        "从事",
        "从此",
        "向您",
        "向贵",
        "向有",
        "向县",
        "向社",
        "满意",
        "通过",
        "通知",
        "步行",
        "连续",
        "别人",
        "终于",
        "全部",
        "双方",
        "双职",
        "诸位",
        "强烈",
        "来自",
        "来信",
        "来电",
        "师范",
        "师傅",
        "年满",
        "年龄",
        "年人",
        "关于",
        "关心",
        "关注",
        "文化",
        "白天",
        "原来",
        "原本",
        "原因",
        "修建",
        "修理",
        "解决",
        "解释",
        "施工",
        "古稀",
        "包括",
        "万分",
        "万一",
        "成员",
        "成为",
        "成年",
        "计划",
        "利用",
        "利益",
        "有效",
        "有权",
        "有意",
        "边上",
        "充电",
        "海边",
        "银行",
        "法人",
        "法院",
        "法律",
        "门口",
        "门前",
        "门面",
        "养老",
        "干部",
        "干群",
        "支部",
        "封闭",
        "查询",
        "查看",
        "查收",
        "宁可",
        "单身",
        "单独",
        "平台",
        "平房",
        "温馨",
        "言语",
        "代表",
        "代办",
        "代理",
        "代码",
        "付款",
        "官方",
        "巨大",
        "冷静",
        "空调",
        "空闲",
        "信用",
        "那里",
        "那么",
        "那个",
        "那些",
        "红色",
        "阳台",
        "阳光",
        "景区",
        "谷物",
        "牛羊",
        "羊圈",
        "鱼塘",
        "沙石",
        "田地",
        "田间",
        "池塘",
        "林地",
        "林业",
        "山上",
        "山区",
        "江边",
        "石头",
        "云岭",
        "石桥",
        "白河",
        "公告",
        "公示",
        "公布",
        "公开",
        "公务",
        "公益",
        "公共",
        "公里",
        "公园",
        "公路",
        "班级",
        "班主",
        "贡献",
        "幸福",
        "言论",
        "利民",
        "药品",
        "药店",
        "战友",
        "战士",
        "方面",
        "方式",
        "方便",
        "方案",
        "方可",
        "项目",
        "商议",
        "温度",
        "满足",
        "牧民",
        "包工",
        "包村",
        "包片",
        "包案",
        "包联",
        "双联",
        "网格",
        "计生",
        "文书",
        "文员",
        "文明",
        "全职",
        "兼职",
        "管委",
        "管护",
        "水电",
        "水工",
        "宣传",
        "宣讲",
        "鲁班",
        "司法",
        "乐于",
        "宁愿",
        "明年",
        "明天",
        "连接",
        "于今",
        "从未",
        "向上",
        "同意",
        "易地",
        "易迁",
        "贫困",
        "左右",
        "左边",
        "石材",
        "路过",
        "路上",
        "路段",
        "边远",
        "牛年",
        "相信",
        "相邻",
        "相同",
        "后果",
        "后面",
        "有时",
        "有人",
        "有的",
        "任职",
        "安心",
        "谢谢",
        "祝好",
        "祝您",
        "祝愿",
        "祝贺",
        "有何",
        "何时",
        "何人",
        "何处",
        "何种",
    ]
)
_TITLES: Final = re.compile(
    "先生|女士|小姐|同志|同学|老师|主任|局长|书记|经理|师傅|医生|警官|阿姨|大爷|大妈|大姐|大哥|叔叔|婶|嫂|奶奶|爷爷|总经理|总(?!["
    + HAN
    + "])|某|姓"
)
_NEVER_FIRST: Final = frozenset("的了在是不到就也都着过吗呢吧们")
# Characters with which a sentence goes on after a name of two characters; before a mark they belong to the name.
_GOES_ON: Final = frozenset("的了在是不到就也都住系因现今家想我你他她您给把被对没手电身向去与及并且代")
_JOINING: Final = frozenset("和与及向于时须应")
"""Surnames that far more often join words; they count only after a plain cue."""
_MARK: Final = re.compile(r"[\s,.:;!?()\[\]<>\"'/|、。《》“”‘’…~\-]")
_HAN: Final = re.compile(f"[{HAN}]")
_FOREIGN: Final = re.compile(f"[{HAN}]{{1,10}}(?:·[{HAN}]{{1,10}}){{1,3}}")
_SPACED: Final = re.compile(f"([{HAN}]) {{1,2}}([{HAN}])(?![{HAN}])")

_ROLES: Final = (
    "(?:联系|申请|投诉|举报|信访|反映|来信|写信|留言|诉求|求助|报修|经办|负责|委托|代理|监护|当事|责任|收件|寄件|收款|付款|户主|申报|填表|证明|承诺|报名|被投诉|被举报|见证)人"
    "|户主|业主|患者|病人|死者|伤者|车主|房东|户名|开户名|学生|家长|法定代表人|法人代表|法人|联络员|签名|署名|落款|姓名"
)
_KIN: Final = "父亲|母亲|爸爸|妈妈|爸|妈|儿子|女儿|儿媳|女婿|丈夫|妻子|老公|老婆|爱人|爷爷|奶奶|外公|外婆|哥哥|弟弟|姐姐|妹妹|孙子|孙女|邻居|孩子|同事|朋友"
# After these a name stands; after the loose ones only if a mark follows it.
_CUE: Final = re.compile(
    r"(?:我|本人|名字|他|她|名|" + _KIN + r")叫(?:做)?[: ]{0,2}"
    r"|(?:我的名字|本人姓名|真实姓名|名字)[:是为 ]{1,3}"
    r"|(?:" + _ROLES + r")(?:姓名)?(?:[: ]{1,3}|是|为|叫)(?:[: ]{0,2})"
)
_LOOSE_CUE: Final = re.compile(r"(?:我是|本人是?|我的?(?:" + _KIN + r")|" + _ROLES + r") ?")
_SIGNATURE: Final = re.compile(rf"(?:^|\n)[ \t]{{0,20}}([{HAN}](?: ?[{HAN}]){{1,3}})[ \t]{{0,20}}(?=\n|$)")
_BEFORE_NUMBER: Final = re.compile(
    rf"(?:^|[\s,.:;()、。])([{HAN}]{{2,4}})[\s,:()、]{{0,3}}"
    r"(?:(?:联系)?(?:电话|手机)?(?:号码|号)?|身份证(?:号码|号)?)[\s,:()、]{0,3}$"
)
_LOOK_BACK: Final = 32
_SIGNED_WITHIN: Final = 60


def given_names(folded: str, names: Collection[str]) -> Iterator[Candidate]:
    """Every place of each name, blanks inside allowed. Names of one character or with 某 in them are passed over."""
    plain = {re.sub(r"\s", "", fold(name)) for name in names}
    wanted = {name for name in plain if len(name) > 1 and "某" not in name and "*" not in name}
    if not wanted:
        return
    lengths = sorted({len(name) for name in wanted}, reverse=True)
    firsts = "".join(sorted(map(re.escape, {name[0] for name in wanted})))
    for place in re.finditer(f"[{firsts}]", folded):
        word, ends = _without_blanks(folded, place.start(), lengths[0])
        length = next((length for length in lengths if word[:length] in wanted), 0)
        if length and length <= len(word):
            yield Candidate("name", place.start(), ends[length - 1])


def _without_blanks(folded: str, start: int, most: int) -> tuple[str, list[int]]:
    """Up to so many characters from a place, and where each ends; two blanks between characters are passed over."""
    ends: list[int] = []
    place = start
    while len(ends) < most and place < len(folded):
        ends.append(place + 1)
        place += 1
        for _ in range(2):
            place += folded[place : place + 1] == " "
    return "".join(folded[end - 1] for end in ends), ends


def introduced_names(folded: str, numbers: Iterable[Candidate]) -> Iterator[Candidate]:
    """Names that the text itself introduces: after a cue, before a personal number, as a signature."""
    for match in _CUE.finditer(folded):
        if end := _name_end(folded, match.end()):
            yield Candidate("name", match.end(), end)
    for match in _LOOSE_CUE.finditer(folded):
        end = _marked_name_end(folded, match.end())
        if end and folded[match.end()] not in _JOINING:
            yield Candidate("name", match.end(), end, False)
    yield from _names_before(folded, numbers)
    yield from _signatures(folded)


def surname_length(name: str) -> int:
    """1, or 2 for a compound surname."""
    return 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1


def _name_end(folded: str, start: int) -> int | None:
    """Where the name that starts here ends, or None if none starts here."""
    if foreign := _FOREIGN.match(folded, start):
        return foreign.end()
    if spaced := _SPACED.match(folded, start):
        return spaced.end() if spaced[1] in _SURNAMES and _may_follow(folded, spaced.start(2)) else None
    first = _first_given(folded, start)
    if first is None:
        return None
    second = first + 1
    return second + 1 if _is_second(folded, second) else second


def _first_given(folded: str, start: int) -> int | None:
    """Where the given name starts after a surname here."""
    if folded[start : start + 2] in _ORDINARY:
        return None
    if folded[start : start + 2] in _COMPOUND_SURNAMES:
        return start + 2 if _may_follow(folded, start + 2) else None
    is_name = folded[start : start + 1] in _SURNAMES and _may_follow(folded, start + 1)
    return start + 1 if is_name else None


def _may_follow(folded: str, place: int) -> bool:
    """Whether a given name may have this character: Chinese, no title, no particle."""
    if not _HAN.match(folded, place) or folded[place] in _NEVER_FIRST:
        return False
    return _TITLES.match(folded, place) is None


def _is_second(folded: str, place: int) -> bool:
    if not _HAN.match(folded, place) or _TITLES.match(folded, place):
        return False
    return folded[place] not in _GOES_ON or _ends(folded, place + 1)


def _ends(folded: str, place: int) -> bool:
    return place >= len(folded) or _MARK.match(folded, place) is not None


def _marked_name_end(folded: str, start: int) -> int | None:
    end = _name_end(folded, start)
    return end if end is not None and _ends(folded, end) else None


def _names_before(folded: str, numbers: Iterable[Candidate]) -> Iterator[Candidate]:
    """“叶知秋 13800001234”: a whole word that reads as a name, right before a number of a person."""
    for number in numbers:
        start = max(0, number.start - _LOOK_BACK)
        match = _BEFORE_NUMBER.search(folded[start : number.start])
        if match and number.kind in {"mobile", "identity"} and _is_name(match[1]):
            yield Candidate("name", start + match.start(1), start + match.end(1), False)


def _signatures(folded: str) -> Iterator[Candidate]:
    """A line of its own at the end of several lines that reads as a name."""
    tail = max(folded.find("\n"), len(folded) - _SIGNED_WITHIN)
    if "\n" not in folded:
        return
    for match in _SIGNATURE.finditer(folded, tail):
        if _is_name(match[1].replace(" ", "")):
            yield Candidate("name", *match.span(1), False)


def _is_name(word: str) -> bool:
    return _name_end(word, 0) == len(word)
