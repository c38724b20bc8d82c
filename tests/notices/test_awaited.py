"""Messages that somebody waits for, turns that end, gateways that rest, and the page of all that."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.audit.models import Event
from menhu.notices import messages
from menhu.notices.enums import Channel
from menhu.notices.gateways import FILES, EmailGateway, GatewayError
from menhu.notices.models import Message, Notice
from menhu.notices.standing import COUNTED
from menhu.units.models import Post
from tests.conftest import SignedIn
from tests.factories import World

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = NOON.replace(hour=23)
PHONE = "13800001234"
PAGE = "/office/notices/messages/"
AGAIN = "/office/notices/messages/again/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class Recorder:
    """A gateway that keeps what it is given, or fails."""

    def __init__(self, failure: GatewayError | None = None) -> None:
        self.texts: list[str] = []
        self.failure = failure

    def send(self, _to: str, _subject: str, text: str) -> None:
        self.texts.append(text)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(messages, "gateway_of", lambda _channel: recorder)
    return recorder


def sms(text: str = "已受理", **more: Any) -> Message:
    return messages.send_later(channel=Channel.SMS, to=PHONE, text=text, **more)


def code(minutes: int = 10) -> Message:
    return sms("123456", useful_until=timezone.now() + timedelta(minutes=minutes))


def given_up(**more: Any) -> Message:
    row = sms(**more)
    Message.objects.filter(pk=row.pk).update(state="given_up", attempts=7, error="HTTP 503")
    return row


def test_a_code_goes_at_night_and_before_all_others(gateway: Recorder, clock: time_machine.Traveller) -> None:
    for _number in range(messages.BATCH + 5):
        sms()
    code()
    assert messages.send_due(NOON) == messages.BATCH + 1
    assert gateway.texts == ["123456"] + ["已受理"] * messages.BATCH
    clock.move_to(NIGHT)
    code()
    assert messages.send_due(NIGHT) == 1
    assert gateway.texts[-1] == "123456"


def test_a_code_is_wiped_as_soon_as_it_is_sent(gateway: Recorder) -> None:
    row = code()
    messages.send_due(NOON)
    row.refresh_from_db()
    assert (row.state, row.text, row.recipient, row.wiped_at) == ("sent", "", "", NOON)


def test_a_late_code_is_never_sent(gateway: Recorder, world: World) -> None:
    row = code()
    assert messages.send_due(NOON + timedelta(minutes=10)) == 0
    row.refresh_from_db()
    assert (gateway.texts, row.state, row.text, row.attempts) == ([], "given_up", "", 0)
    assert not messages.try_again(message=row, by=world.people["webmaster"])


def test_where_somebody_waits_the_next_try_is_soon(gateway: Recorder) -> None:
    gateway.failure = GatewayError("away")
    row = code()
    messages.send_due(NOON)
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at) == ("waiting", NOON + messages.REST)


def test_a_gateway_that_failed_is_left_alone_for_a_while(gateway: Recorder) -> None:
    gateway.failure = GatewayError("away")
    for number in range(3):
        sms(str(number))
    assert messages.send_due(NOON) == 0
    assert messages.send_due(NOON + timedelta(seconds=5)) == 0
    assert gateway.texts == ["0"]
    gateway.failure = None
    assert messages.send_due(NOON + messages.REST) == 2
    assert gateway.texts == ["0", "1", "2"]


def test_one_gateway_that_rests_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    away, post = Recorder(GatewayError("away")), Recorder()
    monkeypatch.setattr(messages, "gateway_of", lambda channel: away if channel is Channel.SMS else post)
    for _number in range(messages.BATCH + 1):
        sms()
    messages.send_later(channel=Channel.EMAIL, to="ye@example.cn", text="信")
    messages.send_due(NOON)
    assert messages.send_due(NOON + timedelta(seconds=1)) == 1
    assert (len(away.texts), post.texts) == (1, ["信"])


def test_a_refusal_of_one_message_holds_up_no_other(gateway: Recorder) -> None:
    gateway.failure = GatewayError("HTTP 400", is_final=True)
    for number in range(3):
        sms(str(number))
    messages.send_due(NOON)
    assert gateway.texts == ["0", "1", "2"]


def test_a_turn_ends(gateway: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message takes a second: the clock gets its turn back after three."""
    seconds = iter(range(100))
    monkeypatch.setattr(messages, "monotonic", lambda: float(next(seconds)))
    for number in range(9):
        sms(str(number))
    assert messages.send_due(NOON) == 2
    assert messages.send_due(NOON) == 2
    assert gateway.texts == ["0", "1", "2", "3"]


def test_webmasters_of_today_are_told_once_until_they_have_read(gateway: Recorder, world: World) -> None:
    gateway.failure = GatewayError("HTTP 400", is_final=True)
    for number in range(3):
        sms(reference=f"LX{number}")
    messages.send_due(NOON)
    notice = Notice.objects.get()
    assert (notice.user, notice.title, notice.link) == (world.people["webmaster"], "短信发送失败：LX0", PAGE)
    Notice.objects.update(read_at=NOON)
    sms(reference="LX3")
    messages.send_due(NOON)
    assert Notice.objects.count() == 2
    Notice.objects.update(read_at=NOON)
    Post.objects.filter(role="webmaster").update(ends_on=NOON.date() - timedelta(days=1))
    sms(reference="LX4")
    messages.send_due(NOON)
    assert Notice.objects.count() == 2


