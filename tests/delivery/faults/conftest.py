import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.village import Village

MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it get names of their own


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch, settings: object, village: Village) -> Iterator[None]:
    """A tree in memory where there is such a place; files are synced, as a step to be counted and no more.

    A process that dies takes no file with it that it has written: only losing power would.
    """
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    settings.PUBLIC_FSYNC = True  # type: ignore[attr-defined]
    if not os.access(MEMORY, os.W_OK):
        yield
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="menhu-faults-") as folder:
        settings.PUBLIC_ROOT = Path(folder) / "public"  # type: ignore[attr-defined]
        settings.KEYS_ROOT = Path(folder) / "keys"  # type: ignore[attr-defined]
        yield
