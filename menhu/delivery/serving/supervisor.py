"""One process that keeps the others running.

The children are forked from this process, which has loaded the program once: they start at once and share its memory.
It holds no connection and no thread of its own while it forks.
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Final

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.delivery.serving.web import die_with_parent

LOOK: Final = 0.1
PATIENCE: Final = 5.0
"""Seconds that children have to end before they are killed."""
SETTLED: Final = 30.0
"""A child that ran so long counts as started well."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
HOPELESS: Final = 5

Say = Callable[[str], None]


@dataclass
class Child:
    """A part of the service: its name for people, what it runs, and how its last starts went."""

    label: str
    run: Callable[[], None]
    is_vital: bool = False
    pid: int = 0
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = 0.0

    def fork(self) -> None:
        """Start a new process for this child."""
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.started_at, self.pid = time.monotonic(), os.fork()
        if self.pid == 0:
            os._exit(_child_life(self.run, parent))

    def note_end(self, status: int) -> str:
        """Plan the next start; returns the line that tells people."""
        seconds = time.monotonic() - self.started_at
        self.failures = 1 if seconds > SETTLED else self.failures + 1
        pause = min(FIRST_PAUSE * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self.pid, self.restart_at = 0, time.monotonic() + pause
        figures = {"label": self.label, "cause": _cause(status), "pause": pause}
        if self.failures > 1:
            return _("%(label)s启动后又停止（%(cause)s），%(pause).1f 秒后重试。") % figures
        return _("%(label)s意外停止（%(cause)s），%(pause).1f 秒后重新启动。") % figures


def _cause(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return _("信号 %(number)s") % {"number": -code} if code < 0 else _("退出码 %(code)s") % {"code": code}


def _child_life(run: Callable[[], None], parent: int) -> int:
    """Everything a forked child does; returns its exit code. Ctrl-C on the terminal reaches only the supervisor."""
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent()
        if os.getppid() != parent:
            return 0
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the forked child must never go on as its parent
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


class Supervisor:
    """Starts the children, restarts those that end, stops all of them on SIGTERM or SIGINT."""

    def __init__(self, children: Sequence[Child], say: Say, *, is_ready: Callable[[], bool], greeting: str) -> None:
        self.children, self.say = children, say
        self._is_ready, self._greeting = is_ready, greeting
        self.is_stopping = self.has_failed = False

    def run(self) -> int:
        """Serve until stopped; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        connections.close_all()
        gc.collect()
        gc.freeze()
        for child in self.children:
            child.fork()
        while not self.is_stopping:
            time.sleep(LOOK)
            self._greet()
            self._bury()
            self._restart()
        self._end()
        return int(self.has_failed)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _greet(self) -> None:
        if self._greeting and self._is_ready():
            self.say(self._greeting)
            self._greeting = ""

    def _bury(self) -> None:
        """Note which children have ended."""
        for child in self.children:
            ended, status = os.waitpid(child.pid, os.WNOHANG) if child.pid else (0, 0)
            if not ended:
                continue
            line = child.note_end(status)
            if not self.is_stopping:
                self.say(line)
            if child.is_vital and child.failures >= HOPELESS:
                self.say(_("%(label)s一再无法启动，全部停止。请看上面的错误信息。") % {"label": child.label})
                self.is_stopping = self.has_failed = True

    def _restart(self) -> None:
        for child in self.children:
            if not child.pid and not self.is_stopping and time.monotonic() >= child.restart_at:
                child.fork()

    def _end(self) -> None:
        self.say(_("正在停止……"))
        end(self.children, PATIENCE)
        self.say(_("已停止。"))


def end(children: Sequence[Child], patience: float) -> None:
    """SIGTERM, so many seconds of patience, SIGKILL."""
    _signal(children, signal.SIGTERM)
    until = time.monotonic() + patience
    while _reap(children) and time.monotonic() < until:
        time.sleep(LOOK / 5)
    _signal(children, signal.SIGKILL)
    while _reap(children):
        time.sleep(LOOK / 5)


def _signal(children: Sequence[Child], number: signal.Signals) -> None:
    for child in children:
        if child.pid:
            os.kill(child.pid, number)


def _reap(children: Sequence[Child]) -> bool:
    """Collect the ended; whether any child still lives."""
    for child in children:
        if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
            child.pid = 0
    return any(child.pid for child in children)


def stamped(line: str, now: datetime | None = None) -> str:
    """A line of the log with the local time."""
    return f"{timezone.localtime(now):%H:%M:%S} {line}"
