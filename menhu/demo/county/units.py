"""The county's 12 party units, 63 government units and 12 towns, read from data/ and staffed by fictional people."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from menhu.demo.county.people import unused_names
from menhu.demo.county.reading import Entry, read_entries, read_headless

Side = Literal["party", "government"]
Kind = Literal["office", "department", "institution", "vertical", "mass", "town", "township"]

SEED = 612
PACKAGE = "menhu.demo.county"
PARTY_FILES = ("party.txt",)
GOVERNMENT_FILES = ("bureaus.txt", "institutions.txt")
TOWN_FILE = "towns.txt"
TOWN_COMMON_FILE = "towns_common.txt"

# People whom the design drafts already introduced.
KNOWN_HEADS = {
    "xzfb": "纪晚舟",
    "slj": "江怀川",
    "zjj": "傅远山",
    "cgj": "骆青",
    "gxj": "裴行简",
    "gaj": "程砚",
    "jyj": "温以宁",
    "wjj": "严书白",
    "mzj": "白若谷",
    "jtj": "卓一帆",
    "qpx": "蓝玉衡",
}
KNOWN_EDITORS = {"yjj": "于归", "scjgj": "孟夏", "rmtzx": "周小满", "slj": "方若宁"}
MAYOR = "沈知远"
# Party bodies whose head sits on the standing committee.
STANDING = frozenset({"xwb", "xjw", "xwzzb", "xwxcb", "xwtzb", "xwzfw", "xwsgb"})


@dataclass(frozen=True, slots=True)
class Service:
    """A matter handled at the counter: what to bring and how many working days it takes."""

    name: str
    materials: tuple[str, ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader of a unit with the part of the work that the leader answers for."""

    name: str
    title: str
    duties: str


@dataclass(frozen=True, slots=True)
class TownFacts:
    """What only a town has."""

    area: float
    population: int
    villages: tuple[str, ...]
    products: tuple[str, ...]
    scenes: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation of the county."""

    slug: str
    name: str
    short: str
    full: str
    side: Side
    kind: Kind
    code: str
    mark: str
    head_title: str
    address: str
    phone: str
    duties: tuple[str, ...]
    fields: tuple[str, ...]
    spots: tuple[str, ...]
    services: tuple[Service, ...]
    posts: tuple[str, ...]
    permits: tuple[str, ...]
    leaders: tuple[Leader, ...]
    responsible: str
    editor: str
    editor_phone: str
    town: TownFacts | None = None

    @property
    def is_town(self) -> bool:
        return self.town is not None


def parse_services(text: str) -> tuple[Service, ...]:
    """Parse 名称 | 材料、材料 | 工作日；…"""
    services = []
    for part in filter(None, text.split("；")):
        name, materials, days = (piece.strip() for piece in part.split("|"))
        services.append(Service(name, tuple(materials.split("、")), int(days)))
    return tuple(services)


def short_name(name: str) -> str:
    """县 goes before a unit's name unless the name already says whose it is."""
    return name if name.startswith(("县", "团县委", "云岭", "白河")) else f"县{name}"


def phone(number: int) -> str:
    return f"0000-612 {number:04d}"


HEAD_PREFIX: dict[Kind, str] = {
    "office": "党组书记、",
    "department": "党组书记、",
    "vertical": "党组书记、",
    "institution": "党支部书记、",
    "mass": "党组书记、",
}
DEPUTY_PREFIX: dict[Kind, str] = {
    "office": "党组成员、",
    "department": "党组成员、",
    "vertical": "党组成员、",
    "institution": "",
    "mass": "党组成员、",
}


def deputy_title(title: str) -> str:
    return f"副{title.split('、')[0]}"


def shares(fields: tuple[str, ...], people: int) -> list[str]:
    """Deal the fields of work out among the deputies, as in 负责供水保障、工程建设工作。"""
    hands = [fields[start::people] for start in range(people)]
    return [f"负责{'、'.join(hand)}工作" if hand else "协助主要负责人处理日常工作" for hand in hands]


