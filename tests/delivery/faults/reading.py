"""A visitor who never stops reading."""

import gzip
import os
import threading
import zlib
from pathlib import Path
from typing import Self

import brotli

from menhu.delivery.rules import BROTLI, GZIP
from tests.delivery import village as v

MOST_FAULTS = 20
_END = v.END.encode()


class Reader:
    """Reads all pages below a folder again and again in a thread; notes each that was not whole."""

    def __init__(self, top: Path) -> None:
        self.faults: list[str] = []
        self.count = 0
        self._top, self._over = top, threading.Event()
        self._thread = threading.Thread(target=self._read_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _read_on(self) -> None:
        while not self._over.is_set() and len(self.faults) < MOST_FAULTS:
            for folder, _, files in os.walk(self._top):  # a directory that goes meanwhile is no error here
                for name in files:
                    if name.startswith("index.html"):
                        self._read(Path(folder) / name)
            self._over.wait(0.01)

    def _read(self, file: Path) -> None:
        try:
            body = _plain(file.name, file.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return
        except (OSError, EOFError, zlib.error, brotli.error) as error:
            self.faults.append(f"{file}: {error}")
            return
        self.count += 1
        if not body.endswith(_END) or not body.startswith((b"footer", b"no footer")):
            self.faults.append(f"{file}: {len(body)} octets")


def _plain(name: str, body: bytes) -> bytes:
    if name.endswith(GZIP):
        return gzip.decompress(body)
    return brotli.decompress(body) if name.endswith(BROTLI) else body
