from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from menhu.delivery.sources import Address, render


@require_safe
def public_page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer for a public page that is not yet a file."""
    found = render(Address(request.get_host().partition(":")[0], "/" + path))
    if found is None:
        raise Http404
    _, rendered, _ = found
    if rendered.location:
        return HttpResponseRedirect(rendered.location, status=rendered.status)
    return HttpResponse(rendered.body, content_type=rendered.content_type, status=rendered.status)
