"""What the app answers for an address that is not (yet, or any more) a file of the tree."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from menhu.core.office import is_office
from menhu.core.script import HANT
from menhu.delivery.headers import REVALIDATE
from menhu.delivery.hosts import canonical_host
from menhu.delivery.pages import plain_page, status_page
from menhu.delivery.rules import bare_host, file_path, is_speakable, plain_path
from menhu.delivery.sources import Address, Rendered, render
from menhu.delivery.traditional import traditional_page


@csrf_exempt
@require_safe
def public_page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Render the page now, redirect, or say 404 or 410; any path whatsoever has an answer, in either script."""
    asked, query = "/" + path, request.META.get("QUERY_STRING", "")
    plain = plain_path(asked)
    answer = _answer(Address(canonical_host(request.get_host()), plain), query)
    return answer if plain is asked else _in_traditional(answer, plain, query)


def _answer(address: Address, query: str) -> HttpResponseBase:
    rendered = _ask(address, query)
    if rendered is not None and rendered.location:
        return _moved(rendered.location, rendered.status)
    if rendered is not None and rendered.status == 200:
        return _page(rendered)
    if rendered is None and _stands(Address(address.host, address.path + "/")):
        return _moved(_asked(address.path + "/", query), 301)
    return _refused(address.host, 404 if rendered is None else rendered.status, rendered)


def _ask(address: Address, query: str) -> Rendered | None:
    """The answer of a source; an address of an old site may be known with its query only."""
    asked = [f"{address.path}?{query}", address.path] if query else [address.path]
    for path in asked:
        found = render(Address(address.host, path)) if is_speakable(path) else None
        if found is not None:
            return found[1]
    return None


def _in_traditional(answer: HttpResponseBase, path: str, query: str) -> HttpResponseBase:
    """The answer of the same page in Traditional script; what is no page of text is sent to where it is."""
    location = answer.headers.get("Location", "")
    if location.startswith("/") and not location.startswith("//"):
        answer.headers["Location"] = f"/{HANT}{location}"
    if location:
        return answer
    if isinstance(answer, HttpResponse) and answer.headers["Content-Type"].startswith("text/html"):
        if answer.status_code == 404 and _has_view(path):
            return _moved(_asked(path, query), 302)
        answer.content = traditional_page(answer.content)
        return answer
    if isinstance(answer, FileResponse) and answer.file_to_stream is not None:
        answer.file_to_stream.close()  # closing the response itself would end the request for Django
    return _moved(_asked(path, query), 302)


def _has_view(path: str) -> bool:
    """Whether a view of its own answers the path: letters, search, applications speak one script."""
    try:
        return resolve(path).func is not public_page
    except Resolver404:
        return False


def _asked(path: str, query: str) -> str:
    return quote(path) + (f"?{query}" if query else "")


def _stands(address: Address) -> bool:
    """Whether the address with a final slash is a page."""
    if address.path.endswith("//") or file_path(address.path) is None:
        return False
    found = render(address)
    return found is not None and found[1].status == 200


def _page(rendered: Rendered) -> HttpResponseBase:
    headers = {"Cache-Control": REVALIDATE}
    if rendered.file is not None:
        return FileResponse(rendered.file.open("rb"), content_type=rendered.content_type, headers=headers)
    return HttpResponse(rendered.body, content_type=rendered.content_type, headers=headers)


def _moved(location: str, status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Location": location, "Cache-Control": REVALIDATE})


def _refused(host: str, status: int, rendered: Rendered | None = None) -> HttpResponse:
    body = rendered.body if rendered is not None and rendered.body else status_page(host, status)
    return HttpResponse(body, status=status, headers={"Cache-Control": REVALIDATE})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    if is_office(request):
        return page_not_found(request, exception, template_name="wagtailadmin/404.html")
    return _refused(bare_host(request.META.get("HTTP_HOST", "")), 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return HttpResponse(plain_page(400), status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form without its token; most often it was left open too long."""
    return HttpResponse(plain_page(403), status=403, headers={"Cache-Control": "no-store"})


def server_error(request: HttpRequest, *_: Any) -> HttpResponse:
    """handler500: a file or a few words; nothing is rendered when something is broken."""
    host = canonical_host(request.META.get("HTTP_HOST", ""))
    return HttpResponse(status_page(host, 500, may_render=False), status=500)
