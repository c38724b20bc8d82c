"""Signing in: the page, the lock after failures, the second factor, what the trail keeps."""

import time

import pytest
import time_machine
from django.core.checks import run_checks
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from menhu.accounts.actions import disable_account, remove_second_factor, unlock_account
from menhu.accounts.models import User
from menhu.audit.models import Event
from tests.conftest import SignedIn
from tests.factories import PASSWORD, UserFactory, World


def sign_in_as(browser: Client, username: str, password: str = PASSWORD, **extra: str) -> object:
    return browser.post("/office/login/", {"username": username, "password": password}, **extra)


def test_the_page_is_ours_and_in_chinese(db: None) -> None:
    page = " ".join(Client().get("/office/login/").content.decode().split())
    assert "登录 - 云岭县政务工作平台</title>" in page
    assert "Wagtail" not in page
    assert "不得处理、存储、传输国家秘密" in page
    assert 'autocomplete="current-password"' in page


def test_a_right_password_opens_the_desk_and_is_recorded(world: World) -> None:
    browser = Client(REMOTE_ADDR="2001:db8::7")
    response = browser.post("/office/login/", {"username": "editor", "password": PASSWORD, "next": "/office/account/"})
    assert (response.status_code, response.url) == (302, "/office/account/")
    event = Event.objects.get(verb="accounts.sign_in")
    assert (event.actor_name, event.actor_post, event.address) == ("卓一帆", "县教育局 信息员", "2001:db8::7")
    browser.post("/office/logout/")
    assert Event.objects.filter(verb="accounts.sign_out", actor_id=world.people["editor"].pk).count() == 1
    assert browser.get("/office/account/").status_code == 302


def test_next_never_leads_away(world: World) -> None:
    response = Client().post(
        "/office/login/", {"username": "editor", "password": PASSWORD, "next": "https://example.org/"}
    )
    assert response.url == "/office/"


@pytest.mark.parametrize(("username", "kept"), [("editor", "editor"), ("Secret-pw-9", "Se…")])
def test_a_wrong_password_says_the_same_for_known_and_unknown(world: World, username: str, kept: str) -> None:
    """And a password typed into the field of the name is not kept."""
    response = sign_in_as(Client(), username, "wrong")
    assert response.status_code == 200
    assert "用户名或口令不对，请再试一次。" in response.content.decode()
    event = Event.objects.get(verb="accounts.sign_in_failed")
    assert (event.data, event.address) == ({"username": kept}, "127.0.0.1")


