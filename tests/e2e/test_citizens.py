"""A citizen signs in by a code, takes the data along and ends the account: on a phone, and without JavaScript."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import DESKTOP, PHONE, County, Person
from tests.letters.test_guarding import answer_to

pytestmark = pytest.mark.e2e

Someone = Callable[..., Person]


def code_for(county: County, number: str) -> str:
    """The code in the newest text message to a number, once the clock has sent it."""
    kept, until = county.home / "outbox" / "sms.jsonl", time.monotonic() + 20
    while time.monotonic() < until:
        rows = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
        texts = [row["text"] for row in rows if row["to"] == number]
        if texts:
            return str(texts[-1].split("验证码是 ")[1][:6])
        time.sleep(0.2)
    raise AssertionError("no code was sent")


def ends(citizen: Person, county: County, number: str, look: Callable[[], None] = lambda: None) -> None:
    """From the code to the end of the account; `look` judges each page."""
    page = citizen.page
    page.get_by_role("heading", name="输入验证码").wait_for()
    look()
    page.get_by_label("验证码").fill(code_for(county, number))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="我的账户").wait_for()
    look()
    page.get_by_label("姓名").fill("叶知秋")
    page.get_by_role("button", name="保存姓名").click()
    page.get_by_text("姓名已保存。").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出我的数据").click()
    account = json.loads(Path(download.value.path()).read_text())["account"]
    assert (account["phone"], account["name"]) == (number, "叶知秋")
    page.get_by_role("link", name="注销账户").click()
    look()
    page.get_by_label("输入“注销”两个字确认").fill("注销")
    page.get_by_role("button", name="注销账户").click()
    page.get_by_text("您的账户已注销").wait_for()
    look()


def test_on_a_phone(county: County, person: Someone) -> None:
    citizen = person(viewport=PHONE)
    page = citizen.page
    page.goto("/privacy/")
    page.get_by_role("link", name="我的账户").click()
    citizen.check()
    page.get_by_label("手机号或电子邮箱").fill("1380000123")
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_text("请填写 11 位手机号").first.wait_for()
    citizen.check()
    page.get_by_label("手机号或电子邮箱").fill("13800007711")
    page.get_by_role("button", name="获取验证码").click()
    ends(citizen, county, "13800007711", citizen.check)


def test_without_javascript(county: County, person: Someone) -> None:
    citizen = person(viewport=DESKTOP, javascript=False)
    page = citizen.page
    page.goto("/my/")
    page.get_by_label("手机号或电子邮箱").fill("13800007722")
    page.get_by_role("button", name="获取验证码").click()
    page.locator("#proof").fill(answer_to(page.content()))
    page.get_by_role("button", name="获取验证码").click()
    ends(citizen, county, "13800007722")


def test_own_letters(county: County, person: Someone) -> None:
    citizen = person(viewport=PHONE)
    page, number = citizen.page, "13800007733"
    page.goto("/my/")
    page.get_by_label("手机号或电子邮箱").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_role("heading", name="输入验证码").wait_for()
    page.get_by_label("验证码").fill(code_for(county, number))
    page.get_by_role("button", name="登录").click()
    page.get_by_text("以前写的，凭编号和查询码查到以后可以放进来").wait_for()
    page.goto("/letters/write/")
    assert page.get_by_label("手机号").input_value() == number
    page.get_by_label("县长信箱").check()
    page.get_by_label("咨询", exact=True).check()
    page.get_by_label("标题").fill("县图书馆周末开到几点")
    page.get_by_label("内容").fill("想带孩子周六晚上去县图书馆看书，请问几点关门，能不能开到九点？")
    page.get_by_label("您的姓名").fill("叶知秋")
    page.get_by_label("不公开，只答复我", exact=True).check()
    page.get_by_label("我写的是实情").check()
    page.get_by_role("button", name="寄出").click()
    page.get_by_role("heading", name="信已寄出").wait_for()
    citizen.check()
    page.goto("/my/")
    citizen.check()
    page.get_by_role("link", name="县图书馆周末开到几点").click()
    page.get_by_role("heading", name="办到哪一步了").wait_for()
    citizen.check()
    page.goto("/my/letters/")
    page.get_by_role("link", name="县图书馆周末开到几点").wait_for()
    citizen.check()
