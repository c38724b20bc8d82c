"""The trail as the auditor reads it. The gate lets nobody else in (UrlClass.AUDITOR)."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.audit.forms import EventFilterForm
from menhu.audit.models import Event
from menhu.audit.verbs import name_of
from menhu.core.paging import BoundedPaginator

PAGE = 50


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Newest first, 50 a page, never counted to the end."""
    form = EventFilterForm(request.GET)
    page = BoundedPaginator(form.chosen(), PAGE).get_page(request.GET.get("p"))
    rows = [(found, name_of(found.verb)) for found in page]
    return render(request, "audit/events.html", {"title": _("操作记录"), "form": form, "page": page, "rows": rows})


@require_GET
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with all that was kept of it and its place in the chain."""
    found = get_object_or_404(Event.objects.select_related("seal"), pk=pk)
    context = {
        "title": name_of(found.verb),
        "crumbs": [(_("操作记录"), reverse("audit:events"))],
        "event": found,
        "data": json.dumps(found.data, ensure_ascii=False, indent=2, sort_keys=True),
    }
    return render(request, "audit/event.html", context)
