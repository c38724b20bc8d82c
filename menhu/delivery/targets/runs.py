"""All hosts of one target, once or for ever; the state of each is kept for the webmaster's page."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.delivery import tree
from menhu.delivery.manifest.layout import FOLDER, ROOT
from menhu.delivery.models import TargetState
from menhu.delivery.publishing.claims import take_lease
from menhu.delivery.publishing.names import new_name
from menhu.delivery.rules import wait_after
from menhu.delivery.targets.origin import hosts
from menhu.delivery.targets.places import place_of
from menhu.delivery.targets.pushing import Push, Pushed, PushError

logger = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=120)
RENEWED_EACH: Final = 5.0
LOOK: Final = 0.1
RECHECK: Final = 600.0
"""Seconds after which a watcher asks a target again although nothing was sealed: it may have lost its files."""
LONGEST_PAUSE: Final = 60.0

Say = Callable[[str], None]


class _StoppedError(Exception):
    """The watcher is asked to end; what was pushed so far is in the target's journal."""


@dataclass(slots=True)
class _Waiting:
    """What a watcher last pushed of a host, and when it tries again at the latest."""

    pushed: bytes = b""
    retry_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class TargetRun:
    """One target; nothing that goes wrong with it reaches another."""

    name: str
    address: str
    say: Say = lambda line: None
    complain: Say = lambda line: None
    by: str = field(default_factory=new_name)
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _is_stopping: Callable[[], bool] = lambda: False

    def once(self, *, anew: bool = False) -> bool:
        """Push every host; whether all went well."""
        well = [self._push(host, anew=anew) for host in hosts()]  # one that fails keeps no other from its turn
        return all(well)

    def watch(self, is_stopping: Callable[[], bool]) -> None:
        """Push whatever is sealed, at once; after a failure with growing pauses."""
        self._is_stopping = is_stopping
        while not is_stopping():
            try:
                for host in hosts():
                    self._look(host)
            except OSError as error:
                self.complain(str(error))
            sleep(LOOK)
        connection.close()

    def _look(self, host: str) -> None:
        waiting, now = self._waiting.setdefault(host, _Waiting()), monotonic()
        body = _root(host)
        is_due = now >= waiting.retry_at if waiting.failures else body != waiting.pushed or now >= waiting.retry_at
        if not is_due:
            return
        close_old_connections()
        if self._push(host):
            waiting.pushed, waiting.failures, waiting.retry_at = body, 0, monotonic() + RECHECK
        else:
            waiting.failures += 1
            pause = min(wait_after(waiting.failures).total_seconds(), LONGEST_PAUSE)
            waiting.retry_at = monotonic() + pause

    def _push(self, host: str, *, anew: bool = False) -> bool:
        try:
            if not self._claim(host):
                self.complain(_("%(target)s：%(host)s 正由另一个程序推送。") % self._names(host))
                return False
            done = Push(place_of(self.address), host, self._renewer(host)).run(anew=anew)
        except _StoppedError:
            self._keep(host)
            return False
        except Exception as error:
            logger.warning(
                "pushing %s to %s failed: %s", host, self.name, error, exc_info=not isinstance(error, OSError)
            )
            self._note_failure(host, error)
            return False
        self._note(host, done)
        return True

    def _names(self, host: str) -> dict[str, str]:
        return {"target": self.name, "host": host}

    def _row(self, host: str) -> QuerySet[TargetState]:
        return TargetState.objects.filter(target=self.name, host=host)

    def _claim(self, host: str) -> bool:
        TargetState.objects.bulk_create([TargetState(target=self.name, host=host)], ignore_conflicts=True)
        return take_lease(self._row(host), self.by, LEASE, tried_at=timezone.now())

    def _renewer(self, host: str) -> Callable[[], None]:
        renewed_at = monotonic()

        def renew() -> None:
            nonlocal renewed_at
            if self._is_stopping():
                raise _StoppedError
            if monotonic() - renewed_at < RENEWED_EACH:
                return
            renewed_at = monotonic()
            if not self._row(host).filter(claimed_by=self.by).update(claimed_at=timezone.now()):
                raise PushError(_("另一个程序接手了推送"))

        return renew

    def _note(self, host: str, done: Pushed) -> None:
        counts = {"written": done.written, "removed": done.removed, "octets": done.octets}
        told = counts if done.written or done.removed else {}
        state = {"serial": done.serial, "pushed_at": timezone.now(), "failures": 0, "error": "", **told}
        self._keep(host, **state)
        facts = {**self._names(host), "serial": done.serial, **counts}
        self.say(_("%(target)s：%(host)s 与第 %(serial)s 号清单一致（写入 %(written)s，删除 %(removed)s）。") % facts)

    def _note_failure(self, host: str, error: Exception) -> None:
        told = str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        self._keep(host, failures=F("failures") + 1, error=told[:300])
        self.complain(_("%(target)s：%(host)s 推送失败：%(error)s") % {**self._names(host), "error": told})

    def _keep(self, host: str, **state: object) -> None:
        """The database may be away while the target is not."""
        try:
            self._row(host).filter(claimed_by=self.by).update(**state, claimed_by="", claimed_at=None)
        except DatabaseError as error:
            logger.warning("the state of %s cannot be kept: %s", self.name, error)
            connection.close()


def _root(host: str) -> bytes:
    try:
        return Path(tree.root() / host / FOLDER / ROOT).read_bytes()
    except OSError:
        return b""
