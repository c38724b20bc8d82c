"""Where public letters lie on the portal."""

from django.conf import settings

from menhu.letters.models import PublicCopy
from menhu.sites.enums import SiteKind
from menhu.sites.models import Site
from menhu.sites.public.addresses import absolute

HOME = "/letters/"
QUESTIONS = "/letters/questions/"
SAME = "/letters/same/"
SAME_CONFIRM = "/letters/same/confirm/"
REPORT = "/letters/report/"


def portal() -> Site | None:
    """The site on which letters are written and published: the portal of this install."""
    rows = Site.objects.open().filter(kind=SiteKind.PORTAL, host=settings.PUBLIC_HOST, prefix="")
    return rows.select_related("unit").order_by("pk").first()


def is_portal(site: Site) -> bool:
    """Whether an open site is that portal."""
    return site.kind == SiteKind.PORTAL and site.host == settings.PUBLIC_HOST and not site.prefix


def copy_path(copy: PublicCopy) -> str:
    """The address of a public letter for ever: the month in which it was first published and its own number."""
    return f"{HOME}{copy.bucket.replace('-', '/')}/{copy.pk}/"


def copy_url(site: Site, copy: PublicCopy) -> str:
    return absolute(site, copy_path(copy))


def questions_path(code: str) -> str:
    """Where all model answers of a kind are listed."""
    return f"{QUESTIONS}{code}/"


def month_path(page: str) -> str:
    """A page of a month: "2026-06", later parts of a crowded one "2026-06-2"."""
    return f"{HOME}{page}/"
