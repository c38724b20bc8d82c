"""Personal data: whatever the grammar below plants is found, ordinary texts hold none, masks leave nothing."""

import html
import itertools
import re
import sys
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from menhu.core.personal import (
    find,
    masked_address,
    masked_email,
    masked_identity,
    masked_name,
    masked_phone,
    propose,
    published,
)
from menhu.core.personal.checksums import identity_check, is_card, is_credit_code, is_identity
from menhu.core.personal.folding import fold
from menhu.demo.county.people import GIVEN_NAMES, SURNAMES
from menhu.demo.county.units import units_by_slug
from menhu.demo.writing.generator import articles

FULL_WIDTH = str.maketrans("0123456789+-@ABCDEXYZ", "０１２３４５６７８９＋－＠ＡＢＣＤＥＸＹＺ")
NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")
ORDINARY = (
    "楼下的路灯坏了三个月没人修，晚上老人出门很不方便。",
    "请问2026年3月5日以后还能补办医保吗，需要带哪些材料？",
    "根据云政发〔2026〕12号文件第三十二条，补贴标准是每亩1,380元。",
    "我们小区停水两天，打12345没有说法，也打过110。",
    "3月12号下午15:30来过一次，说是管网压力0.35兆帕。",
    "村里12户人家共用一口井，36号地块的渠道堵了。",
    "本人对答复不满意，希望有关部门尽快解决，我是党员，也是农民。",
    "申请人应当在15个工作日内提交，负责人对此作了说明。",
    "1号线公交改道，202省道施工，需要绕行3.5公里。",
    "统一社会信用代码：11330127002512345X，登记后公示。",
)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def spelled(plain: st.SearchStrategy[str], *ways: Callable[[str], str]) -> st.SearchStrategy[str]:
    return st.tuples(plain, st.sampled_from(ways)).map(lambda pair: pair[1](pair[0]))


def as_is(text: str) -> str:
    return text


def wide(text: str) -> str:
    return text.translate(FULL_WIDTH)


def numerals(text: str) -> str:
    return text.translate(NUMERALS)


def grouped(*sizes: int, gap: str = " ") -> Callable[[str], str]:
    def group(text: str) -> str:
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        return gap.join(text[start : start + size] for start, size in zip(starts, sizes, strict=True))

    return group


def apart(text: str) -> str:
    return " ".join(text)


MOBILES = spelled(
    st.tuples(st.sampled_from("3456789"), digits(9)).map(lambda parts: "1" + "".join(parts)),
    as_is, wide, numerals, apart,
    grouped(3, 4, 4), grouped(3, 4, 4, gap="-"), grouped(3, 4, 4, gap="－"), grouped(3, 4, 4, gap="\u200b"),
    lambda text: "+86" + text, lambda text: "+86 " + grouped(3, 4, 4)(text), lambda text: "0086-" + text,
)  # fmt: skip
LANDLINES = st.tuples(digits(2), st.sampled_from(["-", " ", ") ", "—", ""]), st.integers(1, 9), digits(6)).map(
    lambda parts: ("(" if ")" in parts[1] else "") + "0" + parts[0] + parts[1] + str(parts[2]) + parts[3]
)


def with_check(first: str, birth: date, order: str) -> str:
    number = f"{first}{birth:%Y%m%d}{order}"
    return number + identity_check(number)


IDENTITIES = spelled(
    st.builds(with_check, digits(5).map("9".__add__), st.dates(date(1930, 1, 1), date(2025, 1, 1)), digits(3)),
    as_is, wide, str.lower, grouped(6, 8, 4), grouped(6, 4, 4, 4, gap="-"), apart,
)  # fmt: skip
OLD_IDENTITIES = st.builds(
    lambda birth, order: f"330000{birth:%y%m%d}{order}", st.dates(date(1930, 1, 1), date(1999, 1, 1)), digits(3)
)


def card(number: str) -> str:
    return next(number + digit for digit in "0123456789" if is_card(number + digit))


