"""The two ways of masking: `masked_*` for staff lists, `published` for public copies."""

import re
from typing import Final

from menhu.core.personal.addresses import homes, without_numbers
from menhu.core.personal.folding import bare, fold
from menhu.core.personal.kinds import Kind
from menhu.core.personal.names import surname_length

_STREET: Final = re.compile("[省市县区镇乡村路街巷道组社]")
_HIDDEN: Final = "****"


def masked_name(name: str) -> str:
    """叶知秋 → 叶**, 欧阳若谷 → 欧阳**; the surname alone stays."""
    name = _joined(name)
    kept = surname_length(name)
    return name[:kept] + "*" * max(1, len(name) - kept) if name else ""


def masked_phone(phone: str) -> str:
    """138****1234; of a landline its area code and the last two digits: 0000-*****86."""
    digits = _digits(phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits[0] == "1":
        return f"{digits[:3]}****{digits[-4:]}"
    area = _area_code(phone)
    own = digits[len(area) :]
    return f"{area}-" * bool(area) + "*" * max(0, len(own) - 2) + own[-2:] if len(own) > 4 else "*" * len(digits)


def masked_identity(number: str) -> str:
    """3301**********1234: the first and the last four stay; of a short number nothing does."""
    number = re.sub(r"[\s\-]", "", fold(number)).upper()
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 12 else "*" * len(number)


def masked_email(address: str) -> str:
    """a***@example.cn: the first letter and the host stay."""
    own, at, host = fold(address).strip().rpartition("@")
    return f"{own[:1]}***@{host}" if at else "***"


def masked_address(address: str) -> str:
    """云岭县城关镇和平路****: down to street, community or village; of an address without these nothing stays."""
    folded = fold(address)
    start = min((home.start for home in homes(folded)), default=None)
    if start is None:
        start = max((place.end() for place in _STREET.finditer(folded)), default=0)
    return address[:start].rstrip() + (_HIDDEN if address[start:].strip() else "")


def published(kind: Kind, text: str) -> str:
    """The mask of one finding for a public copy: what kind of thing it was stays readable, whose it was does not."""
    if kind == "name":
        return _published_name(text)
    if kind == "mobile":
        return f"{_digits(text)[-11:][:3]}********"
    if kind == "landline":
        area = _area_code(text)
        return f"{area}-*******" if area else "*******"
    if kind == "address":
        return without_numbers(text)
    return {"plate": text[:1] + "******", "email": "***@***"}.get(kind, "*" * max(4, len(text)))


def _published_name(name: str) -> str:
    name = _joined(name)
    kept = surname_length(name)
    return name[:kept] + "某" * max(1, min(2, len(name) - kept))


def _joined(name: str) -> str:
    return re.sub(r"\s", "", name)


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", bare(text))


def _area_code(phone: str) -> str:
    """The area code of a landline as digits, if it is set apart or the number is long enough to hold one."""
    folded = re.sub(r"^\(?(?:\+|00)?86\)?[ \-]?", "", fold(phone).strip())
    match = re.match(r"\(?(0[0-9]{2,3})\)?[ \-]", folded) or re.match(r"\((0[0-9]{2,3})\)", folded)
    if match:
        return match[1]
    return folded[:4] if re.match("0[0-9]{10,11}", folded) else ""
