"""Numbers and addresses of the wires that lead to one person. All patterns are bounded, so that scanning is linear."""

import re
from collections.abc import Iterator
from typing import Final

from menhu.core.personal.checksums import is_card, is_credit_code, is_identity
from menhu.core.personal.folding import numerals_as_digits
from menhu.core.personal.kinds import Candidate, Kind

_GAP: Final = r"[ \-·._]"
# A number starts and ends where no other digit, letter or mask touches it.
_LEFT: Final = r"(?<![0-9A-Za-z*])(?<![0-9][\-/.])"
_RIGHT: Final = r"(?![0-9A-Za-z*])"
_NEAR: Final = 16

_MOBILE: Final = re.compile(
    rf"(?=(?<![0-9A-Za-z*])((?:\(?(?:\+|00)?86\)?{_GAP}{{0,2}})?(1{_GAP}{{0,3}}[3-9](?:{_GAP}{{0,3}}[0-9]){{9}}))(?![0-9*]))"
)
_MOBILE_SHAPES: Final = frozenset(
    {(11,), (3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (5, 6), (6, 5), (1,) * 11}
    | {(3, 2, 2, 2, 2), (3, 2, 3, 3), (3, 3, 3, 2), (3, 2, 2, 4), (3, 4, 2, 2)}
)
_EXTENSION: Final = r"(?: ?(?:转|-) ?[0-9]{1,5})?"
_LANDLINE: Final = re.compile(
    rf"{_LEFT}(?:\(?(?:\+|00)?86\)?[ \-]?)?(?:\(0[0-9]{{2,3}}\)|0[0-9]{{2,3}})"
    rf"[ \-]{{0,3}}[0-9]{{3,4}}[ \-]?[0-9]{{4}}{_EXTENSION}{_RIGHT}"
)
_LOCAL_LINE: Final = re.compile(
    rf"(?:电话|座机|固话|致电|来电|拨打|联系方式|[Tt][Ee][Ll])(?:号码)?[:是为 ]{{0,3}}"
    rf"([0-9]{{3,4}}[ \-]?[0-9]{{4}}{_EXTENSION}){_RIGHT}"
)
_IDENTITY_LIKE: Final = re.compile(rf"(?={_LEFT}([1-9](?:{_GAP}?[0-9]){{16}}{_GAP}?[0-9Xx]){_RIGHT})")
_OLD_IDENTITY_LIKE: Final = re.compile(rf"(?={_LEFT}([1-9](?:{_GAP}?[0-9]){{14}}){_RIGHT})")
# A number with a digit too many or too few is still whose it is, if it is called one.
_IDENTITY_MISWRITTEN: Final = re.compile(rf"(?={_LEFT}([0-9]{{14,19}}[0-9Xx]?){_RIGHT})")
_ACCOUNTS: Final = tuple(
    re.compile(rf"(?={_LEFT}({digits}){_RIGHT})")
    for digits in (
        "[0-9]{12,21}",
        rf"[0-9]{{4}}(?:{_GAP}[0-9]{{4}}){{3}}",
        rf"[0-9]{{4}}(?:{_GAP}[0-9]{{4}}){{3}}{_GAP}[0-9]{{1,3}}",
        rf"[0-9]{{6}}{_GAP}[0-9]{{10,13}}",
        rf"[0-9](?:{_GAP}[0-9]){{15,18}}",
    )
)
_BIRTH: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY: Final = re.compile(rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_BIRTH}[0-9]{{3}}[0-9X]")
_OLD_IDENTITY: Final = re.compile(
    rf"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{{6}}{_BIRTH}[0-9]{{3}}"
)
_IDENTITY_CUE: Final = re.compile(r"身份证|证件号|公民身份|居民证")
_BANK_CUE: Final = re.compile(r"账号|帐号|账户|帐户|卡号|银行|存折|开户|信用社|一卡通|社保卡|储蓄|[建农工中商]行")
_CREDIT_CUE: Final = re.compile(r"信用代码|纳税人识别号|税号|机构代码|登记证号|许可证")
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-Za-z] ?[·.\-]? ?"
    r"(?=[A-Za-z]{0,5}[0-9])(?:[A-Za-z0-9]{5,6}(?![0-9A-Za-z*])|[A-Za-z0-9]{4,5}[挂学警港澳领])"
)
_PASSPORT: Final = re.compile(rf"{_LEFT}(?:[EG](?!20[0-9]{{6}}|19[0-9]{{6}})[0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}){_RIGHT}")
_PASSPORT_CUED: Final = re.compile(
    rf"(?:护照|通行证|台胞证|回乡证|[Pp]assport)(?:号码|号|编号)?[:是为 ]{{0,3}}"
    rf"([A-Za-z]{{1,2}} ?[0-9]{{7,10}}|[0-9]{{8}}){_RIGHT}"
)
_EMAIL: Final = re.compile(
    r"(?<![0-9A-Za-z._%+\-])[0-9A-Za-z._%+\-]+ ?@ ?[0-9A-Za-z](?:[0-9A-Za-z\-]*\.)+[A-Za-z]{2,18}(?![0-9A-Za-z])"
)
_CHAT: Final = re.compile(
    r"(?:微信|薇信|威信|[Ww]e[Cc]hat|(?<![A-Za-z])[Vv][Xx]|(?<![A-Za-z])[Ww][Xx]|[加+] ?[Vv])"
    r"(?:号码|号|ID|id)?[:是为 ]{0,3}"
    r"([A-Za-z][A-Za-z0-9_\-]{5,19}|[0-9]{5,12})(?![0-9A-Za-z*])"
    r"|(?:[Qq][Qq]|扣扣|企鹅)(?:号码|号)?[:是为 ]{0,3}([1-9][0-9]{4,11})(?![0-9A-Za-z*])"
)