def test_subjects_have_one_line() -> None:
    row = messages.send_later(channel=Channel.EMAIL, to="ye@example.cn", text="信", subject="来信\r\nBcc: x@y.cn 进展")
    assert row.subject == "来信 Bcc: x@y.cn 进展"


def test_due_messages_are_found_by_their_index() -> None:
    """In their order too: a queue of many thousands is not sorted each second."""
    due = Message.objects.due(NOON).filter(channel__in=list(Channel))
    plans = {
        "notices_message_awaited": due.awaited()[:20],
        "notices_message_due": due.unhurried()[:20],
        "notices_message_delayed": Message.objects.delayed()[:30],
        "notices_message_state": Message.objects.given_up().order_by("-pk")[:30],
    }
    if connection.vendor == "sqlite":
        assert [name for name, rows in plans.items() if name not in rows.explain()] == []
        assert [name for name, rows in plans.items() if "TEMP B-TREE" in rows.explain()] == []


def test_only_the_webmaster_sends_again(world: World) -> None:
    row = given_up()
    for deed in (lambda by: messages.try_again(message=row, by=by), lambda by: messages.try_all_again(by=by)):
        with pytest.raises(PermissionDenied):
            deed(world.people["editor"])
    row.refresh_from_db()
    assert (row.state, Event.objects.filter(verb="notices.try_again").count()) == ("given_up", 0)
    browser = SignedIn(world.people["editor"])
    assert [browser.get(PAGE).status_code, browser.post(AGAIN).status_code] == [403, 403]
    assert Client().post(AGAIN).status_code == 302
    row.refresh_from_db()
    assert row.state == "given_up"


def test_the_page_shows_who_waits_without_telling_who_they_are(world: World) -> None:
    given_up(reference="LX20260603-0001", text="秘密内容")
    delayed = sms(reference="LX20260603-0002")
    Message.objects.filter(pk=delayed.pk).update(attempts=2, error="TimeoutError")
    sms(reference="LX20260603-0003")
    page = SignedIn(world.people["webmaster"]).get(PAGE).content.decode()
    assert [text in page for text in ("138****1234", "LX20260603-0001", "HTTP 503", "TimeoutError")] == [True] * 4
    assert [text in page for text in (PHONE, "秘密内容", "LX20260603-0003")] == [False] * 3


def test_one_or_all_are_sent_again_from_the_page(world: World, gateway: Recorder) -> None:
    rows = [given_up(text=str(number)) for number in range(3)]
    wiped = given_up(text="旧")
    Message.objects.filter(pk=wiped.pk).update(recipient="", text="", wiped_at=NOON)
    browser = SignedIn(world.people["webmaster"])
    assert "已安排重新发送。" in browser.post(AGAIN, {"message": rows[1].pk}, follow=True).content.decode()
    assert "不能重新发送" in browser.post(AGAIN, {"message": wiped.pk}, follow=True).content.decode()
    assert browser.post(AGAIN, {"message": "x"}).status_code == 404
    assert browser.get(AGAIN).status_code == 405
    assert messages.send_due(NOON) == 1
    assert "已安排重新发送 2 条。" in browser.post(AGAIN, follow=True).content.decode()
    assert messages.send_due(NOON) == 2
    assert gateway.texts == ["1", "0", "2"]
    assert Event.objects.filter(verb="notices.try_again").count() == 2


def test_the_page_asks_as_much_for_a_page_as_for_a_row(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    given_up()
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for _number in range(40):
        given_up()
    with CaptureQueriesContext(connection) as full:
        page = browser.get(PAGE).content.decode()
    assert len(full) == len(one)
    assert page.count("138****1234") == 60  # thirty rows, each with its button's name
    assert COUNTED == 5_000


def test_mail_in_files_is_for_the_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.OUTBOX_ROOT = FILES, tmp_path / "outbox"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox" / "mail"
    EmailGateway().send("ye@example.cn", "进展", "已答复")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "outbox", tmp_path / "outbox" / "mail")] == [0o700] * 2
    assert len(list((tmp_path / "outbox" / "mail").iterdir())) == 1


@pytest.mark.parametrize(("status", "is_final"), [(550, True), (450, False)])
def test_an_address_that_the_server_refuses_is_final(
    monkeypatch: pytest.MonkeyPatch, status: int, is_final: bool
) -> None:
    from smtplib import SMTPRecipientsRefused

    def refuse(_mail: EmailMessage) -> None:
        raise SMTPRecipientsRefused({"ye@example.cn": (status, b"no such user")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises(GatewayError) as refused:
        EmailGateway().send("ye@example.cn", "进展", "已答复")
    assert (refused.value.is_final, refused.value.reason) == (is_final, "SMTPRecipientsRefused")
    assert settings.EMAIL_BACKEND != FILES
