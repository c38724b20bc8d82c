"""A letter from a phone to the public page, by way of a return and a second answer; a request answered in part."""

import re
import time
from collections.abc import Callable

import pytest

from tests.e2e.conftest import PHONE, County, Person
from tests.e2e.test_main_job import eventually
from tests.letters.test_guarding import answer_to

pytestmark = pytest.mark.e2e

Someone = Callable[..., Person]
MARK = f"{time.time_ns() % 10**6:06d}"
TITLE = f"（{MARK}）建议在县医院东门增设公交站"
TEXT = "我叫叶知秋，每天早上七点多陪老人到县医院看病，要横穿两条车道。\n建议在东门增设一站，并画斑马线。"


def write(citizen: Person) -> tuple[str, str]:
    """As a citizen does on a phone; returns number and code."""
    page = citizen.page
    page.goto("/letters/")
    citizen.check()
    page.get_by_role("link", name="写一封信").first.click()
    citizen.check()
    page.get_by_label("县长信箱").check()
    page.get_by_label("建议", exact=True).check()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("内容").fill(TEXT)
    page.get_by_label("您的姓名").fill("叶知秋")
    page.get_by_label("手机号").fill("1380000123")
    page.get_by_label("可以公开", exact=True).check()
    page.get_by_label("我写的是实情").check()
    page.get_by_role("button", name="寄出").click()
    page.get_by_text("手机号应为 11 位数字").first.wait_for()
    citizen.check()
    assert page.get_by_label("标题").input_value() == TITLE
    page.get_by_label("手机号").fill("13800001234")
    page.get_by_role("button", name="寄出").click()
    page.get_by_role("heading", name="信已寄出").wait_for()
    citizen.check()
    number, code = page.locator(".receipt dd").all_inner_texts()
    return number, code


def look_up(citizen: Person, number: str, code: str) -> None:
    page = citizen.page
    page.goto("/letters/check/")
    citizen.check()
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_role("heading", name="办到哪一步了").wait_for()
    citizen.check()


def open_case(official: Person, number: str) -> None:
    """From the list of cases, by number."""
    page = official.page
    page.goto(f"/office/cases/?basket=all&number={number}")
    official.check()
    page.locator(f"a[href^='/office/cases/']:has-text('{MARK}')").first.click()
    page.wait_for_load_state()
    official.check()


