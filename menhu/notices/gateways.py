"""How messages leave: e-mail by Django's own backends, text messages by a file (for trials) or an HTTP gateway."""

import json
import os
import urllib.error
import urllib.request
from email.message import Message as Headers
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import IO, Any, Final, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from menhu.notices.enums import Channel

TIMEOUT: Final = 5.0
"""Seconds that a gateway has to accept a connection, and for each part of its answer."""
# What the message itself is at fault for. Wrong keys and addresses (401, 403, 404) are mended in the settings: what
# waits meanwhile must not be lost.
FINAL: Final = frozenset({400, 413, 422})


FILES: Final = "django.core.mail.backends.filebased.EmailBackend"


class GatewayError(Exception):
    """A message that did not go out; `reason` holds no personal data. Final: trying again is of no use."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        self.reason, self.is_final = reason, is_final
        super().__init__(reason)


class Gateway(Protocol):
    def send(self, to: str, subject: str, text: str) -> None:
        """Hand the message over, or raise GatewayError."""


class EmailGateway:
    """By the backend of the settings: files below HOME/outbox unless EMAIL_URL names a server."""

    def send(self, to: str, subject: str, text: str) -> None:
        try:
            if settings.EMAIL_BACKEND == FILES:
                Path(settings.OUTBOX_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
                Path(settings.EMAIL_FILE_PATH).mkdir(exist_ok=True, mode=0o700)
            EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to]).send()
        except SMTPRecipientsRefused as error:
            is_final = all(code // 100 == 5 for code, _words in error.recipients.values())
            raise GatewayError("SMTPRecipientsRefused", is_final=is_final) from error
        except (OSError, ValueError) as error:
            raise GatewayError(type(error).__name__) from error


class FileGateway:
    """Text messages as lines of HOME/outbox/sms.jsonl, readable by the owner only: a trial sends nothing."""

    def send(self, to: str, subject: str, text: str) -> None:
        folder = Path(settings.OUTBOX_ROOT)
        line = json.dumps({"at": timezone.now().isoformat(), "to": to, "text": text}, ensure_ascii=False)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(folder / "sms.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(f"{line}\n")
        except OSError as error:
            raise GatewayError(error.strerror or "OSError") from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A gateway that sends elsewhere is not followed: numbers and texts go where the settings say and nowhere else."""

    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str) -> None:
        return None


class HttpGateway:
    """POST to a gateway: {to} and {text} of each field are filled in; success by status and, if set, a JSON field."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.url = str(options["url"])
        self.fields: dict[str, str] = options.get("fields", {"mobile": "{to}", "content": "{text}"})
        self.headers: dict[str, str] = options.get("headers", {})
        self.is_json = options.get("encoding", "json") == "json"
        self.expects: dict[str, Any] = options.get("expects", {})

    def send(self, to: str, subject: str, text: str) -> None:
        filled = {name: value.replace("{to}", to).replace("{text}", text) for name, value in self.fields.items()}
        body = json.dumps(filled, ensure_ascii=False) if self.is_json else urlencode(filled)
        kind = "application/json" if self.is_json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": f"{kind}; charset=utf-8", **self.headers}
        request = urllib.request.Request(self.url, body.encode(), headers, method="POST")  # noqa: S310 - of the settings
        self._require_success(_answer(request))

    def _require_success(self, answer: bytes) -> None:
        if not self.expects:
            return
        try:
            found = json.loads(answer)
        except ValueError as error:
            raise GatewayError("answer is no JSON") from error
        if not isinstance(found, dict) or any(found.get(name) != value for name, value in self.expects.items()):
            raise GatewayError("refused by the gateway")


def _answer(request: urllib.request.Request) -> bytes:
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            answer: bytes = response.read(65_536)
            return answer
    except urllib.error.HTTPError as error:
        error.close()
        raise GatewayError(f"HTTP {error.code}", is_final=error.code in FINAL) from error
    except OSError as error:
        raise GatewayError(type(error).__name__) from error


def gateway_of(channel: Channel) -> Gateway:
    """The way out that the settings name."""
    if channel is Channel.EMAIL:
        return EmailGateway()
    return HttpGateway(settings.SMS_GATEWAY) if settings.SMS_GATEWAY else FileGateway()
