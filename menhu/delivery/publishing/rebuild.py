"""The full rebuild: every address of every source is asked for again, what nobody owns is removed."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from django.db.models import F
from django.utils import timezone

from menhu.core.portions import portions
from menhu.delivery import tree
from menhu.delivery.manifest.sealing import clear_objects
from menhu.delivery.models import Lane, Page, Rebuild
from menhu.delivery.publishing.claims import release_dead, release_lapsed
from menhu.delivery.publishing.helping import helped_by
from menhu.delivery.publishing.intake import ask_for
from menhu.delivery.publishing.names import is_dead
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.turns import next_intake, turn
from menhu.delivery.querysets import PageQuerySet
from menhu.delivery.rules import file_path
from menhu.delivery.sources import Address, sources

PORTION: Final = 150
GLANCE: Final = 0.5
PATIENCE: Final = 5.0
"""Seconds that a rebuild whose own pages are done goes on helping with what others ask for meanwhile."""

OLD: Final = timedelta(minutes=10)

Report = Callable[[str, int, int], None]
"""Called with the stage ("mark", "render", "sweep"), how many are done, and of how many (0 where unknown)."""


class FullRebuild:
    """One run over all hosts, or one. Killed half-way, the next run goes on where this one stood."""

    def __init__(
        self, publisher: Publisher, host: str = "", report: Report = lambda stage, done, of: None, *, workers: int = 1
    ) -> None:
        self.publisher, self.host, self.report, self._workers = publisher, host, report, workers
        unfinished = Rebuild.objects.filter(host=host, finished_at=None).order_by("-pk").first()
        self.is_resumed = unfinished is not None
        self.row = unfinished or Rebuild.objects.create(host=host)

    def run(self) -> None:
        """Mark, render, sweep. Other publishers may run meanwhile and help."""
        release_dead()
        self._try_failed_again()
        self._mark_known()
        self._mark_forgotten()
        with helped_by(self._workers - 1):
            self._render()
        if not self.publisher.is_stopping:
            self._sweep()
            self.row.finished_at = timezone.now()
            self.row.save(update_fields=["finished_at"])

    def _pages(self) -> PageQuerySet:
        return Page.objects.filter(host=self.host) if self.host else Page.objects.all()

    def _not_yet(self) -> PageQuerySet:
        """Pages that this rebuild has neither rendered nor asked for."""
        return self._pages().filter(generation=F("rendered_generation")).exclude(rendered_at__gte=self.row.started_at)

    def _try_failed_again(self) -> None:
        with turn():
            self._pages().due().filter(attempts__gt=0).mark_due(Lane.BULK)

    def _mark_known(self) -> None:
        marked = 0
        for portion in portions(_spooled(self._addresses()), PORTION):
            with turn() as state:
                stand = Page.objects.at(portion).filter(status=200).values_list("pk", flat=True)
                marked += self._not_yet().filter(pk__in=list(stand)).mark_due(Lane.BULK)
                marked += ask_for(self._absent(portion), Lane.BULK)
                next_intake(state)
            self.report("mark", marked, 0)

    def _addresses(self) -> Iterator[Address]:
        for source in sources():
            yield from (a for a in source.addresses() if not self.host or a.host == self.host)

    def _absent(self, portion: list[Address]) -> list[Address]:
        """Addresses without a file that are not due anyway."""
        due = {page.address for page in Page.objects.at(portion).due()}
        return [address for address in portion if address not in due]

    def _mark_forgotten(self) -> None:
        """Pages that no source names any more are rendered once more, which removes them."""
        reached = 0
        while keys := list(
            self._not_yet().filter(pk__gt=reached).order_by("pk").values_list("pk", flat=True)[:PORTION]
        ):
            reached = keys[-1]
            with turn():
                self._not_yet().filter(pk__in=keys).mark_due(Lane.BULK)

    def _render(self) -> None:
        """Render what is due here, beside whoever else does, until only failed pages are left."""
        newest = self._pages().order_by("-pk").values_list("pk", flat=True).first() or 0
        of, looked_at, done_at = self._left(newest), 0.0, 0.0
        while not self.publisher.is_stopping:
            is_busy = self.publisher.step()
            if is_busy and time.monotonic() - looked_at < GLANCE:
                continue
            looked_at, left = time.monotonic(), self._left(newest)
            self.report("render", max(of - left, 0), of)
            done_at = 0.0 if left else done_at or looked_at
            if not left and (not is_busy or looked_at - done_at > PATIENCE):
                break
            if not is_busy:
                release_lapsed()
                time.sleep(GLANCE / 5)

    def _left(self, newest: int) -> int:
        """Pages still to be rendered for the first time since the rebuild began; what came meanwhile is not ours."""
        waiting = self._pages().due().filter(attempts=0, pk__lte=newest)
        return waiting.exclude(rendered_at__gte=self.row.started_at).count()

    def _sweep(self) -> None:
        removed = 0
        for host in [self.host] if self.host else tree.hosts():
            for portion in portions(tree.walk(host), PORTION):
                removed += _remove_unowned(portion)
                self.report("sweep", removed, 0)
            clear_objects(host)


def _spooled(addresses: Iterator[Address]) -> Iterator[Address]:
    """All addresses, read to the end before the first is used.

    SQLite refuses to write on a connection that still reads an older snapshot; and a million would fill the memory.
    """
    with TemporaryFile("w+", encoding="utf-8") as spool:
        spool.writelines(f"{a.host}\t{a.path}\n" for a in addresses if file_path(a.path) is not None)
        spool.seek(0)
        for line in spool:
            host, _, path = line.removesuffix("\n").partition("\t")
            yield Address(host, path)


def _remove_unowned(portion: list[tuple[Address | None, Path]]) -> int:
    """Files without a page; looked at within the turn, so that a page just being written is never taken away."""
    with turn():
        owners = {address for address, _ in portion if address is not None}
        rows = Page.objects.at(owners).filter(status=200).values_list("host", "files")
        owned = {tree.root() / host / name for host, files in rows for name, *_ in files}
        return tree.remove(file for a, file in portion if (_is_leftover(file) if a is None else file not in owned))


def _is_leftover(file: Path) -> bool:
    """A file that no page can own, unless a publisher at work is just writing it."""
    by = file.name.removesuffix(".tmp").rpartition(".")[2]
    is_old = time.time() - file.stat().st_mtime > OLD.total_seconds()
    return not file.name.endswith(".tmp") or is_old or is_dead(by)
