"""A case as its sender reads it: plain words, no name of a clerk more than needed, the date and how it came about."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.cases.actions import lead_unit, parts, signed_answer
from menhu.cases.actions.attaching import files_of, sent_files
from menhu.cases.deadlines import explained
from menhu.cases.enums import AnswerState, CaseState, CaseVerb, EventKind
from menhu.cases.models import Answer, Case, CaseEvent, CaseFile
from menhu.core.frames import Fact
from menhu.files.enums import ScanState
from menhu.files.rules import size_text
from menhu.letters import contexts
from menhu.letters.contexts import CasePart, TimelineItem
from menhu.letters.models import Letter
from menhu.letters.openness.terms import FAMILY as INFORMATION
from menhu.letters.public.pages import LEVELS, paragraphs

HEADINGS: Final[dict[str, Any]] = {
    EventKind.RECEIVE: gettext_lazy("收到来信"),
    CaseVerb.ACCEPT: gettext_lazy("已受理"),
    CaseVerb.REFUSE: gettext_lazy("不予受理"),
    CaseVerb.ASSIGN: gettext_lazy("转给承办单位"),
    CaseVerb.DESIGNATE: gettext_lazy("确定承办单位"),
    CaseVerb.TAKE: gettext_lazy("承办单位已签收"),
    CaseVerb.RETURN: gettext_lazy("承办单位提出不归其办理，正在重新确定"),
    CaseVerb.ASK: gettext_lazy("请您补充情况"),
    CaseVerb.SUPPLEMENT: gettext_lazy("您补充了情况"),
    CaseVerb.LAPSE: gettext_lazy("没有收到补充，继续办理"),
    CaseVerb.ABANDON: gettext_lazy("逾期未补正，视为放弃"),
    CaseVerb.CONSULT: gettext_lazy("依法征求第三方意见，期间不计入办理期限"),
    CaseVerb.HEAR: gettext_lazy("已收到第三方意见"),
    CaseVerb.SILENCE: gettext_lazy("第三方逾期未答复，继续办理"),
    CaseVerb.SIGN: gettext_lazy("已经答复"),
    CaseVerb.FOLLOW: gettext_lazy("已经答复"),
    CaseVerb.RATE: gettext_lazy("您作了评价"),
    CaseVerb.REOPEN: gettext_lazy("您要求再次办理"),
    CaseVerb.CLOSE: gettext_lazy("办结"),
    CaseVerb.MERGE: gettext_lazy("与同一事项的来信合并办理"),
    CaseVerb.UNMERGE: gettext_lazy("改为单独办理"),
    EventKind.PROGRESS: gettext_lazy("办理进展"),
    EventKind.SPLIT: gettext_lazy("信中几件事分别办理"),
    EventKind.COMPLEX: gettext_lazy("列为复杂事项，答复期限延长"),
    EventKind.GRANT: gettext_lazy("经批准延长答复期限"),
}
AFTER_ANSWER: Final = frozenset({CaseState.ANSWERED, CaseState.RATED, CaseState.CLOSED})


def followed(case: Case, now: datetime) -> dict[str, Any]:
    """The fields of `contexts.CasePage` that come from the case alone."""
    letter = Letter.objects.filter(case=case).select_related("mailbox").first()
    others = parts(case)
    sent = sent_files(case, *others)
    light, light_text = _light(case, now)
    until = case.step_due_at if case.state in (CaseState.ASKED, CaseState.ANSWERED, CaseState.RATED) else None
    return {
        "kind": case.kind.name,
        "title": case.title,
        "tags": _tags(letter),
        "has_document": case.kind.family == INFORMATION and case.answered_at is not None,
        "text": paragraphs(case.text),
        "files": tuple(_shown(row) for row in files_of(case)),
        "timeline": tuple(_timeline(case)),
        "answers": tuple(_answers(case, sent)),
        "facts": tuple(_facts(case, letter)),
        "due_on": timezone.localdate(case.due_at) if case.due_at else None,
        "light": light,
        "light_text": light_text,
        "explained": explained(case),
        "parts": tuple(_part(part, sent) for part in others),
        "asked": _asked(case),
        "until": timezone.localdate(until) if until else None,
        "ratings": tuple((str(level), str(label), "") for level, label in LEVELS.items()),
    }


def _shown(row: CaseFile) -> contexts.FileShown:
    file = row.file
    note = size_text(file.size) if file.is_shown else str(file.get_scan_state_display())
    if file.scan_state == ScanState.WAITING:
        note = _("等待查毒，通过后就能下载")
    return contexts.FileShown(name=file.name, note=note, token=str(row.pk) if file.is_shown else "")


def _tags(letter: Letter | None) -> tuple[str, ...]:
    if letter is None:
        return ()
    return (_("同意公开") if letter.wants_publication else _("不公开"),)


def _timeline(case: Case) -> Iterator[TimelineItem]:
    for event in CaseEvent.objects.filter(case=case, is_public=True).in_order():
        heading = HEADINGS.get(event.kind)
        if heading is not None:
            yield TimelineItem(heading=str(heading), at=timezone.localtime(event.at), text=event.text)
    yield from _coming(case)


def _coming(case: Case) -> Iterator[TimelineItem]:
    """What is going on now, and what follows."""
    state = CaseState(case.state)
    if state in (CaseState.REFUSED, CaseState.CLOSED, CaseState.RATED):
        return
    if state is CaseState.ANSWERED:
        yield TimelineItem(heading=_("请您评价"), state="now", text=_("您的评价计入承办单位的考核。"))
        return
    yield TimelineItem(heading=str(NOW[state]), state="now")
    yield TimelineItem(heading=_("书面答复"), state="todo")
    yield TimelineItem(heading=_("请您评价"), state="todo")


NOW: Final[dict[CaseState, Any]] = {
    CaseState.RECEIVED: gettext_lazy("正在看是否受理"),
    CaseState.SCREENED: gettext_lazy("正在确定由哪个单位承办"),
    CaseState.ASSIGNED: gettext_lazy("等承办单位签收"),
    CaseState.RETURNED: gettext_lazy("正在重新确定由哪个单位承办"),
    CaseState.HANDLING: gettext_lazy("正在办理"),
    CaseState.ASKED: gettext_lazy("等您补充情况"),
    CaseState.CONSULTED: gettext_lazy("正在征求第三方意见"),
    CaseState.DRAFTED: gettext_lazy("答复正在审核签发"),
    CaseState.MERGED: gettext_lazy("正在与同一事项的来信一起办理"),
}


def _answers(case: Case, sent: list[CaseFile]) -> Iterator[contexts.AnswerShown]:
    rows = Answer.objects.filter(case=case, state=AnswerState.SIGNED).select_related("unit").order_by("round")
    for row in rows:
        at = timezone.localtime(row.signed_at)
        heading = _("答复") if row.round == 1 else _("再次办理的答复")
        files = tuple(_shown(file) for file in sent if (file.case_id, file.round) == (case.pk, row.round))
        yield contexts.AnswerShown(unit=row.unit.name, at=at, text=paragraphs(row.text), heading=heading, files=files)


def _facts(case: Case, letter: Letter | None) -> Iterator[Fact]:
    yield Fact(name=_("编号"), value=case.number)
    if letter is not None:
        yield Fact(name=_("写给"), value=letter.mailbox.name)
    unit = lead_unit(case)
    if unit is not None:
        yield Fact(name=_("承办"), value=unit.name)
        if unit.phone:
            yield Fact(name=_("电话"), value=unit.phone)
    if case.rating:
        yield Fact(name=_("您的评价"), value=str(LEVELS[case.rating]))


def _light(case: Case, now: datetime) -> tuple[str, str]:
    """A light in words and shape: done, running, late."""
    if case.due_at is None:
        return "idle", ""
    if case.answered_at is not None:
        in_time = case.answered_at <= case.due_at
        return ("done", _("按期答复")) if in_time else ("bad", _("超期答复"))
    if case.paused_at is not None:
        return "idle", _("暂停计时")
    if CaseState(case.state) in AFTER_ANSWER:
        return "idle", ""
    if now > case.due_at:
        return "bad", _("已超期，正在催办")
    days = (timezone.localdate(case.due_at) - timezone.localdate(now)).days
    return "ok", _("还有 %(days)d 天") % {"days": days}


def _asked(case: Case) -> str:
    """What the unit asked last."""
    rows = CaseEvent.objects.filter(case=case, kind=CaseVerb.ASK).order_by("-pk")
    return rows.values_list("text", flat=True).first() or ""


def _part(part: Case, sent: list[CaseFile]) -> CasePart:
    answer = signed_answer(part)
    return CasePart(
        number=part.number,
        title=part.title,
        state=str(CaseState(part.state).label),
        answer=paragraphs(answer.text) if answer else (),
        files=tuple(_shown(file) for file in sent if file.case_id == part.pk),
    )