CARDS = st.one_of(
    spelled(digits(12).map(lambda rest: card("622" + rest)), as_is, wide, grouped(4, 4, 4, 4)),
    spelled(digits(15).map(lambda rest: card("622" + rest)), as_is, grouped(4, 4, 4, 4, 3)),
)
PLATES = st.builds(
    lambda place, office, dot, rest, way: way(f"{place}{office}{dot}{rest}"),
    st.sampled_from("浙京沪云川"),
    st.sampled_from("ABCDEXYZ"),
    st.sampled_from(["", "·", " ", "•"]),
    st.one_of(digits(5), digits(5).map("D".__add__), digits(4).map("F".__add__)),
    st.sampled_from([as_is, wide, str.lower]),
)
PASSPORTS = st.one_of(
    digits(6).map("E98".__add__), digits(7).map("EA".__add__), digits(7).map("护照号码：P1".__add__).map(as_is)
)
EMAILS = spelled(
    st.from_regex(r"[a-z][a-z0-9_.]{0,12}[a-z0-9]@(mail\.)?example\.(cn|com)", fullmatch=True),
    as_is, wide, lambda text: text.replace("@", " @ "),
)  # fmt: skip
CHATS = st.one_of(
    st.from_regex(r"(微信|微信号|WeChat|vx)[：: ][a-z][a-z0-9_-]{5,12}", fullmatch=True),
    st.from_regex(r"(QQ|qq|QQ号|扣扣)[：: ]?[1-9][0-9]{5,9}", fullmatch=True),
)
HOMES = st.builds(
    lambda place, home, way: place + way(home),
    st.sampled_from(["云岭县城关镇和平路", "青坪乡李家村", "李家村三组", "锦绣花园小区", "河西巷", "银杏社区"]),
    st.sampled_from(
        ["12号", "3栋2单元501室", "12号3栋502", "7幢1单元", "附12号", "12-3号", "A栋1203", "十二号", "5号楼2单元8层801"]
    ),
    st.sampled_from([as_is, wide]),
)
PEOPLE = st.builds(
    str.__add__,
    st.one_of(st.sampled_from(SURNAMES), st.sampled_from(["欧阳", "司徒", "上官", "葉", "仝", "亓"])),
    st.sampled_from([*GIVEN_NAMES, "龘", "𠮷祥", "秋"]),
)
INTRODUCED = st.one_of(
    st.tuples(st.sampled_from(["我叫", "姓名：", "联系人：", "投诉人： ", "户主是", "我父亲叫", "申请人为"]), PEOPLE),
    st.tuples(st.sampled_from(["我是", "本人", "联系人", "我邻居"]), PEOPLE),
)
PLANTED = st.one_of(
    *(
        items.map(lambda text, kind=kind: (kind, "", text))  # type: ignore[misc]
        for kind, items in (
            ("mobile", MOBILES), ("landline", LANDLINES), ("identity", IDENTITIES), ("identity", OLD_IDENTITIES),
            ("bank", CARDS), ("plate", PLATES), ("passport", PASSPORTS), ("email", EMAILS), ("chat", CHATS),
            ("address", HOMES),
        )
    ),
    INTRODUCED.map(lambda pair: ("name", *pair)),
)  # fmt: skip
SENTENCES = st.sampled_from(ORDINARY)


def essence(text: str) -> str:
    """What must not remain: digits and letters of a number, the given name of a person."""
    return re.sub(r"[^0-9a-z]", "", fold(text).lower())


@settings(max_examples=600)
@given(st.lists(st.tuples(SENTENCES, PLANTED), min_size=1, max_size=4), SENTENCES)
def test_whatever_is_planted_is_found_and_nothing_else(
    planted: list[tuple[str, tuple[str, str, str]]], last: str
) -> None:
    text = "".join(f"{before}{cue}{item}。" for before, (_, cue, item) in planted) + last
    found = find(text)
    assert [finding.kind for finding in found] == [kind for _, (kind, _, _) in planted]
    for finding, (_, (_, _, item)) in zip(found, planted, strict=True):
        assert text[finding.start : finding.end] == finding.text
        assert item.endswith(finding.text)
        assert len(essence(finding.proposal)) <= 4


