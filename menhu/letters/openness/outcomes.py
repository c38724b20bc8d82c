"""How a request may end, as the yearly report counts it (国办公开办函〔2021〕30号, table 3), and who may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of row three."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to end: its row, and what the answer begins with. `article` is the one that rules.md names, else ""."""

    code: str
    group: str
    label: Text
    opening: Text
    article: str = ""


GROUPS: Final = (
    Group("granted", _("（一）予以公开")),
    Group("partly", _("（二）部分公开")),
    Group("refused", _("（三）不予公开")),
    Group("impossible", _("（四）无法提供")),
    Group("unhandled", _("（五）不予处理")),
    Group("other", _("（六）其他处理")),
)

_GRANTED: Final = _("经审查，您申请公开的信息予以公开，具体如下：")
_REFUSED: Final = _("经审查，您申请公开的信息不予公开，理由如下：")
_NOT_HELD: Final = _("经检索，本机关没有您申请公开的信息，说明如下：")
_UNHANDLED: Final = _("您的申请不予处理，理由如下：")

OUTCOMES: Final = (
    Outcome("granted", "granted", _("予以公开"), _GRANTED, "第三十六条"),
    Outcome(
        "public",
        "granted",
        _("已主动公开，告知获取途径"),
        _("您申请公开的信息已经主动公开，可按下列途径获取："),
        "第三十六条",
    ),
    Outcome(
        "partly",
        "partly",
        _("部分公开"),
        _("经审查，您申请公开的信息可以部分公开；不予公开的部分说明理由如下："),
        "第三十七条",
    ),
    Outcome("secret", "refused", _("1. 属于国家秘密"), _REFUSED),
    Outcome("forbidden", "refused", _("2. 其他法律行政法规禁止公开"), _REFUSED),
    Outcome("safety", "refused", _("3. 危及“三安全一稳定”"), _REFUSED),
    Outcome("third_party", "refused", _("4. 保护第三方合法权益"), _REFUSED),
    Outcome("internal", "refused", _("5. 属于三类内部事务信息"), _REFUSED),
    Outcome("process", "refused", _("6. 属于四类过程性信息"), _REFUSED),
    Outcome("enforcement", "refused", _("7. 属于行政执法案卷"), _REFUSED),
    Outcome(
        "registry",
        "refused",
        _("8. 属于行政查询事项"),
        _("您申请查询的信息，法律、行政法规另有规定，请按下列途径查询："),
    ),
    Outcome("not_held", "impossible", _("1. 本机关不掌握相关政府信息"), _NOT_HELD, "第三十六条"),
    Outcome(
        "not_ours",
        "impossible",
        _("1. 本机关不掌握（非本机关负责公开）"),
        _("您申请公开的信息不属于本机关负责公开，建议向下列机关提出："),
        "第三十六条",
    ),
    Outcome(
        "to_be_made",
        "impossible",
        _("2. 没有现成信息需要另行制作"),
        _("您申请公开的信息需要加工、分析，本机关没有现成信息："),
        "第三十八条",
    ),
    Outcome("unclear", "impossible", _("3. 补正后申请内容仍不明确"), _("您的申请补正后内容仍不明确，说明如下：")),
    Outcome(
        "petition",
        "unhandled",
        _("1. 信访举报投诉类申请"),
        _("您反映的是信访、投诉、举报事项，不作为政府信息公开申请处理，可按下列途径反映："),
        "第三十九条",
    ),
    Outcome("repeated", "unhandled", _("2. 重复申请"), _UNHANDLED, "第三十六条"),
    Outcome(
        "publication",
        "unhandled",
        _("3. 要求提供公开出版物"),
        _("您申请的是公开出版物，可按下列途径获取："),
        "第三十九条",
    ),
    Outcome("excessive", "unhandled", _("4. 无正当理由大量反复申请"), _UNHANDLED),
    Outcome("reissue", "unhandled", _("5. 要求行政机关确认或重新出具已获取信息"), _UNHANDLED),
    Outcome("abandoned", "other", _("1. 申请人无正当理由逾期不补正"), _("您逾期没有补正，本机关不再处理这项申请。")),
    Outcome(
        "unpaid", "other", _("2. 申请人逾期未按收费通知要求缴纳费用"), _("您逾期没有缴纳费用，本机关不再处理这项申请。")
    ),
    Outcome("other", "other", _("3. 其他"), _("您的申请办理如下：")),
)
BY_CODE: Final[Mapping[str, Outcome]] = {outcome.code: outcome for outcome in OUTCOMES}
BY_HAND: Final = tuple(outcome for outcome in OUTCOMES if outcome.code != "abandoned")
"""What a unit may decide; giving up in silence is decided by the clock."""
DISCLOSING: Final = frozenset({"granted", "public", "partly"})

APPLICANTS: Final[Mapping[str, Text]] = {
    "natural": _("自然人"),
    "business": _("商业企业"),
    "research": _("科研机构"),
    "charity": _("社会公益组织"),
    "law": _("法律服务机构"),
    "other": _("其他"),
}
FORMS: Final[Mapping[str, Text]] = {"paper": _("纸质"), "electronic": _("电子文件"), "disc": _("光盘")}
WAYS: Final[Mapping[str, Text]] = {
    "web": _("网上查看"),
    "email": _("电子邮件"),
    "post": _("邮寄"),
    "pickup": _("自行领取"),
}
