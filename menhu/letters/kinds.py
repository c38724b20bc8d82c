"""Kinds of letters and the terms that places set for them (rules on file; a county picks one set and edits it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menhu.core.models import Confidence

FAMILY: Final = "letter"
PREFIX: Final = "LX"

NAMES: Final[Mapping[str, Any]] = {
    "consultation": _("咨询"),
    "advice": _("建议"),
    "complaint": _("投诉"),
    "help": _("求助"),
    "report": _("举报"),
    "investment": _("招商咨询"),
    "petition": _("信访事项"),
    "error": _("网站找错"),
}
ORDINARY: Final = ("consultation", "advice", "complaint", "help", "report", "investment")
"""Kinds whose terms a set of the house changes; petitions and site errors have rules of their own."""


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms in working days as one place or rule has them: `asking` for 咨询, `other` for the rest."""

    name: str | Promise
    accept: int
    asking: int
    other: int
    complex: int
    extension: int
    source: str
    confidence: Confidence


TERM_SETS: Final[Mapping[str, TermSet]] = {
    "default": TermSet(
        _("本平台默认"),
        1,
        5,
        10,
        15,
        5,
        "多地 12345 与网站信箱规定的中间值（国办发〔2020〕53号未定全国天数）",
        Confidence.HOUSE,
    ),
    "yueqing": TermSet(_("乐清网络问效"), 1, 2, 5, 15, 5, "乐清市网络问效办法", Confidence.ONE),
    "weifang": TermSet(
        _("潍坊 12345 条例"), 1, 5, 5, 15, 5, "潍坊市 12345 政务服务便民热线条例第二十条", Confidence.LAW
    ),
    "jinan": TermSet(_("济南 12345 条例"), 1, 5, 5, 15, 5, "济南市 12345 市民服务热线条例第二十四条", Confidence.LAW),
    "anyang": TermSet(
        _("安阳政务服务条例"), 1, 5, 5, 10, 5, "安阳市政务服务条例第五十条（经批准可延长五日）", Confidence.LAW
    ),
    "bureau": TermSet(_("某局 12345 办理规定"), 1, 3, 13, 13, 5, "某局 12345 办理规定", Confidence.ONE),
    "shenyang": TermSet(_("沈阳市长信箱"), 1, 3, 3, 10, 5, "沈阳市市长信箱办理说明", Confidence.ONE),
    "tengzhou": TermSet(_("滕州市长信箱"), 3, 7, 15, 30, 15, "滕州市市长信箱办理说明", Confidence.ONE),
    "weather": TermSet(
        _("中国气象局留言办理"), 1, 7, 7, 15, 5, "国办发〔2014〕47号七日、十五日的一处实施", Confidence.ONE
    ),
}


def terms_of(code: str, chosen: TermSet) -> dict[str, Any]:
    """The columns of a kind under a set of terms. Raises KeyError for a kind that no set of the house changes."""
    if code not in ORDINARY:
        raise KeyError(code)
    return {
        "accept_days": chosen.accept,
        "answer_days": chosen.asking if code in ("consultation", "investment") else chosen.other,
        "complex_days": chosen.complex,
        "extension_days": chosen.extension,
        "source": chosen.source,
        "confidence": chosen.confidence,
    }


def seeded() -> dict[str, dict[str, Any]]:
    """All kinds as they are first made: code → columns."""
    default = TERM_SETS["default"]
    rows = {code: {"prefix": PREFIX, **terms_of(code, default)} for code in ORDINARY}
    rows["petition"] = {
        "prefix": "XF",
        "counts_calendar_days": True,
        "accept_days": 10,
        "answer_days": 60,
        "complex_days": 60,
        "extension_days": 30,
        "most_reopens": 0,
        "veto_days": 60,
        "source": "信访工作条例第二十三条、第三十四条（受理十五日、办理六十日、延长三十日，按自然日）",
        "confidence": Confidence.LAW,
    }
    rows["error"] = {
        "prefix": "ZC",
        "answer_days": 3,
        "complex_days": 3,
        "extension_days": 0,
        "source": "“我为政府网站找错”：一个工作日内转办、三个工作日内答复",
        "confidence": Confidence.ONE,
    }
    return {
        code: {"family": FAMILY, "name": str(NAMES[code]), "position": place, **rows[code]}
        for place, code in enumerate(NAMES)
    }