def test_five_failures_lock_for_thirty_minutes(world: World) -> None:
    with time_machine.travel("2026-06-18 09:00:00+08:00", tick=False) as clock:
        browser = Client()
        statuses = [sign_in_as(browser, "editor", "wrong").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        locked = sign_in_as(browser, "editor")
        assert locked.status_code == 429
        assert "连续 5 次口令不对，已锁定 30 分钟。请到时再试，或请网站管理员解锁。" in locked.content.decode()
        assert Event.objects.filter(verb="accounts.locked", data__username="editor").exists()
        clock.shift(29 * 60)
        assert sign_in_as(browser, "editor").status_code == 429
        clock.shift(2 * 60)
        assert sign_in_as(browser, "editor").status_code == 302


def test_the_webmaster_unlocks(world: World) -> None:
    browser = Client()
    for _ in range(5):
        sign_in_as(browser, "editor", "wrong")
    assert unlock_account(user=world.people["editor"], by=world.people["webmaster"]) == 1
    assert sign_in_as(browser, "editor").status_code == 302


def test_a_lock_holds_for_one_name_at_one_address(world: World) -> None:
    for _ in range(5):
        sign_in_as(Client(), "editor", "wrong")
    assert sign_in_as(Client(), "head").status_code == 302
    assert sign_in_as(Client(REMOTE_ADDR="198.51.100.9"), "editor").status_code == 302


def test_without_a_post_there_is_no_way_in(world: World) -> None:
    UserFactory(username="idle")
    response = sign_in_as(Client(), "idle")
    assert response.status_code == 200
    assert "您的账号目前没有岗位，请联系网站管理员。" in response.content.decode()


def test_a_disabled_account_is_out_at_once(world: World) -> None:
    browser = SignedIn(world.people["stranger"])
    disable_account(user=world.people["stranger"], by=world.people["webmaster"], reason="调离")
    assert browser.get("/office/account/").status_code == 302
    assert "用户名或口令不对" in sign_in_as(Client(), "stranger").content.decode()


def code_of(device: TOTPDevice, shift: int = 0) -> str:
    return f"{totp(device.bin_key, t0=-shift):06d}"


def enrol(browser: Client) -> TOTPDevice:
    page = browser.get("/office/second-factor/").content.decode()
    device = TOTPDevice.objects.get(confirmed=False)
    assert '<svg class="sheet-qr"' in page
    assert browser.post("/office/second-factor/", {"code": "000000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert browser.post("/office/second-factor/", {"code": code_of(device)}).url == "/office/"
    device.refresh_from_db()
    assert device.confirmed
    return device


def test_a_second_factor_is_enrolled_and_asked_for(world: World) -> None:
    now = time.time()
    with time_machine.travel(now, tick=False) as clock:
        browser = SignedIn(world.people["editor"])
        device = enrol(browser)
        assert browser.get("/office/account/").status_code == 200
        clock.shift(120)
        other = Client()
        sign_in_as(other, "editor")
        assert other.get("/office/account/").url == "/office/verify/"
        assert other.get("/office/second-factor/").url == "/office/verify/"
        assert "请输入六位数字。" in other.post("/office/verify/", {"code": "12 34"}).content.decode()
        assert "验证码不对" in other.post("/office/verify/", {"code": "000000"}).content.decode()
        assert "试得太快" in other.post("/office/verify/", {"code": code_of(device)}).content.decode()
        clock.shift(60)
        assert other.post("/office/verify/", {"code": code_of(device)}).url == "/office/"
        assert other.get("/office/account/").status_code == 200
    assert Event.objects.filter(verb="accounts.enrol_second_factor").count() == 1


def test_roles_may_be_required_to_have_one(world: World, settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = ["webmaster"]  # type: ignore[attr-defined]
    browser = SignedIn(world.people["webmaster"])
    assert browser.get("/office/account/").url == "/office/second-factor/"
    assert SignedIn(world.people["editor"]).get("/office/account/").status_code == 200
    enrol(browser)
    assert browser.get("/office/account/").status_code == 200
    assert "不能停用" in browser.get("/office/second-factor/").content.decode()


def test_it_is_given_up_by_a_last_code_or_by_the_webmaster(world: World) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = SignedIn(world.people["editor"])
        device = enrol(browser)
        clock.shift(120)
        assert "已启用" in browser.get("/office/account/").content.decode()
        assert browser.post("/office/second-factor/", {"code": code_of(device)}).url == "/office/account/"
        assert not TOTPDevice.objects.exists()
        enrol(SignedIn(world.people["head"]))
    remove_second_factor(user=world.people["head"], by=world.people["webmaster"])
    assert not TOTPDevice.objects.exists()
    assert sign_in_as(Client(), "head").url == "/office/"


def test_my_account_shows_posts_and_keeps_my_telephone(world: World) -> None:
    browser = SignedIn(world.people["editor"])
    page = browser.get("/office/account/").content.decode()
    assert "县教育局 信息员" in page
    assert browser.post("/office/account/", {"phone": "0000-612 0086"}).url == "/office/account/"
    assert User.objects.get(username="editor").phone == "0000-612 0086"


def test_a_role_that_is_none_is_a_fault_of_the_settings(settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = ["webmaster", "king"]  # type: ignore[attr-defined]
    found = [error.msg for error in run_checks() if error.id == "units.E001"]
    assert [message.partition("；")[0] for message in found] == ["REQUIRE_SECOND_FACTOR 里没有这些角色：king"]