def numbers(folded: str) -> Iterator[Candidate]:
    """Every number that may lead to a person, as digits or as Chinese numerals in a row."""
    yield from _by_pattern(folded)
    yield from _digit_runs(folded)
    as_digits = numerals_as_digits(folded)
    if as_digits != folded:
        yield from _digit_runs(as_digits)


def _by_pattern(folded: str) -> Iterator[Candidate]:
    patterns: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("landline", _LANDLINE),
        ("landline", _LOCAL_LINE),
        ("plate", _PLATE),
        ("passport", _PASSPORT),
        ("passport", _PASSPORT_CUED),
        ("chat", _CHAT),
    )
    for kind, pattern in patterns:
        for match in pattern.finditer(folded):
            yield Candidate(kind, *match.span(match.lastindex or 0))
    if "@" in folded:
        yield from (Candidate("email", *match.span()) for match in _EMAIL.finditer(folded))


def _digit_runs(folded: str) -> Iterator[Candidate]:
    for match in _MOBILE.finditer(folded):
        if tuple(map(len, re.findall("[0-9]+", match[2]))) in _MOBILE_SHAPES:
            yield Candidate("mobile", *match.span(1))
    for pattern in (_IDENTITY_LIKE, _OLD_IDENTITY_LIKE, _IDENTITY_MISWRITTEN):
        yield from _identities(pattern, folded)
    for pattern in _ACCOUNTS:
        yield from _accounts(pattern, folded)


def _identities(pattern: re.Pattern[str], folded: str) -> Iterator[Candidate]:
    for match in pattern.finditer(folded):
        before, number = _before(folded, match.start()), _digits(match[1])
        is_certain = _is_identity(number, bool(_IDENTITY_CUE.search(before)))
        if is_certain is not None and not _is_public(number, before, is_certain):
            yield Candidate("identity", *match.span(1), is_certain)


def _accounts(pattern: re.Pattern[str], folded: str) -> Iterator[Candidate]:
    for match in pattern.finditer(folded):
        before, number = _before(folded, match.start()), _digits(match[1])
        if _is_account(number, bool(_BANK_CUE.search(before))) and not _is_public(number, before, False):
            yield Candidate("bank", *match.span(1))


def _before(folded: str, start: int) -> str:
    return folded[max(0, start - _NEAR) : start]


def _digits(written: str) -> str:
    return re.sub(_GAP, "", written).upper()


def _is_public(number: str, before: str, is_identity_surely: bool) -> bool:
    """An organisation's code is no secret; its check digit may agree by chance, an identity number's counts more."""
    return bool(_CREDIT_CUE.search(before)) or (not is_identity_surely and is_credit_code(number))


def _is_identity(number: str, is_cued: bool) -> bool | None:
    """True: surely; False: likely, with a wrong check digit or none; None: no identity number."""
    if _IDENTITY.fullmatch(number):
        return is_identity(number)
    return False if is_cued or _OLD_IDENTITY.fullmatch(number) else None


def _is_account(number: str, is_cued: bool) -> bool:
    if is_cued:
        return True
    return 16 <= len(number) <= 19 and number[0] in "345689" and is_card(number)
