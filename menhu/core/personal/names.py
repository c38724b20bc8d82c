"""Names of people: those that are given, and those that a text introduces (“我叫…”, “联系人：…”, a signature)."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Final

from menhu.core.personal.folding import HAN, fold
from menhu.core.personal.kinds import Candidate


@cache
def _words() -> dict[str, frozenset[str]]:
    """The lines of names.txt by their first word: surnames, compound surnames, ordinary words."""
    words: dict[str, set[str]] = {}
    for line in resources.files("menhu.core.personal").joinpath("names.txt").read_text(encoding="utf-8").splitlines():
        head, *rest = line.split()
        words.setdefault(head, set()).update(rest if head != "surname" else "".join(rest))
    return {head: frozenset(found) for head, found in words.items()}


_SURNAMES: Final = _words()["surname"]
_COMPOUND_SURNAMES: Final = _words()["compound"]
_ORDINARY: Final = _words()["ordinary"]
"""Words that begin with a surname and stand where a name may stand."""
_TITLES: Final = re.compile(
    "先生|女士|小姐|同志|同学|老师|主任|局长|书记|经理|师傅|医生|警官|阿姨|大爷|大妈|大姐|大哥|叔叔|婶|嫂|奶奶|爷爷|总经理|总(?!["
    + HAN
    + "])|某|姓"
)
_NEVER_FIRST: Final = frozenset("的了在是不到就也都着过吗呢吧们")
# Characters with which a sentence goes on after a name of two characters; before a mark they belong to the name.
_GOES_ON: Final = frozenset("的了在是不到就也都住系因现今家想我你他她您给把被对没手电身向去与及并且代")
_JOINING: Final = frozenset("和与及向于须应")
"""Surnames that far more often join words; they count only after a plain cue."""
_MARK: Final = re.compile(r"[\s,.:;!?()\[\]<>\"'/|、。《》“”‘’…~\-]")
_HAN: Final = re.compile(f"[{HAN}]")
_FOREIGN: Final = re.compile(f"[{HAN}]{{1,10}}(?:·[{HAN}]{{1,10}}){{1,3}}")
_SPACED: Final = re.compile(f"([{HAN}]) {{1,2}}([{HAN}])(?![{HAN}])")

_ROLES: Final = (
    "(?:联系|申请|投诉|举报|信访|反映|来信|写信|留言|诉求|求助|报修|经办|负责|委托|代理|监护|当事|责任|收件|寄件|收款|付款"
    "|申报|填表|证明|承诺|报名|见证)人"
    "|户主|业主|患者|病人|死者|伤者|车主|房东|户名|学生|家长|法定代表人|法人代表|法人|联络员|签名|署名|落款|姓名"
)
_KIN: Final = (
    "父亲|母亲|爸爸|妈妈|爸|妈|儿子|女儿|儿媳|女婿|丈夫|妻子|老公|老婆|爱人|爷爷|奶奶|外公|外婆"
    "|哥哥|弟弟|姐姐|妹妹|孙子|孙女|邻居|孩子|同事|朋友"
)
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
        elif end := _word_end(folded, match.end()):
            yield Candidate("name", match.end(), end, False)
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


def _word_end(folded: str, start: int) -> int | None:
    """Where a name of three characters ends that begins like an ordinary word and fills all between cue and mark."""
    is_name = folded[start : start + 1] in _SURNAMES and all(_may_follow(folded, start + place) for place in (1, 2))
    return start + 3 if is_name and _ends(folded, start + 3) else None


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
    if place >= len(folded) or not _HAN.match(folded, place) or folded[place] in _NEVER_FIRST:
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
