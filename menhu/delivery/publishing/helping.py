"""Further processes that render beside a full rebuild; they end with it, however it ends."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections

from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.serving.supervisor import Child

PATIENCE: Final = 10.0
"""Seconds that a helper has to settle the pages in its hands."""
_LOOK: Final = 0.02


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
        _end(helpers)


def _help() -> None:
    publisher = Publisher()
    signal.signal(signal.SIGTERM, lambda *_: publisher.stop())
    publisher.run()


def _end(helpers: list[Child]) -> None:
    _tell(helpers, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while _alive(helpers) and time.monotonic() < until:
        time.sleep(_LOOK)
    _tell(helpers, signal.SIGKILL)
    while _alive(helpers):
        time.sleep(_LOOK)


def _tell(helpers: list[Child], number: signal.Signals) -> None:
    for helper in helpers:
        if helper.pid:
            os.kill(helper.pid, number)


def _alive(helpers: list[Child]) -> bool:
    for helper in helpers:
        if helper.pid and os.waitpid(helper.pid, os.WNOHANG)[0]:
            helper.pid = 0
    return any(helper.pid for helper in helpers)
