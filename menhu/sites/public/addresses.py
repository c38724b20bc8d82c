"""From an address to its site and back."""

import re
from collections.abc import Iterable

from django.conf import settings

from menhu.core.cursors import row_numbers
from menhu.delivery.sources import Address, remembered
from menhu.sites.models import Site


def site_at(address: Address) -> Site | None:
    """The open site that answers for an address: the one with the longest prefix on that host."""
    first = address.path.split("/")[1]
    if not first.isprintable():  # databases refuse some signs that an address may hold
        first = ""
    return remembered(("site", address.host, first), lambda: _open_site(address.host, first))


def _open_site(host: str, first: str) -> Site | None:
    rows = Site.objects.open().filter(host=host, prefix__in={"", f"/{first}"}).select_related("unit")
    return rows.order_by("-prefix").first()


def relative(site: Site, address: Address) -> str:
    """The path within the site, starting with "/"; empty where the address is the bare prefix without a slash."""
    return address.path[len(site.prefix) :]


def at(site: Site, path: str) -> Address:
    """The address of a path within the site."""
    return Address(site.host, f"{site.prefix}{path}")


def absolute(site: Site, path: str) -> str:
    """The full address of a path within the site, as canonical links, feeds and META tags want it."""
    return f"{origin(site)}{site.prefix}{path}"


def origin(site: Site) -> str:
    """Scheme and host of a site, without a slash at the end."""
    return str(site.base_url or settings.PUBLIC_BASE_URL).rstrip("/")


def seen_from(here: Site, site: Site, path: str) -> str:
    """A link from a page of `here` to a path of `site`: short on the same host, full across hosts."""
    return f"{site.prefix}{path}" if here.host == site.host else absolute(site, path)


def is_outer(url: str) -> bool:
    """Whether a link leaves government: by its host, for the mark and the question before leaving."""
    found = re.match(r"https?://([^/:?#]+)", url)
    if found is None:
        return False
    host = found[1].lower()
    return host not in {settings.PUBLIC_HOST, *settings.PUBLIC_HOST_ALIASES} and not re.search(r"(^|\.)gov\.cn$", host)


def numbers(tags: Iterable[str], kind: str) -> list[int]:
    """The ids in tags of one kind: "column:4" gives 4 for "column"; those without a plain number are passed over."""
    found = (tag.removeprefix(f"{kind}:") for tag in tags if tag.startswith(f"{kind}:"))
    return sorted({*row_numbers(found)})
