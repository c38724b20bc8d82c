"""Asks clamd about bytes. What is no plain "OK" is never taken for one."""

import contextlib
import io
import socket
from typing import Any, Final

import clamd
from django.conf import settings
from django.utils.translation import gettext as _

SECONDS: Final = 8.0


class ScannerAway(Exception):  # noqa: N818 - it names the outcome
    """clamd does not answer, or breaks off."""


class NotScanned(Exception):  # noqa: N818 - it names the outcome
    """clamd answers, but has not judged these bytes; the message says why."""


class _WholeSocket(socket.socket):
    """The package calls `send`, which may take a part only; a part would be another file.

    A clamd that stops reading has said why: its answer waits to be read, and cannot be an "OK" before the end came.
    """

    def send(self, data: Any, flags: int = 0, /) -> int:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.sendall(data, flags)
        return len(data)


class _Clamd(clamd.ClamdNetworkSocket):  # type: ignore[misc] # untyped
    """The package sets its time limit after connecting and knows IPv4 only; ours holds at once and for any address."""

    def __init__(self, family: socket.AddressFamily, address: Any) -> None:
        self.family, self.address = family, address

    def _init_socket(self) -> None:
        self.clamd_socket = _WholeSocket(self.family, socket.SOCK_STREAM)
        self.clamd_socket.settimeout(SECONDS)
        self.clamd_socket.connect(self.address)


def virus_in(data: bytes) -> str:
    """The name of the virus that clamd finds in the bytes, empty when it says they are clean.

    Raises ScannerAway, or NotScanned when clamd refuses these bytes.
    """
    verdict, detail = _answer(data)
    if verdict == "OK":
        return ""
    if verdict == "FOUND":
        return detail or _("未命名病毒")
    raise NotScanned(detail or verdict)


def _answer(data: bytes) -> tuple[str, str]:
    try:
        answer = _scanner().instream(io.BytesIO(data))
    except clamd.BufferTooLongError as error:
        raise NotScanned(_("文件超过 clamd 的 StreamMaxLength")) from error
    except (clamd.ClamdError, OSError, ValueError) as error:  # ValueError: an answer that is no text
        raise ScannerAway(str(error) or type(error).__name__) from error
    if not answer or "stream" not in answer:
        raise ScannerAway(_("clamd 没有回答"))
    verdict, detail = answer["stream"]
    return verdict or "", detail or ""


def _scanner() -> _Clamd:
    place: str = settings.CLAMD_SOCKET
    if place.startswith("/"):
        return _Clamd(socket.AF_UNIX, place)
    host, _colon, port = place.rpartition(":")
    found = socket.getaddrinfo(host.strip("[]") or "127.0.0.1", int(port), type=socket.SOCK_STREAM)
    return _Clamd(found[0][0], found[0][4])
