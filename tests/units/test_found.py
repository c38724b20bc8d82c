"""The first unit and the first webmaster of an install."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from menhu.accounts.models import User
from menhu.units.models import Unit
from tests.factories import World


def test_the_first_webmaster_can_sign_in(db: None) -> None:
    printed = StringIO()
    call_command("found", "云岭县", "fangruoning", "方若宁", stdout=printed)
    password = re.search(r"一次性口令：(\S+)（", printed.getvalue())
    assert password is not None
    browser = Client()
    sent = {"username": "fangruoning", "password": password[1], "next": "/office/units/"}
    assert browser.post("/office/login/", sent).url == "/office/units/"
    assert browser.get("/office/units/").url == "/office/password/"
    new = {"old": password[1], "new": "Hello-Yunling-9", "again": "Hello-Yunling-9"}
    assert browser.post("/office/password/", new).status_code == 302
    assert "云岭县" in browser.get("/office/units/").content.decode()


def test_it_happens_once(world: World) -> None:
    with pytest.raises(CommandError, match="平台已有单位"):
        call_command("found", "别的县", "other", "别人")
    assert Unit.objects.filter(parent=None).count() == 1


def test_a_bad_name_leaves_nothing_behind(db: None) -> None:
    with pytest.raises(CommandError, match="用户名"):
        call_command("found", "云岭县", "方 若 宁", "方若宁")
    assert not Unit.objects.exists()
    assert not User.objects.exists()
