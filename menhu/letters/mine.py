"""What letters and requests have to do with the accounts of citizens: shown, taken along, let go."""

from collections import defaultdict
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import Citizen
from menhu.cases.actions.owning import let_go
from menhu.cases.enums import AnswerState, CaseState
from menhu.cases.models import Answer, Case
from menhu.core.frames import Entry, Link
from menhu.sites.my_page import Shown

NEWEST: Final = 5
MOST: Final = 1_000


def cases_of(citizen: Citizen) -> QuerySet[Case]:
    """All that lie in the account, newest first."""
    return Case.objects.filter(sender__citizen_id=citizen.pk).select_related("kind", "lead", "desk").order_by("-pk")


def entry(case: Case) -> Entry:
    """One line of a list."""
    return Entry(
        title=case.title,
        url=reverse("letters:my_case", args=[case.number]),
        on=timezone.localdate(case.received_at),
        by=_("%(kind)s，%(unit)s") % {"kind": case.kind.name, "unit": (case.lead or case.desk).name},
        tag=str(CaseState(case.state).label),
    )


def show(citizen: Citizen) -> Shown:
    """The newest of them, for the citizen's own page."""
    newest = list(cases_of(citizen)[: NEWEST + 1])
    more = Link(label=_("全部"), url=reverse("letters:my_letters")) if len(newest) > NEWEST else None
    empty = _("还没有。登录后写的信和申请会列在这里；以前写的，凭编号和查询码查到以后可以放进来。")
    return Shown(entries=tuple(entry(case) for case in newest[:NEWEST]), empty_text=empty, more=more)


def export_letters(citizen: Citizen) -> list[dict[str, object]]:
    """The newest thousand, each with what the sender told of themselves and the answers that were sent."""
    cases = list(cases_of(citizen).select_related("kind", "lead", "desk", "sender")[:MOST])
    answers: defaultdict[int, list[dict[str, object]]] = defaultdict(list)
    for answer in Answer.objects.filter(case__in=cases, state=AnswerState.SIGNED).order_by("case", "round"):
        answers[answer.case_id].append({"text": answer.text, "signed_at": answer.signed_at})
    return [_exported(case, answers[case.pk]) for case in cases]


def forget(citizen: Citizen) -> None:
    """Letters stay as records of the government; nothing joins them to the account any more."""
    let_go(citizen.pk)


def _exported(case: Case, answers: list[dict[str, object]]) -> dict[str, object]:
    told = ("name", "phone", "email", "identity_number", "address")
    return {
        "number": case.number,
        "kind": case.kind.name,
        "title": case.title,
        "text": case.text,
        "place": case.place,
        "received_at": case.received_at,
        "state": str(CaseState(case.state).label),
        "unit": (case.lead or case.desk).name,
        "sender": {name: getattr(case.sender, name) for name in told},
        "answers": answers,
        "rating": case.rating,
    }
