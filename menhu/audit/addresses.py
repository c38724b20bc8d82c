"""Where a request comes from, as the trail and the sign-in lock see it."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from menhu.audit.trail import client_address


def address_of(request: HttpRequest) -> str | None:
    """The peer, or behind a trusted proxy the last hop it vouches for; IPv6 as well as IPv4, None when unreadable."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2]
    try:
        return str(ip_address(given.strip()))
    except ValueError:
        return None


class ClientAddress:
    """Middleware: whatever is recorded while a request is served carries its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = client_address.set(address_of(request))
        try:
            return self.get_response(request)
        finally:
            client_address.reset(token)
