"""Where a request comes from, kept for the trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from menhu.audit.trail import client_address
from menhu.core.addresses import address_of


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
