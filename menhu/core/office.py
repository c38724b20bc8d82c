"""The gate of the back office: whatever is not on the allow-list does not exist below /office/."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from wagtail.admin.auth import require_admin_access

PREFIX = "/office/"

GetResponse = Callable[[HttpRequest], HttpResponse]
Guard = Callable[[Any], bool]
R = TypeVar("R", bound=HttpResponseBase)


class UrlClass(StrEnum):
    """What a stranger gets at a back-office address; tests/access walks every address by its class."""

    PUBLIC = "public"  # answers without sign-in: the sign-in page and what it needs
    SIGNED_IN = "signed_in"  # shows only what belongs to the person
    OWN = "own"  # a list or a new row: only rows of one's own units
    OBJECT = "object"  # one object by its id: 404 for a stranger
    WEBMASTER = "webmaster"  # 403 for everybody but the webmaster
    AUDITOR = "auditor"  # 403 for everybody but the auditor


_allowed: dict[str, UrlClass] = {}
_guards: dict[UrlClass, Guard] = {}


def allow(url_class: UrlClass, *url_names: str) -> None:
    """Put full URL names ("namespace:name") on the allow-list; raises when a name already has another class."""
    for name in url_names:
        if _allowed.setdefault(name, url_class) is not url_class:
            raise ImproperlyConfigured(f"{name} is already classed {_allowed[name]}, not {url_class}")


def class_of(url_name: str) -> UrlClass | None:
    """The class of a URL name; None when the back office does not serve it."""
    return _allowed.get(url_name)


def allowed_names() -> frozenset[str]:
    return frozenset(_allowed)


def guard(url_class: UrlClass, may_enter: Guard) -> None:
    """Say who may enter addresses of a class at all: a predicate on the user, asked before the view runs."""
    _guards[url_class] = may_enter


def may_open(user: Any, address: str) -> bool:
    """Whether the gate would let this person through to a back-office address (menus hide what it would not)."""
    try:
        url_class = class_of(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return False
    return url_class is not None and may_enter(user, url_class)


def may_enter(user: Any, url_class: UrlClass) -> bool:
    """Whether addresses of the class are open to this person at all."""
    predicate = _guards.get(url_class)
    return predicate is None or predicate(user)


def is_office(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)


def refusal(request: HttpRequest, message: str = "") -> HttpResponse:
    """A 403 page that says why. Wagtail itself would redirect home, which hides a refusal from scripts and people."""
    text = message or _("您的岗位没有这项权限。如确有需要，请联系网站管理员。")
    return TemplateResponse(request, "core/refusal.html", {"title": _("无权办理"), "message": text}, status=403)


def answers_refusals(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
    """Wrap a view: its PermissionDenied becomes a 403 page with the reason, where Wagtail would redirect home."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as denied:
            return refusal(request, str(denied))

    return answering


def office_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view that Wagtail's urls do not wrap: strangers go to the sign-in page, refusals are answered plainly."""
    wrapped: Callable[..., HttpResponse] = require_admin_access(answers_refusals(view))
    return wraps(view)(wrapped)


class OfficeGate:
    """Middleware: 404 for names not allowed, 403 by class, no caching and the back office's own CSP."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_office(request):
            response.headers["Cache-Control"] = "no-store"
            response._csp_config = settings.BACK_OFFICE_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not is_office(request) or request.resolver_match is None:
            return None
        url_class = class_of(request.resolver_match.view_name)
        if url_class is None:
            return page_not_found(request, Http404(), template_name="wagtailadmin/404.html")
        if request.user.is_authenticated and not may_enter(request.user, url_class):
            return refusal(request)
        return None


# What the back office needs of Wagtail. Pages, images, documents, workflows, reports, users, groups, sites,
# collections, their choosers, tags, bulk actions and the page API are refused: their rights know no units.
allow(
    UrlClass.PUBLIC,
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
)
allow(
    UrlClass.SIGNED_IN,
    "wagtailadmin_home",
    "wagtailadmin_dismissibles",
    "wagtailadmin_editing_sessions:release",
)
allow(UrlClass.OBJECT, "wagtailadmin_editing_sessions:ping")