def do(official: Person, deed: str, **typed: str) -> None:
    """Fill in the form of a deed and send it."""
    page = official.page
    box = page.locator(f"#deed-{deed}")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for name, value in typed.items():
        field = box.locator(f"[name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    box.locator("button[type=submit]:not([name])").click()
    page.wait_for_load_state()
    page.get_by_text("已办理").first.wait_for()
    official.check()


def test_a_letter_returned_answered_reopened_and_published(person: Someone, county: County) -> None:
    citizen = person(viewport=PHONE)
    number, code = write(citizen)
    operator, supervisor = person("operator"), person("supervisor")
    open_case(operator, number)
    do(operator, "accept")
    do(operator, "assign", lead="云岭县水利局")
    first = person("slj-handler")
    open_case(first, number)
    do(first, "return", reason="公交站点由交通运输部门负责。")
    open_case(supervisor, number)
    do(supervisor, "designate", lead="云岭县交通运输局", reason="按三定方案由交通运输局承办。")
    handler, head = person("jtj-handler"), person("jtj-head")
    open_case(handler, number)
    do(handler, "take")
    do(handler, "draft", text="叶知秋先生：经现场核实，将在县医院东门增设公交站。")
    open_case(head, number)
    do(head, "sign")
    look_up(citizen, number, code)
    assert citizen.page.get_by_text("将在县医院东门增设公交站").count() == 1
    citizen.page.get_by_label("不满意", exact=True).check()
    citizen.page.get_by_label("想补充的话").fill("没有写明什么时候建成。")
    citizen.page.get_by_role("button", name="提交评价").click()
    citizen.page.get_by_text("谢谢您的评价").wait_for()
    citizen.check()
    citizen.page.get_by_label("哪里没有办好").fill("请写明建成日期。")
    citizen.page.get_by_role("button", name="要求再次办理").click()
    citizen.page.get_by_text("已转原单位再次办理").wait_for()
    citizen.check()
    open_case(handler, number)
    do(handler, "draft", text="叶知秋先生：公交站将于今年八月十五日前建成。")
    open_case(head, number)
    do(head, "sign")
    publish(person("operator"), supervisor, number)
    assert eventually(lambda: seen(citizen)), "not public"
    read_in_public(citizen)


def publish(operator: Person, supervisor: Person, number: str) -> None:
    """One edits and masks, another reads it through and publishes."""
    open_case(operator, number)
    operator.page.get_by_role("link", name="公开稿", exact=True).click()
    operator.check()
    assert "叶知秋" not in operator.page.locator("[name=question]").input_value()
    operator.page.get_by_role("button", name="保存公开稿").click()
    operator.page.get_by_text("公开稿已保存").wait_for()
    operator.check()
    open_case(supervisor, number)
    supervisor.page.get_by_role("link", name="公开稿", exact=True).click()
    for box in supervisor.page.locator("[name=accepted]").all():
        box.check()
    supervisor.page.get_by_label("已逐字核对").check()
    supervisor.page.get_by_role("button", name="公开这封信").click()
    supervisor.page.get_by_text("已公开。").wait_for()
    supervisor.check()


def seen(citizen: Person) -> bool:
    citizen.page.goto("/letters/")
    return citizen.page.get_by_text(MARK).count() > 0


def read_in_public(citizen: Person) -> None:
    citizen.check()
    citizen.page.get_by_role("link", name=re.compile(MARK)).first.click()
    citizen.page.get_by_text("八月十五日前建成").wait_for()
    assert citizen.page.get_by_text("叶知秋").count() == 0
    citizen.check()


def test_a_request_whose_third_party_is_asked_answered_in_part(person: Someone, county: County) -> None:
    citizen = person()
    page = citizen.page
    page.goto("/openness/apply/")
    citizen.check()
    page.get_by_label("向哪个单位申请").select_option(label="云岭县交通运输局")
    page.get_by_label("需要的信息名称").fill(f"（{MARK}）农村道路建设计划")
    page.get_by_label("姓名", exact=True).fill("叶知秋")
    page.get_by_label("身份证件号码").fill("990000199001011230")
    page.get_by_label("手机号").fill("13800001234")
    page.get_by_label("我填写的是实情").check()
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("heading", name="申请已提交").wait_for()
    citizen.check()
    number, code = page.locator(".receipt dd").all_inner_texts()
    operator, handler, head = person("operator"), person("jtj-handler"), person("jtj-head")
    open_case(operator, number)
    do(operator, "accept")
    do(operator, "assign", lead="云岭县交通运输局")
    open_case(handler, number)
    do(handler, "take")
    do(handler, "consult", third_party="云岭某路桥公司", text="请就是否公开投资明细书面提出意见。")
    look_up(citizen, number, code)
    assert page.get_by_text("依法征求第三方意见").count() == 1
    assert page.get_by_text("云岭某路桥公司").count() == 0
    open_case(handler, number)
    do(handler, "hear", text="投资明细涉及商业秘密，不同意公开。")
    do(handler, "draft", outcome="部分公开", text="路段和里程公开；投资明细涉及第三方商业秘密，不予公开。")
    open_case(head, number)
    do(head, "sign")
    look_up(citizen, number, code)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载答复书（PDF）").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    operator.page.goto("/office/openness/yearly/")
    operator.check()
    assert operator.page.get_by_text("勾稽关系相符").count() == 1


def test_a_letter_is_written_without_javascript(person: Someone, county: County) -> None:
    citizen = person(viewport=PHONE, javascript=False)
    page = citizen.page
    page.goto("/letters/write/")
    page.get_by_label("12345 热线").check()
    page.get_by_label("咨询", exact=True).check()
    page.get_by_label("标题").fill(f"（{MARK}）医保缴费截止到哪一天")
    page.get_by_label("内容").fill("想问今年城乡居民医保缴费截止到哪一天，在哪里缴。")
    page.get_by_label("您的姓名").fill("于归")
    page.get_by_label("手机号").fill("13800005678")
    page.get_by_label("不公开，只答复我").check()
    page.get_by_label("我写的是实情").check()
    page.get_by_role("button", name="寄出").click()
    asked = page.get_by_text(re.compile("等于几")).first
    asked.wait_for()
    page.locator("[name=question_answer]").fill(answer_to(asked.inner_text()))
    page.get_by_role("button", name="寄出").click()
    page.get_by_role("heading", name="信已寄出").wait_for()


def test_what_is_typed_survives_a_lost_connection(person: Someone, county: County) -> None:
    citizen = person()
    page = citizen.page
    page.goto("/letters/write/")
    page.get_by_label("标题").fill(f"（{MARK}）路灯不亮")
    page.get_by_label("内容").fill("东街路口的路灯坏了三天，晚上看不见台阶。")
    page.get_by_text("正在输入的内容已保存在这台设备上").wait_for()
    citizen.context.set_offline(True)
    page.get_by_role("button", name="寄出").click()
    page.wait_for_timeout(500)
    citizen.context.set_offline(False)
    page.goto("/letters/write/")
    page.get_by_role("button", name="接着写").click()
    assert page.get_by_label("标题").input_value() == f"（{MARK}）路灯不亮"
    assert "看不见台阶" in page.get_by_label("内容").input_value()
