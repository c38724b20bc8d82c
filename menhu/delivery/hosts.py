"""Which host a request means."""

from django.conf import settings

from menhu.delivery.rules import bare_host


def canonical_host(given: str) -> str:
    """The host under which the pages are kept: without port, other names of the portal mapped to its own."""
    host = bare_host(given)
    return settings.PUBLIC_HOST if host in settings.PUBLIC_HOST_ALIASES else host
