"""Arithmetic of addresses, hosts and retries."""

import re
from datetime import timedelta
from typing import Final

from menhu.core.script import HANT

MAX_PATH: Final = 240
MAX_SEGMENT_BYTES: Final = 200
INDEX: Final = "index.html"
GZIP, BROTLI = ".gz", ".br"
ENCODINGS: Final = (BROTLI, GZIP)
"""Endings of compressed files, the better one first."""
LEAST_COMPRESSED: Final = 256
MOST_COMPRESSED: Final = 8 << 20
DYNAMIC: Final = ("/office/", "/my/")
LONGEST_WAIT: Final = timedelta(minutes=10)

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[A-Za-z0-9]+\Z")


def is_dynamic(path: str) -> bool:
    """Whether no file may ever stand at a decoded path or answer it: the back office, and citizens' own pages."""
    return path.startswith(DYNAMIC)


def is_speakable(path: str, *, longest: int = 400) -> bool:
    """Whether a source may be asked for the path at all: no control character, no broken text, not "//host"."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and len(path) <= longest
        and _UNSPEAKABLE.search(path) is None
    )


def file_path(path: str) -> str | None:
    """Where the page of a decoded path lies below its host: "/a/" → "a/index.html"; None where no file may stand.

    Compressed files and what lies below "hant/" belong to the page they were made from.
    """
    if not is_speakable(path, longest=MAX_PATH) or "?" in path:
        return None
    if is_dynamic(path):
        return None
    *folders, name = path[1:].split("/")
    if name == INDEX or name.endswith(ENCODINGS) or not all(_is_name(folder) for folder in folders):
        return None
    if (name and not _is_name(name)) or [*folders, name][0] == HANT:
        return None
    return "/".join([*folders, name or INDEX])


def served_file(path: str) -> str | None:
    """The file that answers a decoded path, in either script: "/hant/a/" → "hant/a/index.html"."""
    plain = plain_path(path)
    file = file_path(plain)
    return file if file is None or plain is path else traditional(file)


def plain_path(path: str) -> str:
    """The path of the page whose Traditional version this is; a path that is none comes back itself."""
    return path.removeprefix(f"/{HANT}") if path.startswith(f"/{HANT}/") else path


def traditional(file: str) -> str:
    """Where the Traditional version of a file lies."""
    return f"{HANT}/{file}"


def bundle_names(file: str) -> tuple[str, ...]:
    """Every name that the page of this file may put into the tree, the page itself first."""
    return tuple(name + ending for name in (file, traditional(file)) for ending in ("", *ENCODINGS))


def bundle_owner(file: str) -> str:
    """The file of the page to which a name in the tree belongs; the inverse of `bundle_names`."""
    plain = file.removeprefix(f"{HANT}/")
    for ending in ENCODINGS:
        plain = plain.removesuffix(ending)
    return plain


def is_compressible(content_type: str, size: int) -> bool:
    """Whether a compressed form beside the file is worth its place: text of some length, never a picture or archive."""
    return is_text(content_type) and LEAST_COMPRESSED <= size <= MOST_COMPRESSED


def is_text(content_type: str) -> bool:
    """Whether a content type is text in the widest sense: HTML, feeds, style, scripts, drawings."""
    kind = content_type.partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("json", "xml", "javascript"))


def page_path(file: str) -> str:
    """The inverse of `file_path`: "a/index.html" → "/a/"."""
    return "/" + (file.removesuffix(INDEX) if file == INDEX or file.endswith("/" + INDEX) else file)


def _is_name(segment: str) -> bool:
    return bool(segment) and not segment.startswith(".") and len(segment.encode()) <= MAX_SEGMENT_BYTES


def is_host(host: str) -> bool:
    """Whether a host may name a directory."""
    return len(host) <= 120 and _HOST.fullmatch(host) is not None


def bare_host(given: str) -> str:
    """A Host header without port, brackets, capitals and final dot."""
    host = given.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def is_hashed(path: str) -> bool:
    """Whether a static file carries the hash of its content in its name, so that it may be kept for ever."""
    return _HASHED.search(path) is not None


def wait_after(attempts: int) -> timedelta:
    """How long a page rests after its n-th failure in a row: 1, 2, 4 … seconds, ten minutes at most."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 20)), LONGEST_WAIT)
