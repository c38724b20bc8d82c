"""What a family of cases asks for besides: its own form of a deed, and the action that takes what the form gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from menhu.accounts.models import User
from menhu.cases.enums import Deed
from menhu.cases.models import Case

if TYPE_CHECKING:
    from menhu.cases.forms import DeedForm

Act = Callable[[Case, User, Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Special:
    """`form` is made by the app above, `act` gets the form's cleaned data."""

    form: "Callable[[], type[DeedForm]]"
    act: Act


_specials: dict[tuple[str, Deed], Special] = {}


def register(family: str, deed: Deed, special: Special) -> None:
    """Called in `AppConfig.ready`."""
    _specials[family, deed] = special


def special_for(case: Case, deed: Deed) -> Special | None:
    return _specials.get((case.kind.family, deed))
