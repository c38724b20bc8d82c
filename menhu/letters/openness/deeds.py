"""What the back-office page of a request asks for besides: the outcome, the third party."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from menhu.accounts.models import User
from menhu.cases.models import Case
from menhu.letters.openness import actions

if TYPE_CHECKING:
    from menhu.cases.forms import DeedForm


def decision_form() -> "type[DeedForm]":
    from menhu.letters.office_forms import DecisionForm

    return DecisionForm


def third_party_form() -> "type[DeedForm]":
    from menhu.letters.office_forms import ThirdPartyForm

    return ThirdPartyForm


def decide(case: Case, by: User, given: Mapping[str, Any]) -> Case:
    return actions.decide(case=case, by=by, outcome=given["outcome"], text=given["text"])


def consult(case: Case, by: User, given: Mapping[str, Any]) -> Case:
    return actions.consult(case=case, by=by, third_party=given["third_party"], text=given["text"])
