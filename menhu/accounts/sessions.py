"""What a session of the back office owes before it may go on, and when it ends by itself."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.accounts.rules import has_expired
from menhu.core.office import UrlClass, class_of, is_office

SECOND_FACTOR = "second_factor"
PENDING, VERIFIED = "pending", "verified"
SEEN_AT = "seen_at"
# Asked for by an open page without anybody doing anything.
UNATTENDED = frozenset({"wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release"})

NeedsSecondFactor = Callable[[User], bool]
_needs_second_factor: list[NeedsSecondFactor] = []


def require_second_factor_of(predicate: NeedsSecondFactor) -> None:
    """Say who must have a second factor; the app that knows roles calls this in `AppConfig.ready`."""
    _needs_second_factor[:] = [predicate]


def must_have_second_factor(user: User) -> bool:
    return any(predicate(user) for predicate in _needs_second_factor)


def duty_of(user: User, session: SessionBase) -> str | None:
    """The page that the person must pass first: second factor, then password, then enrolment."""
    state = session.get(SECOND_FACTOR)
    if state == PENDING:
        return "accounts:verify"
    if user.must_change_password or has_expired(
        user.password_changed_at, timezone.now(), settings.PASSWORD_MAX_AGE_DAYS
    ):
        return "accounts:password"
    if state != VERIFIED and must_have_second_factor(user):
        return "accounts:second_factor"
    return None


class StaffSession:
    """Middleware: ends a session after idle time (pings of an open editor are no activity) and enforces duties."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_office(request) or isinstance(request.user, AnonymousUser):
            return None
        if self._is_idle(request, match.view_name):
            return self._end(request)
        duty = duty_of(request.user, request.session)
        if duty is None or match.view_name == duty or class_of(match.view_name) is UrlClass.PUBLIC:
            return None
        return redirect(duty)

    def _is_idle(self, request: HttpRequest, view_name: str) -> bool:
        now = int(time.time())
        seen_at = request.session.get(SEEN_AT, now)
        if view_name not in UNATTENDED:
            request.session[SEEN_AT] = now
        return bool(now - seen_at > settings.SESSION_COOKIE_AGE)

    def _end(self, request: HttpRequest) -> HttpResponseRedirect:
        logout(request)
        minutes = settings.SESSION_COOKIE_AGE // 60
        messages.info(request, _("您已 %(minutes)d 分钟没有操作，为安全起见已自动退出。") % {"minutes": minutes})
        return redirect("wagtailadmin_login")
