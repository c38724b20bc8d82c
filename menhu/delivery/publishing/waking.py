"""How the publisher learns that something was committed: within 20 ms on SQLite, by NOTIFY on PostgreSQL."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from django.db import connection

from menhu.delivery.outbox import CHANNEL

logger = logging.getLogger(__name__)
LOOK: Final = 0.02
POLL: Final = 0.2

Wait = Callable[[float], None]


@contextmanager
def alarm() -> Iterator[Wait]:
    """A function that sleeps until something was committed, for so many seconds at most."""
    if connection.vendor == "postgresql":
        with _listener() as wait:
            yield wait
    elif connection.vendor == "sqlite" and not _is_in_memory():
        with _watcher() as wait:
            yield wait
    else:
        yield lambda seconds: time.sleep(min(seconds, POLL))


def _is_in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name


@contextmanager
def _watcher() -> Iterator[Wait]:
    """`PRAGMA data_version` on a connection of its own changes with every commit of any other connection."""
    watching = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)

    def version() -> int:
        return int(watching.execute("PRAGMA data_version").fetchone()[0])

    seen = -1

    def wait(seconds: float) -> None:
        nonlocal seen
        until = time.monotonic() + seconds
        while (now := version()) == seen and time.monotonic() < until:
            time.sleep(LOOK)
        seen = now

    try:
        yield wait
    finally:
        watching.close()


@contextmanager
def _listener() -> Iterator[Wait]:
    """LISTEN on a connection of its own; while that one is away, look again every fifth of a second."""
    ear = _Ear()
    try:
        yield ear.wait
    finally:
        ear.close()


class _Ear:
    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float) -> None:
        try:
            if self._connection is None:
                self._connection = _listening()
                return  # whatever was announced before is looked at now
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error as error:
            logger.warning("no notifications, looking again every %s s: %s", POLL, error)
            self.close()
            time.sleep(POLL)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None


def _listening() -> "psycopg.Connection[Any]":
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(ours, None)
    listening = psycopg.connect(**parameters, autocommit=True)
    listening.execute(f"LISTEN {CHANNEL}")
    return listening