@settings(max_examples=200)
@given(st.lists(st.tuples(SENTENCES, PLANTED), min_size=1, max_size=4))
def test_proposals_leave_nothing_to_find(planted: list[tuple[str, tuple[str, str, str]]]) -> None:
    text = "".join(f"{before}{cue}{item}，" for before, (_, cue, item) in planted)
    assert find(propose(text, find(text))) == []


WORDS = "138 0571 6222 我叫 电话 叶知秋 欧阳 和平路 微信 @ a.cn 浙A 3单元 19800101 QQ 银行卡号 身份证 转 +86 护照"
TOKENS = st.sampled_from([*"0123456789一三八零 -.·，。：\n某*号路栋叶", *WORDS.split()])


@settings(max_examples=800)
@given(st.lists(TOKENS, max_size=40).map("".join))
@example("电话612 00861 612 0086")
def test_masking_of_any_text_leaves_nothing_to_find(text: str) -> None:
    found = find(text, names=["叶知秋", "路叶"])
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    assert all(text[finding.start : finding.end] == finding.text for finding in found)
    assert find(propose(text, found), names=["叶知秋", "路叶"]) == []


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert propose(text, find(text, names=[text[:3]], allowed=[text[3:6]])) is not None
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_hold_none(text: str) -> None:
    assert find(text) == []


def test_the_county_s_own_texts_hold_none() -> None:
    units = units_by_slug().values()
    allowed = {
        text for unit in units for text in (unit.phone, unit.address, unit.editor_phone, unit.editor, unit.responsible)
    }
    allowed |= {leader.name for unit in units for leader in unit.leaders}
    texts = [
        html.unescape(
            re.sub("<[^>]+>", "", re.sub("</(?:p|tr|h[1-6])>", "\n", f"{article.title}\n{article.body_html}"))
        )
        for article in articles(99, 200, date(2026, 1, 1), date(2026, 6, 30))
    ]
    assert sum(map(len, texts)) > 60_000
    assert [finding for text in texts for finding in find(text, allowed=allowed)] == []


def proposed(text: str, **options: list[str]) -> str:
    return propose(text, find(text, **options))


def test_a_whole_letter() -> None:
    letter = (
        "我叫叶知秋，住云岭县城关镇和平路12号3栋2单元501室，电话138-0000-1234，微信同号。\n"
        "邻居欧阳若谷的车（浙A·12345）一直占着消防通道，叶 知秋多次劝说无效。\n叶知秋\n2026年3月5日"
    )
    assert proposed(letter, names=["欧阳若谷"]) == (
        "我叫叶某某，住云岭县城关镇和平路某号某栋某单元某室，电话138********，微信同号。\n"
        "邻居欧阳某某的车（浙******）一直占着消防通道，叶某某多次劝说无效。\n叶某某\n2026年3月5日"
    )


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("我叫叶知家住河西，想问医保", "我叫叶某家住河西，想问医保"),
        ("我叫李思想，想问医保", "我叫李某某，想问医保"),
        ("我叫安全生，想问医保，我叫农民工去问", "我叫安某某，想问医保，我叫农民工去问"),
        ("联系人：阿依古丽·买买提", "联系人：阿某某"),
        ("联系人：王女士，姓名：李 四", "联系人：王女士，姓名：李某"),
        ("请回叶知秋13800001234", "请回叶知秋138********"),
        ("请回，叶知秋（13800001234）", "请回，叶某某（138********）"),
        ("致电612-0086找我", "致电*******找我"),
        ("0571-6120086转801", "0571-*******"),
        ("卡号：123456789012", "卡号：************"),
        ("身份证号33012719990230123", "身份证号*****************"),
        ("编号123456789012，XF20261126-0042", "编号123456789012，XF20261126-0042"),
        ("微信公众号：yunlingfabu", "微信公众号：yunlingfabu"),
        ("改造道路3号桥，和平路12号下午停水", "改造道路3号桥，和平路12号下午停水"),
    ],
)
def test_single_places(text: str, public: str) -> None:
    assert proposed(text) == public


