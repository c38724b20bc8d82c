"""The clock: registered jobs, run by whichever one node holds the lease."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from menhu.audit.trail import record
from menhu.workdays.models import Lease

logger = logging.getLogger(__name__)

JobFunction = Callable[[datetime], None]

LEASE = "clock"
LEASE_TERM = timedelta(seconds=30)
TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """An idempotent function of the time that is to run every so many seconds."""

    name: str
    seconds: float
    run: JobFunction


_jobs: dict[str, Job] = {}


def every(seconds: float, name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job of the clock, e.g. `@every(60, "sites.banners")`; import its module in `AppConfig.ready`.

    A job must bear being run again: after a change of node it runs at once.
    """

    def registered(function: JobFunction) -> JobFunction:
        _jobs[name] = Job(name, seconds, function)
        return function

    return registered


def jobs() -> tuple[Job, ...]:
    return tuple(_jobs.values())


class Clock:
    """One node's clock. It ticks only while this node holds the lease."""

    def __init__(self, holder: str = "") -> None:
        self.holder = holder or f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        self._held_until: datetime | None = None
        self._next: dict[str, datetime] = {}
        self._failures: dict[str, str] = {}

    def tick(self, now: datetime) -> tuple[str, ...]:
        """Run every job that is due; returns the names of those that ran."""
        ran = []
        for job in jobs():
            if now < self._next.get(job.name, now):
                continue
            if not self.holds_lease(now):
                break
            self._next[job.name] = now + timedelta(seconds=job.seconds)
            self._run(job, now)
            ran.append(job.name)
        return tuple(ran)

    def holds_lease(self, now: datetime) -> bool:
        """Take or renew the lease by compare-and-set; renewed only in the second half of its term."""
        if self._held_until and now < self._held_until - LEASE_TERM / 2:
            return True
        until = now + LEASE_TERM
        self._held_until = until if self._take(now, until) else None
        return self._held_until is not None

    def release(self) -> None:
        """Give the lease up, so that another node may tick at once."""
        Lease.objects.filter(name=LEASE, holder=self.holder).delete()
        self._held_until = None

    def _take(self, now: datetime, until: datetime) -> bool:
        free = Q(holder=self.holder) | Q(until__lt=now)
        if Lease.objects.filter(free, name=LEASE).update(holder=self.holder, until=until):
            return True
        if Lease.objects.filter(name=LEASE).exists():
            return False
        try:
            with transaction.atomic():
                Lease.objects.create(name=LEASE, holder=self.holder, until=until)
        except IntegrityError:
            return False
        return True

    def _run(self, job: Job, now: datetime) -> None:
        try:
            job.run(now)
        except Exception as error:  # One job's failure must not stop the others.
            logger.exception("clock job %s failed", job.name)
            self._note_failure(job, f"{type(error).__name__}: {error}")
        else:
            self._failures.pop(job.name, None)

    def _note_failure(self, job: Job, error: str) -> None:
        """Record a failure once, not at every tick, until the job recovers or fails otherwise."""
        if self._failures.get(job.name) == error:
            return
        record("workdays.job_failed", None, by=None, data={"job": job.name, "error": error[:500]})
        self._failures[job.name] = error


def run(stop: threading.Event, *, holder: str = "") -> None:
    """Tick until `stop` is set, then give the lease back. A database that is away is waited for."""
    clock = Clock(holder)
    while not stop.is_set():
        try:
            clock.tick(timezone.now())
        except DatabaseError:
            logger.exception("clock: the database does not answer")
        close_old_connections()
        stop.wait(TICK_SECONDS)
    try:
        clock.release()
    except DatabaseError:
        logger.exception("clock: the lease lapses by itself")
