"""Further processes that render beside a full rebuild; they end with it, however it ends."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections

from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.serving.supervisor import Child, end

PATIENCE: Final = 10.0
"""Seconds that a helper has to settle the pages in its hands."""


@contextmanager
def helped_by(count: int) -> Iterator[None]:
    """Let so many helpers publish whatever is due meanwhile. A helper that dies leaves its pages to the others."""
    helpers = [Child("", _help) for _ in range(count)]
    if helpers:
        connections.close_all()
    for helper in helpers:
        helper.fork()
    try:
        yield
    finally:
        end(helpers, PATIENCE)


def _help() -> None:
    publisher = Publisher()
    signal.signal(signal.SIGTERM, lambda *_: publisher.stop())
    publisher.run()
