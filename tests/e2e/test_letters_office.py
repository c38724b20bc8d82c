"""Letters in the back office, in a browser: files of an answer, a petition, a model answer, a weekly report."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import PHONE, County, Person
from tests.e2e.test_letters import do, look_up
from tests.e2e.test_main_job import eventually
from tests.files.samples import PDF

pytestmark = pytest.mark.e2e

Someone = Callable[..., Person]
MARK = f"{time.time_ns() % 10**6:06d}"
ANSWER = "来信人同志：县医院东门公交站将于今年八月十五日前建成，平面图见附件。"


def write(citizen: Person, title: str, phone: str) -> tuple[str, str]:
    """A letter to the mayor that may be public; returns number and code."""
    page = citizen.page
    page.goto("/letters/write/")
    page.get_by_label("县长信箱").check()
    page.get_by_label("建议", exact=True).check()
    page.get_by_label("标题").fill(title)
    page.get_by_label("内容").fill("每天早上陪老人到县医院看病，下车要横穿两条车道。建议在县医院东门增设公交站。")
    page.get_by_label("您的姓名").fill("叶知秋")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("可以公开", exact=True).check()
    page.get_by_label("我写的是实情").check()
    page.get_by_role("button", name="寄出").click()
    page.get_by_role("heading", name="信已寄出").wait_for()
    number, code = page.locator(".receipt dd").all_inner_texts()
    return number, code


def open_case(official: Person, number: str) -> None:
    page = official.page
    page.goto(f"/office/cases/?basket=all&number={number}")
    page.locator(f"a[href^='/office/cases/']:has-text('{MARK}')").first.click()
    page.wait_for_load_state()
    official.check()


def give_to_transport(operator: Person, handler: Person, number: str) -> None:
    open_case(operator, number)
    do(operator, "accept")
    do(operator, "assign", lead="云岭县交通运输局")
    open_case(handler, number)
    do(handler, "take")


def test_a_file_goes_out_with_an_answer_which_becomes_a_model_for_the_next(
    person: Someone, county: County, tmp_path: Path
) -> None:
    citizen, operator = person(viewport=PHONE), person("operator")
    handler, head = person("jtj-handler"), person("jtj-head")
    number, code = write(citizen, f"（{MARK}）县医院东门要公交站", "13800001111")
    give_to_transport(operator, handler, number)
    attach(handler, tmp_path)
    open_case(head, number)
    head.page.get_by_text("随答复发出的附件").wait_for()
    do(head, "sign")
    look_up(citizen, number, code)
    with citizen.page.expect_download() as download:
        citizen.page.get_by_role("button", name="站点平面图.pdf").click()
    assert download.value.path().read_bytes() == PDF
    make_public(operator, person("supervisor"), number)
    assert eventually(lambda: is_asked_often(citizen)), "no public question"
    citizen.check()
    say_same(citizen)
    begin_from_it(person(viewport=PHONE), operator, person)


def attach(handler: Person, folder: Path) -> None:
    """Upload before the answer is written to its end: what was typed stays."""
    page, file = handler.page, folder / "站点平面图.pdf"
    file.write_bytes(PDF)
    page.locator("#id_draft_text").fill(ANSWER)
    page.locator("#id_draft_files").set_input_files(file)
    page.get_by_role("button", name="上传附件").click()
    page.get_by_role("button", name=re.compile("移除.*站点平面图")).wait_for()
    handler.check()
    assert page.locator("#id_draft_text").input_value() == ANSWER
    page.get_by_role("button", name="提交答复").click()
    page.get_by_text("已办理").first.wait_for()
    handler.check()


def make_public(operator: Person, supervisor: Person, number: str) -> None:
    """One edits, another publishes and takes it into the knowledge base."""
    open_case(operator, number)
    operator.page.get_by_role("link", name="公开稿", exact=True).click()
    operator.page.get_by_role("button", name="保存公开稿").click()
    operator.page.get_by_text("公开稿已保存").wait_for()
    open_case(supervisor, number)
    page = supervisor.page
    page.get_by_role("link", name="公开稿", exact=True).click()
    for box in page.locator("[name=accepted]").all():
        box.check()
    page.get_by_label("已逐字核对").check()
    page.get_by_role("button", name="公开这封信").click()
    page.get_by_text("已公开。").wait_for()
    page.get_by_role("button", name="收入知识库").click()
    page.get_by_text("已收入知识库和常见问题").wait_for()
    supervisor.check()
    page.goto("/office/knowledge/?q=公交站")
    page.get_by_text(MARK).first.wait_for()
    supervisor.check()


def is_asked_often(citizen: Person) -> bool:
    citizen.page.goto("/letters/questions/")
    return citizen.page.get_by_text(MARK).count() > 0


def say_same(citizen: Person) -> None:
    page = citizen.page
    page.get_by_role("link", name=re.compile(MARK)).first.click()
    page.get_by_role("button", name="我也有同样问题").wait_for()
    citizen.check()
    assert page.get_by_text("平面图.pdf").count() == 0
    page.get_by_role("button", name="我也有同样问题").click()
    page.get_by_text("已记下，谢谢您").wait_for()
    citizen.check()


def begin_from_it(citizen: Person, operator: Person, person: Someone) -> None:
    """The next letter of the kind, by a handler whose browser runs no JavaScript."""
    number, _code = write(citizen, f"（{MARK}）建议县医院门口设公交站", "13800002222")
    handler = person("jtj-handler")
    give_to_transport(operator, handler, number)
    plain = person("jtj-handler", javascript=False)
    plain.page.goto(handler.page.url)
    plain.page.get_by_role("button", name=re.compile("从这条开始写")).first.click()
    assert "八月十五日前建成" in plain.page.locator("#id_draft_text").input_value()
    handler.page.reload()
    handler.page.get_by_role("button", name=re.compile("从这条开始写")).first.click()
    handler.page.get_by_text("已放进答复框").wait_for()
    handler.check()
    assert "八月十五日前建成" in handler.page.locator("#id_draft_text").input_value()


def test_a_leader_takes_charge_of_a_petition_and_it_is_settled(person: Someone, county: County) -> None:
    citizen, operator, supervisor = person(viewport=PHONE), person("operator"), person("supervisor")
    number, _code = write(citizen, f"（{MARK}）征地补偿三年没有到位", "13800003333")
    open_case(operator, number)
    operator.page.get_by_role("link", name="登记包案").click()
    operator.check()
    page = operator.page
    page.get_by_label("包案领导").select_option(index=1)
    page.get_by_label("办结期限").fill((date.today() + timedelta(days=3)).isoformat())  # noqa: DTZ011 - as the browser
    page.get_by_label("化解措施").fill("包案领导每周接访一次，两周内拿出意见。")
    page.get_by_role("button", name="登记包案").click()
    page.get_by_text("已登记包案").wait_for()
    operator.check()
    supervisor.page.goto("/office/")
    supervisor.page.get_by_role("heading", name=re.compile(f"{MARK}.*征地补偿")).first.wait_for()
    supervisor.check()
    supervisor.page.goto("/office/petitions/?tab=soon")
    supervisor.check()
    supervisor.page.get_by_role("link", name=re.compile(MARK)).first.click()
    supervisor.page.get_by_label("化解结果").fill("补偿款已经发放到户，来信人签字确认。")
    supervisor.page.get_by_role("button", name="登记化解").click()
    supervisor.page.get_by_text("已登记化解").wait_for()
    supervisor.check()


def test_a_weekly_report_becomes_a_draft(person: Someone, county: County) -> None:
    operator = person("operator")
    page = operator.page
    page.goto("/office/letters/weekly/")
    operator.check()
    page.get_by_text("您没有任何栏目的写稿岗位").wait_for()
    appoint_as_editor(person("webmaster"))
    page.reload()
    page.get_by_label("起草到哪个栏目").select_option(index=1)
    page.get_by_role("button", name="起草周报").click()
    page.get_by_text(re.compile("已起草“来信办理周报")).wait_for()
    operator.check()
    assert "来信办理周报" in page.get_by_label("标题", exact=True).input_value()


def appoint_as_editor(webmaster: Person) -> None:
    page = webmaster.page
    page.goto("/office/posts/appoint/?user=operator")
    page.locator("[name=unit]").select_option(label="云岭县人民政府办公室")
    page.locator("[name=role]").select_option(value="editor")
    page.get_by_role("button", name="任用").click()
    page.wait_for_load_state()
