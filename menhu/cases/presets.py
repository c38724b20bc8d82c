"""Usual reasons for not accepting a case, each with the right place to go: data, to be chosen and then mended."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
