"""Where an error on a page is reported: the app that takes such reports says so, and every frame links there."""

from collections.abc import Callable

from menhu.sites.models import Site

Address = Callable[[Site], str | None]

_address: list[Address] = []


def offer(address: Address) -> None:
    """Called in `AppConfig.ready`: the link as seen from a site, None while nothing is taken. It reads its own tags."""
    _address[:] = [address]


def report_url(site: Site) -> str | None:
    return _address[0](site) if _address else None
