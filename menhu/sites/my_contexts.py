"""Typed contexts of the pages below /my/."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from menhu.core.frames import Fact, Frame, Head, Link
from menhu.core.proof import Question
from menhu.sites.my_page import Section, Shown

Errors = tuple[tuple[str, str], ...]
"""Ids of fields with what is wrong in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyFrame:
    """What these pages share: `at` has their addresses, `notice` says what was done, `trouble` what was not."""

    frame: Frame
    head: Head
    crumbs: tuple[Link, ...]
    csrf_token: str
    at: Mapping[str, str]
    notice: str = ""
    trouble: str = ""
    errors: Errors = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(MyFrame):
    """Asks for a telephone number or an e-mail address."""

    template: ClassVar[str] = "sites/my_sign_in.html"

    contact: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(MyFrame):
    """Asks for the code that was sent; `masked` says where to."""

    template: ClassVar[str] = "sites/my_code.html"

    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage(MyFrame):
    """A citizen's own page."""

    template: ClassVar[str] = "sites/my.html"

    facts: tuple[Fact, ...]
    name: str
    sections: tuple[tuple[Section, Shown], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage(MyFrame):
    """Asks whether the account is really to end."""

    template: ClassVar[str] = "sites/my_erase.html"

    word: str
