"""What a password must be, and what happens when it is changed, reset or expired."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from menhu.accounts.actions import change_password, reset_password
from menhu.accounts.models import User
from menhu.accounts.rules import has_expired, kinds_of, one_time_password, shares_fragment
from menhu.audit.models import Event
from tests.conftest import SignedIn
from tests.factories import PASSWORD, UserFactory, World


@given(st.text(max_size=12), st.text(min_size=4, max_size=10), st.text(max_size=12))
def test_a_fragment_is_found_wherever_it_stands(before: str, text: str, after: str) -> None:
    assert shares_fragment(before + text.upper().casefold() + after, [text.upper()])
    assert shares_fragment(before + text.casefold()[::-1] + after, [text])


@given(st.text(max_size=30))
def test_no_text_gives_no_fragment(password: str) -> None:
    assert not shares_fragment(password, [])
    assert not shares_fragment(password, ["", "a"])


@pytest.mark.parametrize(
    ("password", "kinds"), [("abc", 1), ("abC", 2), ("abC1", 3), ("abC1!", 4), ("汉字", 1), ("", 0)]
)
def test_kinds_are_counted(password: str, kinds: int) -> None:
    assert kinds_of(password) == kinds


def test_one_time_passwords_have_all_kinds_and_differ() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert {kinds_of(password) for password in made} == {4}
    assert {len(password) for password in made} == {12}


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("Ab1!xyz", "口令不得少于 8 位。"),
        ("zkqvwptr1", "口令须含小写字母、大写字母、数字、符号中的至少三种。"),
        ("password1", "这个口令太常见，容易被人猜中。"),
        ("Qw-zhuoyifan-9", "口令不能含用户名、手机号或邮箱的片段。"),
        ("Qw-nafiyo-9", "口令不能含用户名、手机号或邮箱的片段。"),
        ("Qw-5678-Zx", "口令不能含用户名、手机号或邮箱的片段。"),
        (PASSWORD, "口令不能与最近三次用过的相同。"),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(db: None, password: str, message: str) -> None:
    user = UserFactory(username="zhuoyifan", phone="13912345678")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert message in refused.value.messages


def test_the_last_three_are_remembered(db: None) -> None:
    user = UserFactory()
    for new in ("Second-pw-2", "Third-pw-3", "Fourth-pw-4"):
        change_password(user=user, new=new)
    for recent in ("Second-pw-2", "Third-pw-3", "Fourth-pw-4"):
        with pytest.raises(ValidationError, match="最近三次"):
            change_password(user=user, new=recent)
    change_password(user=user, new=PASSWORD)
    assert user.past_passwords.count() == 3


def test_a_change_is_recorded_without_the_password(db: None) -> None:
    user = UserFactory()
    change_password(user=user, new="Second-pw-2")
    event = Event.objects.get(verb="accounts.change_password")
    assert (event.actor_id, event.object_id, event.data) == (user.pk, str(user.pk), {})


def test_a_reset_ends_sessions_and_must_be_changed(world: World) -> None:
    editor, webmaster = world.people["editor"], world.people["webmaster"]
    browser = SignedIn(editor)
    assert browser.get("/office/account/").status_code == 200
    password = reset_password(user=editor, by=webmaster)
    assert browser.get("/office/account/").status_code == 302
    browser.force_login(User.objects.get(pk=editor.pk), backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/office/account/").url == "/office/password/"
    assert browser.get("/office/second-factor/").url == "/office/password/"
    page = browser.get("/office/password/").content.decode()
    assert "首次登录、口令被重置或者到期" in page
    data = {"old": password, "new": "Changed-pw-7", "again": "Changed-pw-7"}
    assert browser.post("/office/password/", data).url == "/office/"
    assert browser.get("/office/account/").status_code == 200
    editor.refresh_from_db()
    assert not editor.must_change_password
    assert editor.check_password("Changed-pw-7")


def test_only_the_webmaster_resets(world: World) -> None:
    before = world.people["stranger"].password
    with pytest.raises(PermissionDenied, match="账号由网站管理员管理"):
        reset_password(user=world.people["stranger"], by=world.people["head"])
    world.people["stranger"].refresh_from_db()
    assert world.people["stranger"].password == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"old": "wrong", "new": "Changed-pw-7", "again": "Changed-pw-7"}, "现在的口令不对。"),
        ({"old": PASSWORD, "new": "Changed-pw-7", "again": "Changed-pw-8"}, "两次输入的新口令不一样。"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "口令不得少于 8 位。"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "最近三次"),
        ({"old": "", "new": "", "again": ""}, "请填写“现在的口令”。"),
    ],
)
def test_the_page_says_what_is_wrong(world: World, data: dict[str, str], message: str) -> None:
    browser = SignedIn(world.people["editor"])
    response = browser.post("/office/password/", data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert User.objects.get(username="editor").check_password(PASSWORD)


def test_a_password_expires(world: World, settings: object) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 90  # type: ignore[attr-defined]
    User.objects.filter(username="editor").update(password_changed_at=timezone.now() - timedelta(days=91))
    assert SignedIn(world.people["editor"]).get("/office/account/").url == "/office/password/"


@given(st.integers(0, 400), st.integers(0, 400))
def test_expiry_counts_days(age: int, limit: int) -> None:
    now = timezone.now()
    assert has_expired(now - timedelta(days=age, seconds=1), now, limit) == (limit > 0 and age >= limit)
    assert not has_expired(None, now, limit)


def test_anonymous_cannot_reach_the_page(db: None) -> None:
    assert Client().get("/office/password/").url == "/office/login/?next=/office/password/"


def test_a_session_ends_after_idle_time_even_with_an_open_editor(world: World, settings: object) -> None:
    settings.SESSION_COOKIE_AGE = 600  # type: ignore[attr-defined]
    with time_machine.travel("2026-06-18 09:00:00+08:00", tick=False) as clock:
        browser = SignedIn(world.people["editor"])
        assert browser.get("/office/account/").status_code == 200
        for _ in range(3):
            clock.shift(250)
            browser.post("/office/editing-sessions/release/1/")
        assert browser.get("/office/account/").url == "/office/login/?next=/office/account/"
        assert "您已 10 分钟没有操作，为安全起见已自动退出。" in browser.get("/office/login/").content.decode()
