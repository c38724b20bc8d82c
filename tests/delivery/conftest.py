import multiprocessing
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from menhu.delivery import sources
from menhu.delivery.models import Change, Page
from menhu.delivery.publishing.publisher import Publisher
from tests.delivery.village import Village

ROOT = Path(__file__).resolve().parent.parent.parent
Start = Callable[..., ForkProcess]


@pytest.fixture
def village(monkeypatch: pytest.MonkeyPatch, settings: object) -> Village:
    """The fake source, and no other."""
    village = Village()
    monkeypatch.setattr(sources, "_sources", {village.name: village})
    settings.PUBLIC_FSYNC = False  # type: ignore[attr-defined]
    settings.PUBLIC_HOST = "127.0.0.1"  # type: ignore[attr-defined]
    return village


@pytest.fixture
def publisher(village: Village) -> Publisher:
    return Publisher()


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """A database that other processes can open: its DATABASE_URL. SQLite's in-memory tables are copied to a file."""
    if connection.vendor == "postgresql":
        given = connection.settings_dict
        yield f"postgres://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        return
    connection.ensure_connection()
    in_memory, name, file = connection.connection, connection.settings_dict["NAME"], tmp_path / "shared.sqlite3"
    with sqlite3.connect(file) as copy:
        in_memory.backup(copy)
    copy.close()
    connection.settings_dict["NAME"] = str(file)
    connection.connection = None
    connection.ensure_connection()
    yield f"sqlite:///{file}"
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, in_memory


@pytest.fixture
def start(shared_database: str, village: Village) -> Iterator[Start]:
    """Start a real publisher process on the shared database and tree; whatever still runs is killed at the end."""
    running: list[ForkProcess] = []

    def begin(pause: float = 0.0) -> ForkProcess:
        connection.close()
        process = multiprocessing.get_context("fork").Process(target=publish, args=(village, pause))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of any fork beside threads
            process.start()
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.join()


def publish(village: Village, pause: float) -> None:
    """The life of a publisher process."""
    village.pause = pause
    call_command("publisher")


def until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_quiet() -> bool:
    """Nothing waits and nothing is due."""
    return not Change.objects.exists() and not Page.objects.due().exists()
