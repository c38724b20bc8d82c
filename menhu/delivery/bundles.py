"""What a page puts into the tree: its file, the compressed forms, and for a page of text its Traditional version."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import brotli

from menhu.delivery.rules import BROTLI, GZIP, file_path, is_compressible, traditional
from menhu.delivery.sources import Address, Rendered
from menhu.delivery.traditional import traditional_page

GZIP_LEVEL: Final = 6
BROTLI_QUALITY: Final = 5
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle: its name below the host, and its bytes or the file that they are copied from."""

    name: str
    body: bytes = b""
    source: Path | None = None

    def pieces(self) -> Iterator[bytes]:
        """The bytes, a large file in pieces; raises OSError."""
        if self.source is None:
            yield self.body
            return
        with self.source.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def fingerprint(self) -> tuple[str, str, int]:
        """Name, SHA-256 and size in octets, as the page's row and the manifest keep them."""
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces():
            digest.update(piece)
            size += len(piece)
        return self.name, digest.hexdigest(), size


def bundle(address: Address, rendered: Rendered) -> tuple[Part, ...]:
    """All parts, the page itself first; equal pages give equal bytes. Raises ValueError where no file may stand."""
    file = file_path(address.path)
    if file is None:
        raise ValueError("no file may stand at this address")
    if rendered.file is not None:
        return _copied(file, rendered.content_type, rendered.file)
    parts = [*_with_compressed(file, rendered.content_type, rendered.body)]
    if is_page(rendered):
        body = traditional_page(rendered.body)
        parts += _with_compressed(traditional(file), rendered.content_type, body)
    return tuple(parts)


def is_page(rendered: Rendered) -> bool:
    """Whether it is a page that people read, which has a Traditional version."""
    return rendered.file is None and rendered.content_type.startswith("text/html")


def _copied(file: str, content_type: str, source: Path) -> tuple[Part, ...]:
    if not is_compressible(content_type, source.stat().st_size):
        return (Part(file, source=source),)
    return tuple(_with_compressed(file, content_type, source.read_bytes()))


def _with_compressed(name: str, content_type: str, body: bytes) -> Iterator[Part]:
    yield Part(name, body)
    if is_compressible(content_type, len(body)):
        yield Part(name + GZIP, gzip.compress(body, GZIP_LEVEL, mtime=0))
        yield Part(name + BROTLI, brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
