"""Where a request comes from, as the trail, the sign-in lock and the limits see it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# What one subscriber is given: whoever has an IPv6 address has 2⁶⁴ of them.
_SUBSCRIBER = 64


def address_of(request: HttpRequest) -> str | None:
    """The peer, or behind a trusted proxy the last hop it vouches for; IPv6 as well as IPv4, None when unreadable."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2]
    try:
        return str(ip_address(given.strip()))
    except ValueError:
        return None


def network_of(request: HttpRequest) -> str:
    """The key of limits per network address: an IPv4 address, an IPv6 network of 64 bits, "" when unreadable."""
    address = ip_address(address_of(request) or "::")
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return "" if address.is_unspecified else str(IPv6Network((int(address), _SUBSCRIBER), strict=False))
