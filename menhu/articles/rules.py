"""Pure rules of articles: states, month pages, addresses, what a body refers to."""

import re
from collections.abc import Iterable
from datetime import datetime
from html.parser import HTMLParser
from typing import Final
from zoneinfo import ZoneInfo

from menhu.articles.enums import ArticleState as S
from menhu.articles.enums import PlacementState as P

LOCAL: Final = ZoneInfo("Asia/Shanghai")
BUCKET_SIZE: Final = 100

IN_REVIEW: Final = frozenset({S.HEAD, S.OFFICE, S.SECRECY})
EDITABLE: Final = frozenset({S.DRAFT, S.REJECTED, S.LIVE, S.WITHDRAWN, S.EXPIRED})
ENDED: Final = frozenset({S.RETRACTED})

ARTICLE_VERBS: Final[dict[str, tuple[frozenset[S], S | None]]] = {
    # verb: (from, to); to None = the state stays, or is where the article rests (see resting_state)
    "revise": (EDITABLE, None),
    "submit": (EDITABLE, None),
    "enter": (EDITABLE | IN_REVIEW, None),
    "reject": (IN_REVIEW, S.REJECTED),
    "recall": (IN_REVIEW, None),
    "publish": (frozenset({S.SECRECY}), S.LIVE),
    "schedule": (frozenset({S.SECRECY}), S.SCHEDULED),
    "go_live": (frozenset({S.SCHEDULED}), S.LIVE),
    "unschedule": (frozenset({S.SCHEDULED}), None),
    "withdraw": (frozenset(S) - {S.WITHDRAWN, S.RETRACTED, S.EXPIRED, S.DRAFT}, S.WITHDRAWN),
    "restore": (frozenset({S.WITHDRAWN}), None),
    "retract": (frozenset(S) - {S.RETRACTED}, S.RETRACTED),
    "expire": (frozenset(S) - {S.RETRACTED, S.EXPIRED}, S.EXPIRED),
    "discard": (frozenset({S.DRAFT, S.REJECTED}), None),
}
PLACEMENT_VERBS: Final[dict[str, tuple[frozenset[P], P]]] = {
    "adopt": (frozenset({P.PROPOSED}), P.PLACED),
    "decline": (frozenset({P.PROPOSED}), P.DECLINED),
    "list": (frozenset({P.WANTED, P.PLACED}), P.PLACED),
    "remove": (frozenset({P.WANTED, P.PROPOSED, P.PLACED}), P.REMOVED),
}

_FILE = re.compile(r"/files/[0-9a-f]{2}/[0-9a-f]{16}/([0-9]+)\.[a-z0-9]+\Z")


def resting_state(*, live: bool, withdrawn: bool, expired: bool) -> S:
    """Where an article stands when no review runs and nothing is scheduled."""
    if live:
        return S.WITHDRAWN if withdrawn else S.LIVE
    return S.EXPIRED if expired else S.DRAFT


def month_of(moment: datetime) -> str:
    """The month of a moment by local time: "2026-06"."""
    return moment.astimezone(LOCAL).strftime("%Y-%m")


def bucket_name(month: str, part: int) -> str:
    """The name of a month page: "2026-06", its second part "2026-06-2"."""
    return month if part == 1 else f"{month}-{part}"


def bucket_key(name: str) -> tuple[str, int]:
    """What month pages are ordered by: ("2026-06", 2) for "2026-06-2"."""
    return name[:7], int(name[8:] or 1)


def beside(name: str, names: Iterable[str]) -> list[str]:
    """The month pages just before and after `name` among `names`."""
    ordered = sorted({*names, name}, key=bucket_key)
    at = ordered.index(name)
    return ordered[max(at - 1, 0) : at] + ordered[at + 1 : at + 2]


def article_path(prefix: str, moment: datetime, article_id: int) -> str:
    """The address of an article on a site: "/jyj/2026/06/17/" by the month of its first publication."""
    return f"{prefix}/{moment.astimezone(LOCAL):%Y/%m}/{article_id}/"


def month_prefix(path: str) -> str:
    """The part of an article's path that all articles of its month share: "/jyj/2026/06/"."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def month_of_path(path: str) -> str:
    """The month in an article's path: "2026-06" of "/jyj/2026/06/17/"."""
    return "-".join(path.rstrip("/").split("/")[-3:-1])


def file_id(reference: str) -> int | None:
    """The number of the uploaded file that an address refers to, if it is one."""
    found = _FILE.match(reference)
    return int(found[1]) if found else None


class References(HTMLParser):
    """What a body refers to: its pictures (address, alternative text) and its links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images.append((values.get("src", ""), values.get("alt", "").strip()))
        elif tag == "a" and values.get("href"):
            self.links.append(values["href"])

    @property
    def file_ids(self) -> frozenset[int]:
        """The uploaded files that the body shows or links."""
        found = (file_id(address) for address in [*(src for src, _ in self.images), *self.links])
        return frozenset(number for number in found if number is not None)
