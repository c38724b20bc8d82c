"""Data to begin with: reasons for not accepting a case, each with the right place to go, and terms of keeping."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menhu.cases.enums import RetentionDeed
from menhu.core.models import Confidence


@dataclass(frozen=True, slots=True)
class RefusalPreset:
    """A reason and the place that goes with it; the place is empty where it depends on the case."""

    code: str
    reason: str | Promise
    place: str | Promise


REFUSALS: Final = (
    RefusalPreset(
        "court",
        _("您反映的事项已经或者依法应当通过诉讼、仲裁、行政复议等法定途径解决。"),
        _("向有管辖权的人民法院、仲裁机构或者行政复议机关提出。"),
    ),
    RefusalPreset(
        "elsewhere", _("您反映的事项不属于本县的职权范围。"), _("向有权处理的机关提出，联系方式见其门户网站。")
    ),
    RefusalPreset(
        "discipline", _("您反映的是党员、干部涉嫌违纪违法或者职务犯罪的问题。"), _("向纪检监察机关举报（电话 12388）。")
    ),
    RefusalPreset(
        "emergency", _("您反映的是需要立即处置的警情、火情或者急救事项。"), _("立即拨打 110、119 或者 120。")
    ),
    RefusalPreset(
        "answered",
        _("同一事项已经答复，您没有提出新的事实和理由。"),
        _("凭编号查看原答复；有新的事实或者理由，可以另写一封信说明。"),
    ),
    RefusalPreset(
        "unclear",
        _("来信没有写明具体的人、地点或者事情，又无法与您联系，难以办理。"),
        _("补充具体情况后重新来信，或者拨打受理单位电话。"),
    ),
    RefusalPreset("secret", _("来信含有不能在互联网上传递的内容。"), _("到受理单位当面反映。")),
)


@dataclass(frozen=True, slots=True)
class RetentionPreset:
    """A rule of keeping for all kinds, switched off: nothing is erased before somebody has decided on its term."""

    code: str
    name: str
    deed: RetentionDeed
    days: int
    source: str
    confidence: Confidence


RETENTIONS: Final = (
    RetentionPreset(
        "anonymise",
        "办结的来信隐去个人信息",
        RetentionDeed.ANONYMISE,
        1095,
        "个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间。法律没有规定天数，三年是本平台默认，请按本单位规定核定。",
        Confidence.HOUSE,
    ),
    RetentionPreset(
        "delete",
        "办结的来信删除",
        RetentionDeed.DELETE,
        10957,
        "机关文件材料归档范围和文书档案保管期限规定（国家档案局令第8号）：定期保管分 30 年和 10 年。"
        "来信适用哪一档未经证实，请由档案部门核定。",
        Confidence.UNCONFIRMED,
    ),
)
