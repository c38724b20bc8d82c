"""The answer as an official letter, drawn from what was signed; equal words give equal bytes."""

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.cases.actions import signed_answer
from menhu.cases.models import Case, Sender
from menhu.core.pdf import document
from menhu.letters.models import InformationRequest
from menhu.letters.openness.outcomes import BY_CODE, DISCLOSING


def answer_document(case: Case) -> bytes | None:
    """The PDF of the newest signed answer; None before there is one."""
    answer = signed_answer(case)
    row = InformationRequest.objects.filter(case=case).first()
    if answer is None or row is None:
        return None
    return document(
        title=_title(row),
        number=case.number,
        recipient=_recipient(case, row),
        paragraphs=[_opening(case, row), *_paragraphs(answer.text), _remedy()],
        signature=answer.unit.name,
        on=timezone.localdate(answer.signed_at),
        foot=_("本答复由政府信息公开平台生成，内容以签发时为准。"),
    )


def _title(row: InformationRequest) -> str:
    outcome = BY_CODE.get(row.outcome)
    return _("政府信息公开申请答复书") if outcome is None or outcome.code in DISCLOSING else _("政府信息公开告知书")


def _recipient(case: Case, row: InformationRequest) -> str:
    sender = Sender.objects.filter(case=case, erased_at__isnull=True).first()
    return row.organisation or (sender.name if sender else "") or _("申请人")


def _opening(case: Case, row: InformationRequest) -> str:
    values = {"day": f"{timezone.localtime(case.received_at):%Y年%m月%d日}", "information": row.information}
    return _("您于%(day)s提出的政府信息公开申请收悉。申请公开的信息是：%(information)s。") % values


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _remedy() -> str:
    return _("如对本答复不服，可以依法申请行政复议或者提起行政诉讼。")
