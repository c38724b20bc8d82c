from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access

from menhu.accounts.models import User
from menhu.cases import todos as cases
from menhu.desk import standing, todos
from menhu.review.policies import is_reviewer
from menhu.review.todos import late_by_unit
from menhu.units.enums import Role
from menhu.units.policies import holds, post_label
from menhu.workdays.calendar import warning as calendar_warning

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
SHOWN = 12


def greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 5 or hour >= 19:
        return _("晚上好")
    return _("上午好") if hour < 12 else _("下午好")


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail's
def desk(request: HttpRequest) -> HttpResponse:
    """My desk: what waits for me, oldest deadline first; what I sent and where it is; my unit's month."""
    now = timezone.now()
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # require_admin_access let nobody else in
    return render(request, "desk/desk.html", {**_own(user, now), **_watch(user, now)})


def _own(user: User, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    return {
        "greeting": greeting(now),
        "person": user,
        "post": post_label(user),
        "today": today,
        "weekday": WEEKDAYS[today.weekday()],
        "todos": todos.waiting(user, now, SHOWN),
        "counts": todos.counts(user, now),
        "sent": standing.sent_by(user),
        "returned": standing.returned_to(user),
        "drafts": standing.drafts_of(user),
        "may_write": holds(user, Role.EDITOR, Role.HEAD),
        "is_reviewer": is_reviewer(user),
        "is_case_worker": cases.is_worker(user),
    }


def _watch(user: User, now: datetime) -> dict[str, Any]:
    return {
        "month": standing.month_of(user, now),
        "stale": standing.stale_columns(standing.watched(user), now),
        "late_units": late_by_unit(now) if holds(user, Role.LEADER, Role.WEBMASTER) else (),
        **_watch_cases(user, now),
        "calendar_warning": calendar_warning() if holds(user, Role.WEBMASTER) else "",
    }


def _watch_cases(user: User, now: datetime) -> dict[str, Any]:
    """For leaders and supervisors: whose cases are overdue, and which have no owner."""
    if not holds(user, Role.LEADER, Role.SUPERVISOR):
        return {"overdue_units": (), "stray": ()}
    return {"overdue_units": cases.overdue_by_unit(user, now), "stray": cases.stray(user)}
