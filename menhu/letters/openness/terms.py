"""The terms of a request for information, by law."""

from typing import Any, Final

from django.utils.translation import gettext as _

from menhu.core.models import Confidence

FAMILY: Final = "information"
CODE: Final = "information"


def seeded() -> dict[str, Any]:
    """The kind as it is first made. The term runs from the day on which both sides confirm (§31): acceptance."""
    return {
        "family": FAMILY,
        "name": _("政府信息公开申请"),
        "prefix": "GK",
        "position": 0,
        "accept_days": 1,
        "answer_days": 20,
        "complex_days": 20,
        "extension_days": 20,
        "ask_days": 15,
        "most_asks": 1,
        "ask_within_days": 7,
        "gives_up_in_silence": True,
        "restarts_on_supplement": True,
        "consult_days": 15,
        "sign_days": 2,
        "reopen_days": 15,
        "most_reopens": 0,
        "veto_days": 60,
        "source": "政府信息公开条例第三十条、第三十一条、第三十二条、第三十三条（补正期限为本平台默认）",
        "confidence": Confidence.LAW,
    }
