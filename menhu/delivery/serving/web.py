"""The web server of `menhu serve`: Granian: files of the tree from its event loop, Django in threads."""

import ctypes
import signal
from typing import Any, Final

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from menhu.delivery.serving.rsgi import Web

PATIENCE: Final = 3
"""Seconds that requests under way have to end when the server is stopped."""
_PR_SET_PDEATHSIG: Final = 1


def run_web(host: str, port: int) -> None:
    """Serve until SIGTERM; the application is loaded before the workers are forked, so that they share its memory."""
    application = Web(get_internal_wsgi_application())

    def load(_target: str) -> Any:
        die_with_parent()
        return application

    Granian(
        "menhu",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=settings.WEB_WORKERS,
        log_level=LogLevels.error,
        workers_kill_timeout=PATIENCE,
    ).serve(target_loader=load)


def die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent is gone, however it went; other systems do without."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
