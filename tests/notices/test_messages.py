"""Messages leave once, later and by day; what fails waits longer each time and is given up in the end."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from menhu.notices import messages
from menhu.notices.enums import Channel
from menhu.notices.gateways import GatewayError, HttpGateway
from menhu.notices.models import Message, Notice
from menhu.notices.rules import WAITS, may_disturb, morning_after, wait_before
from tests.factories import World

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def clock(settings: Any, tmp_path: Path) -> Iterator[time_machine.Traveller]:
    settings.OUTBOX_ROOT = tmp_path / "outbox"
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def sms(text: str = "已收到") -> Message:
    return messages.send_later(channel=Channel.SMS, to=PHONE, text=text, reference="LX20260603-0001")


def sent(folder: Path) -> list[dict[str, str]]:
    kept = folder / "outbox" / "sms.jsonl"
    return [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []


@pytest.mark.django_db
def test_a_message_is_sent_once_and_only_if_its_transaction_holds(tmp_path: Path) -> None:
    sms()
    with transaction.atomic():
        sms("不该发出")
        transaction.set_rollback(True)
    assert [messages.send_due(timezone.now()) for _ in range(3)] == [1, 0, 0]
    assert [(line["to"], line["text"]) for line in sent(tmp_path)] == [(PHONE, "已收到")]
    assert (tmp_path / "outbox" / "sms.jsonl").stat().st_mode & 0o777 == 0o600
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db
def test_address_and_text_lie_sealed() -> None:
    sms("叶先生，您的来信已答复")
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, text, recipient_digest FROM notices_message")
        raw = b"".join(bytes(v) if not isinstance(v, str) else v.encode() for v in cursor.fetchone())
    assert PHONE.encode() not in raw
    assert "叶先生".encode() not in raw


@pytest.mark.django_db
def test_no_text_message_at_night_but_e_mail(clock: time_machine.Traveller, tmp_path: Path) -> None:
    clock.move_to(NOON.replace(hour=22, minute=30))
    sms()
    messages.send_later(channel=Channel.EMAIL, to="ye@example.cn", subject="进展", text="已答复")
    assert messages.send_due(timezone.now()) == 1
    assert [letter.to for letter in mail.outbox] == [["ye@example.cn"]]
    clock.move_to(NOON.replace(day=4, hour=7, minute=59))
    assert messages.send_due(timezone.now()) == 0
    clock.move_to(NOON.replace(day=4, hour=8, minute=0))
    assert messages.send_due(timezone.now()) == 1
    assert Message.objects.filter(channel="sms").get().attempts == 1


class Broken:
    def __init__(self, *, is_final: bool = False) -> None:
        self.is_final = is_final

    def send(self, _to: str, _subject: str, _text: str) -> None:
        raise GatewayError("away", is_final=self.is_final)


@pytest.mark.django_db
def test_what_fails_waits_longer_and_is_given_up(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "gateway_of", lambda _channel: Broken())
    row = messages.send_later(channel=Channel.EMAIL, to="ye@example.cn", text="已答复", reference="LX1")
    for wait in WAITS:
        assert messages.send_due(timezone.now()) == 0
        row.refresh_from_db()
        assert (row.state, row.next_attempt_at - timezone.now()) == ("waiting", wait)
        clock.shift(wait)
    messages.send_due(timezone.now())
    row.refresh_from_db()
    assert (row.state, row.error) == ("given_up", "away")
    assert list(Notice.objects.values_list("user__username", "title")) == [("webmaster", "电子邮件发送失败：LX1")]
    monkeypatch.undo()
    assert messages.try_again(message=row, by=world.people["webmaster"])
    assert messages.send_due(timezone.now()) == 1
    assert not messages.try_again(message=row, by=world.people["webmaster"])


@pytest.mark.django_db
def test_what_can_never_arrive_is_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "gateway_of", lambda _channel: Broken(is_final=True))
    sms()
    messages.send_due(timezone.now())
    assert Message.objects.get().state == "given_up"


@pytest.mark.django_db
def test_a_killed_senders_message_is_taken_over(clock: time_machine.Traveller, tmp_path: Path) -> None:
    sms()
    Message.objects.update(state="sending", attempts=1, next_attempt_at=timezone.now() + messages.TAKEN_FOR)
    assert messages.send_due(timezone.now()) == 0
    clock.shift(messages.TAKEN_FOR + timedelta(seconds=1))
    assert messages.send_due(timezone.now()) == 1
    assert len(sent(tmp_path)) == 1


@pytest.mark.django_db
def test_two_nodes_send_one_message_once(tmp_path: Path) -> None:
    """Both have read the row; the second finds it claimed."""
    row = sms()
    stale = Message.objects.get(pk=row.pk)
    assert messages._send(row, timezone.now())
    assert not messages._send(stale, timezone.now())
    assert len(sent(tmp_path)) == 1


@pytest.mark.django_db
def test_old_messages_lose_address_and_text(clock: time_machine.Traveller) -> None:
    sms()
    messages.send_due(timezone.now())
    waiting = sms("还没发")
    clock.shift(timedelta(days=31))
    assert messages.wipe_old(timezone.now()) == 1
    wiped = Message.objects.exclude(pk=waiting.pk).get()
    assert (wiped.recipient, wiped.text, wiped.state) == ("", "", "sent")
    waiting.refresh_from_db()
    assert waiting.text == "还没发"


@pytest.mark.parametrize("hour", range(24))
def test_the_day_is_from_eight_to_twenty_two(hour: int) -> None:
    at = NOON.replace(hour=hour)
    assert may_disturb(at.time()) is (8 <= hour < 22)
    assert may_disturb(morning_after(at).time())
    assert timedelta(0) < morning_after(at) - at <= timedelta(days=1)


def test_waiting_ends() -> None:
    assert [wait_before(n) for n in range(1, 8)] == [*WAITS, None]


class Provider(BaseHTTPRequestHandler):
    """A provider of text messages on loopback."""

    got: list[tuple[str, bytes]] = []
    answer = (200, b'{"code": "0"}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.headers.get("Authorization", ""), body))
        status, answer = self.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    Provider.got, Provider.answer = [], (200, b'{"code": "0"}')
    yield f"http://127.0.0.1:{server.server_port}/send"
    server.shutdown()
    server.server_close()


@pytest.mark.enable_socket
def test_an_http_gateway_gets_number_and_text(provider: str) -> None:
    options = {"url": provider, "headers": {"Authorization": "Bearer x"}, "expects": {"code": "0"}}
    HttpGateway(options).send(PHONE, "", "已答复{to}")
    authorization, body = Provider.got[0]
    assert authorization == "Bearer x"
    assert json.loads(body)["mobile"] == PHONE
    HttpGateway({**options, "encoding": "form"}).send(PHONE, "", "好 &")
    assert b"mobile=13800001234" in Provider.got[1][1]
    assert b"&content=%E5%A5%BD+%26" in Provider.got[1][1]


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("answer", "is_final"),
    [
        ((200, b'{"code": "7"}'), False),
        ((200, b"<html>"), False),
        ((500, b""), False),
        ((400, b""), True),
        ((403, b""), False),
        ((302, b""), False),
    ],
)
def test_a_gateway_that_refuses_is_a_failure(provider: str, answer: tuple[int, bytes], is_final: bool) -> None:
    Provider.answer = answer
    with pytest.raises(GatewayError) as refused:
        HttpGateway({"url": provider, "expects": {"code": "0"}}).send(PHONE, "", "已答复")
    assert refused.value.is_final is is_final
    assert PHONE not in refused.value.reason
    assert len(Provider.got) == 1


@pytest.mark.enable_socket
def test_a_gateway_that_is_away_is_a_failure() -> None:
    with pytest.raises(GatewayError, match="URLError"):
        HttpGateway({"url": "http://127.0.0.1:9/"}).send(PHONE, "", "已答复")