def test_a_wrong_check_digit_is_likely_and_a_right_one_certain() -> None:
    right = with_check("990000", date(1980, 1, 2), "123")
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    assert [(finding.kind, finding.is_certain) for finding in find(f"{right}；{wrong}")] == [
        ("identity", True),
        ("identity", False),
    ]


def test_codes_of_organisations_are_public() -> None:
    numbers = [f"11990019800101{end:04d}" for end in range(1000)]
    code = next(number for number in numbers if is_credit_code(number) and not is_identity(number))
    neither = next(number for number in numbers if not is_credit_code(number) and not is_identity(number))
    assert find(f"单位：{code}") == []
    assert find(f"统一社会信用代码：{neither}") == []
    assert [finding.kind for finding in find(f"单位：{neither}")] == ["identity"]
    assert is_credit_code("123") is False


def test_what_is_allowed_stays_however_it_is_written() -> None:
    allowed = ["0000-612 0086", "云岭县城关镇文昌路18号", "office@example.cn", "叶知秋"]
    text = "联系人：叶知秋，电话：0000-6120086或6120086，（０００0）612-0086，云岭县城关镇文昌路18号，office@example.cn"
    assert proposed(text, allowed=allowed) == text
    assert proposed("和平路18号，电话6120087", allowed=allowed) == "和平路某号，电话*******"


def test_masks_of_staff_lists() -> None:
    assert [masked_name(name) for name in ("叶知秋", "叶秋", "欧阳若谷", "叶", "")] == [
        "叶**",
        "叶*",
        "欧阳**",
        "叶*",
        "",
    ]
    assert [masked_phone(phone) for phone in ("13800001234", "+86 138 0000 1234", "１３８００００１２３４", "1")] == [
        "138****1234", "138****1234", "138****1234", "*",
    ]  # fmt: skip
    assert [masked_phone(phone) for phone in ("0000-612 0086", "6120086", "", "(0571)6120086")] == [
        "0000-*****86", "*****86", "", "0571-*****86",
    ]  # fmt: skip
    assert masked_identity("330127198001011234") == "3301**********1234"
    assert [masked_identity(number) for number in ("330127800101123", "12345", "")] == ["3301*******1123", "*****", ""]
    assert [masked_email(address) for address in ("abc@example.cn", "a", "")] == ["a***@example.cn", "***", "***"]


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("云岭县城关镇和平路12号3栋501室", "云岭县城关镇和平路****"),
        ("云岭县青坪乡李家村三组十二号", "云岭县青坪乡李家村三组****"),
        ("云岭县青坪乡李家村", "云岭县青坪乡李家村"),
        ("锦绣园对面", "****"),
        ("", ""),
    ],
)
def test_masked_addresses(address: str, masked: str) -> None:
    assert masked_address(address) == masked


@given(st.text(min_size=1), st.sampled_from(["name", "mobile", "landline", "identity", "bank", "chat"]))
def test_a_public_mask_is_never_what_it_masks(text: str, kind: str) -> None:
    assert published(kind, "1380000" + text) != "1380000" + text  # type: ignore[arg-type]


PARTS = [
    "1",
    "13",
    "138 ",
    "一",
    "0571-",
    "a",
    "a.",
    "a@",
    "a@b.",
    "我叫叶",
    "我叫叶知秋",
    "3栋",
    "和平路",
    "12-",
    "·",
    "叶",
    "叶 ",
    "\n叶知秋",
    "  ",
    "微信：",
]


@pytest.mark.parametrize("part", PARTS)
def test_work_grows_with_length_alone(part: str) -> None:
    """Calls are counted; how long the patterns themselves take is measured by bench.masking."""

    def calls(length: int) -> int:
        text, counted = (part * length)[:length], itertools.count()
        sys.setprofile(lambda *_: next(counted) and None)
        try:
            find(text, names=["叶知秋"], allowed=["叶知"])
        finally:
            sys.setprofile(None)
        return next(counted)

    find("热身" + part * 10, names=["叶知秋"])
    assert calls(20_000) <= 2.2 * calls(10_000) + 200