def staff_unit(unit: Entry, side: Side, kind: Kind, names: Iterator[str]) -> tuple[Leader, ...]:
    """Give a unit its head and two or three deputies."""
    head_title = unit.head[3]
    prefix, deputy_prefix = ("", "") if side == "party" else (HEAD_PREFIX[kind], DEPUTY_PREFIX[kind])
    if unit.slug in STANDING:
        prefix = "县委常委、"
    elif head_title.startswith("书记"):
        prefix = ""
    head = KNOWN_HEADS.get(unit.slug) or next(names)
    fields = unit.listed("field")
    deputies = min(3, max(2, len(fields) // 2))
    duties = shares(fields, deputies)
    deputy = deputy_prefix + deputy_title(head_title)
    return (
        Leader(head, prefix + head_title, "主持全面工作"),
        *(Leader(next(names), deputy, duty) for duty in duties),
    )


def staff_town(town: Entry, names: Iterator[str], fields: tuple[str, ...]) -> tuple[Leader, ...]:
    """Give a town its leaders; the known head of a town leads its government."""
    head_title = town.head[3]
    chief = KNOWN_HEADS.get(town.slug)
    duties = shares(fields[1:], 4)
    return (
        Leader(next(names), "党委书记", "主持党委全面工作"),
        Leader(chief or next(names), f"党委副书记、{head_title}", "主持政府全面工作"),
        Leader(next(names), "人大主席", "主持人大工作，联系代表"),
        Leader(next(names), "党委副书记", "负责党的建设、群团工作"),
        Leader(next(names), f"党委委员、副{head_title}", duties[0]),
        Leader(next(names), f"副{head_title}", duties[1]),
        Leader(next(names), "党委委员、武装部部长", f"{duties[2]}，分管人民武装"),
        Leader(next(names), f"副{head_title}", duties[3]),
    )


def build_unit(entry: Entry, side: Side, number: int, names: Iterator[str]) -> Unit:
    """Make a party or government unit of its data block; number counts units of its side from 1."""
    name, kind, mark, head_title, address = entry.head[:5]
    index = number if side == "government" else 70 + number
    unit_kind: Kind = kind  # type: ignore[assignment]  # the data test checks every kind
    return Unit(
        slug=entry.slug,
        name=name,
        short=short_name(name),
        full=entry.head[5] if len(entry.head) > 5 else f"云岭县{name}",
        side=side,
        kind=unit_kind,
        code=f"{'01' if side == 'government' else '02'}{number:02d}",
        mark=mark,
        head_title=head_title,
        address=f"云岭县{address}" if "镇" in address[:5] else f"云岭县城关镇{address}",
        phone=phone(3000 + index * 10),
        duties=tuple(entry.lines["duty"]),
        fields=entry.listed("field"),
        spots=entry.listed("spot"),
        services=parse_services(entry.one("service")),
        posts=entry.listed("post"),
        permits=entry.listed("permit"),
        leaders=staff_unit(entry, side, unit_kind, names),
        responsible=next(names),
        editor=KNOWN_EDITORS.get(entry.slug) or next(names),
        editor_phone=phone(3000 + index * 10 + 8),
    )


def build_town(entry: Entry, common: Entry, number: int, names: Iterator[str]) -> Unit:
    """Make a town; duties, fields, services and permits are the same for every town."""
    name, kind, mark, head_title, address, area, population = entry.head
    town_kind: Kind = "township" if kind == "township" else "town"
    index = 90 + number
    return Unit(
        slug=entry.slug,
        name=name,
        short=name,
        full=f"云岭县{name}人民政府",
        side="government",
        kind=town_kind,
        code=f"03{number:02d}",
        mark=mark,
        head_title=head_title,
        address=f"云岭县{address}",
        phone=phone(3000 + index * 10),
        duties=tuple(common.lines["duty"]),
        fields=common.listed("field"),
        spots=common.listed("spot"),
        services=parse_services(common.one("service")),
        posts=(),
        permits=common.listed("permit"),
        leaders=staff_town(entry, names, common.listed("field")),
        responsible=next(names),
        editor=next(names),
        editor_phone=phone(3000 + index * 10 + 8),
        town=town_facts(entry, area, population),
    )


def town_facts(entry: Entry, area: str, population: str) -> TownFacts:
    return TownFacts(
        area=float(area),
        population=int(population),
        villages=entry.listed("village"),
        products=entry.listed("product"),
        scenes=entry.listed("scene"),
        note=entry.one("note"),
    )


@cache
def all_units() -> tuple[Unit, ...]:
    """Every unit: the committee side, then the government side, then the towns, always the same people."""
    taken = frozenset({*KNOWN_HEADS.values(), *KNOWN_EDITORS.values(), MAYOR})
    names = unused_names(SEED, taken)
    party = [entry for file_name in PARTY_FILES for entry in read_entries(PACKAGE, file_name)]
    government = [entry for file_name in GOVERNMENT_FILES for entry in read_entries(PACKAGE, file_name)]
    common = read_headless(PACKAGE, TOWN_COMMON_FILE)
    return (
        *(build_unit(entry, "party", number, names) for number, entry in enumerate(party, 1)),
        *(build_unit(entry, "government", number, names) for number, entry in enumerate(government, 1)),
        *(build_town(entry, common, number, names) for number, entry in enumerate(read_entries(PACKAGE, TOWN_FILE), 1)),
    )


@cache
def units_by_slug() -> dict[str, Unit]:
    return {unit.slug: unit for unit in all_units()}


@cache
def party_units() -> tuple[Unit, ...]:
    return tuple(unit for unit in all_units() if unit.side == "party")


@cache
def government_units() -> tuple[Unit, ...]:
    return tuple(unit for unit in all_units() if unit.side == "government" and not unit.is_town)


@cache
def towns() -> tuple[Unit, ...]:
    return tuple(unit for unit in all_units() if unit.is_town)


@cache
def county_leaders() -> tuple[Leader, ...]:
    """The county's party secretary, mayor and deputies, with what each of them answers for."""
    taken = frozenset({MAYOR, *everybody()})
    names = unused_names(SEED + 1, taken)
    return (
        Leader(next(names), "县委书记", "主持县委全面工作"),
        Leader(MAYOR, "县委副书记、县长", "主持县政府全面工作，分管审计工作"),
        Leader(next(names), "县委副书记", "负责党的建设、群团、农业农村工作"),
        Leader(next(names), "县委常委、常务副县长", "负责发展改革、财政、统计、应急管理、政务服务工作"),
        Leader(next(names), "副县长", "负责教育、科技、文化旅游、卫生健康、医疗保障工作"),
        Leader(next(names), "副县长", "负责自然资源、住房城乡建设、城市管理、交通运输、生态环境工作"),
        Leader(next(names), "副县长", "负责农业农村、水利、林业、乡村振兴、民政工作"),
        Leader(next(names), "副县长", "负责工业、商务、市场监管、招商引资、开发区工作"),
        Leader(KNOWN_HEADS["gaj"], "副县长、县公安局局长", "负责公安、司法、信访、退役军人事务工作"),
        Leader(next(names), "县人大常委会主任", "主持县人大常委会全面工作"),
        Leader(next(names), "县政协主席", "主持县政协全面工作"),
    )


@cache
def handlers() -> dict[str, str]:
    """Who answers letters in each unit, by its slug."""
    taken = frozenset({*everybody(), *(leader.name for leader in county_leaders())})
    names = unused_names(SEED + 2, taken)
    return {unit.slug: next(names) for unit in all_units()}


def everybody() -> Iterator[str]:
    """Every name used in the units, with repetitions if there were any."""
    for unit in all_units():
        yield from (leader.name for leader in unit.leaders)
        yield unit.responsible
        yield unit.editor
