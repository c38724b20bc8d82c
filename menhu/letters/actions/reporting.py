"""The weekly report on letters: the week's figures as an ordinary draft, which goes through the three reviews."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles import actions as articles
from menhu.articles.models import Article
from menhu.articles.policies import TAKING_FORMS, WRITERS
from menhu.audit.trail import record
from menhu.cases.actions.moving import recorded
from menhu.cases.policies import CaseRefused
from menhu.letters.actions.counting import counted_week, midnight
from menhu.letters.models import PublicCopy
from menhu.letters.policies import reports_weekly
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column
from menhu.sites.querysets import ColumnQuerySet
from menhu.units.policies import scope_of

TOP: Final = 5
TITLES: Final = 3


def columns_for(user: User) -> ColumnQuerySet:
    """Columns for which the person may write: of their own units, on the unit's own site or the portal."""
    own = scope_of(user, WRITERS).condition("owner_id")
    at_home = Q(site__unit_id=F("owner_id")) | Q(site__kind=SiteKind.PORTAL)
    rows = Column.objects.standing().filter(own, at_home, form__in=TAKING_FORMS)
    return rows.select_related("site", "owner").order_by("site_id", "position", "pk")


def last_monday(today: date) -> date:
    """The first day of the newest week that is over."""
    return today - timedelta(days=today.weekday() + 7)


@recorded("report_week")
def report_week(*, monday: date, column: Column, by: User) -> Article:
    """Draft the report of the week that begins on this day, for the column. Never published by itself.

    Raises CaseRefused for who may not, or for a week that is not over.
    """
    if not reports_weekly(by):
        raise CaseRefused(_("来信周报由受理员或督办员起草。"))
    if monday.weekday() or monday > last_monday(timezone.localdate()):
        raise CaseRefused(_("请选择已经过完的一周。"))
    if not columns_for(by).filter(pk=column.pk).exists():
        raise CaseRefused(_("您不是这个栏目责任单位的信息员或负责人，不能在这个栏目起草。"))
    found = week_of(monday)
    article = articles.draft(
        unit=column.owner,
        site=column.site,
        by=by,
        columns=[column],
        title=title_of(monday),
        body=render_to_string("letters/weekly_body.html", found),
        source=column.owner.name,
    )
    record("letters.report_week", article, by=by, unit_id=column.owner_id, data={"monday": monday.isoformat()})
    return article


def title_of(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return _("来信办理周报（%(from)s 至 %(until)s）") % {"from": monday.isoformat(), "until": sunday.isoformat()}


def week_of(monday: date) -> dict[str, Any]:
    """The figures of the week and of the one before, and which matters were written of most."""
    now = timezone.now()
    week, before = counted_week(monday, now), counted_week(monday - timedelta(days=7), now)
    return {"week": week, "before": before, "top": _top(week, before), "changes": _changes(week, before)}


def _top(week: Mapping[str, Any], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The kinds most written of, each with public letters of the week: titles that the public reads already."""
    kinds = sorted(week["kinds"], key=lambda row: (-row["received"], row["kind__name"]))[:TOP]
    earlier = {row["kind__name"]: row["received"] for row in before["kinds"]}
    titles = _titles([row["kind__name"] for row in kinds], week["monday"])
    found = []
    for row in kinds:
        name, received = row["kind__name"], row["received"]
        more = received - earlier.get(name, 0)
        found.append({"name": name, "received": received, "more": more, "fewer": -more, "titles": titles.get(name, [])})
    return found


def _titles(kinds: Sequence[str], monday: date) -> dict[str, list[str]]:
    in_week = Q(published_at__gte=midnight(monday), published_at__lt=midnight(monday + timedelta(days=7)))
    rows = PublicCopy.objects.published().filter(in_week, kind__name__in=kinds).newest_first()
    found: dict[str, list[str]] = {}
    for kind, title in rows.values_list("kind__name", "title")[:500]:
        if len(found.setdefault(kind, [])) < TITLES:
            found[kind].append(title)
    return found


def _changes(week: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Name, this week, the week before."""
    rows = (
        (_("收到来信（封）"), "came", "received"),
        (_("答复来信（封）"), "done", "answered"),
        (_("按期答复（封）"), "done", "in_time"),
        (_("超期答复（封）"), "done", "late"),
        (_("一半在这些天内答复"), "done", "median_days"),
        (_("收到评价（件）"), "done", "rated"),
        (_("基本满意以上（件）"), "done", "content"),
    )
    return [(label, _shown(week[part][name]), _shown(before[part][name])) for label, part, name in rows]


def _shown(value: Any) -> Any:
    return "—" if value is None else value
