"""What interactive pages of letters share: the portal they stand on, and answers that nobody keeps."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from menhu.core.frames import Link
from menhu.core.jinja import PageContext, render_bytes
from menhu.delivery.hosts import canonical_host
from menhu.letters.public.addresses import HOME, portal
from menhu.sites.models import Site
from menhu.sites.public.framing import crumbs, frame_for, plain_head


def portal_of(request: HttpRequest) -> Site:
    """The portal, where it answers on this host; Http404 else."""
    site = portal()
    if site is None or canonical_host(request.get_host()) != site.host:
        raise Http404
    return site


def base_of(site: Site, title: str, path: str, description: str = "", above: Link | None = None) -> dict[str, Any]:
    """Frame, head and crumbs of a page, below "来信与答复" or `above`; not for search engines, in one script only."""
    way = (*crumbs(site), above or Link(label=_("来信与答复"), url=HOME), Link(label=title, url=""))
    head = plain_head(site, title, path, description=description, is_indexed=False)
    return {"frame": frame_for(site), "head": replace(head, path=""), "crumbs": way}


def private(page: PageContext, status: int = 200) -> HttpResponse:
    """A page about one person: nobody on the way keeps it."""
    return HttpResponse(render_bytes(page), status=status, headers={"Cache-Control": "private, no-store"})
