"""Homes: the part of an address below street and village (house, building, staircase, flat)."""

import re
from collections.abc import Iterator
from typing import Final

from menhu.core.personal.folding import HAN, fold
from menhu.core.personal.kinds import Candidate

NUMBER: Final = (
    r"(?:[0-9]{1,5}(?:-[0-9]{1,5}){0,3}[A-Za-z]?|[零〇一二三四五六七八九十百两]{1,6}"
    r"|[A-Za-z][0-9]{0,3}|[甲乙丙丁戊东西南北])"
)
_AFTER_NO_HOUSE: Final = (
    "线|标|文|令|公告|通知|桥|井|机|泵|闸|坝|水库|隧|台|站|棚|窗|车|渠|塘|池|段|样|厂|点位|岗|矿|锅炉|提案|建议|议案|地块|路灯"
    "|上午|下午|早|晚|凌晨|中午|以前|之前|以后|之后|开始|起|至|到|召开"
)
_HOUSE: Final = rf"(?:附 ?)?{NUMBER} ?(?:号楼|号院|号(?!{_AFTER_NO_HOUSE})|#|栋|幢|单元|弄)"
_FLAT: Final = r"(?:[0-9]{3,4}|[A-Z][0-9]{3,4}) ?[室房]"
_PART: Final = rf"(?:附 ?)?{NUMBER} ?(?:号楼|号院|号|#|栋|幢|座|单元|梯|楼|层|室|房|户|弄)"
_NO_COUNT: Final = r"(?![0-9*年月日.%米元天人户块次]|[ \-]{1,3}\*)"
_REST: Final = (
    rf"(?:[, \-]?{_PART}){{0,8}}(?:[ \-]?(?:附 ?)?[0-9]{{1,4}}(?![0-9*年月日.%米元天人户块次]|[ \-]{1, 3}\*))?"
)
_PLACE: Final = (
    "路|街|大道|巷|胡同|弄|坊|村|屯|寨|庄|湾|坝|沟|坪|组|社|队|小区|社区|片区|新区|园区|花园|家园|花苑|苑|公寓|新村|新城|名邸|华庭|豪庭|雅居"
    "|山庄|大厦|广场|安置点|安置房|宿舍|大院|家属院|家属楼"
)
_BELOW_PLACE: Final = re.compile(
    rf"(?<=[{HAN}0-9])(?:{_PLACE}) ?"
    rf"((?:{_HOUSE}|{_FLAT}){_REST}|[A-Z0-9]{{1,4}}(?:-[0-9]{{1,4}}){{1,3}}(?![0-9*\-年月日.%]| \*))"
)
_BUILDINGS: Final = rf"(?:{NUMBER} ?(?:号楼|栋|幢|单元) ?){{1,4}}"
_CHAIN: Final = re.compile(
    rf"(?<![0-9A-Za-z\-])({_BUILDINGS}(?:{NUMBER} ?(?:单元|楼|层|室|房|号|户)){_REST}"
    rf"|{_BUILDINGS}[ \-]?[0-9]{{3,4}}{_NO_COUNT})"
)
_CUED: Final = re.compile(rf"(?:住址|地址|家住|住在|居住于|居住在|门牌号?)[:是为 ]{{0,3}}((?:{_HOUSE}|{_FLAT}){_REST})")
_INNER: Final = re.compile(NUMBER)


def homes(folded: str) -> Iterator[Candidate]:
    """The part of each address that leads to one home."""
    for pattern in (_BELOW_PLACE, _CHAIN, _CUED):
        for match in pattern.finditer(folded):
            yield Candidate("address", match.start(1), match.start(1) + len(match[1].rstrip()))


def without_numbers(home: str) -> str:
    """“12号3栋2单元501室” → “某号某栋某单元某室”; what is not numbered stays."""
    return re.sub(r"某(?:[ \-]*某)+", "某", _INNER.sub("某", fold(home)))
