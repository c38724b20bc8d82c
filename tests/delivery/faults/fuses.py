"""Processes that die by SIGKILL just before the n-th thing they do that would outlive them.

Only what changes the disk or commits is a step: dying anywhere between two steps leaves the same world behind as dying
before the second of them.
"""

import ctypes
import gc
import io
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

NEVER = 0
_WRITES = ("INSERT", "UPDATE", "DELETE")
_DIE_WITH_PARENT = 1


class Fuse:
    """Counts steps in this process, in whatever thread, and kills it before step `at`."""

    def __init__(self, at: int) -> None:
        self.at, self.count, self._lock = at, 0, threading.Lock()

    def step(self) -> None:
        with self._lock:
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()

    def fit(self) -> None:
        """Let every lasting operation of this process count; there is no way back, the process is a child."""
        for name in ("replace", "rename", "link", "fsync"):
            self._before(os, name, lambda *_: True)
        for name in ("unlink", "remove", "rmdir"):
            self._before(os, name, lambda path, *_: os.path.lexists(path))
        self._before(os, "mkdir", lambda path, *_: not os.path.isdir(path))
        self._before(os, "open", lambda path, flags, *_: flags & os.O_CREAT)
        self._before(io, "open", lambda path, mode="r", *_: mode[0] in "wax")
        self._before(BaseDatabaseWrapper, "_commit", lambda *_: True)
        connection.execute_wrappers.append(self._statement)

    def _before(self, owner: Any, name: str, counts: Callable[..., object]) -> None:
        original = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            if counts(*args):
                self.step()
            return original(*args, **kwargs)

        setattr(owner, name, counted)

    def _statement(self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        """A writing statement outside a transaction is its own commit."""
        if not connection.in_atomic_block and sql.startswith(_WRITES):
            self.step()
        return execute(sql, parameters, many, context)


def fork(work: Callable[[], None], *, dies_before: int = NEVER) -> int:
    """Do some work in a process of its own, which ends with ours at the latest; returns its id."""
    connection.close()
    gc.freeze()  # a collection in the child would copy every page of memory
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of any fork beside threads
        child = os.fork()
    if child:
        return child
    try:
        gc.disable()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if dies_before:
            Fuse(dies_before).fit()
        work()
        connection.close()
    except BaseException:  # noqa: BLE001 - nothing may return into the test
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
    os._exit(0)


def was_killed(child: int) -> bool:
    """Wait for the end of a process: killed, or done; any other end fails the test."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), f"the process failed with {code}"
    return code != 0
