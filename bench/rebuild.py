"""Many pages published from nothing, then all of them again because a footer changed, while people approve articles.

The baseline of the same run is writing as many plain files of the same sizes, synced like pages. Pages are counted by
address; each is written in both scripts, plain and twice compressed.
"""

import json
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from bench.county import prepare
from bench.publishing import percentile, publish_one, serving
from bench.serving import memory

PAGES = 100_000
SAMPLE = 300
BETWEEN = 10.0
"""Seconds between two approvals while the footer is being changed."""


def main(scale: str, pages: int = PAGES) -> None:
    prepare(scale)
    from django.conf import settings
    from django.core.management import call_command

    from menhu.delivery.models import Page

    call_command("collectstatic", interactive=False, verbosity=0)
    _ask_for(pages)
    seconds = _published()
    done = Page.objects.filter(status=200).count()
    figures: dict[str, object] = {
        "pages": done,
        "seconds": round(seconds, 1),
        "pages (both scripts) per second": round(done / seconds),
        "files per second": round(_files() / seconds),
        "plain files per second": round(_plain(settings.HOME)),
    }
    figures |= _footer()
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


def _ask_for(pages: int) -> None:
    """Addresses of every source, those that are few first."""
    from menhu.delivery.models import Lane, Page
    from menhu.delivery.publishing.intake import ask_for
    from menhu.delivery.publishing.turns import turn
    from menhu.delivery.sources import sources

    few = [source for source in sources() if source.name != "articles"]
    articles = [source for source in sources() if source.name == "articles"]
    wanted = islice(chain.from_iterable(source.addresses() for source in (*few, *articles)), pages)
    addresses = list(wanted)
    for at in range(0, len(addresses), 150):
        with turn():
            ask_for(addresses[at : at + 150], Lane.BULK)
    sys.stderr.write(f"{Page.objects.due().count()} pages are due\n")


def _published() -> float:
    from django.conf import settings

    from menhu.delivery.models import Page
    from menhu.delivery.publishing.helping import helped_by
    from menhu.delivery.publishing.publisher import Publisher

    publisher, started = Publisher(), time.perf_counter()
    with helped_by(settings.PUBLISH_WORKERS - 1):
        while publisher.step() or Page.objects.due().filter(attempts=0).exists():
            pass
    return time.perf_counter() - started


def _files() -> int:
    from menhu.delivery.models import Page

    rows = Page.objects.filter(status=200).order_by().values_list("files", flat=True)
    return sum(len(files) for files in rows.iterator(chunk_size=1_000))


def _plain(home: Path) -> float:
    """Files per second of the sizes of some pages, written by as many threads as the publisher has writers."""
    from concurrent.futures import ThreadPoolExecutor

    from django.conf import settings

    from menhu.delivery.models import Page
    from menhu.delivery.publishing.settling import WRITERS

    rows = Page.objects.filter(status=200).order_by("-pk").values_list("files", flat=True)[:SAMPLE]
    sizes = [size for files in rows for _name, _sha256, size in files]
    folder = home / "plain"
    folder.mkdir(exist_ok=True)

    def write(numbered: tuple[int, int]) -> None:
        number, size = numbered
        with (folder / str(number)).open("wb") as file:
            file.write(b"x" * size)
            file.flush()
            if settings.PUBLIC_FSYNC:
                os.fsync(file.fileno())

    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, enumerate(sizes)))
    taken = time.perf_counter() - started
    for file in folder.iterdir():
        file.unlink()
    return len(sizes) / taken


def _footer() -> dict[str, object]:
    """Change the portal's footer while `menhu serve` runs; its publisher is killed once on the way."""
    from django.conf import settings

    from menhu.delivery.models import Page
    from menhu.sites import actions
    from menhu.sites.models import Site

    portal = Site.objects.get(prefix="", host=settings.PUBLIC_HOST)
    name = f"测ICP备{time.time_ns()}号"
    approvals, most, killed = list[float](), [0.0], False
    with serving() as served:
        publish_one("warming up")
        before = Page.objects.filter(status=200).count()
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(served.pid, most, stop))
        watcher.start()
        started = time.perf_counter()
        actions.change_site(site=portal, by=None, icp_number=name)
        while _is_busy():
            approvals.append(publish_one(f"测速稿{time.time_ns()}")[1])
            time.sleep(BETWEEN)
            if not killed and time.perf_counter() - started > BETWEEN:
                killed = _kill_publisher(served.pid)
        seconds = time.perf_counter() - started
        stop.set()
        watcher.join()
    return {
        "footer: pages": before,
        "footer: seconds": round(seconds, 1),
        "footer: most memory of all processes (PSS), MB": round(most[0]),
        "footer: approvals meanwhile": len(approvals),
        "footer: approval → visible meanwhile, median": round(statistics.median(approvals), 3),
        "footer: approval → visible meanwhile, p95": round(percentile(approvals, 95), 3),
        "footer: publisher killed on the way": killed,
        "footer: pages without it afterwards": _without(name),
    }


def _is_busy() -> bool:
    from menhu.delivery.models import Change, Page

    return Change.objects.exists() or Page.objects.due().exists()


def _watch(pid: int, most: list[float], stop: threading.Event) -> None:
    while not stop.wait(0.5):
        try:
            most[0] = max(most[0], memory(pid))
        except OSError:
            continue


def _kill_publisher(parent: int) -> bool:
    """SIGKILL to the child that holds pages just now; the supervisor starts another one."""
    from menhu.delivery.models import Page

    for _ in range(200):
        holder = Page.objects.exclude(claimed_by="").values_list("claimed_by", flat=True).first()
        pid = int(holder.split("-")[-2]) if holder else 0
        if pid in _children(parent):
            os.kill(pid, signal.SIGKILL)
            return True
        time.sleep(0.02)
    return False


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _without(name: str) -> int:
    """How many of some pages, spread over all, lack the new footer."""
    from django.conf import settings

    from menhu.delivery.models import Page

    keys = list(Page.objects.filter(status=200, path__endswith="/").order_by("pk").values_list("pk", flat=True))
    chosen = Page.objects.filter(pk__in=keys[:: max(len(keys) // 500, 1)][:500])
    files: Iterator[Path] = (settings.PUBLIC_ROOT / page.host / page.files[0][0] for page in chosen)
    return sum(name.encode() not in file.read_bytes() for file in files)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
